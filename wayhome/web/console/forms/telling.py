"""How a family was told of a death, and what it wishes later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.identifications.rules.telling import (
    BELONGINGS_NAMES,
    RETURN_NAMES,
    WAY_NAMES,
    Talk,
)
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.remains import line, text
from wayhome.web.forms import IdempotentForm, Radios


class DeathToldForm(IdempotentForm):
    """That it was told, and how."""

    way = forms.ChoiceField(
        label=_("How she was told"),
        choices=[(way.value, words) for way, words in WAY_NAMES.items()],
        widget=Radios,
        error_messages={"required": _("Please choose how she was told.")},
    )
    second = line(_("Number of the second of us, in person"))
    present = line(_("Who was with her"))
    words = text(_("What she asked, in short"))
    talked = forms.BooleanField(
        label=_("We told her this in a talk, and nothing more"),
        error_messages={"required": _("Tell her first. Then confirm it here.")},
    )

    def talk(self) -> Talk:
        said = self.cleaned_data
        return Talk(
            way=said["way"],
            second=clean_line(said["second"]),
            present=clean_line(said["present"]),
            words=clean_text(said["words"]),
        )


class WishForm(IdempotentForm):
    """What she wishes; it may change any day."""

    NAMES = ("return_", "belongings", "rite", "words")

    return_ = forms.ChoiceField(
        label=_("What shall become of the body"),
        choices=[(one.value, words) for one, words in RETURN_NAMES.items()],
        widget=Radios,
        error_messages={"required": _("Please choose; it may also be that she does not decide.")},
    )
    belongings = forms.ChoiceField(
        label=_("What shall become of the belongings"),
        choices=[(one.value, words) for one, words in BELONGINGS_NAMES.items()],
        widget=Radios,
        error_messages={"required": _("Please choose; it may also be that she does not decide.")},
    )
    rite = line(_("Rite, if she wishes one"))
    words = text(_("Other wishes"))

    def wishes(self) -> dict[str, str]:
        said = self.cleaned_data
        return {name.rstrip("_"): clean_text(said[name]) for name in self.NAMES}
