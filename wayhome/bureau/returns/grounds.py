"""Acts of law in the register, and findings about one man: both added, neither ever edited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.announcements import finding_kept, law_changed
from wayhome.bureau.returns.models import Finding, Ground
from wayhome.bureau.returns.rules.grounds import (
    FindingKind,
    GroundKind,
    permission_for,
    why_not_check_ground,
    why_not_end_ground,
    why_not_find,
    why_not_record_ground,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

ONE = Refusal("grounds.one", _("One of this kind stands already. End it first."))


@dataclass(frozen=True)
class LawfulAct:
    """An agreement, a law or an order, as it stands in the register. `allows`: of a parole law."""

    kind: GroundKind
    reference: str
    signed_by: str
    from_on: date
    until_on: date | None = None
    allows: bool = True


@transaction.atomic
def record_ground(*, act: LawfulAct, by: Staff) -> Ground:
    """Keep an act of law; it opens nothing until a second legal officer has checked it."""
    by.must(Permission.ASSESS_DANGER)
    today = timezone.localdate()
    refuse_if(
        why_not_record_ground(
            act.kind,
            reference=act.reference,
            from_on=act.from_on,
            until_on=act.until_on,
            today=today,
        )
    )
    new = Ground(
        kind=act.kind,
        reference=act.reference.strip(),
        signed_by=act.signed_by.strip(),
        from_on=act.from_on,
        until_on=act.until_on,
        allows=act.allows,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        refuse_if(ONE)
    journal.record("ground recorded", subject=new, by=by, purpose=act.kind.value)
    return new


@transaction.atomic
def check_ground(*, ground: Ground, only_improves: bool, by: Staff) -> Ground:
    """A second legal officer has read it: it only adds to what the Convention gives (GC III 6)."""
    by.must(Permission.ASSESS_DANGER)
    ground = Ground.objects.select_for_update(of=("self",)).get(pk=ground.pk)
    refuse_if(
        why_not_check_ground(
            recorded_by_me=ground.recorded_by_id == by.pk,
            checked=ground.checked_at is not None,
            ended=ground.ended_at is not None,
            only_improves=only_improves,
        )
    )
    ground.checked_by, ground.checked_at = by, timezone.now()
    ground.save(update_fields=["checked_by", "checked_at"])
    journal.record("ground checked", subject=ground, by=by, purpose=ground.kind)
    law_changed.send(Ground)
    return ground


@transaction.atomic
def end_ground(*, ground: Ground, reason: str, by: Staff) -> Ground:
    """It is in force no longer; the worker looks at every journey that may have rested on it."""
    by.must(Permission.ASSESS_DANGER)
    ground = Ground.objects.select_for_update(of=("self",)).get(pk=ground.pk)
    refuse_if(why_not_end_ground(ended=ground.ended_at is not None, reason=reason))
    ground.ended_by, ground.ended_at = by, timezone.now()
    ground.save(update_fields=["ended_by", "ended_at"])
    journal.record(
        "ground ended", subject=ground, by=by, purpose=ground.kind, facts={"reason": reason}
    )
    law_changed.send(Ground)
    return ground


@dataclass(frozen=True)
class Found:
    """What a person found about one man; `until` of a certificate, `words` on what it rests."""

    kind: FindingKind
    value: str
    words: str = ""
    until: date | None = None


@transaction.atomic
def keep_finding(*, captive: Captive, found: Found, by: Staff) -> Finding:
    """Add a finding. The newest of its kind counts, of whichever of his records it is."""
    by.must(permission_for(found.kind))
    today = timezone.localdate()
    refuse_if(
        why_not_find(found.kind, found.value, words=found.words, until=found.until, today=today)
    )
    # Locked as by the seal of an act: what is found meanwhile waits for it, or it for this.
    captive = (
        Captive.objects.select_for_update(of=("self",)).select_related("key").get(pk=captive.pk)
    )
    told: dict[str, Any] = {"value": found.value, "words": found.words.strip()}
    new = Finding.objects.create(
        captive=captive,
        key=captive.key,
        kind=found.kind,
        told=told,
        until=found.until if found.kind == FindingKind.FIT else None,
        by=by,
        at=timezone.now(),
    )
    journal.record("finding kept", subject=new, by=by, person=captive.bureau_number)
    finding_kept.send(Finding, finding=new)
    return new
