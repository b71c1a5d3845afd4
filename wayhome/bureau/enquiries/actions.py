"""Make, correct and forget enquiries; let an enquirer come back."""

import functools
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.enquiries.announcements import (
    enquiries_imported,
    enquiry_changed,
    enquiry_forgotten,
    what_holds,
)
from wayhome.bureau.enquiries.models import Draft, Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import (
    DRAFT_KEPT_FOR,
    LOCKED_FOR,
    TRIES,
    Contact,
    EnquiryState,
    NewEnquiry,
    Relation,
    Source,
    Thing,
    spoken,
    state_for,
    why_not_add,
    why_not_ask,
    why_not_change,
    why_not_reach,
    why_not_things,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.persons.fields import Sealed
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.staff.actions import take_numbers
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission
from wayhome.lib.codes import new_code
from wayhome.lib.refusal import refuse_if

NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True)
class MadeEnquiry:
    """A new enquiry, its enquirer, and the number that her words stand for (lib/codes.py)."""

    enquirer: Enquirer
    enquiry: Enquiry
    code: int


@dataclass(frozen=True)
class Found:
    """Who came back, and whether under the PIN that lets nothing take effect."""

    enquirer: Enquirer
    under_second_pin: bool
    must_choose_pin: bool = False  # let in by the word that was agreed with her


def make_enquiry(
    *, particulars: NewEnquiry, by: Staff | None, site: Site | None = None
) -> MadeEnquiry:
    """Store one enquiry. `by` is None for a family on the portal: the pages limit how often.

    Raises Refused, with nothing written, if a rule in enquiries.rules forbids it.
    """
    return make_enquiries(particulars=[particulars], by=by, site=site)[0]


@transaction.atomic
def make_enquiries(
    *, particulars: Sequence[NewEnquiry], by: Staff | None, site: Site | None = None
) -> list[MadeEnquiry]:
    """Store enquiries together, as a file brings them. Lines that came before are left out."""
    if by is not None:
        for permission in {_permission_for(each.source) for each in particulars}:
            by.must(permission)
    refuse_if(refusal for each in particulars for refusal in _why_not_make(each))
    fresh = _not_yet_here(particulars)
    at = site or (by.site if by else default_site())
    made = _stored(fresh, at, by)
    _tell(made, by)
    return made


def _tell(made: Sequence[MadeEnquiry], by: Staff | None) -> None:
    """Note new enquiries in the journal and announce them; those of a file together."""
    of_files = [one.enquiry for one in made if one.enquiry.source == Source.FILE]
    told = [(enquiry, enquiry.bureau_number) for enquiry in of_files]
    journal.record_many("enquiry made", subjects=told, by=by or MACHINE, purpose=Source.FILE)
    if of_files:
        enquiries_imported.send(Enquiry, enquiries=of_files)
    for one in made:
        if one.enquiry.source == Source.FILE:
            continue
        journal.record(
            "enquiry made",
            subject=one.enquiry,
            by=by or one.enquirer,
            person=one.enquiry.bureau_number,
            purpose=one.enquiry.source,
        )
        enquiry_changed.send(Enquiry, enquiry=one.enquiry)


def default_site() -> Site:
    """The site whose letters begin the numbers of what comes in by itself."""
    code = settings.DEFAULT_SITE
    return Site.objects.get_or_create(code=code, defaults={"name": code})[0]


def _permission_for(source: Source) -> Permission:
    return Permission.IMPORT_ENQUIRIES if source == Source.FILE else Permission.ENTER_ENQUIRY


def _why_not_make(particulars: NewEnquiry) -> list[Any]:
    return [
        why_not_ask(asdict(particulars.sought)),
        why_not_reach(particulars.contact),
        why_not_things(particulars.three_things),
    ]


def _not_yet_here(particulars: Sequence[NewEnquiry]) -> list[NewEnquiry]:
    """Without the lines that a file brought before, or brings twice."""
    digests = [each.line_digest for each in particulars if each.line_digest]
    here = {
        bytes(digest)
        for digest in Enquiry.objects.filter(line_digest__in=digests).values_list(
            "line_digest", flat=True
        )
        if digest is not None
    }
    fresh = []
    for each in particulars:
        if each.line_digest is None or each.line_digest not in here:
            fresh.append(each)
            if each.line_digest is not None:
                here.add(each.line_digest)
    return fresh


def _stored(particulars: Sequence[NewEnquiry], site: Site, by: Staff | None) -> list[MadeEnquiry]:
    numbers = take_numbers(site, len(particulars)) if particulars else []
    made = []
    for each, number in zip(particulars, numbers, strict=True):
        code = new_code()
        enquirer = _new_enquirer(each, code)
        made.append(MadeEnquiry(enquirer, _new_enquiry(each, enquirer, number, site, by), code))
    PersonKey.objects.bulk_create(
        key for one in made for key in (one.enquirer.key, one.enquiry.key)
    )
    Enquirer.objects.bulk_create(one.enquirer for one in made)
    Enquiry.objects.bulk_create(one.enquiry for one in made)
    return made


def _new_enquirer(particulars: NewEnquiry, code: int) -> Enquirer:
    return Enquirer(
        key=PersonKey.unsaved(),
        language=particulars.language,
        name=particulars.enquirer_name or None,
        contact=particulars.contact.as_json(),
        code_index=index_of(code),
        pin_hash=particulars.pin_hash,
        second_pin_hash=particulars.second_pin_hash,
        spoken_hash=particulars.spoken_hash,
    )


def _new_enquiry(
    particulars: NewEnquiry, enquirer: Enquirer, number: str, site: Site, by: Staff | None
) -> Enquiry:
    sought = asdict(particulars.sought)
    enquiry = Enquiry(
        bureau_number=number,
        site=site,
        enquirer=enquirer,
        key=PersonKey.unsaved(),
        relation=particulars.relation,
        as_received={"sought": sought, "party": particulars.party.value, "corrections": []},
        three_things=things_as_json(particulars.three_things),
        may_tell_him=particulars.may_tell_him,
        state=state_for(particulars.party),
        source=particulars.source,
        entered_by=by,
        received_at=particulars.received_at or timezone.now(),
        line_digest=particulars.line_digest,
        list_number=particulars.list_number,
    )
    enquiry.describe(sought)
    return enquiry


def things_as_json(things: Sequence[Thing]) -> list[dict[str, str]] | None:
    return [asdict(thing) for thing in things] or None


@transaction.atomic
def correct_enquiry(
    *,
    enquiry: Enquiry,
    by: Enquirer | Staff,
    sought: Mapping[str, str] | None = None,
    relation: Relation | None = None,
    three_things: Sequence[Thing] | None = None,
    may_tell_him: bool | None = None,
) -> Enquiry:
    """Correct or add to an enquiry; what is None stays. What was first received is kept."""
    _must_be_allowed(enquiry, by)
    enquiry = Enquiry.objects.select_for_update().select_related("key").get(pk=enquiry.pk)
    now = {column: getattr(enquiry, column) for column in Enquiry.DESCRIBING} | dict(sought or {})
    refuse_if([why_not_change(enquiry.state), why_not_ask(now)])
    refuse_if(why_not_things(three_things or ()))
    changed = {k: v for k, v in (sought or {}).items() if v != getattr(enquiry, k)}
    enquiry.describe(now)
    if relation is not None and relation != enquiry.relation:
        enquiry.relation = changed["relation"] = relation.value
    if may_tell_him is not None and may_tell_him != enquiry.may_tell_him:
        enquiry.may_tell_him = may_tell_him
        changed["may_tell_him"] = "yes" if may_tell_him else "no"
    if three_things is not None and things_as_json(three_things) != enquiry.three_things:
        enquiry.three_things = things_as_json(three_things)
        changed["three_things"] = ""  # that, not what: another compartment (Disclosure)
    if changed:
        _keep_correction(enquiry, changed, by)
    return enquiry


@transaction.atomic
def add_for_caller(
    *, enquiry: Enquiry, sought: Mapping[str, str], things: Sequence[Thing], by: Staff
) -> Enquiry:
    """Add what a caller says who gave her word; what she does not say stays as it is.

    Whoever takes the call sees no enquiry and no captive: nothing but her own words can come in.
    """
    by.must(Permission.READ_WAITING_TEXT)
    locked = Enquiry.objects.select_for_update(of=("self",)).select_related("key")
    enquiry = locked.get(pk=enquiry.pk)
    said = {name: text for name, text in sought.items() if text}
    refuse_if(why_not_add(said, things))
    before = [Thing(**one) for one in enquiry.three_things or ()]
    return correct_enquiry(
        enquiry=enquiry, by=by, sought=said, three_things=[*before, *things] if things else None
    )


def _keep_correction(enquiry: Enquiry, changed: dict[str, str], by: Enquirer | Staff) -> None:
    received = dict(enquiry.as_received)
    correction = {"at": timezone.now().isoformat(), "by": by.actor_role, "changed": changed}
    received["corrections"] = [*received.get("corrections", []), correction]
    enquiry.as_received = received
    enquiry.save()
    journal.record("enquiry corrected", subject=enquiry, by=by, person=enquiry.bureau_number)
    enquiry_changed.send(Enquiry, enquiry=enquiry)


def _must_be_allowed(enquiry: Enquiry, by: Enquirer | Staff) -> None:
    """Her own for an enquirer, any for whoever compares them."""
    if isinstance(by, Enquirer):
        by.must(Permission.ASK_OWN)
        if enquiry.enquirer_id != by.pk:
            raise Forbidden(Permission.ASK_OWN.value)
    else:
        by.must(Permission.ENTER_ENQUIRY)


@transaction.atomic
def set_contact(
    *,
    enquirer: Enquirer,
    by: Enquirer,
    contact: Contact | None = None,
    name: str | None = None,
) -> Enquirer:
    """Set how she may be reached and what she is called; what is None stays."""
    by.must(Permission.ASK_OWN)
    if by.pk != enquirer.pk:
        raise Forbidden(Permission.ASK_OWN.value)
    enquirer = Enquirer.objects.select_for_update().select_related("key").get(pk=enquirer.pk)
    if contact is not None:
        refuse_if(why_not_reach(contact))
        enquirer.contact = contact.as_json()
    if name is not None:
        enquirer.name = name or None
    enquirer.save()
    journal.record("contact changed", subject=enquirer, by=by)
    return enquirer


def hash_pin(pin: str) -> str:
    """Argon2 (settings), or empty for no PIN."""
    return make_password(pin) if pin else ""


def hash_spoken(word: str) -> str:
    """The word agreed with her, as it is kept."""
    return make_password(spoken(word))


@transaction.atomic
def change_pin(
    *, enquirer: Enquirer, by: Enquirer, pin_hash: str, second_pin_hash: str | None = None
) -> None:
    """Set a new PIN, and a new second one unless that is None. The pages ask for the old one."""
    by.must(Permission.ASK_OWN)
    if by.pk != enquirer.pk or not pin_hash:
        raise Forbidden(Permission.ASK_OWN.value)
    enquirer = Enquirer.objects.select_for_update().get(pk=enquirer.pk)
    enquirer.pin_hash = pin_hash
    if second_pin_hash is not None:
        enquirer.second_pin_hash = second_pin_hash
    enquirer.save(update_fields=["pin_hash", "second_pin_hash"])
    journal.record("PIN changed", subject=enquirer, by=by)


def index_of(code: int) -> bytes:
    """The blind index by which an enquirer is found; the code itself is kept nowhere."""
    return blind_index("enquirer code", str(code))


@functools.cache
def _nobodys_hash() -> str:
    return make_password(secrets.token_urlsafe())


def is_pin(pin: str, pin_hash: str) -> bool:
    """Whether this is the PIN; the same work when there is none."""
    right = check_password(pin, pin_hash or _nobodys_hash())
    return right and bool(pin_hash)


def _is_spoken(word: str, enquirer: Enquirer | None) -> bool:
    """Whether this is the word agreed with her; the same work when there is none."""
    return is_pin(spoken(word), enquirer.spoken_hash if enquirer else "")


def _is_callers_word(word: str, enquirer: Enquirer | None) -> bool:
    """The word agreed with her; where there is none, the code word that she chose herself."""
    agreed = _is_spoken(word, enquirer)
    if enquirer is None or enquirer.spoken_hash:
        return agreed
    own = spoken((enquirer.contact or {}).get("code_word", ""))
    return bool(own) and secrets.compare_digest(own.encode(), spoken(word).encode())


@transaction.atomic
def open_waiting_text(
    *, word: str, by: Staff, number: str = "", code_number: int | None = None
) -> Enquiry | None:
    """The enquiry of a caller who says her number, or her words, and the word agreed with her.

    Only its waiting text may be read to her. The same answer, work and entry for a wrong word, an
    enquiry that nobody made, and one that was forgotten. The pages limit how often.
    """
    by.must(Permission.READ_WAITING_TEXT)
    rows = Enquiry.objects.exclude(state=EnquiryState.FORGOTTEN).select_related("enquirer__key")
    asked: dict[str, str | bytes] = {"bureau_number": number}
    if code_number is not None:
        asked = {"enquirer__code_index": index_of(code_number)}
    enquiry = rows.filter(**asked).order_by("received_at", "pk").first()
    right = _is_callers_word(word, enquiry.enquirer if enquiry else None)
    journal.record("caller's word asked", subject=by, by=by, facts={"right": right, **asked})
    if enquiry is None or not right:
        return None
    return enquiry


@transaction.atomic
def find_enquirer(*, code_number: int, pin: str) -> Found | None:
    """Who has this code and PIN. The same answer and work for a wrong PIN, code, or a shut door."""
    _nobodys_hash()
    enquirer = (
        Enquirer.objects.select_for_update(of=("self",))
        .select_related("key")
        .filter(code_index=index_of(code_number), forgotten_at=None)
        .first()
    )
    first = is_pin(pin, enquirer.pin_hash if enquirer else "")
    second = is_pin(pin, enquirer.second_pin_hash if enquirer else "")
    word = _is_spoken(pin, enquirer) and bool(enquirer and not enquirer.pin_hash)
    shut = bool(enquirer and enquirer.locked_until and enquirer.locked_until > timezone.now())
    let_in = (first or second or word) and not shut
    _count_try(enquirer, let_in=let_in, shut=shut)
    if enquirer is None or not let_in:
        return None
    journal.record("came back", subject=enquirer, by=enquirer)
    return Found(enquirer, second and not (first or word), word and not first)


def _count_try(enquirer: Enquirer | None, *, let_in: bool, shut: bool) -> None:
    """Count wrong tries and shut the door after several. Nobody's row is written the same way."""
    tries = 0 if let_in or enquirer is None else enquirer.failed_tries + (not shut)
    until = enquirer.locked_until if enquirer and shut else None
    if tries >= TRIES:
        tries, until = 0, timezone.now() + LOCKED_FOR
    whose = enquirer.pk if enquirer else NOBODY
    Enquirer.objects.filter(pk=whose).update(failed_tries=tries, locked_until=until)


@transaction.atomic
def forget_enquiry(*, enquiry: Enquiry, by: Enquirer) -> None:
    """Forget what she told: keys destroyed, copies blanked, her door closed.

    What a named duty holds is kept under restriction until the duty ends; to her it is the same.
    """
    _must_be_allowed(enquiry, by)
    enquirer = Enquirer.objects.select_for_update().get(pk=enquiry.enquirer_id)
    enquiry = Enquiry.objects.select_for_update().select_related("key").get(pk=enquiry.pk)
    refuse_if(why_not_change(enquiry.state))
    held_by = sorted(name for _, name in what_holds.send(Enquiry, enquiry=enquiry) if name)
    _close(enquiry, held=bool(held_by))
    if not enquirer.enquiries.exclude(state=EnquiryState.FORGOTTEN).exists():
        _close_route(enquirer, held=bool(held_by))
    journal.record(
        "enquiry forgotten",
        subject=enquiry,
        by=by,
        person=enquiry.bureau_number,
        purpose=", ".join(held_by),
    )
    enquiry_forgotten.send(Enquiry, enquiry=enquiry, held=bool(held_by))


def _close(enquiry: Enquiry, *, held: bool) -> None:
    enquiry.state = EnquiryState.FORGOTTEN
    if not held:
        enquiry.describe({})
        enquiry.list_number = ""
        enquiry.as_received, enquiry.three_things = Sealed(b""), None
    enquiry.save()
    if not held:
        destroy_key(enquiry.key)


def _close_route(enquirer: Enquirer, *, held: bool) -> None:
    enquirer.contact = None
    enquirer.code_index = None
    enquirer.pin_hash = enquirer.second_pin_hash = enquirer.spoken_hash = ""
    enquirer.forgotten_at = timezone.now()
    if not held:
        enquirer.name = None
    enquirer.save()
    if not held:
        destroy_key(enquirer.key)


def destroy_key(key: PersonKey) -> None:
    """Make everything under this key unreadable for ever."""
    key.wrapped, key.destroyed_at = None, timezone.now()
    key.save(update_fields=["wrapped", "destroyed_at"])


@transaction.atomic
def open_draft() -> Draft:
    """An empty draft under a key of its own."""
    return Draft.objects.create(key=PersonKey.make(), answers={})


@transaction.atomic
def keep_in_draft(*, draft: Draft, answers: Mapping[str, Any], instead: bool = False) -> Draft:
    """Put answers into a draft beside those that stand there, or instead of them."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("key").get(pk=draft.pk)
    draft.answers = dict(answers) if instead else {**draft.answers, **answers}
    draft.save()
    return draft


@transaction.atomic
def drop_draft(*, draft: Draft) -> None:
    """Delete a draft and its key."""
    key = draft.key
    draft.delete()
    key.delete()


def drop_old_drafts() -> int:
    """Delete the drafts that nobody can come back to. Returns how many."""
    old = Draft.objects.filter(changed_at__lt=timezone.now() - DRAFT_KEPT_FOR)
    drafts = list(old.select_related("key"))
    for draft in drafts:
        drop_draft(draft=draft)
    return len(drafts)
