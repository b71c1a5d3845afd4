"""A list of the console: searched, filtered, sorted and paged by its address alone."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from wayhome.lib.text import clean

ROWS_A_PAGE = 25
LONGEST = 200
Row = TypeVar("Row", bound=Model)


def sorted_by(
    request: HttpRequest, rows: "QuerySet[Row]", columns: Mapping[str, str], default: str
) -> "QuerySet[Row]":
    """Sort by `?sort=name` or `?sort=-name`; `columns` gives each name its column."""
    wanted = request.GET.get("sort") or default
    sign, name = ("-", wanted[1:]) if wanted.startswith("-") else ("", wanted)
    if name not in columns:
        sign, name = ("-" if default.startswith("-") else ""), default.lstrip("-")
    return rows.order_by(f"{sign}{columns[name]}", "pk")


def page_of(request: HttpRequest, rows: Any) -> "Page[Any]":
    """The page that `?page=` asks for; the nearest one if there is no such page."""
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))


def asked(request: HttpRequest, name: str) -> str:
    """A filter's value from the address, as clean as a name and never longer than one."""
    return clean(request.GET.get(name, ""), longest=LONGEST)
