"""Harm flags: telling his family could harm him or them. Set by one, lifted by two."""

from typing import Protocol

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.announcements import harm_flag_changed
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.captives.rules import (
    FlagFacts,
    why_not_ask_to_lift,
    why_not_flag,
    why_not_lift,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission, Role
from wayhome.lib.refusal import Refusal, refuse_if

# One wording for all of it, about the man: whoever reads the journal learns of no flag's fate.
WORDING = "protection noted"


class Protecting(Actor, Protocol):
    """Who may set a flag: staff, or he himself in his sitting."""

    def must(self, permission: Permission) -> None: ...


def _himself(by: Protecting, captive: Captive) -> bool:
    """Whether it is he himself. Another man's sitting is refused."""
    if by.actor_role != Role.CAPTIVE:
        return False
    own: Captive | None = getattr(by, "captive", None)
    if own is None or own.principal != captive.principal:
        raise Forbidden(Permission.SET_HARM_FLAG.value)
    return True


@transaction.atomic
def set_harm_flag(*, captive: Captive, reason: str, by: Protecting) -> HarmFlag:
    """Close the family's route. Several may stand; whoever sets one is not told of the others.

    He himself needs no reason. Raises Refused, with nothing written.
    """
    by.must(Permission.SET_HARM_FLAG)
    himself = _himself(by, captive)
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.pk)
    refuse_if(why_not_flag(reason=reason, by_himself=himself))
    flag = captive.harm_flags.create(
        key=captive.key,
        reason=reason.strip() or None,
        set_by_role=by.actor_role,
        set_by_id=by.actor_id,
        set_at=timezone.now(),
    )
    _tell(flag, captive, by)
    return flag


@transaction.atomic
def take_back_harm_flags(*, captive: Captive, by: Protecting) -> int:
    """He takes back what he said himself; two people then look at it. Returns how many flags."""
    by.must(Permission.SET_HARM_FLAG)
    if not _himself(by, captive):
        raise Forbidden(Permission.SET_HARM_FLAG.value)
    flags = list(HarmFlag.objects.of_his_own(captive).select_for_update())
    for flag in flags:
        flag.taken_back_at = timezone.now()
        flag.save(update_fields=["taken_back_at"])
        _journal(flag, captive, by)
    return len(flags)


@transaction.atomic
def ask_to_lift(*, flag: HarmFlag, reason: str, by: Staff) -> HarmFlag:
    """The first of two says why the flag is needed no longer."""
    by.must(Permission.LIFT_HARM_FLAG)
    flag = _locked(flag)
    refuse_if(why_not_ask_to_lift(_facts(flag, by), reason=reason))
    flag.first_lifter = by
    flag.lift_reason = reason.strip()
    flag.save(update_fields=["first_lifter", "lift_reason"])
    _journal(flag, flag.captive, by)
    return flag


@transaction.atomic
def lift_harm_flag(*, flag: HarmFlag, by: Staff) -> HarmFlag:
    """The second of two lifts it; never against his own word."""
    by.must(Permission.LIFT_HARM_FLAG)
    flag = _locked(flag)
    refuse_if(why_not_lift(_facts(flag, by)))
    flag.lifter = by
    flag.lifted_at = timezone.now()
    flag.save(update_fields=["lifter", "lifted_at"])
    _tell(flag, flag.captive, by)
    return flag


def why_not_now(flag: HarmFlag, by: Staff) -> Refusal | None:
    """Why this person cannot take the next step to lift it; the page shows it beforehand."""
    facts = _facts(flag, by)
    if facts.asked or facts.lifted:
        return why_not_lift(facts)
    return why_not_ask_to_lift(facts, reason="…")


def _locked(flag: HarmFlag) -> HarmFlag:
    rows = HarmFlag.objects.select_for_update(of=("self",)).select_related("captive", "key")
    return rows.get(pk=flag.pk)


def _facts(flag: HarmFlag, by: Staff) -> FlagFacts:
    return FlagFacts(
        by_himself=flag.set_by_role == Role.CAPTIVE,
        taken_back=flag.taken_back_at is not None,
        lifted=flag.lifted_at is not None,
        asked=flag.first_lifter_id is not None,
        asked_by_me=flag.first_lifter_id == by.pk,
    )


def _journal(flag: HarmFlag, captive: Captive, by: Protecting) -> None:
    facts = {"flag": flag.pk, "set": flag.set_at, "lifted": flag.lifted_at}
    journal.record(WORDING, subject=captive, by=by, person=captive.bureau_number, facts=facts)


def _tell(flag: HarmFlag, captive: Captive, by: Protecting) -> None:
    _journal(flag, captive, by)
    harm_flag_changed.send(HarmFlag, captive=captive, flag=flag)
