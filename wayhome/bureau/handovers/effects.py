"""His effects and money on the day: what the register holds, what the act says of each line."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.welfare import actions as welfare
from wayhome.bureau.welfare.rules import Line
from wayhome.bureau.welfare.wording import quantity_of
from wayhome.lib.two_languages import both

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GIVEN_BACK = _("Given back")
ACT = _("Act of return")


@dataclass(frozen=True)
class Belonging:
    """One thing of his, and how it came back: returned, or why it did not.

    `held` is the line of the register of effects that it is; None of what stands in no register.
    """

    item: str
    how: str
    held: welfare.Held | None = None
    returned: bool = False

    def as_kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"item": self.item, "how": self.how}
        if self.held:
            kept["record"] = str(self.held.captive.pk)
            kept["line"] = self.held.line.as_kept()
            kept["returned"] = self.returned
        return kept


def item_of(line: Line) -> str:
    """A line as the act lists it: an article and how many, or so much money."""
    return f"{line.what}, {quantity_of(line)}" if line.what else quantity_of(line)


def is_listed(act: Act) -> bool:
    """Whether the act lists exactly what the register holds for him now."""
    lines = [each for each in act.belongings or [] if "line" in each]
    listed = {(each["record"], _line(each).thing, _line(each).quantity) for each in lines}
    return listed == {each.known_by for each in welfare.held_for_man(act.captive)}


def is_explained(belonging: Mapping[str, Any]) -> bool:
    """Whether it came back, or the act says why it did not."""
    return bool(belonging.get("returned") or belonging["how"])


def what_became_of(belonging: Mapping[str, Any]) -> "StrOrPromise":
    """In the language that is on: given back, or why not."""
    return GIVEN_BACK if belonging.get("returned") else str(belonging["how"])


def rows_in_act(act: Act) -> list[dict[str, str]]:
    """The list as it is printed, in both languages."""
    given_back = " / ".join(both(GIVEN_BACK))
    return [
        {"item": each["item"], "how": given_back if each.get("returned") else each["how"]}
        for each in act.belongings or []
    ]


def give_back(act: Act, by: Staff) -> None:
    """Enter into the register what the act says was given back, in the act's transaction.

    What was not stays held for him, and its clock runs (GC III 119).
    """
    assert act.witness is not None, "nothing is sealed without a witness"
    reason = f"{' / '.join(both(ACT))} {act.captive.bureau_number}"
    returned = [each for each in act.belongings or [] if each.get("returned")]
    for record, lines in groupby(sorted(returned, key=_record), key=_record):
        welfare.give_back_by_act(
            captive=Captive.objects.select_related("key").get(pk=record),
            lines=[_line(each) for each in lines],
            reason=reason,
            witness=act.witness,
            by=by,
        )


def _record(belonging: Mapping[str, Any]) -> str:
    return str(belonging["record"])


def _line(belonging: Mapping[str, Any]) -> Line:
    return Line.of(belonging["line"])
