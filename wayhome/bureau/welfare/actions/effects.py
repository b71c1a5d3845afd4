"""Effects and money: entries are added under a lock, signed by two, never edited."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.models import Account, Entry, moved_by
from wayhome.bureau.welfare.rules import (
    EntryKind,
    Issuer,
    Line,
    balance_of,
    moves,
    why_not_close_effects,
    why_not_correct,
    why_not_enter,
    why_not_hand_receipt,
    why_not_sign,
)
from wayhome.lib.refusal import Refusal, refuse_if


@dataclass(frozen=True)
class Written:
    """What is entered: what it is, on whose order, by whom, in which language he gets it."""

    kind: EntryKind
    lines: tuple[Line, ...]
    issuer: Issuer
    language: str
    reason: str = ""

    def details(self) -> dict[str, str]:
        told = {
            "officer": self.issuer.officer,
            "issued_by": self.issuer.issued_by,
            "reason": self.reason,
        }
        return {name: text.strip() for name, text in told.items()}


def held_for(captive: Captive) -> list[Line]:
    """What is held for him now."""
    return held_by(captive.effects.select_related("key").order_by("number"))


def held_by(entries: Iterable[Entry]) -> list[Line]:
    """What is held after all these."""
    return balance_of(moved_by(entries))


@transaction.atomic
def enter_effects(*, captive: Captive, written: Written, by: Staff) -> Entry:
    """Enter what was taken into keeping, given back, paid out or forwarded.

    Raises Refused, with nothing written, if a rule in welfare.rules forbids it.
    """
    by.must(Permission.KEEP_WELFARE)
    return _enter(captive, written, by)


@dataclass(frozen=True)
class Held:
    """One line of what is held for a man, in the register of one of his records."""

    captive: Captive
    line: Line

    @property
    def known_by(self) -> tuple[str, tuple[str, str], Decimal]:
        """Two are the same if the register has not moved between them."""
        return str(self.captive.pk), self.line.thing, self.line.quantity


def held_for_man(captive: Captive) -> list[Held]:
    """What is held for him under any of his records: linked records are one man."""
    records = captive.all_records().select_related("key").order_by("pk")
    return [Held(record, line) for record in records for line in held_for(record)]


def lock_registers(captive: Captive) -> None:
    """Let nobody enter anything for this man until the running transaction ends."""
    rows = Account.objects.filter(captive__in=captive.all_records())
    list(rows.select_for_update().order_by("pk"))


@transaction.atomic
def give_back_by_act(
    *, captive: Captive, lines: Sequence[Line], reason: str, witness: Staff, by: Staff
) -> Entry:
    """Enter what was given back in the act of return: the act has his signature for each line.

    Who seals the act and its witness are the two who sign; the act in his hands is the receipt.
    """
    by.must(Permission.PREPARE_ACT)
    last = captive.effects.order_by("number").last()
    issuer = Issuer("", by.number)
    language = last.language if last else ""
    entry = _enter(captive, Written(EntryKind.RETURNED, tuple(lines), issuer, language, reason), by)
    entry.second_by, entry.second_at = witness, entry.at
    entry.save(update_fields=["second_by", "second_at"])
    return _receipt(entry, by)


def _enter(captive: Captive, written: Written, by: Staff) -> Entry:
    account = _locked(captive)
    held = held_for(captive)
    refuse_if(
        why_not_enter(
            written.kind, written.lines, held=held, issuer=written.issuer, reason=written.reason
        )
    )
    moved = moves(written.kind, written.lines)
    entry = _add(account, captive, written, [line.as_kept() for line in written.lines], by)
    _hold(account, balance_of([*held, *moved]))
    _journal("effects entered", entry, by)
    return entry


@transaction.atomic
def correct_entry(*, entry: Entry, reason: str, issued_by: str, by: Staff) -> Entry:
    """Take an entry back by a second one that says why. The first stays as it was written."""
    by.must(Permission.KEEP_WELFARE)
    captive = entry.captive
    account = _locked(captive)
    entry = Entry.objects.select_related("captive__key", "key").get(pk=entry.pk)
    held, moved = held_for(captive), entry.moved()
    refuse_if(
        why_not_correct(
            kind=EntryKind(entry.kind),
            corrected=Entry.objects.filter(corrects=entry).exists(),
            moved=moved,
            held=held,
            reason=reason,
        )
    )
    turned = [line.turned() for line in moved]
    written = Written(
        EntryKind.CORRECTION, tuple(turned), Issuer("", issued_by), entry.language, reason
    )
    new = _add(account, captive, written, [line.as_kept() for line in turned], by, corrects=entry)
    _hold(account, balance_of([*held, *turned]))
    _journal("effects corrected", new, by)
    return new


def _add(
    account: Account,
    captive: Captive,
    written: Written,
    lines: list[dict[str, str]],
    by: Staff,
    *,
    corrects: Entry | None = None,
) -> Entry:
    account.entries += 1
    return Entry.objects.create(
        captive=captive,
        key=captive.key,
        number=account.entries,
        kind=written.kind,
        lines=lines,
        details=written.details(),
        corrects=corrects,
        language=written.language,
        at=timezone.now(),
        by=by,
    )


def _hold(account: Account, held: Sequence[Line]) -> None:
    account.holds = bool(held)
    account.save(update_fields=["entries", "holds"])


def _locked(captive: Captive) -> Account:
    """Locked, so that two entries at once cannot both give what is held once."""
    Account.objects.get_or_create(captive=captive)
    return Account.objects.select_for_update().get(captive=captive)


@transaction.atomic
def sign_entry(*, entry: Entry, by: Staff) -> Entry:
    """The second of two people signs what the first entered."""
    by.must(Permission.SIGN_EFFECTS)
    entry = _entry(entry)
    refuse_if(why_not_sign(signed=entry.second_at is not None, own=entry.by_id == by.pk))
    entry.second_by, entry.second_at = by, timezone.now()
    entry.save(update_fields=["second_by", "second_at"])
    _journal("effects signed", entry, by)
    return entry


@transaction.atomic
def hand_receipt(*, entry: Entry, by: Staff) -> Entry:
    """Note that he was given the receipt on paper."""
    by.must(Permission.KEEP_WELFARE)
    entry = _entry(entry)
    refuse_if(
        why_not_hand_receipt(
            signed=entry.second_at is not None, handed=entry.receipt_at is not None
        )
    )
    return _receipt(entry, by)


@transaction.atomic
def read_receipts(*, by: Sitting) -> list[Entry]:
    """He reads his register at the tablet: what two have signed is then in his hands."""
    by.must(Permission.ANSWER_FOR_SELF)
    rows = Entry.objects.visible_to(by).filter(second_at__isnull=False, receipt_at=None)
    return [_receipt(entry, by) for entry in rows.select_for_update(of=("self",))]


def _receipt(entry: Entry, by: Actor) -> Entry:
    entry.receipt_at = timezone.now()
    entry.save(update_fields=["receipt_at"])
    _journal("receipt given", entry, by)
    return entry


def why_not_close(entries: Sequence[Entry]) -> list[Refusal]:
    """What stands against closing his file, as far as his effects go: all that were entered."""
    missing = [entry.number for entry in entries if entry.receipt_at is None]
    return list(why_not_close_effects(held=held_by(entries), without_receipt=missing))


def with_balance(entries: Sequence[Entry]) -> Iterator[tuple[Entry, list[Line]]]:
    """Each entry with what was held for him after it; in the order of their numbers."""
    moved: list[Line] = []
    for entry in entries:
        moved += entry.moved()
        yield entry, balance_of(moved)


def _entry(entry: Entry) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("captive", "key")
    return rows.get(pk=entry.pk)


def _journal(action: str, entry: Entry, by: Actor) -> None:
    number = entry.captive.bureau_number
    journal.record(action, subject=entry, by=by, person=number, purpose=str(entry.number))
