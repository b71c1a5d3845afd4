"""The geneticist's bench: profiles by code, pedigrees, how many may be meant."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhome.bureau.comparisons import bridge
from wayhome.bureau.comparisons.announcements import profiles_changed
from wayhome.bureau.comparisons.models import (
    Elimination,
    FamilyPedigree,
    MissingCount,
    Profile,
    ProfileFile,
    ReferenceSample,
)
from wayhome.bureau.comparisons.reading import ReadFile, read_file
from wayhome.bureau.comparisons.rules.pedigrees import Member, why_not_pedigree
from wayhome.bureau.comparisons.rules.profiles import Holder, why_not_import
from wayhome.bureau.comparisons.rules.samples import State
from wayhome.bureau.comparisons.rules.search import FEWEST_MISSING, why_not_count
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Sample
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if
from wayhome.lib.sheet_codes import new_sheet_code, read_typed


def import_profiles(*, content: bytes, laboratory: str, by: Staff) -> ProfileFile:
    """Take a laboratory's file: whole or, with any fault, not at all. The file itself is not kept.

    Nobody who withdraws could take a profile out of it again. What is wrong stands in the file's
    row by line and field; a code that is none of ours is named there, and its profile is sent anew
    once the code is known.
    """
    by.must(Permission.SEE_GENETICS)
    refuse_if(why_not_import(size=len(content), faults=(), known=1))
    told = read_file(content)  # outside the transaction: it may take seconds
    digest = hashlib.sha256(content).hexdigest()
    return _keep_file(ProfileFile(digest=digest, by=by), told, laboratory)


@transaction.atomic
def _keep_file(file: ProfileFile, told: ReadFile, laboratory: str) -> ProfileFile:
    ours, unknown = _known(told.genotypes)
    file.key = PersonKey.make()
    file.laboratory, file.form = laboratory.strip(), told.form
    file.faults, file.notes, file.unknown = told.faults, told.notes, unknown
    file.taken = 0 if why_not_import(size=0, faults=told.faults, known=len(ours)) else len(ours)
    file.save(force_insert=True)
    journal.record("profiles imported", subject=file, by=file.by)
    if file.taken:
        typed = {code: (of, told.genotypes[typed_as], told.sexes.get(typed_as, "U"))
                 for code, (of, typed_as) in ours.items()}  # fmt: skip
        _take_profiles(file=file, typed=typed)
    return file


def _known(genotypes: Mapping[str, Any]) -> tuple[dict[str, tuple[models.Model, str]], list[str]]:
    """Codes of ours with what they stand for and as they were typed; and those that are none.

    Each is locked, in one order: a sample that is withdrawn meanwhile is none of ours any more, and
    two files of one sample wait for each other.
    """
    typed = {read_typed(code) or code: code for code, of in genotypes.items() if of}
    found: dict[str, tuple[models.Model, str]] = {}
    references = ReferenceSample.objects.standing().select_related("enquiry")
    for rows in (Sample.objects.all(), references, Elimination.objects.all()):
        locked = rows.select_for_update(of=("self",)).order_by("pk")
        for row in locked.filter(code__in=typed):
            found[row.code] = (row, typed[row.code])
    return found, sorted(as_typed for code, as_typed in typed.items() if code not in found)


def _take_profiles(
    *, file: ProfileFile, typed: Mapping[str, tuple[models.Model, Mapping[str, Any], str]]
) -> list[Profile]:
    """Keep profiles, each under a key of its own; one of the same sample before is superseded."""
    now = timezone.now()
    rows = [_profile(file, of, genotypes, sex) for of, genotypes, sex in typed.values()]
    for name in ("sample", "reference", "elimination"):
        of = [getattr(one, name) for one in rows if getattr(one, f"{name}_id")]
        Profile.objects.standing().filter(**{f"{name}__in": of}).update(superseded_at=now)
    PersonKey.objects.bulk_create(one.key for one in rows)
    Profile.objects.bulk_create(rows)
    given = [one.reference_id for one in rows if one.reference_id]
    samples = ReferenceSample.objects.standing().filter(pk__in=given)
    samples.update(state=State.TYPED, changed_at=now)
    profiles_changed.send(Profile)
    return rows


def _profile(
    file: ProfileFile, of: models.Model, genotypes: Mapping[str, Any], sex: str
) -> Profile:
    holders: dict[type[models.Model], tuple[str, Holder]] = {
        Sample: ("sample", Holder.REMAINS),
        ReferenceSample: ("reference", Holder.REFERENCE),
        Elimination: ("elimination", Holder.ELIMINATION),
    }
    name, holder = holders[type(of)]
    return Profile(
        key=PersonKey.unsaved(), holder=holder, file=file, markers=len(genotypes),
        typed={"sex": sex, "genotypes": dict(genotypes)}, **{name: of},
    )  # fmt: skip


@transaction.atomic
def register_elimination(*, staff: Staff, by: Staff) -> Elimination:
    """A code under which somebody of the staff is typed, at their own wish."""
    by.must(Permission.SEE_GENETICS)
    known = Elimination.objects.filter(staff=staff).first()
    if known:
        return known
    made = Elimination.objects.create(staff=staff, code=new_sheet_code(), by=by)
    journal.record("elimination registered", subject=made, by=by)
    return made


@transaction.atomic
def draw_pedigree(
    *, enquiry: Enquiry, members: Sequence[Member], reason: str, by: Staff
) -> FamilyPedigree:
    """Write a family's pedigree by hand; the last one counts, and says why."""
    by.must(Permission.SEE_GENETICS)
    enquiry = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    standing = ReferenceSample.objects.standing().filter(enquiry=enquiry)
    refuse_if(_why_not_draw(members, list(standing.values_list("code", flat=True)), reason))
    pedigree = FamilyPedigree.objects.create(
        enquiry=enquiry,
        key=PersonKey.make(),
        version=FamilyPedigree.objects.filter(enquiry=enquiry).count() + 1,
        members=[asdict(one) for one in members],
        reason=reason.strip(),
        by=by,
    )
    number = enquiry.bureau_number
    journal.record("pedigree written", subject=pedigree, by=by, person=number)
    profiles_changed.send(FamilyPedigree)
    return pedigree


def _why_not_draw(members: Sequence[Member], codes: Sequence[str], reason: str) -> list[Refusal]:
    refusals = list(why_not_pedigree(members, codes))
    if not refusals and (fault := bridge.why_not_computed(members)):
        refusals.append(Refusal("pedigree.core", fault, field="id_1"))
    if not reason.strip():
        refusals.append(Refusal("pedigree.no_reason", _("Give your reason."), field="reason"))
    return refusals


@transaction.atomic
def count_missing(*, number: int | None, grounds: str, by: Staff) -> MissingCount:
    """Say how many missing people the dead may be, and on what that rests."""
    by.must(Permission.SEE_GENETICS)
    refuse_if(why_not_count(number=number, grounds=grounds))
    said = MissingCount.objects.create(
        number=number or FEWEST_MISSING, grounds=grounds.strip(), by=by
    )
    journal.record("missing counted", subject=said, by=by)
    profiles_changed.send(MissingCount)
    return said
