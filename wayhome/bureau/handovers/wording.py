"""The words of the act, in both languages, from data alone."""

import base64
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from wayhome.bureau.handovers.effects import rows_in_act
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import MEDICAL_FILE_NAMES, PASS_NAMES, MedicalFile, PassHow
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.returns.models import Finding, Ground
from wayhome.bureau.returns.rules import ROAD_NAMES, Road
from wayhome.bureau.returns.rules.grounds import FindingKind, GroundKind
from wayhome.lib.two_languages import both

_ROWS = {
    "number": gettext_lazy("Number in the bureau"),
    "name": gettext_lazy("Surname, first name, patronymic"),
    "born": gettext_lazy("Date of birth"),
    "road": gettext_lazy("Road home"),
    "day": gettext_lazy("Day"),
    "crossing": gettext_lazy("Where"),
    "met_by": gettext_lazy("Met by"),
    "identified_he": gettext_lazy("How he was identified"),
    "identified_she": gettext_lazy("How the person who met him was identified"),
    "her_pass": gettext_lazy("Pass of the person who met him"),
    "asked": gettext_lazy("Asked alone, before a neutral"),
    "way_out": gettext_lazy("His way onward"),
    "medical_file": gettext_lazy("His medical file"),
}
_STATEMENTS = (
    gettext_lazy("He was asked alone today, before a neutral, and said that he wants to go."),
    gettext_lazy("Nothing was paid, promised or asked in return."),
)
_NO_PROMISE = gettext_lazy("No promise is signed with this act.")
_HIS_WORD = gettext_lazy(
    "He gave his word freely, before a neutral; nobody may be compelled to (GC III 21). His words:"
)
_MEDICAL_STATEMENT = gettext_lazy(
    "Information for his Power: a person so returned may not be employed on active military "
    "service (GC III 117)."
)
_AGREEMENT = gettext_lazy(
    "Information for his Power: what binds it after this exchange stands in the agreement of the "
    "Parties (GC III 109, 117):"
)
_SIGNERS = {
    "he": gettext_lazy("He who returns"),
    "she": gettext_lazy("The person who met him"),
    "witness": gettext_lazy("Neutral witness"),
}


def told_in_act(act: Act, code: str = "") -> dict[str, Any]:
    """Everything that stands in the act. Never where he was held, never how he was captured.

    `code` answers to whoever has the paper whether it is from us, and nothing else.
    """
    return {
        "code": code,
        "code_label": " / ".join(both(gettext_lazy("Code of this paper"))),
        "title": both(gettext_lazy("Act of return"))[0],
        "heading": both(gettext_lazy("Act of return")),
        "number": act.captive.bureau_number,
        "demo": settings.DEMO,
        "demo_line": " / ".join(both(gettext_lazy("Demonstration: every person is invented"))),
        "rows": [[*both(_ROWS[name]), value] for name, value in _values(act).items() if value],
        "belongings": rows_in_act(act),
        "belongings_heading": both(gettext_lazy("Belongings and money")),
        "statements": _statements(act),
        "signers": [_signer(act, who) for who in _SIGNERS if who in (act.signatures or {})],
    }


def _values(act: Act) -> dict[str, str]:
    captive, identified = act.captive, act.identified or {}
    asked_at = timezone.localtime(act.last_asked_at) if act.last_asked_at else None
    asked_by = act.last_asked_by.number if act.last_asked_by else ""
    return {
        "number": captive.bureau_number,
        "name": captive.name,
        "born": captive.born,
        "road": " / ".join(both(ROAD_NAMES[Road(act.road)])),
        "day": act.appointment.on.strftime("%d.%m.%Y"),
        "crossing": act.appointment.crossing,
        "met_by": _name_of_her(act) if she_comes(act.application) else "",
        "identified_he": identified.get("he", ""),
        "identified_she": identified.get("she", ""),
        "her_pass": _pass_of_her(act),
        "asked": f"{asked_at:%d.%m.%Y %H:%M %Z}, {asked_by}" if asked_at else "",
        "medical_file": _medical_file(act),
        "way_out": (act.appointment.way_out_his or {}).get("destination", ""),
    }


def _pass_of_her(act: Act) -> str:
    """That it was verified, or how it was lost; nothing where none was asked for."""
    if not act.her_pass:
        return ""
    name = " / ".join(both(PASS_NAMES[PassHow(act.her_pass["how"])]))
    return f"{name}: {act.her_pass['why']}" if act.her_pass["why"] else name


def _name_of_her(act: Act) -> str:
    enquiry = act.application.enquiry
    name = enquiry.enquirer.name if enquiry else ""
    return str(name or "")


def _medical_file(act: Act) -> str:
    kept = (act.onward or {}).get("medical")
    return " / ".join(both(MEDICAL_FILE_NAMES[MedicalFile(kept)])) if kept else ""


def _statements(act: Act) -> list[list[str]]:
    """Each in both languages; his word of honour as he gave it, on the road that rests on it."""
    road = Road(act.road)
    if road == Road.PAROLE:
        word = Finding.objects.newest_of(act.captive)[FindingKind.WORD].told["words"]
        return [*map(both, _STATEMENTS), [f"{line} «{word}»" for line in both(_HIS_WORD)]]
    medical = [_MEDICAL_STATEMENT] if road == Road.MEDICAL else []
    told = [both(line) for line in (*_STATEMENTS, _NO_PROMISE, *medical)]
    return [*told, *_agreements(act)] if road == Road.EXCHANGE else told


def _agreements(act: Act) -> list[list[str]]:
    """Which agreements govern an exchange on this day, each as the register names it."""
    rows = Ground.objects.in_force(act.appointment.on).filter(kind=GroundKind.AGREEMENT)
    names = rows.order_by("from_on", "pk").values_list("reference", flat=True)
    return [[f"{line} «{name}»" for line in both(_AGREEMENT)] for name in names]


def _signer(act: Act, who: str) -> dict[str, Any]:
    witness = act.witness.number if act.witness else ""
    names = {"he": act.captive.name, "she": _name_of_her(act), "witness": witness}
    picture = base64.b64decode((act.signatures or {})[who])
    return {"label": both(_SIGNERS[who]), "name": names[who], "picture": list(picture)}
