"""The dead, in words: how they were found, whose hands they were in, what speaks for one body."""

from collections.abc import Iterable, Sequence
from typing import Any

from wayhome.bureau.remains.models import BagLine, Change, PartLink, Remains
from wayhome.bureau.remains.queries import chain_of, parts_with
from wayhome.bureau.remains.rules.custody import Gap, gaps_of
from wayhome.bureau.remains.rules.register import (
    KIND_NAMES,
    STATE_NAMES,
    RemainsKind,
    State,
)
from wayhome.bureau.remains.wording import gap_in_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.lib.dates import PartialDate, display
from wayhome.web.console.wording_remains import FOUND_WORDS


def head(remains: Remains, language: str) -> dict[str, Any]:
    """What stands on top of every page about them; that the chain is broken stands first."""
    changes = chain_of(remains)
    gaps = gaps_of([change.as_link() for change in changes])
    return {
        "remains": shown(remains, "file"),
        "kind": KIND_NAMES[RemainsKind(remains.kind)],
        "state": STATE_NAMES[State(remains.state)],
        "found_on": found_on(remains, language),
        "custodian": changes[-1].taking if changes else "",
        "seal": remains.last_seal(),
        "gaps": [gap_in_words(gap) for gap in gaps],
        "chain": [_link(change, gaps) for change in changes],
    }


def _link(change: Change, gaps: Iterable[Gap]) -> dict[str, Any]:
    return {
        "change": shown(change, "file"),
        "giver": change.giving,
        "receiver": change.taking,
        "details": change.details or {},
        "is_broken": any(gap.number == change.number for gap in gaps),
    }


def found_on(remains: Remains, language: str) -> str:
    return display(PartialDate(remains.found_on), language) if remains.found_on else ""


def row(remains: Remains, language: str) -> dict[str, Any]:
    """One line of the list: its chain is asked for by the page at once, not one by one."""
    (last,) = (change for change in remains.changes.all() if change.is_last)
    return {
        "remains": shown(remains, "file"),
        "kind": KIND_NAMES[RemainsKind(remains.kind)],
        "state": STATE_NAMES[State(remains.state)],
        "found_on": found_on(remains, language),
        "custodian": last.taking,
    }


def recoveries(remains: Remains, language: str) -> list[dict[str, Any]]:
    """How they were found: the last version first, the others below it."""
    rows = remains.recoveries.select_related("key", "by").order_by("-version")
    return [_recovery(shown(one, "file"), language) for one in rows]


def _recovery(recovery: Any, language: str) -> dict[str, Any]:
    found = recovery.found or {}  # nothing is left once the key is destroyed
    told = {**found, "on": display(PartialDate(found["on"]), language) if found.get("on") else ""}
    return {
        "recovery": recovery,
        "rows": [
            {"key": words, "value": told.get(name, "")} for name, words in FOUND_WORDS.items()
        ],
    }


def parts(remains: Remains, person: Staff) -> list[dict[str, Any]]:
    """The links of parts; of remains that this person may not see only that there is a link."""
    links = parts_with(remains)
    seen = set(PartLink.objects.visible_to(person).values_list("pk", flat=True)) if links else set()
    return [_part(link, remains) for link in links if link.pk in seen]


def _part(link: PartLink, remains: Remains) -> dict[str, Any]:
    other = link.other if link.one_id == remains.pk else link.one
    return {
        "link": shown(link, "file"),
        "other": shown(other, "file"),
        "kind": KIND_NAMES[RemainsKind(other.kind)],
    }


def waiting(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes of hands that wait for the second signature."""
    return [
        {
            "change": shown(change, "file"),
            "number": change.remains.bureau_number,
            "bag": change.remains.bag,
            "giver": change.giving,
            "receiver": change.taking,
            "condition": (change.details or {}).get("condition", ""),
        }
        for change in changes
    ]


def bag(line: BagLine) -> dict[str, Any]:
    """A bag of a lorry, and how it stands to the list."""
    return {
        "line": shown(line, "file"),
        "number": line.remains.bureau_number if line.remains else "",
        "is_missing": line.listed and line.remains_id is None,
        "is_unlisted": not line.listed,
    }
