"""Reference samples: given under a consent of their own, followed by code, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.comparisons.announcements import (
    hit_fell,
    hits_changed,
    profiles_changed,
    reference_withdrawn,
)
from wayhome.bureau.comparisons.models import (
    FamilyPedigree,
    Hit,
    Profile,
    ReferenceSample,
    Run,
)
from wayhome.bureau.comparisons.rules.samples import (
    Kin,
    Scope,
    State,
    Way,
    why_not_give,
    why_not_step,
    why_not_withdraw,
)
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState, why_not_change
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission
from wayhome.lib.refusal import refuse_if
from wayhome.lib.sheet_codes import new_sheet_code
from wayhome.lib.text import clean_line, clean_text


@dataclass(frozen=True)
class Gift:
    """What is told when a sample is offered; `allowed` and `adult` are the giver's own words."""

    name: str
    kin: Kin
    way: Way
    to: str
    scope: Scope
    allowed: bool
    adult: bool

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> "Gift":
        """What was told on a form, cleaned."""
        return cls(
            name=clean_line(said["name"]),
            kin=Kin(said["kin"]),
            way=Way(said["way"]),
            to=clean_text(said["to"]),
            scope=Scope(said["scope"]),
            allowed=said["allowed"],
            adult=said["adult"],
        )


@transaction.atomic
def give_sample(*, enquiry: Enquiry, gift: Gift, by: Enquirer | Staff) -> ReferenceSample:
    """Note a reference sample and what its giver allowed; a kit with its code goes out.

    Open from the first day to every family. Raises Refused, with nothing written.
    """
    _must(enquiry, by)
    enquiry = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    standing = ReferenceSample.objects.standing().filter(enquiry=enquiry)
    others = [Kin(kin) for kin in standing.values_list("kin", flat=True)]
    refuse_if(why_not_change(EnquiryState(enquiry.state)))
    refuse_if(
        why_not_give(
            allowed=gift.allowed, adult=gift.adult, name=gift.name, kin=gift.kin, way=gift.way,
            to=gift.to, others=others,
        )
    )  # fmt: skip
    now = timezone.now()
    sample = ReferenceSample.objects.create(
        enquiry=enquiry,
        key=PersonKey.make(),
        code=new_sheet_code(),
        kin=gift.kin,
        giver={"name": gift.name.strip(), "to": gift.to.strip() if gift.way != Way.HERE else ""},
        way=gift.way,
        scope=gift.scope,
        allowed_at=now,
        changed_at=now,
        entered_by=by if isinstance(by, Staff) else None,
    )
    journal.record("reference sample offered", subject=sample, by=by, person=enquiry.bureau_number)
    return sample


def _must(enquiry: Enquiry, by: Enquirer | Staff) -> None:
    """Her own family's for an enquirer; any for who keeps reference samples."""
    if isinstance(by, Staff):
        by.must(Permission.KEEP_REFERENCES)
        return
    by.must(Permission.GIVE_SAMPLE)
    if enquiry.enquirer_id != by.pk:
        raise Forbidden(Permission.GIVE_SAMPLE.value)


@transaction.atomic
def note_step(*, sample: ReferenceSample, to: State, by: Staff) -> ReferenceSample:
    """Note where a kit is now."""
    by.must(Permission.KEEP_REFERENCES)
    sample = _locked(sample)
    refuse_if(why_not_step(State(sample.state), to))
    sample.state, sample.changed_at = to, timezone.now()
    sample.save(update_fields=["state", "changed_at"])
    number = sample.enquiry.bureau_number
    journal.record(
        "reference sample followed", subject=sample, by=by, person=number, facts={"to": to}
    )
    return sample


def _locked(sample: ReferenceSample) -> ReferenceSample:
    rows = ReferenceSample.objects.select_for_update(of=("self",))
    return rows.select_related("enquiry", "key").get(pk=sample.pk)


@transaction.atomic
def withdraw_sample(*, sample: ReferenceSample, by: Enquirer | Staff) -> ReferenceSample:
    """Take a consent back: keys destroyed, what rested on the profile falls. No reason is asked.

    The laboratory destroys the sample itself; the register shows that it must (its state).
    """
    _must(sample.enquiry, by)
    # Before the sample, as whoever draws a pedigree, searches or forgets does.
    Enquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=sample.enquiry_id)
    sample = _locked(sample)
    refuse_if(why_not_withdraw(State(sample.state)))
    _destroy(sample)
    number = sample.enquiry.bureau_number
    journal.record("reference sample withdrawn", subject=sample, by=by, person=number)
    return sample


def _destroy(sample: ReferenceSample) -> None:
    """Nothing that was read in this sample can be read any more: profile, pairs, pedigrees."""
    now = timezone.now()
    profiles = Profile.objects.filter(reference=sample)
    hits = Hit.objects.filter(enquiry=sample.enquiry)  # each rests on the whole family
    fallen = list(hits.filter(fell_at=None).select_related("remains", "enquiry"))
    _destroy_keys(profiles, hits, _pedigrees_with(sample))
    profiles.update(destroyed_at=now)
    Hit.objects.filter(pk__in=[hit.pk for hit in fallen]).update(fell_at=now)
    _forget_suspicions(sample)
    sample.key.destroy()
    sample.state, sample.withdrawn_at, sample.changed_at = State.WITHDRAWN, now, now
    sample.save(update_fields=["state", "withdrawn_at", "changed_at"])
    for hit in fallen:
        hit_fell.send(Hit, hit=hit)
        hits_changed.send(Hit, remains=hit.remains)
    reference_withdrawn.send(ReferenceSample, sample=sample)
    profiles_changed.send(ReferenceSample)


def _destroy_keys(*of: "QuerySet[Any]") -> None:
    keys = {key for rows in of for key in rows.values_list("key", flat=True)}
    PersonKey.objects.filter(pk__in=keys, destroyed_at=None).update(
        wrapped=None, destroyed_at=timezone.now()
    )


def _pedigrees_with(sample: ReferenceSample) -> "QuerySet[FamilyPedigree]":
    """The versions in which this giver has a place: why one was drawn so may tell of them."""
    drawn = FamilyPedigree.objects.filter(enquiry=sample.enquiry).select_related("key")
    naming = [
        one.pk for one in drawn if sample.code in {member["id"] for member in one.members or ()}
    ]
    return FamilyPedigree.objects.filter(pk__in=naming)


def _forget_suspicions(sample: ReferenceSample) -> None:
    """What the last search suspected of it, and keeps for the next one; earlier ones are gone."""
    for run in Run.objects.exclude(key__wrapped=None).select_related("key").select_for_update(
        of=("self",)
    ):  # fmt: skip
        run.suspicions = [one for one in run.suspicions or () if sample.code not in one["codes"]]
        run.checked = {
            digest: told
            for digest, told in (run.checked or {}).items()
            if not isinstance(told, dict) or sample.code not in told["codes"]
        }
        run.save(update_fields=["suspicions", "checked"])


def drop_samples(enquiry: Enquiry) -> None:
    """Her enquiry was forgotten: nobody asks for the person any more, and every sample goes."""
    rows = ReferenceSample.objects.standing().filter(enquiry=enquiry).order_by("pk")
    for sample in rows.select_related("enquiry", "key").select_for_update(of=("self",)):
        _destroy(sample)
        number = enquiry.bureau_number
        journal.record("reference sample withdrawn", subject=sample, by=MACHINE, person=number)
