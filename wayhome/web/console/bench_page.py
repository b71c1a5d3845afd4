"""The geneticist's bench in words: codes, numbers, and what the machine suspects. No names."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wayhome.bureau.comparisons import bridge
from wayhome.bureau.comparisons.bridge import Family, KinshipError
from wayhome.bureau.comparisons.models import Hit, ReferenceSample, Run
from wayhome.bureau.comparisons.rules.profiles import SUSPICION_NAMES, Suspicion
from wayhome.bureau.comparisons.rules.samples import KIN_NAMES, STATE_NAMES, Kin, State
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.sheet_codes import in_groups, read_typed


def coded(text: str) -> str:
    """A code as it is read aloud; anything else as it is."""
    return in_groups(text) if read_typed(text) == text else text


def hit_row(hit: Hit) -> dict[str, Any]:
    """A line of the ranked list: numbers with their words, and how many speak against it."""
    record = shown(hit, "weighing")
    return {
        "hit": record,
        "remains": hit.remains.bureau_number,
        "family": hit.enquiry.bureau_number,
        "lr": in_decades(hit.log10_lr),
        "posterior": in_percent(hit.posterior),
        "chance": in_decades_of(hit.chance_matches),
        "against": len(hit.against),
        "not_supported": [in_groups(code) for code in hit.not_supported],
    }


def in_decades(log10: float) -> str:
    """A ratio as a power of ten, and under a million as a number."""
    if log10 < 6:
        return f"{10**log10:,.0f}".replace(",", "\u202f")
    return f"10^{log10:.1f}"


def in_decades_of(number: float) -> str:
    """A small number of strangers."""
    if number >= 0.01:
        return f"{number:.2f}"
    return f"{number:.0e}"


def in_percent(share: float) -> str:
    """A posterior with as many nines as it has; it is never the whole."""
    if share < 0.99:
        return f"{share:.2f}"
    text = f"{share:.7f}".rstrip("0")
    return "0.9999999" if text.startswith("1") else text


def against_rows(hit: Hit) -> list[dict[str, Any]]:
    """What does not fit, by marker, with the alleles: for the geneticist alone."""
    found = (shown(hit, "genetics").found or {}).get("against", [])
    return [
        {
            "marker": one["marker"],
            "persons": [(coded(code), alleles) for code, alleles in one["persons"].items()],
            "possible": one["possible"],
        }
        for one in found
    ]


def suspicions_of(run: Run | None) -> list[dict[str, Any]]:
    """What the machine suspects, in words; a number of a family leads to it."""
    told = (shown(run, "genetics").suspicions if run else None) or []
    return [
        {
            "words": SUSPICION_NAMES[Suspicion(one["kind"])],
            "codes": [_linked(code) for code in one["codes"]],
            "more": _more(one),
        }
        for one in told
    ]


def _more(one: dict[str, Any]) -> str:
    """What a suspicion rests on: how strongly, at which markers, or the core's own words."""
    log10 = f"log10 {one['log10']:.1f}" if "log10" in one else ""
    return ", ".join(filter(None, (log10, *one.get("markers", []), one.get("why", ""))))


def _linked(code: str) -> dict[str, str]:
    is_code = read_typed(code) == code
    url = "" if is_code else reverse("console:bench_family", args=[code])
    return {"text": coded(code), "url": url}


def sample_rows(samples: Iterable[ReferenceSample], typed: Family) -> list[dict[str, Any]]:
    """A family's samples by code: what each giver is, and whether a profile is here."""
    return [
        {
            "sample": shown(one, "bench"),
            "code": in_groups(one.code),
            "kin": KIN_NAMES[Kin(one.kin)],
            "state": STATE_NAMES[State(one.state)],
            "markers": len(typed.typed.get(one.code, {})),
        }
        for one in samples
    ]


def sentences() -> dict[str, str]:
    """The core's sentences in the language of the page."""
    return {key: _(text) for key, text in bridge.SENTENCES.items()}


def told(family: Family) -> dict[str, Any]:
    """The pedigree in words; what the core says against it, where it cannot be drawn."""
    try:
        return {"words": bridge.in_words(family.members, family.typed, sentences()), "fault": ""}
    except KinshipError as fault:
        return {"words": "", "fault": str(fault)}
