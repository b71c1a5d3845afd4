"""Sample pages that hold every component once, to be looked at and measured without a database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from wayhome.lib.refusal import Refusal
from wayhome.web.forms import Checkboxes, DateParts, IdempotentForm, PartialDateInput, Radios

SAMPLES = Path(__file__).parent / "samples"
WORDS: dict[str, dict[str, Any]] = {
    "uk": {
        "heading": "Ваше звернення",
        "short": "Переглянути",
        "same": "Сьогодні ми нічого не можемо вам сказати. Це речення однакове для кожної родини.",
        "code": ["калина", "дорога", "вікно", "ранок", "хліб", "криниця", "пісня", "яблуко"],
    },
    "ru": {
        "heading": "Ваше обращение",
        "short": "Посмотреть",
        "same": "Сегодня мы ничего не можем вам сказать. Это предложение для всех семей одно.",
        "code": ["калина", "дорога", "окно", "утро", "хлеб", "колодец", "песня", "яблоко"],
    },
    "en": {
        "heading": "Your enquiry",
        "short": "Look",
        "same": "There is nothing we can tell you today. It is the same for every family.",
        "code": ["apple", "river", "window", "morning", "bread", "garden", "song", "lantern"],
    },
}


class WholeForm(IdempotentForm):
    """One field of each kind."""

    surname = forms.CharField(help_text="…")
    born_on = forms.DateField(widget=DateParts)
    since = forms.CharField(widget=PartialDateInput)
    who = forms.ChoiceField(widget=Radios(hints={"b": "…"}), choices=[("a", "A"), ("b", "B")])
    ways = forms.MultipleChoiceField(widget=Checkboxes, choices=[("a", "A"), ("b", "B")])
    sure = forms.BooleanField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    story = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    paper = forms.FileField()


class Question(IdempotentForm):
    """One question, as most pages of the portal ask it."""

    answer = forms.ChoiceField(widget=Radios)


class Filters(forms.Form):
    """What stands above a list."""

    q = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)


@dataclass(frozen=True)
class Clerk:
    """As much of a signed-in person as the top bar shows."""

    role: str = "registrar"
    number: str = "A-12"
    is_authenticated: bool = True
    site: Any = None


def _question(words: dict[str, Any], data: dict[str, str] | None) -> Question:
    form = Question(data)
    form.fields["answer"].label = words["heading"]
    form.fields["answer"].help_text = words["same"]
    choices = [("yes", words["short"]), ("no", words["heading"])]
    form.fields["answer"].choices = choices  # type: ignore[attr-defined]
    return form


def _whole(words: dict[str, Any]) -> WholeForm:
    form = WholeForm({"born_on_day": "3", "born_on_month": "x", "born_on_year": "1999"})
    for bound in form.visible_fields():
        bound.field.label = bound.label = words["heading"]
    return form


def sample(name: str, language: str) -> str:
    """Draw one of the sample pages in one language."""
    words = WORDS[language]
    request = RequestFactory().get("/sample/", {"sort": "name", "kind": "a", "page": "2"})
    request.user = Clerk()  # type: ignore[assignment]
    context = {
        "words": words,
        "demo": True,
        "back_url": "/",
        "refusal": Refusal("sample.no", words["same"], "GC III 122"),
        "rows": [
            {"key": words["short"], "value": "Шевченко", "name": True, "url": "/"},
            {"key": words["heading"], "value": ""},
        ],
        "navigation": [(words["heading"], "/", True), (words["short"], "/a/", False)],
        "search_url": "/",
        "page": Paginator(range(100), 10).page(2),
        "tags": ["now", "late", "soon", "done"],
        "filters": Filters({}),
        "error_number": "9F00AC21",
        "stop_url": "/",
    }
    with translation.override(language):
        if name in {"waiting", "console"}:
            context["form"] = _whole(words)
            source = (SAMPLES / f"{name}.html").read_text(encoding="utf-8")
            return engines["django"].from_string(source).render(context, request)
        data = {} if name.startswith("portal") else None
        context["form"] = _question(words, data if data is None else {"answer": ""})
        return render_to_string(f"{name}.html", context, request)


PAGES = (
    "portal/question",
    "waiting",
    "tablet/question",
    "tablet/last",
    "console",
    "400",
    "403",
    "403_csrf",
    "404",
    "500",
    "503",
    "signed_out",
    "leave",
)
