"""The blind search: all remains against all families, by itself, whenever a profile changes."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Power
from django.utils import timezone

from wayhome.bureau.comparisons import bridge
from wayhome.bureau.comparisons.announcements import hit_fell, hit_found, hits_changed
from wayhome.bureau.comparisons.bridge import Family, Fit, Found, Typed
from wayhome.bureau.comparisons.models import (
    FamilyPedigree,
    Hit,
    MissingCount,
    Profile,
    ReferenceSample,
    Run,
)
from wayhome.bureau.comparisons.rules.pedigrees import Member, from_kin
from wayhome.bureau.comparisons.rules.profiles import (
    FEWEST_MARKERS,
    MIX_UPS,
    Holder,
    Purpose,
    Suspicion,
    why_not_compare,
)
from wayhome.bureau.comparisons.rules.samples import Kin, sex_of
from wayhome.bureau.comparisons.rules.search import (
    FEWEST_MISSING,
    LISTED_OF_ONE,
    MIN_LOG10_LR,
    chance_at_most,
    posterior_of,
    prior_of,
)
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState, Relation
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import PartLink, Remains
from wayhome.lib.refusal import refuse_if

ALIKE = 1e-6  # log10 units: below this a search found the same again


@dataclass
class Everything:
    """What there is to compare, read and opened once."""

    remains: dict[str, Typed]  # the best profile of each, by its number
    samples: dict[str, Typed]  # each sample of remains, by its code
    references: dict[str, Typed]
    eliminations: dict[str, Typed]
    families: dict[str, Family]  # by the number of their enquiry
    kin: dict[str, Kin]
    number_of: dict[str, str]  # the remains of each sample, by code
    family_of: dict[str, str] = field(default_factory=dict)  # of each reference, by code
    # By digest, of the last search and for the next one: what was computed is not computed again.
    before: dict[str, Any] = field(default_factory=dict)
    checked: dict[str, Any] = field(default_factory=dict)


def how_many_missing() -> int:
    """On what the prior rests; never so few that it would be certain before any DNA."""
    return max(missing_said_or_counted(), FEWEST_MISSING)


def missing_said_or_counted() -> int:
    """What was said last, else how many are sought, or lie here."""
    said = MissingCount.objects.order_by("-at").first()
    return said.number if said else max(Enquiry.objects.open().count(), Remains.objects.count())


def search_all() -> Run | None:
    """Compare everything, keep what was found, tell whoever listens. None with nothing to do.

    May run twice and do no harm: what stands already with the same numbers stays.
    """
    refuse_if(why_not_compare(Holder.REMAINS, Holder.REFERENCE, Purpose.IDENTIFY))
    begun = time.monotonic()
    all_ = _everything()
    found = bridge.compare_all(
        [Typed(number, one.genotypes, one.sex) for number, one in all_.remains.items()],
        list(all_.families.values()),
    )
    fits = _with_coancestry(all_, found.fits)
    suspicions = list(_suspicions(all_, found))
    return _keep(all_, replace(found, fits=fits), suspicions, time.monotonic() - begun)


def _with_coancestry(all_: Everything, fits: Iterable[Fit]) -> list[Fit]:
    """What the search found, with co-ancestry where that can be computed; the best first."""
    told = []
    for fit in fits:
        family, remains = all_.families[fit.family], all_.remains[fit.remains]
        digest = _digest(family, remains.genotypes, fit.left_out)
        if digest not in all_.before:
            all_.before[digest] = bridge.ratio_of(family, remains, fit.left_out)
        log10 = all_.checked[digest] = all_.before[digest]
        if log10 is None:
            told.append(replace(fit, theta=0.0))
        elif log10 >= MIN_LOG10_LR:
            told.append(replace(fit, log10_lr=log10))
    return sorted(told, key=lambda fit: (-fit.log10_lr, fit.remains, fit.family))


def _everything() -> Everything:
    rows = Profile.objects.standing().filter(markers__gte=FEWEST_MARKERS)
    joined = rows.select_related(
        "key", "sample__remains", "reference__enquiry", "elimination"
    ).order_by("at", "pk")
    last = Run.objects.select_related("key").first()
    before = dict((last.checked if last else None) or {})
    all_ = Everything({}, {}, {}, {}, {}, {}, {}, before=before)
    givers: dict[str, list[tuple[str, Kin]]] = {}
    enquiries: dict[str, Enquiry] = {}
    for profile in joined:
        typed = _typed(profile)
        if profile.sample:
            all_.samples[profile.code] = typed
            all_.number_of[profile.code] = profile.sample.remains.bureau_number
            _keep_the_best(all_.remains, profile.sample.remains.bureau_number, typed)
        elif profile.reference and profile.reference.enquiry.state != EnquiryState.FORGOTTEN:
            enquiry = profile.reference.enquiry
            all_.references[profile.code] = typed
            all_.family_of[profile.code] = enquiry.bureau_number
            all_.kin[profile.code] = Kin(profile.reference.kin)
            enquiries[enquiry.bureau_number] = enquiry
            givers.setdefault(enquiry.bureau_number, []).append(
                (profile.code, Kin(profile.reference.kin))
            )
        elif profile.elimination:
            all_.eliminations[profile.code] = typed
    by_hand = _by_hand()
    for number, those in givers.items():
        members = by_hand.get(enquiries[number].pk) or from_kin(
            those, sex_sought(enquiries[number])
        )
        known = {one.id for one in members}
        typed_of = {code: all_.references[code].genotypes for code, _ in those if code in known}
        all_.families[number] = Family(number, tuple(members), typed_of)
    return all_


def _typed(profile: Profile) -> Typed:
    told = profile.typed or {}
    return Typed(profile.code, told.get("genotypes", {}), told.get("sex", "U"))


def _keep_the_best(best: dict[str, Typed], number: str, typed: Typed) -> None:
    """Of several samples of one remains the one that is typed at most markers."""
    if number not in best or len(best[number].genotypes) < len(typed.genotypes):
        best[number] = typed


def sex_sought(enquiry: Enquiry) -> str:
    """The sex of the person sought, as far as who asks tells it; soldiers are mostly men."""
    return "F" if enquiry.relation == Relation.HUSBAND else "M"


def _by_hand() -> dict[Any, list[Member]]:
    """The last pedigree of each family for which one was written, and that can be read."""
    rows = FamilyPedigree.objects.select_related("key").order_by("version")
    drawn = {row.enquiry_id: [Member(**one) for one in row.members or ()] for row in rows}
    return {enquiry: members for enquiry, members in drawn.items() if members}


def family_of(enquiry: Enquiry) -> Family:
    """One family as it would be searched with, typed or not."""
    rows = ReferenceSample.objects.standing().filter(enquiry=enquiry)
    those = [(code, Kin(kin)) for code, kin in rows.values_list("code", "kin")]
    last = FamilyPedigree.objects.filter(enquiry=enquiry).select_related("key").last()
    members = (
        [Member(**one) for one in last.members]
        if last and last.members  # None once somebody in it has taken a sample back
        else from_kin(those, sex_sought(enquiry))
    )
    profiles = Profile.objects.standing().filter(reference__in=rows)
    typed = {one.code: _typed(one).genotypes for one in profiles.select_related("key", "reference")}
    known = {one.id for one in members}
    return Family(
        enquiry.bureau_number, tuple(members),
        {code: of for code, of in typed.items() if code in known},
    )  # fmt: skip


# What the machine suspects


def _suspicions(all_: Everything, found: Found) -> Iterator[dict[str, Any]]:
    yield from _same(all_)
    yield from _other_sex(all_)
    yield from _typed_anew()
    for number, why in found.not_computed.items():
        yield _suspicion(Suspicion.NO_PEDIGREE, [number], why=why)
    yield from _excluded(all_)


def _excluded(all_: Everything) -> Iterator[dict[str, Any]]:
    """Families whose members exclude each other; one that is as it was is not computed anew."""
    for number, family in all_.families.items():
        digest = _digest(family)
        if digest not in all_.before:
            worst = bridge.excluded_in(family)
            all_.before[digest] = worst and _suspicion(
                Suspicion.EXCLUDED, [number, *worst[0]], log10=round(worst[1], 2)
            )
        suspicion = all_.checked[digest] = all_.before[digest]
        if suspicion:
            yield suspicion


def _digest(family: Family, *more: Any) -> str:
    told = [family.number, family.documents(), family.typed, *more]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _suspicion(kind: Suspicion, codes: Iterable[str], **more: Any) -> dict[str, Any]:
    return {"kind": kind.value, "codes": list(codes), **more}


def _same(all_: Everything) -> Iterator[dict[str, Any]]:
    """Samples that look like one person's, but those of one remains or of linked parts.

    A relative's is held against the dead, against those who touched it and against its own family,
    and against no other family: so the page says on which it was given.
    """
    dead_and_staff = [*all_.samples.values(), *all_.eliminations.values()]
    pairs = bridge.same_persons(dead_and_staff)
    pairs += bridge.same_between(list(all_.references.values()), dead_and_staff)
    pairs += [pair for family in all_.families.values() for pair in bridge.same_in(family)]
    linked = {
        frozenset(pair)
        for pair in PartLink.objects.standing().values_list(
            "one__bureau_number", "other__bureau_number"
        )
    }
    for one, other, log10 in pairs:
        numbers = {all_.number_of.get(one), all_.number_of.get(other)}
        if None not in numbers and (len(numbers) == 1 or frozenset(numbers) in linked):
            continue
        kind = _kind_of({_holder(all_, one), _holder(all_, other)})
        yield _suspicion(kind, [one, other], log10=round(log10, 2))


def _holder(all_: Everything, code: str) -> Holder:
    if code in all_.samples:
        return Holder.REMAINS
    return Holder.REFERENCE if code in all_.references else Holder.ELIMINATION


def _kind_of(holders: set[Holder]) -> Suspicion:
    if Holder.ELIMINATION in holders:
        return Suspicion.ELIMINATION
    if holders == {Holder.REMAINS}:
        return Suspicion.SAME_REMAINS
    if holders == {Holder.REFERENCE}:
        return Suspicion.SAME_REFERENCE
    return Suspicion.REMAINS_AS_REFERENCE


def _other_sex(all_: Everything) -> Iterator[dict[str, Any]]:
    for code, typed in all_.references.items():
        if {typed.sex, sex_of(all_.kin[code])} == {"M", "F"}:
            yield _suspicion(Suspicion.OTHER_SEX, [code])


def _typed_anew() -> Iterator[dict[str, Any]]:
    """Samples typed more than once, whose alleles differ at a marker of both."""
    again = Profile.objects.filter(superseded_at__isnull=False, destroyed_at=None)
    for old in again.select_related("key", "sample", "reference", "elimination"):
        now = Profile.objects.standing().select_related("key").filter(
            sample=old.sample, reference=old.reference, elimination=old.elimination
        ).first()  # fmt: skip
        if now is None:
            continue
        before, after = _typed(old).genotypes, _typed(now).genotypes
        differ = [m for m in before if m in after and sorted(before[m]) != sorted(after[m])]
        if differ:
            yield _suspicion(Suspicion.TYPED_ANEW, [old.code], markers=sorted(differ))


# What is kept


@transaction.atomic
def _keep(all_: Everything, found: Found, suspicions: list[dict[str, Any]], seconds: float) -> Run:
    gone = _withdrawn_since(all_)
    families = {all_.family_of[code] for code in gone}
    found = replace(found, fits=[fit for fit in found.fits if fit.family not in families])
    suspicions = [one for one in suspicions if not gone & set(one["codes"])]
    all_.checked = {
        digest: told
        for digest, told in all_.checked.items()
        if not isinstance(told, dict) or not gone & set(told["codes"])
    }
    run = Run.objects.create(
        key=PersonKey.make(),
        remains=len(all_.remains),
        families=len(all_.families),
        missing=how_many_missing(),
        pairs=len(found.fits),
        expected=found.expected,
        seconds=seconds,
        suspicions=suspicions,
        checked=all_.checked,
    )
    journal.record("blind search made", subject=run, by=MACHINE)
    _only_the_last_is_read(run)
    _replace(run, all_, _ranked(found.fits))
    return run


def _withdrawn_since(all_: Everything) -> set[str]:
    """Codes of samples that were taken back while the search ran; the others stay locked.

    Families first, then their samples, as whoever withdraws or forgets locks them.
    """
    enquiries = Enquiry.objects.filter(bureau_number__in=set(all_.family_of.values()))
    list(enquiries.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    samples = ReferenceSample.objects.standing().filter(code__in=all_.family_of).order_by("pk")
    standing = samples.select_for_update().values_list("code", flat=True)
    return set(all_.family_of) - set(standing)


def _only_the_last_is_read(run: Run) -> None:
    """What earlier searches suspected and computed is read by nobody: its keys go."""
    earlier = Run.objects.exclude(pk=run.pk).values("key")
    PersonKey.objects.filter(pk__in=earlier, destroyed_at=None).update(
        wrapped=None, destroyed_at=timezone.now()
    )


def _ranked(fits: Iterable[Fit]) -> dict[tuple[str, str], tuple[int, Fit]]:
    """The best families of each remains, with their rank."""
    listed: dict[tuple[str, str], tuple[int, Fit]] = {}
    ranks: dict[str, int] = {}
    for fit in fits:  # the best first
        ranks[fit.remains] = ranks.get(fit.remains, 0) + 1
        if ranks[fit.remains] <= LISTED_OF_ONE:
            listed[fit.remains, fit.family] = (ranks[fit.remains], fit)
    return listed


def _replace(run: Run, all_: Everything, listed: Mapping[tuple[str, str], tuple[int, Fit]]) -> None:
    """What is found again as it was stays; the rest falls, and what is new stands."""
    standing = Hit.objects.standing().select_for_update(of=("self",))
    before = {
        (hit.remains.bureau_number, hit.enquiry.bureau_number): hit
        for hit in standing.select_related("key", "remains", "enquiry")
    }
    kept = {
        pair
        for pair, hit in before.items()
        if pair in listed and _is_as_it_was(run, hit, listed[pair])
    }
    now = timezone.now()
    fallen = [hit for pair, hit in before.items() if pair not in kept]
    Hit.objects.filter(pk__in=[hit.pk for hit in fallen]).update(fell_at=now)
    fresh = _made(run, all_, {pair: one for pair, one in listed.items() if pair not in kept})
    # Of all that stand: more remains, more strangers among them.
    strangers = run.remains * Power(10.0, -Greatest(F("log10_lr"), 0.0))
    Hit.objects.standing().update(chance_matches=strangers)
    for hit in fallen:
        hit_fell.send(Hit, hit=hit)
    for hit in fresh:
        hit_found.send(Hit, hit=hit)
    changed = {hit.remains_id: hit.remains for hit in (*fallen, *fresh)}
    changed |= {one.pk: one for one in _mixed_up(run, all_)}
    for remains in changed.values():
        hits_changed.send(Hit, remains=remains)


def _mixed_up(run: Run, all_: Everything) -> Iterable[Remains]:
    """Of whom a sample is suspected to be another's: what rests on it is looked at again."""
    codes = {
        code for one in run.suspicions or () if one["kind"] in MIX_UPS for code in one["codes"]
    }
    numbers = {all_.number_of[code] for code in codes if code in all_.number_of}
    return Remains.objects.filter(bureau_number__in=numbers)


def _is_as_it_was(run: Run, hit: Hit, now: tuple[int, Fit]) -> bool:
    rank, fit = now
    return (
        abs(hit.log10_lr - fit.log10_lr) < ALIKE
        and (hit.rank, hit.missing, hit.markers) == (rank, run.missing, fit.markers)
        and tuple(hit.not_supported) == fit.left_out
    )


def _made(
    run: Run, all_: Everything, wanted: Mapping[tuple[str, str], tuple[int, Fit]]
) -> list[Hit]:
    remains = Remains.objects.filter(bureau_number__in={r for r, _ in wanted})
    enquiries = Enquiry.objects.filter(bureau_number__in={e for _, e in wanted})
    by_number: dict[str, Any] = {one.bureau_number: one for one in (*remains, *enquiries)}
    prior = prior_of(run.missing)
    hits = [
        Hit(
            key=PersonKey.unsaved(),
            remains=by_number[fit.remains],
            enquiry=by_number[fit.family],
            log10_lr=fit.log10_lr,
            missing=run.missing,
            prior=prior,
            posterior=posterior_of(fit.log10_lr, prior),
            chance_matches=chance_at_most(fit.log10_lr, run.remains),
            markers=fit.markers,
            rank=rank,
            found={
                "against": bridge.against(
                    all_.families[fit.family], all_.remains[fit.remains], fit.left_out
                ),
                "left_out": list(fit.left_out),
                "theta": fit.theta,
            },
            found_at=run.at,
        )
        for rank, fit in wanted.values()
    ]
    PersonKey.objects.bulk_create(hit.key for hit in hits)
    return Hit.objects.bulk_create(hits)
