"""A call between the family and the man of a case, brought as far as a test needs."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tests.cases import Case
from wayhome.bureau.contact.calls import actions
from wayhome.bureau.contact.calls.actions import Opening
from wayhome.bureau.contact.calls.choosing import Times
from wayhome.bureau.contact.calls.models import Call, CallOffer, CallParty
from wayhome.bureau.contact.calls.rules import PartyKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

ANY = Times("Europe/Moscow")


@dataclass
class Calling:
    """Ask for the step you need: what leads to it is done too, by the bureau's own actions."""

    case: Case = field(default_factory=Case)

    @property
    def supervisor(self) -> Staff:
        return self.case.staff(Role.SUPERVISOR)

    @property
    def call(self) -> Call:
        """As it stands now."""
        return Call.objects.select_related("captive", "enquiry", "match").get(pk=self._asked.pk)

    @cached_property
    def slots(self) -> int:
        days = (timezone.localdate() + timedelta(days=3 + number) for number in range(4))
        return sum(
            actions.open_times(opening=Opening(day, time(9), time(18)), by=self.supervisor)
            for day in days
        )

    @cached_property
    def _asked(self) -> Call:
        case = self.case
        return actions.ask_for_call(
            enquiry=case.enquiry, times=ANY, language="ru", by=case.enquirer
        )

    @cached_property
    def asked(self) -> Call:
        """Kept, and brought forward to him as the job does it: a person has told her of him."""
        _ = self.case.told, self._asked
        actions.bring_forward(self.case.enquiry.pk)
        return self.call

    @cached_property
    def offered(self) -> list[CallOffer]:
        _ = self.slots
        return actions.offer_times(call=self.asked, by=self.supervisor)

    @cached_property
    def yes(self) -> Call:
        return actions.say_yes(
            call=self.asked, offers=[one.pk for one in self.offered], times=None,
            by=self.case.sitting,
        )  # fmt: skip

    @cached_property
    def agreed(self) -> Call:
        _ = self.yes
        return actions.choose_time(call=self.asked, offer=self.offered[0].pk, by=self.case.enquirer)

    @cached_property
    def now(self) -> Call:
        """Agreed, given to a supervisor, and its time has come."""
        actions.assign(
            call=self.agreed, supervisor=self.supervisor, interpreter=None, by=self.supervisor
        )
        Call.objects.filter(pk=self.agreed.pk).update(starts_at=timezone.now())
        return self.call

    def party(self, kind: PartyKind) -> CallParty:
        return CallParty.objects.get(call=self.now, kind=kind)

    def person(self, kind: PartyKind) -> Any:
        people = {PartyKind.FAMILY: self.case.enquirer, PartyKind.CAPTIVE: self.case.sitting}
        return people.get(kind, self.supervisor)

    def comes_in(self, kind: PartyKind) -> UUID:
        """Uses the link and connects; returns the connection."""
        party, connection = self.party(kind), uuid4()
        came = actions.enter(
            token=actions.link_for(party), device=f"device of {kind}", by=self.person(kind)
        )
        actions.connect(party=came, device=came.device, connection=connection)
        return connection

    @cached_property
    def open(self) -> Call:
        """All three are in, and the minutes run."""
        _ = self.now
        for kind in (PartyKind.SUPERVISOR, PartyKind.FAMILY, PartyKind.CAPTIVE):
            self.comes_in(kind)
        for kind in (PartyKind.FAMILY, PartyKind.CAPTIVE):
            actions.admit(party=self.party(kind), by=self.supervisor)
        return actions.note_together(call=self.call, together=True)
