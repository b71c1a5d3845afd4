"""What a family tells of the person they seek, in parts, over several talks.

The groups of INTERPOL's yellow form, with the fields of remains.rules.findings wherever the pink
form has the same: so the two stand side by side.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.lib.dates import read_date
from wayhome.lib.refusal import Refusal


@dataclass(frozen=True)
class Asked:
    """A group of questions; `kindly` is for whoever asks, before they ask."""

    name: str
    words: object
    kindly: object
    fields: Mapping[str, object]


GROUPS: tuple[Asked, ...] = (
    Asked(
        "physical",
        _("How the person looks"),
        _("Ask for a picture in her mind, not for a list. What she does not know stays empty."),
        {
            "sex": _("Sex"),
            "age": _("Age when last seen"),
            "height": _("Height: in centimetres, or beside whom"),
            "build": _("Build"),
            "hair": _("Hair: colour, length, baldness"),
            "beard": _("Beard and moustache"),
            "eyes": _("Eyes"),
            "marks": _("Scars, moles, tattoos: where, how large, what they show"),
            "hands": _("Hands and fingers: what is particular; where prints may be kept"),
        },
    ),
    Asked(
        "clothing",
        _("Clothing and what is worn"),
        _("What was worn or sent last; sizes are on receipts and on what hangs at home."),
        {
            "outer": _("Outer clothing: kind, colour, size, label"),
            "under": _("Underclothing"),
            "shoes": _("Shoes: kind, size"),
            "worn": _("Watch, rings, chains, tags: what is written on them"),
            "effects": _("What is carried: telephone, papers, a keepsake"),
        },
    ),
    Asked(
        "medical",
        _("Illness and injury"),
        _("Ask which hospital has pictures. A picture of a bone helps more than a memory."),
        {
            "operations": _("Operations: which, when, where"),
            "implants": _("Plates, screws, prostheses, lenses: kind, place, number"),
            "fractures": _("Broken bones, diseases of bones: which, when"),
            "inside": _("Illnesses, medicines; blood group"),
        },
    ),
    Asked(
        "teeth",
        _("Teeth"),
        _("Ask who the dentist is. With her leave the bureau asks for the chart."),
        {
            "bite": _("How the teeth look: gaps, colour, how they stand; a photograph of a smile"),
            "dentures": _("Dentures, bridges, crowns: material, where made"),
            "dentist": _("Dentist: name, place, last visit"),
        },
    ),
)
FIELDS = frozenset(name for group in GROUPS for name in group.fields)
GROUP_NAMES = {group.name: group.words for group in GROUPS}


def group_of(name: str) -> Asked | None:
    """The group of this name."""
    return next((group for group in GROUPS if group.name == name), None)


def why_not_keep_talk(
    said: Mapping[str, str], teeth: Mapping[int, Tooth], *, who: str, chart_on: str
) -> Iterator[Refusal]:
    """Say why what was told in a talk cannot be kept."""
    if not any(text.strip() for text in said.values()) and not teeth:
        text = _("Write what was told, or leave this part for another day.")
        yield Refusal("talk.empty", text, field=next(iter(said), None) or "who")
    if not who.strip():
        yield Refusal("talk.nobody", _("Write who told it."), field="who")
    if teeth and not chart_on.strip():
        text = _("Write from which day the chart is: teeth change.")
        yield Refusal("talk.no_day", text, field="chart_on")
    elif chart_on.strip() and not _is_date(chart_on):
        text = _("Write a day, a month or a year, such as 05.2021.")
        yield Refusal("talk.day", text, field="chart_on")


def _is_date(text: str) -> bool:
    told = read_date(text)
    return told is not None and told.known


def put_together(talks: list[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What all talks say by groups, the later over the earlier."""
    told: dict[str, str] = {}
    for talk in talks:
        told.update({name: text for name, text in talk.items() if text})
    return {
        group.name: {name: told[name] for name in group.fields if name in told}
        for group in GROUPS
        if any(name in told for name in group.fields)
    }
