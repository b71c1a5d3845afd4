"""What is found on and of the dead: photographs, samples, effects by two people, examinations."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.remains import store
from wayhome.bureau.remains.actions.registering import locked
from wayhome.bureau.remains.models import (
    EffectsList,
    Examination,
    NoSample,
    Photograph,
    Remains,
    Sample,
)
from wayhome.bureau.remains.pictures import drawn_picture
from wayhome.bureau.remains.rules.findings import (
    FIELDS,
    Piece,
    SampleKind,
    View,
    why_not_impossible,
    why_not_keep_examination,
    why_not_list,
    why_not_photograph,
    why_not_sample,
    why_not_sign,
)
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.ids import new_id
from wayhome.lib.refusal import refuse_if
from wayhome.lib.sheet_codes import new_sheet_code


def take_photograph(
    *, remains: Remains, view: View, content: bytes, words: str, by: Staff
) -> Photograph:
    """Keep a photograph: drawn anew, so that place and camera are gone from it, and encrypted."""
    by.must(Permission.RECORD_REMAINS)
    drawn = drawn_picture(content, of="photograph")  # outside the transaction: it may take seconds
    photograph_id = new_id()
    store.keep(photograph_id, remains.key, drawn)
    try:
        return _keep_photograph(
            Photograph(
                id=photograph_id, remains=remains, key=remains.key, view=view,
                words=words.strip() or None,
                digest=blind_index("photograph", content.hex()), by=by,
            ),
            by,
        )  # fmt: skip
    except BaseException:
        store.remove(photograph_id)
        raise


@transaction.atomic
def _keep_photograph(photograph: Photograph, by: Staff) -> Photograph:
    remains = locked(photograph.remains)
    known = remains.photographs.filter(digest=photograph.digest).exists()
    refuse_if(why_not_photograph(known=known, photographs=remains.photographs.count()))
    photograph.save(force_insert=True)
    number, view = remains.bureau_number, photograph.view
    journal.record(
        "photograph of remains taken in", subject=photograph, by=by, person=number, purpose=view
    )
    return photograph


def open_photograph(*, photograph: Photograph, by: Staff) -> bytes:
    """The picture, for who examines; the look is in the journal."""
    by.must(Permission.EXAMINE_REMAINS)
    number = photograph.remains.bureau_number
    journal.looked(subject=photograph, by=by, person=number, purpose="photograph")
    return store.read(photograph.pk, photograph.key)


@transaction.atomic
def take_sample(
    *, remains: Remains, kind: SampleKind, what: str, taken_at: datetime, by: Staff
) -> Sample:
    """Note a sample; it goes to the laboratory by a code of its own."""
    by.must(Permission.EXAMINE_REMAINS)
    remains = locked(remains)
    refuse_if(why_not_sample(what=what, taken_at=taken_at, now=timezone.now()))
    sample = Sample.objects.create(
        remains=remains, key=remains.key, code=new_sheet_code(), kind=kind, what=what.strip(),
        taken_at=taken_at, by=by,
    )  # fmt: skip
    journal.record("sample taken", subject=sample, by=by, person=remains.bureau_number)
    return sample


@transaction.atomic
def say_no_sample(*, remains: Remains, reason: str, by: Staff) -> NoSample:
    """Say that no sample can be taken, and why."""
    by.must(Permission.EXAMINE_REMAINS)
    remains = locked(remains)
    known = remains.samples.exists() or NoSample.objects.filter(remains=remains).exists()
    refuse_if(why_not_impossible(reason=reason, sampled=known))
    said = NoSample.objects.create(
        remains=remains, key=remains.key, reason=reason.strip(), by=by
    )  # fmt: skip
    journal.record("sample impossible", subject=said, by=by, person=remains.bureau_number)
    return said


@transaction.atomic
def list_effects(
    *, remains: Remains, pieces: Sequence[Piece], nothing: bool, packet: str, by: Staff
) -> EffectsList:
    """The first of two people lists what was found, and closes the packet with its seal."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    key = bag_key(packet) if pieces else ""
    used = bool(key) and EffectsList.objects.filter(packet_key=key).exists()
    refuse_if(why_not_list(pieces, nothing=nothing, packet=key, packet_used=used))
    listed = EffectsList.objects.create(
        remains=remains,
        key=remains.key,
        number=remains.effects_lists.count() + 1,
        pieces=[piece.as_kept() for piece in pieces],
        packet=packet.strip() if pieces else "",
        packet_key=key,
        by=by,
        at=timezone.now(),
    )
    number = remains.bureau_number
    journal.record("effects of the dead listed", subject=listed, by=by, person=number)
    return listed


@transaction.atomic
def sign_effects(*, effects: EffectsList, by: Staff) -> EffectsList:
    """The second of two people signs: from now on the list stands as it is."""
    by.must(Permission.RECORD_REMAINS)
    rows = EffectsList.objects.select_for_update(of=("self",)).select_related("remains", "key")
    effects = rows.get(pk=effects.pk)
    refuse_if(why_not_sign(signed=effects.second_at is not None, own=effects.by_id == by.pk))
    effects.second_by, effects.second_at = by, timezone.now()
    effects.save(update_fields=["second_by", "second_at"])
    number = effects.remains.bureau_number
    journal.record("effects of the dead signed", subject=effects, by=by, person=number)
    return effects


@transaction.atomic
def examine(
    *, remains: Remains, said: Mapping[str, str], teeth: Mapping[int, Tooth], reason: str, by: Staff
) -> Examination:
    """Write what was seen, by groups, with the chart of the teeth; a later one says why."""
    by.must(Permission.EXAMINE_REMAINS)
    remains = locked(remains)
    version = remains.examinations.count() + 1
    kept = {name: text.strip() for name, text in said.items() if name in FIELDS and text.strip()}
    refuse_if(why_not_keep_examination(kept, teeth, version=version, reason=reason))
    examination = Examination.objects.create(
        remains=remains,
        key=remains.key,
        version=version,
        said=kept,
        teeth={str(number): tooth.value for number, tooth in teeth.items()},
        reason=reason.strip() if version > 1 else None,
        by=by,
    )
    number = remains.bureau_number
    journal.record("remains examined", subject=examination, by=by, person=number)
    return examination
