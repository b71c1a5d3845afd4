"""Tags that every page may use: `{% load wayhome %}`."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy

from wayhome.lib.dates import PartialDate, display
from wayhome.web.forms import Renderer, ShownField

register = template.Library()
FIELD_TEMPLATE = Renderer.field_template_name


@register.simple_tag
def field(bound: BoundField, *, question: bool = False, label: str = "") -> SafeString:
    """Show one field; with `question=True` its label is the page's h1."""
    if label:
        bound.label = label
    return bound.render(
        template_name=bound.template_name,
        context={"field": bound, "question": question},
        renderer=bound.form.renderer,
    )


def _target(bound: BoundField) -> str:
    return bound.first_id if isinstance(bound, ShownField) and not bound.is_hidden else ""


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List what is wrong in these forms, each line a link to its field. Empty if nothing is."""
    # `forms` may hold None; and an empty form is false, though it has errors to show.
    shown = [form for form in forms if isinstance(form, BaseForm) and form.is_bound]
    alone = sum(len(form.visible_fields()) for form in shown) == 1
    return {
        "general": [error for form in shown for error in form.non_field_errors()],
        "faults": [
            (_target(bound), "" if alone else bound.label, error)
            for form in shown
            for bound in form
            for error in bound.errors
        ],
    }


@register.simple_tag
def quick_exit_url() -> str:
    """Where "Leave this page" goes."""
    return str(settings.QUICK_EXIT_URL)


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """The link that shows this same page in another language."""
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request is not None else "/"
    return f"/language/{code}/?{urlencode({'next': here})}"


@register.inclusion_tag("components/sortable_header.html", takes_context=True)
def sortable_header(context: Context, key: str, label: str) -> dict[str, Any]:
    """A column's heading that sorts by it: `?sort=key`, and `?sort=-key` the second time."""
    request: HttpRequest | None = context.get("request")
    now = request.GET.get("sort", "") if request is not None else ""
    directions = {key: "ascending", f"-{key}": "descending"}
    return {
        "request": request,
        "label": label,
        "direction": directions.get(now, ""),
        "next_sort": f"-{key}" if now == key else key,
    }


# How an article is cited: GLOSSARY.md has each in every language.
_TREATIES = {
    "GC": pgettext_lazy("treaty", "GC"),
    "AP": pgettext_lazy("treaty", "AP"),
    "CAT": pgettext_lazy("treaty", "CAT"),
    "CRC": pgettext_lazy("treaty", "CRC"),
    "Customary rule": pgettext_lazy("treaty", "Customary rule"),
    "Minnesota Protocol": pgettext_lazy("treaty", "Minnesota Protocol"),
}
_TREATY = re.compile(rf"\b({'|'.join(_TREATIES)})\b")


@register.filter
def provision(article: str) -> str:
    """An article as it is cited in the page's language: "GC III 12"."""
    return _TREATY.sub(lambda found: str(_TREATIES[found.group()]), article)


@register.filter
def as_known_day(edtf: str) -> str:
    """A day, a month or a span as it is known ("2022-04") in the words of the page's language."""
    return display(PartialDate(edtf), get_language() or "en")


@register.filter
def as_day(iso: str) -> str:
    """A day kept as text ("2026-05-03") in the words of the page's language."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
