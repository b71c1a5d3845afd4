"""The questions in their order, and what is shown of an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.rules import (
    OUR_OWN,
    THINGS,
    NewEnquiry,
    Party,
    Relation,
    Sought,
    Source,
    Thing,
)
from wayhome.lib.dates import display, read_date
from wayhome.web.portal import forms as asked

Answers = dict[str, Any]


def always(_answers: Answers) -> bool:
    return True


def is_ours(answers: Answers) -> bool:
    """Whether she seeks a soldier or civilian of this bureau's own country."""
    return answers.get("side", {}).get("party") in OUR_OWN


@dataclass(frozen=True)
class Question:
    """One page. `lead` are its paragraphs, `note` those that must be seen before an answer;
    `short` names the answer where answers are listed.
    """

    slug: str
    form: type[asked.StepForm]
    short: Any = ""
    heading: Any = ""
    lead: Sequence[Any] = ()
    note: Sequence[Any] = ()
    template: str = "portal/ask/question.html"
    must: bool = False  # without it nothing can be sent
    skip: bool = False  # may be passed by in one press
    is_name: bool = False
    applies: Callable[[Answers], bool] = always


QUESTIONS = (
    Question("who", asked.WhoForm, short=_("You are"), must=True),
    Question("side", asked.SideForm, short=_("The person you seek is"), must=True),
    Question(
        "elsewhere",
        asked.ElsewhereForm,
        heading=_("Please also ask in these places"),
        lead=(
            _(
                "Soldiers and civilians of Ukraine are not held by Ukraine. "
                "So we ask the Central Tracing Agency of the Red Cross for you."
            ),
            _("It passes your enquiry to the other State. You can also write to it yourself."),
            _(
                "Ask the Coordination Headquarters for the Treatment of Prisoners of War too. "
                "For civilians ask the Commissioner for Human Rights of the Parliament."
            ),
        ),
        must=True,  # she has read where else to ask
        applies=is_ours,
    ),
    Question(
        "name",
        asked.NameForm,
        short=_("Name"),
        heading=_("What is the name of the person you seek?"),
        lead=(_("Any spelling and any language will do."),),
        must=True,
        is_name=True,
    ),
    Question("born", asked.BornForm, short=_("Born")),
    Question("birthplace", asked.BirthplaceForm, short=_("Place of birth")),
    Question("mother", asked.MotherForm, short=_("Mother of that person"), is_name=True),
    Question("your-name", asked.YourNameForm, short=_("Your name"), is_name=True),
    Question(
        "three-things",
        asked.ThingsForm,
        short=_("Things that only you two know"),
        heading=_("Three things that only the two of you know"),
        lead=(
            _("You need not answer this. It can help to show that you are near to each other."),
            _(
                "Write a question that the person you seek can answer, and nobody else. "
                "For example: what was the name of the first dog?"
            ),
            _("Ask nothing about the army, and nothing that strangers could find out."),
        ),
        skip=True,
    ),
    Question("may-tell", asked.MayTellForm, short=_("That person may be told that you ask")),
    Question(
        "contact",
        asked.ContactForm,
        short=_("How we may reach you"),
        heading=_("How may we reach you, if at all?"),
        lead=(
            _("If somebody reads your telephone or your letters, choose the first."),
            _("Whatever you choose, you can always come back with your words and your PIN."),
        ),
        template="portal/ask/contact.html",
    ),
    Question(
        "unit",
        asked.UnitForm,
        short=_("Unit, rank and number"),
        heading=_("Unit, rank and personal number"),
        lead=(_("Your enquiry counts the same without it."),),
        note=(_("You need not say this. In your country it may be punishable."),),
        skip=True,
    ),
)
BY_SLUG = {question.slug: question for question in QUESTIONS}
# What she cannot change later without asking anew: it decides who answers her.
FIXED = frozenset({"side", "elsewhere"})
CHANGEABLE = tuple(question for question in QUESTIONS if question.slug not in FIXED)


def applying(answers: Answers) -> list[Question]:
    return [question for question in QUESTIONS if question.applies(answers)]


def next_after(question: Question, answers: Answers) -> Question | None:
    """The page that follows; None is the page that shows all answers."""
    pages = applying(answers)
    following = pages[pages.index(question) + 1 :]
    return following[0] if following else None


def before(question: Question, answers: Answers) -> Question | None:
    pages = applying(answers)
    place = pages.index(question) if question in pages else 0
    return pages[place - 1] if place else None


def missing(answers: Answers) -> Question | None:
    """The first page without which nothing can be sent."""
    return next((q for q in applying(answers) if q.must and q.slug not in answers), None)


def left_off_at(answers: Answers) -> Question | None:
    """The page after the last that was answered, or an earlier one that cannot be left out."""
    pages = applying(answers)
    answered = [at for at, question in enumerate(pages) if question.slug in answers]
    following = pages[max(answered) + 1 :] if answered else pages
    return missing(answers) or next(iter(following), None)


def rows(
    questions: Sequence[Question], answers: Answers, address: Callable[[Question], str]
) -> list[dict[str, Any]]:
    """The answers as a summary list, each with the address where it is changed."""
    return [
        {
            "key": question.short,
            "value": told(question, answers.get(question.slug, {})),
            "name": question.is_name,
            "empty": _("Not answered"),
            "url": address(question),
        }
        for question in questions
        if question.short
    ]


def told(question: Question, answer: Answers) -> str:
    """One answer in the words of its page."""
    fields = question.form().fields
    parts = [_in_words(fields[name], answer.get(name)) for name in fields if name != "answered"]
    glue = " " if question.is_name else "\n"
    return glue.join(part for part in parts if part)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, ""))  # type: ignore[arg-type]
    if isinstance(field, forms.BooleanField):
        return str(field.label) if value else ""
    return str(value or "")


def particulars(answers: Answers, **more: Any) -> NewEnquiry:
    """All answers as one new enquiry."""
    who = answers["who"]
    return NewEnquiry(
        sought=Sought(**sought_in(answers)),
        relation=Relation(who["relation"]),
        party=Party(answers["side"]["party"]),
        enquirer_name=answers.get("your-name", {}).get("your_name", ""),
        contact=asked.contact_of(answers.get("contact", {})),
        three_things=things_in(answers.get("three-things", {})),
        may_tell_him=answers.get("may-tell", {}).get("may_tell") == "yes",
        source=Source.ABROAD if who.get("abroad") else Source.PORTAL,
        **more,
    )


SOUGHT_IN = {
    "name": ("surname", "given", "patronymic", "full_name"),
    "born": ("born",),
    "birthplace": ("birthplace",),
    "mother": ("mother_name",),
    "unit": ("unit", "rank", "service_no"),
}


def sought_in(answers: Answers) -> dict[str, str]:
    """What these answers say of the sought person; the date in its normal form."""
    said = {
        field: answers[slug].get(field, "")
        for slug, fields in SOUGHT_IN.items()
        if slug in answers
        for field in fields
    }
    if said.get("born"):
        said["born"] = edtf(said["born"])
    return said


def edtf(typed: str) -> str:
    """A date as typed in the form that records keep; as typed if nobody can read it."""
    date = read_date(typed)
    return str(date) if date else typed


def in_her_words(kept: str, language: str) -> str:
    """A kept date as she reads and may write it again; what nobody can read stays as typed."""
    date = read_date(kept)
    return display(date, language) if date and date.known else kept


def things_in(answer: Answers) -> tuple[Thing, ...]:
    pairs = (
        Thing(answer.get(f"question_{n}", ""), answer.get(f"answer_{n}", ""))
        for n in range(1, THINGS + 1)
    )
    return tuple(pair for pair in pairs if pair.question)


def things_as_answer(things: list[dict[str, str]] | None) -> Answers:
    return {
        f"{part}_{n}": thing[part]
        for n, thing in enumerate(things or [], start=1)
        for part in ("question", "answer")
    }
