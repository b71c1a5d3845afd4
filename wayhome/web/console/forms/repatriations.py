"""What is written down on the way home of the dead: offers, requests, consignments, counts."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.repatriations.actions import Ends
from wayhome.bureau.repatriations.actions.offering import Wanted
from wayhome.bureau.repatriations.models import OfferLine
from wayhome.bureau.repatriations.rules.consigning import Journey
from wayhome.bureau.repatriations.rules.offering import ANSWER_NAMES, Answer, Said
from wayhome.bureau.repatriations.rules.requesting import (
    ASKER_NAMES,
    HOME_NAMES,
    MAY_FOLLOW,
    Asked,
    Asker,
    Home,
)
from wayhome.lib.numbers import parse
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.console.forms.captives import LONGEST
from wayhome.web.console.forms.handovers import SignatureForm
from wayhome.web.console.forms.remains import (
    CODE,
    LONGEST_LIST,
    ReceiverForm,
    line,
    seal_field,
    text,
)
from wayhome.web.console.forms.welfare import day_field
from wayhome.web.forms import Checkboxes, IdempotentForm, Radios

LONGEST_COUNTRY = 120


def country() -> forms.CharField:
    return forms.CharField(label=_("Home country"), max_length=LONGEST_COUNTRY, required=False)


class ConsignmentForm(IdempotentForm):
    """Who takes what where; names of the dead stand nowhere."""

    power = country()
    through = line(_("Who carries it between the sides: delegation, name"))
    destination = line(_("Where it changes hands"))
    carrier = line(_("Who drives"))
    vehicle = line(_("Vehicle and its plate"))

    def journey(self) -> Journey:
        return Journey(**{name: clean_line(self.cleaned_data[name]) for name in self.fields
                          if name != "idempotency_key"})  # fmt: skip


class PieceForm(IdempotentForm):
    """The next bag, scanned or typed."""

    number = forms.CharField(
        label=_("Number, bag or seal of the remains"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({**CODE, "autofocus": True}),
        help_text=_("Scan the label on the bag."),
    )


class ReasonForm(IdempotentForm):
    reason = text(_("Why"), rows=2)


class LegForm(ReceiverForm):
    """The next change of hands."""

    place = line(_("Where it changes hands"))

    def ends(self) -> Ends:
        said = self.cleaned_data
        outside, place = clean_line(said["outside"]), clean_line(said["place"])
        return Ends(place, said["receiver"], outside)


class CountForm(IdempotentForm):
    """One bag or packet as it is read."""

    number = forms.CharField(
        label=_("Number of the bag, or seal of the packet"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({**CODE, "autofocus": True}),
    )
    seal = seal_field(_("Seal of the bag, as you read it"))


class CloseCountForm(IdempotentForm):
    condition = text(_("How bags and seals look"), rows=2)


class WordsForm(IdempotentForm):
    words = text(_("What is known of it"), rows=3)


class ReceiptForm(SignatureForm):
    """Who received it: their signature drawn here, or a scan of the receipt that they signed."""

    who = line(_("Who receives it: name, and for whom they work"))
    words = text(_("What they noted on the receipt"), rows=2)
    field_order = ("who", "words", "drawn", "scan")


class OfferForm(IdempotentForm):
    """Numbers, one a line; after a semicolon why they are of that force."""

    power = country()
    lines = forms.CharField(
        label=_("Remains, one number on a line"),
        help_text=_("After a semicolon, where they have no name: why they are of that force."),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        max_length=LONGEST_LIST,
        required=False,
    )
    words = text(_("What the offer says besides"), rows=2)

    def wanted(self) -> list[Wanted]:
        pairs = (each.partition(";") for each in self.cleaned_data["lines"].splitlines())
        found = [Wanted(clean_line(number), clean_line(why)) for number, _sep, why in pairs]
        by_number = {_typed(one.number): one for one in found if one.number}
        return list(by_number.values())


def _typed(number: str) -> str:
    """The same for one number, however it was typed."""
    return str(parse(number) or number.casefold())


class AnswerForm(IdempotentForm):
    """One answer about some of those offered."""

    lines = forms.MultipleChoiceField(
        label=_("About which remains"),
        widget=Checkboxes,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )
    answer = forms.ChoiceField(
        label=_("What the home country said"),
        choices=[(one.value, ANSWER_NAMES[one]) for one in Answer if one != Answer.WAITS],
        widget=Radios,
        error_messages={"required": _("Please choose an answer.")},
    )
    on = day_field(_("On which day it came"), required=False)
    words = text(_("Its words, or the number of the note"), rows=2)

    def __init__(self, *args: Any, rows: list[OfferLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(each.pk), each.remains.bureau_number) for each in rows]

    def said(self) -> Said:
        said = self.cleaned_data
        return Said(said["answer"], said["on"] or timezone.localdate(), clean_text(said["words"]))


class RequestForm(IdempotentForm):
    """Who asks for which remains."""

    asker = forms.ChoiceField(
        label=_("Who asks for them"),
        choices=[(one.value, ASKER_NAMES[one]) for one in Asker],
        widget=Radios,
        error_messages={"required": _("Please choose who asks.")},
    )
    number = forms.CharField(
        label=_("Number of the remains"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(CODE),
    )
    power = country()
    enquiry = forms.CharField(
        label=_("Of kin: number of their enquiry"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(CODE),
    )
    came_on = day_field(_("On which day it came"), required=False)
    words = text(_("What is asked, in their words"))

    def asked(self) -> Asked:
        said = self.cleaned_data
        came_on = said["came_on"] or timezone.localdate()
        power = clean_line(said["power"])
        return Asked(said["asker"], came_on, clean_text(said["words"]), power)


class HomeForm(IdempotentForm):
    """What came next from the home country about a request of kin."""

    home = forms.ChoiceField(
        label=_("The home country"),
        widget=Radios,
        error_messages={"required": _("Please choose what came next.")},
    )
    on = day_field(_("On which day"), required=False)

    def __init__(self, *args: Any, before: Home, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["home"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, HOME_NAMES[one]) for one in Home if one in MAY_FOLLOW[before]]


GRANT, REFUSE = "grant", "refuse"


class DecideForm(IdempotentForm):
    """Granted or refused; a refusal carries its reason and where to turn."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(GRANT, _("Grant it")), (REFUSE, _("Refuse it"))],
        widget=Radios,
        error_messages={"required": _("Please choose a decision.")},
    )
    reason = text(_("Reason"), rows=3)
    remedy = text(
        _("Where and until when this can be appealed"),
        rows=2,
        help_text=_("No refusal goes out without it."),
    )
