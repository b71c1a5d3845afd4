"""A board: who is asked, what a member declares and votes, what is recorded of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.models import Seat
from wayhome.bureau.returns.rules import ROAD_NAMES
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.rules import PROFESSION_NAMES, Profession
from wayhome.web.forms import Checkboxes, DateParts, IdempotentForm, Radios

LONGEST_WORDS = 4000


def words_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        required=required,
    )


def _called(person: Staff) -> str:
    return f"{person.number} · {PROFESSION_NAMES[Profession(person.profession)]}"


class ConveneForm(IdempotentForm):
    road = forms.ChoiceField(
        label=_("Road home"), choices=[(road.value, name) for road, name in ROAD_NAMES.items()]
    )
    members = forms.MultipleChoiceField(
        label=_("Members"),
        help_text=_("At least three, of three different professions. An odd number has no tie."),
        widget=Checkboxes,
        error_messages={"required": _("Choose the members.")},
    )
    new_fact = words_field(
        _("What is new since the last decision"),
        required=False,
        help_text=_("Write which fact came, and on what it rests. Members read it."),
    )

    def __init__(
        self, *args: Any, who: Sequence[Staff], refused_before: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.who = {str(one.pk): one for one in who}
        choices = [(key, _called(one)) for key, one in self.who.items()]
        self.fields["members"].choices = choices  # type: ignore[attr-defined]
        if not refused_before:
            del self.fields["new_fact"]

    def chosen(self) -> list[Staff]:
        return [self.who[key] for key in self.cleaned_data["members"]]


class ReplaceForm(IdempotentForm):
    seat = forms.ChoiceField(label=_("Who does not sit"))
    instead = forms.ChoiceField(label=_("Who sits instead"))
    reason = words_field(
        _("Why they do not sit"), required=False, help_text=_("Not needed after a conflict.")
    )

    def __init__(
        self, *args: Any, seats: Sequence[Seat], who: Sequence[Staff], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(one.pk): one for one in seats}
        self.who = {str(one.pk): one for one in who}
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            (key, one.member.number) for key, one in self.seats.items()
        ]
        self.fields["instead"].choices = [  # type: ignore[attr-defined]
            (key, _called(one)) for key, one in self.who.items()
        ]


class ReasonForm(IdempotentForm):
    reason = words_field(_("Reason"))


class DecisionForm(IdempotentForm):
    reason = words_field(
        _("Reason"), help_text=_("The grounds of the majority. Each vote is kept with its own.")
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        help_text=_("Families read the first of the next month."),
        widget=DateParts,
        required=False,
    )

    def __init__(self, *args: Any, granted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if granted:
            del self.fields["review_on"]


class DeclarationForm(IdempotentForm):
    between = forms.ChoiceField(
        label=_("Does anything stand between you and these people?"),
        help_text=_(
            "For example kinship, friendship, a quarrel, money, or that you have worked on this "
            "file. You need not say what."
        ),
        choices=[("nothing", _("Nothing: I sit")), ("conflict", _("Something: I do not sit"))],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )
    words = words_field(_("What it is, if you want to say"), required=False)


class VoteForm(IdempotentForm):
    vote = forms.ChoiceField(
        label=_("Your vote"),
        choices=[("for", _("Open this road")), ("against", _("Not possible at present"))],
        widget=Radios,
        error_messages={"required": _("Choose one of these answers.")},
    )
    words = words_field(
        _("Why"),
        help_text=_("The others read it when all votes are in, and it is kept, dissent too."),
    )
