"""Make a pass, make it invalid, look at one."""

import secrets
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import locked, person_of
from wayhome.bureau.journeys.models import Journey, JourneyPass
from wayhome.bureau.journeys.rules.passes import (
    Verdict,
    verdict_of,
    why_not_end_pass,
    why_not_make_pass,
)
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.persons.vault import derived_key
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.codes import word_list
from wayhome.lib.passes import BadPass, Pass, read_pass, write_pass
from wayhome.lib.refusal import refuse_if


@cache
def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key("passes"))


def public_key() -> bytes:
    """By which a phone without a network verifies a pass: 32 octets, no secret."""
    return _signing_key().public_key().public_bytes_raw()


def standing_pass(journey: Journey) -> JourneyPass | None:
    return journey.passes.filter(ended_at=None).select_related("key", "made_by").first()


def journey_with_pass(application: Application) -> Journey | None:
    """The standing journey for which a pass was made, whatever became of the pass."""
    return application.journeys.standing().filter(passes__isnull=False).first()


@transaction.atomic
def make_pass(*, journey: Journey, by: Staff) -> JourneyPass:
    """Two words in her language, and a pass that says neither name nor place."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    stands = standing_pass(journey) is not None
    refuse_if(why_not_make_pass(state=JourneyState(journey.state), one_stands=stands))
    assert journey.application.enquiry is not None
    hers, ours = two_words(journey.application.enquiry.enquirer.language)
    new = JourneyPass.objects.create(
        journey=journey,
        key=journey.key,
        words={"hers": hers, "ours": ours},
        made_by=by,
        made_at=timezone.now(),
    )
    journal.record("pass made", subject=new, by=by, person=person_of(journey))
    return new


def two_words(language: str) -> tuple[str, str]:
    """Two words that differ, of those that can be said on the telephone."""
    words = word_list(language)
    first = secrets.choice(words)
    return first, secrets.choice([word for word in words if word != first])


@transaction.atomic
def end_pass(*, journey: Journey, by: Staff) -> None:
    """It was lost, or seen by somebody: it is worth nothing any more, and another can be made."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    found = standing_pass(journey)
    refuse_if(why_not_end_pass(ended=found is None))
    assert found is not None
    _end(found, journey, by)


@transaction.atomic
def end_lost_pass(*, journey: Journey, by: Staff) -> None:
    """At the act it was told lost: whoever finds it is known by it nowhere any more."""
    by.must(Permission.PREPARE_ACT)
    journey = locked(journey)
    if found := standing_pass(journey):
        _end(found, journey, by)


def _end(one: JourneyPass, journey: Journey, by: Staff) -> None:
    one.ended_at = timezone.now()
    one.save(update_fields=["ended_at"])
    journal.record("pass made invalid", subject=one, by=by, person=person_of(journey))


def text_of(one: JourneyPass) -> str:
    """What its QR code carries."""
    journey = one.journey
    return write_pass(Pass(one.pk, journey.on, journey.persons), _signing_key())


@dataclass(frozen=True)
class Looked:
    """What somebody who holds a pass before them may know: no more than that, if it is not good."""

    verdict: Verdict
    journey: Journey | None = None
    words: dict[str, str] | None = None


@transaction.atomic
def look_at_pass(*, text: str, by: Staff) -> Looked:
    """Whether a pass is ours, for today, and of one's own convoy."""
    by.must(Permission.MEET_FAMILY)
    found = pass_in(text)
    journey = found.journey if found else None
    verdict = verdict_of(
        is_ours=found is not None,
        stands=bool(journey and found and found.ended_at is None
                    and journey.state == JourneyState.CONFIRMED),
        on=journey.on if journey else timezone.localdate(),
        today=timezone.localdate(),
        mine=bool(journey and Journey.objects.visible_to(by).filter(pk=journey.pk).exists()),
    )  # fmt: skip
    if found is None or verdict != Verdict.GOOD:
        return Looked(verdict)
    journal.record("pass looked at", subject=found, by=by, person=person_of(found.journey))
    return Looked(verdict, found.journey, found.words)


def pass_in(text: str) -> JourneyPass | None:
    """The pass that this text is, whatever became of it; None for a text that we did not sign."""
    try:
        read = read_pass(text, _signing_key().public_key())
    except BadPass:
        return None
    rows = JourneyPass.objects.select_related("key", "journey__application__captive")
    return rows.filter(pk=read.id).first()
