"""Small helpers of the console's templates."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.filter
def named(value: str, options: Iterable[tuple[str, Any]]) -> Any:
    """The words of a stored value, from its list of (value, words)."""
    return dict(options).get(value, value)
