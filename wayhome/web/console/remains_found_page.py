"""What is found on the dead and where they lie, in words: for their page, by what one may see."""

from collections.abc import Iterable
from typing import Any

from wayhome.bureau.remains.actions import why_not_bury_now
from wayhome.bureau.remains.models import (
    Burial,
    EffectsList,
    Examination,
    Opening,
    Photograph,
    Plot,
    Remains,
)
from wayhome.bureau.remains.rules.findings import GROUPS, SAMPLE_NAMES, VIEW_NAMES, SampleKind, View
from wayhome.bureau.remains.rules.opening import WHY_NAMES, Why
from wayhome.bureau.remains.rules.register import State
from wayhome.bureau.remains.rules.teeth import (
    LOWER,
    LOWER_MILK,
    TOOTH_NAMES,
    UPPER,
    UPPER_MILK,
    Tooth,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.sheet_codes import in_groups

STEP, EDGE, MARGIN = 26, 18, 34  # of the plot's map, in its own units


def found_on(remains: Remains, person: Staff) -> dict[str, Any]:
    """For the page of remains; what belongs to the examination is there for who examines alone."""
    examines = person.may(Permission.EXAMINE_REMAINS)
    return {
        "stay": _stay(remains),
        "burial": burial_of(remains),
        "openings": openings(remains, person),
        "before_burial": [] if remains.state == State.BURIED else why_not_bury_now(remains),
        "effects": effects(remains, person),
        "photographs": photographs(remains, person),
        "photographs_taken": remains.photographs.count(),
        "samples": _samples(remains) if examines else [],
        "no_sample": _no_sample(remains) if examines else None,
        "examinations": examinations(remains, person),
    }


def _stay(remains: Remains) -> Any:
    stay = remains.stays.select_related("store", "by").filter(ended_at=None).first()
    return {"stay": shown(stay, "file"), "store": shown(stay.store, "file")} if stay else None


def burial_of(remains: Remains) -> Any:
    rows = remains.burials.select_related("key", "plot__key", "by").filter(opened_at=None)
    burial = rows.first()
    if burial is None:
        return None
    details = burial.details or {}  # nothing is left once the key is destroyed
    return {
        "burial": shown(burial, "file"),
        "plot": shown(burial.plot, "file"),
        "details": details,
    }


def openings(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    """Graves in which they lay before: each was opened, and by whom."""
    rows = Opening.objects.visible_to(person).filter(burial__remains=remains)
    joined = rows.select_related("key", "burial__plot__key", "by", "second_by")
    return [opening_row(one, person) for one in joined.order_by("-at")]


def opening_row(one: Opening, person: Staff) -> dict[str, Any]:
    may = person.may(Permission.RECORD_REMAINS) and one.second_at is None
    return {
        "opening": shown(one, "file"),
        "burial": shown(one.burial, "file"),
        "plot": shown(one.burial.plot, "file"),
        "ground": WHY_NAMES[Why(one.ground)],
        "told": one.told or {},
        "may_sign": may and one.by_id != person.pk,
    }


def effects(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    rows = EffectsList.objects.visible_to(person).filter(remains=remains)
    return [effects_row(one, person) for one in rows.select_related("key", "by", "second_by")]


def effects_row(one: EffectsList, person: Staff) -> dict[str, Any]:
    may = person.may(Permission.RECORD_REMAINS) and one.second_at is None
    return {
        "list": shown(one, "file"),
        "pieces": one.listed(),
        "may_sign": may and one.by_id != person.pk,
    }


def photographs(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    rows = Photograph.objects.visible_to(person).filter(remains=remains)
    return [
        {"photograph": shown(one, "examination"), "view": VIEW_NAMES[View(one.view)]}
        for one in rows.select_related("key", "by")
    ]


def _samples(remains: Remains) -> list[dict[str, Any]]:
    return [
        {
            "sample": shown(one, "examination"),
            "code": in_groups(one.code),
            "kind": SAMPLE_NAMES[SampleKind(one.kind)],
        }
        for one in remains.samples.select_related("key", "by")
    ]


def _no_sample(remains: Remains) -> Any:
    said = getattr(remains, "no_sample", None)
    return shown(said, "examination") if said else None


def examinations(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    """The last examination first."""
    rows = Examination.objects.visible_to(person).filter(remains=remains)
    return [
        {
            "examination": shown(one, "examination"),
            "groups": _groups(one),
            "chart": chart(one.chart()),
        }
        for one in rows.select_related("key", "by").order_by("-version")
    ]


def _groups(one: Examination) -> list[dict[str, Any]]:
    said = one.said or {}
    return [
        {
            "words": group.words,
            "rows": [
                {"key": words, "value": said[name]}
                for name, words in group.fields.items()
                if said.get(name)
            ],
        }
        for group in GROUPS
        if any(said.get(name) for name in group.fields)
    ]


def chart(teeth: dict[int, Tooth]) -> list[list[tuple[int, Any]]]:
    """The rows of a mouth as one who faces it sees them; milk teeth where there are any."""
    rows = (UPPER, UPPER_MILK, LOWER_MILK, LOWER)
    return [
        [(number, TOOTH_NAMES[teeth[number]] if number in teeth else "") for number in row]
        for row in rows
        if teeth and (row in (UPPER, LOWER) or any(number in teeth for number in row))
    ]


def plot_map(plot: Plot, burials: Iterable[Burial], seen: dict[Any, str]) -> dict[str, Any]:
    """The plot as a map: a square for each grave; whose it is, if these may be seen."""
    taken = {(one.row, one.number): seen.get(one.remains_id, "") for one in burials}
    return {
        "width": MARGIN + plot.in_row * STEP,
        "height": MARGIN + plot.rows * STEP,
        "rows": [
            {"number": row, "y": MARGIN + (row - 1) * STEP, "middle": MARGIN + row * STEP - 13}
            for row in range(1, plot.rows + 1)
        ],
        "columns": [
            {"number": number, "middle": MARGIN + number * STEP - 17}
            for number in range(1, plot.in_row + 1)
        ],
        "graves": [
            {
                "x": MARGIN + (number - 1) * STEP,
                "y": MARGIN + (row - 1) * STEP,
                "edge": EDGE,
                "row": row,
                "number": number,
                "is_taken": (row, number) in taken,
                "whose": taken.get((row, number), ""),
            }
            for row in range(1, plot.rows + 1)
            for number in range(1, plot.in_row + 1)
        ],
    }
