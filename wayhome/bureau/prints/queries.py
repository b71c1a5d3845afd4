"""The prints of two sides, finger by finger."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.prints.models import Print
from wayhome.bureau.prints.rules import Finger, comparable
from wayhome.bureau.remains.models import Remains


@dataclass(frozen=True)
class Prints:
    """What stands on both sides: of a living man nothing ever does."""

    before: list[Print] = field(default_factory=list)
    after: list[Print] = field(default_factory=list)

    def comparable(self) -> list[Finger]:
        return comparable(_fingers(self.before), _fingers(self.after))

    @property
    def one_sided(self) -> bool:
        """Whether prints are kept, and no finger of them on both sides."""
        return bool(self.before or self.after) and not self.comparable()


def prints_between(remains: Remains, enquiry: Enquiry | None) -> Prints:
    rows = Print.objects.standing().select_related("key", "by")
    before = rows.filter(enquiry=enquiry) if enquiry else rows.none()
    return Prints(list(before), list(rows.filter(remains=remains)))


def _fingers(prints: Iterable[Print]) -> frozenset[Finger]:
    return frozenset(Finger(one.finger) for one in prints)
