"""What somebody who has just started a demo needs to know, in a few lines."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from wayhome.bureau.contact.calls.rules import LATE_AT_MOST
from wayhome.config.demo.calls import HIS_SECRET, ready_call
from wayhome.config.demo.people import log_ins_of, secrets_of
from wayhome.config.demo.stories import TOLD, captive_of, enquirer_of, families_of
from wayhome.config.folder import Folder
from wayhome.lib.refusal import Refused

AS = {"waits": "who waits", "told": "who was told"}


def leaflet(folder: Folder, *, program: str) -> Iterator[str]:
    """How good the matching was, and how to come in as anybody. `program` is how we are called."""
    yield from measured(folder.prepared())
    yield ""
    yield from for_staff(folder, program)
    yield ""
    yield from for_families(folder)
    yield ""
    yield from for_a_call(program)


def measured(noted: dict[str, Any]) -> Iterator[str]:
    """What came in, and how good the matching was on it."""
    if "measured" not in noted:
        return
    cards = noted["list"]["lines"] + noted["clerk's cards"]["lines"]
    found = noted["measured"]
    yield f"{cards} cards and {noted['enquiries']['lines']} enquiries of families are in it."
    yield (
        f"Of the {found['on_list']} men who are sought and on the list, "
        f"{found['proposed_first']} are proposed first and "
        f"{found['among_first_ten']} among the first ten."
    )
    yield (
        f"Of the {found['absent']} who are sought and not on the list, somebody is proposed "
        f"for {found['absent_with_a_candidate']}: that is why two people judge."
    )


def for_staff(folder: Folder, program: str) -> Iterator[str]:
    """How to sign in at the console."""
    kept = secrets_of(folder)
    yield "Staff sign in at /console/ as any of these; every person here is invented."
    for one in log_ins_of(folder):
        yield f"  {one.username:<14} {one.role}"
    yield "  The same at site B with -b: tracing-b is the second tracing officer."
    yield f"  Everybody's password:  {kept.password}"
    yield f"  Six-digit code:        {kept.code()}   (for a minute; then: {program} log-ins)"
    yield f"  Authenticator app:     {kept.totp}"


def for_families(folder: Folder) -> Iterator[str]:
    """How a family comes back, and what a captive writes on his tablet."""
    yield "A family comes back at /back/ with its nine words and its PIN."
    for family in families_of(folder):
        yield f"  {AS[family.story]}: {family.words}"
        yield f"  {'':>{len(AS[family.story])}}  PIN {family.pin}, second PIN {family.second_pin}"
    yield f"On the tablet the secret of each man of the stories is {HIS_SECRET}."


def for_a_call(program: str) -> Iterator[str]:
    """How to see a call, in three browsers or three private windows."""
    enquirer, captive = enquirer_of(TOLD), captive_of(TOLD)
    if enquirer is None or captive is None:
        return
    try:
        call = ready_call(enquirer.enquiries.get(), captive)
    except Refused:  # whoever tried the demo has changed what a call rests on
        return
    until = timezone.localtime((call.starts_at or timezone.now()) + LATE_AT_MOST)
    yield f"A call is ready until {until:%H:%M} (later: {program} log-ins), in three windows:"
    yield "  the family who was told, at /calls/"
    yield f"  supervisor, at /console/calls/{call.pk}/"
    yield f"  neutral, at /console/sittings/{captive.principal.bureau_number}/, who gives him the"
    yield "  tablet: his secret, then /tablet/calls/"
