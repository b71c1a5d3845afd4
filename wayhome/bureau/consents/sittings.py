"""Opening, unlocking and closing a captive's sitting, and the secret that is his alone."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import rules
from wayhome.bureau.consents.models import CaptiveSecret, Sitting
from wayhome.bureau.consents.rules import IDLE_FOR, normal_secret
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def open_sitting(*, captive: Captive, language: str, by: Staff) -> Sitting:
    """Open one for the man. One that was left alone is closed first.

    Before a neutral everything is open. Where none can come a welfare officer of his site opens
    it: then he writes, reads and takes back, and no yes is taken (P7).
    """
    neutral = _neutral_of(by)
    # Locked, so that of two neutrals at once the second sees the first one's sitting.
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.principal.pk)
    for left in captive.sittings.filter(
        closed_at=None, last_seen_at__lte=timezone.now() - IDLE_FOR
    ):
        _close(left)
    is_open = captive.sittings.filter(closed_at=None).exists()
    held = captive.custody_state == CustodyState.HELD
    secret = has_secret(captive)
    refuse_if(
        rules.why_not_open(
            held=held, one_is_open=is_open, neutral=neutral is not None, has_secret=secret
        )
    )
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                captive=captive, neutral=neutral, language=language, opened_at=timezone.now()
            )
    except IntegrityError:
        refuse_if(rules.why_not_open(held=True, one_is_open=True))
        raise
    journal.record("sitting opened", subject=sitting, by=by, person=captive.bureau_number)
    return sitting


def _neutral_of(by: Staff) -> Staff | None:
    if not by.may(Permission.OPEN_SITTING):
        by.must(Permission.OPEN_HIS_PAGE)
        return None
    return by


def has_secret(captive: Captive) -> bool:
    return CaptiveSecret.objects.filter(captive=captive).exclude(hash="").exists()


def secret_is_locked(captive: Captive) -> bool:
    """Whether too many wrong ones were tried."""
    tries = CaptiveSecret.objects.filter(captive=captive).values_list("failed_tries", flat=True)
    return bool(rules.why_not_try(next(iter(tries), 0)))


@transaction.atomic
def set_secret(*, secret: str, again: str, by: Sitting) -> Sitting:
    """He chooses his secret before the neutral; with it his sitting is unlocked."""
    by.must(Permission.ANSWER_FOR_SELF)
    sitting = _locked(by)
    refuse_if(rules.why_not_secret(secret, again))
    refuse_if(
        rules.why_not_set_secret(
            one_is_set=has_secret(sitting.captive), neutral=sitting.neutral_id is not None
        )
    )
    assert sitting.neutral is not None, "the rule asked for a neutral"
    CaptiveSecret.objects.update_or_create(
        captive=sitting.captive,
        defaults={
            "hash": make_password(normal_secret(secret)),
            "set_before": sitting.neutral,
            "set_at": timezone.now(),
            "failed_tries": 0,
        },
    )
    journal.record("secret set", subject=sitting, by=by, person=sitting.captive.bureau_number)
    return _unlock(sitting)


@transaction.atomic
def give_secret(*, secret: str, by: Sitting) -> bool:
    """He gives his secret: True unlocks his sitting, a wrong one is counted.

    Raises Refused when too many wrong ones were given: then only a reset by the neutral helps.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    sitting = _locked(by)
    kept = CaptiveSecret.objects.select_for_update(of=("self",)).get(captive=sitting.captive)
    refuse_if(rules.why_not_try(kept.failed_tries))
    right = bool(kept.hash) and check_password(normal_secret(secret), kept.hash)
    kept.failed_tries = 0 if right else kept.failed_tries + 1
    kept.save(update_fields=["failed_tries"])
    if right:
        _unlock(sitting)
    else:
        journal.record("wrong secret", subject=sitting, by=by, person=sitting.captive.bureau_number)
    return right


@transaction.atomic
def reset_secret(*, captive: Captive, by: Staff) -> None:
    """The neutral lets him choose a new secret; the old one opens nothing any more."""
    by.must(Permission.OPEN_SITTING)
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.principal.pk)
    CaptiveSecret.objects.filter(captive=captive).update(hash="", failed_tries=0)
    journal.record("secret reset", subject=captive, by=by, person=captive.bureau_number)


@transaction.atomic
def close_sitting(*, sitting: Sitting, by: Sitting | Staff) -> None:
    """End it: he says so, or the neutral, or whoever signs in on that tablet. Twice is once."""
    if isinstance(by, Staff):
        by.must(Permission.USE_CONSOLE)
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    if sitting.closed_at is None:
        _close(sitting)
        number = sitting.captive.bureau_number
        journal.record("sitting closed", subject=sitting, by=by, person=number)


def touch(sitting: Sitting) -> None:
    """Somebody is at the tablet."""
    Sitting.objects.open().filter(pk=sitting.pk).update(last_seen_at=timezone.now())


def _locked(by: Sitting) -> Sitting:
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("captive__key", "neutral")
    sitting = rows.get(pk=by.pk)
    is_open = Sitting.objects.open().filter(pk=by.pk).exists()
    refuse_if(rules.why_not_act(is_open=is_open, unlocked=True))
    return sitting


def _unlock(sitting: Sitting) -> Sitting:
    sitting.unlocked_at = sitting.last_seen_at = timezone.now()
    sitting.save(update_fields=["unlocked_at", "last_seen_at"])
    journal.record(
        "sitting unlocked", subject=sitting, by=sitting, person=sitting.captive.bureau_number
    )
    return sitting


def _close(sitting: Sitting) -> None:
    sitting.closed_at = timezone.now()
    sitting.save(update_fields=["closed_at"])
