"""How the men are kept: what they eat, what is held for them, their parcels, their illness."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

MOST_SERVED = 100_000  # of one meal at one site on one day: more is a slip of the pen
LARGEST_AMOUNT = Decimal("100000000")
DAYS_BACK = 31  # a day book is written up at most so long afterwards
# That these are due is the law's; within which time is the bureau's policy.
RECEIPT_WITHIN = timedelta(hours=24)  # GC III 18
EFFECTS_WITHIN = timedelta(hours=72)  # GC III 119, 122: of a man who is gone
PARCEL_WITHIN = timedelta(hours=72)  # GC III 76
CERTIFICATE_WITHIN = timedelta(hours=72)  # GC III 30
DAY_WITHIN = timedelta(hours=12)  # GC III 26: after the day's end
NOTE_EVERY = timedelta(days=7)  # GC III 122: every week if possible


class Meal(StrEnum):
    BREAKFAST = "breakfast"
    DINNER = "dinner"
    SUPPER = "supper"
    TEA = "tea"


MEAL_NAMES = {
    Meal.BREAKFAST: _("Breakfast"),
    Meal.DINNER: _("Dinner"),
    Meal.SUPPER: _("Supper"),
    Meal.TEA: _("Tea"),
}


class Differed(StrEnum):
    """What was otherwise for one man."""

    DIET = "diet"
    CUSTOM = "custom"
    EXTRA = "extra"
    LATER = "later"
    NOT_EATEN = "not eaten"
    REFUSED = "refused"


DIFFERED_NAMES = {
    Differed.DIET: _("a diet that the physician ordered"),
    Differed.CUSTOM: _("other food, for his faith or habit"),
    Differed.EXTRA: _("more than the others"),
    Differed.LATER: _("kept for him, as he was away"),
    Differed.NOT_EATEN: _("he did not eat"),
    Differed.REFUSED: _("he refuses food"),
}


def why_not_keep_day(
    counts: Mapping[Meal, int | None], *, on: date, today: date
) -> Iterator[Refusal]:
    """Say why this page of the day book cannot be kept. A meal left empty was not served."""
    if on > today:
        yield Refusal("welfare.future", _("This is in the future."), field="on")
    elif (today - on).days > DAYS_BACK:
        text = _("The day book is written up at most a month back.")
        yield Refusal("welfare.too_late", text, field="on")
    if all(count is None for count in counts.values()):
        text = _("Write how many were served.")
        yield Refusal("welfare.no_count", text, "GC III 26", field=Meal.BREAKFAST.value)
    for meal, count in counts.items():
        if count is not None and not 0 <= count <= MOST_SERVED:
            text = _("Write a number of men, such as 212.")
            yield Refusal("welfare.count", text, field=meal.value)


def why_not_differ(*, on: date, today: date) -> Refusal | None:
    """Say why nothing can be noted about a man's meal of this day."""
    if on > today:
        return Refusal("welfare.future", _("This is in the future."), field="on")
    if (today - on).days > DAYS_BACK:
        text = _("The day book is written up at most a month back.")
        return Refusal("welfare.too_late", text, field="on")
    return None


def unaccounted(*, held: int, served: int | None, otherwise: int) -> int:
    """How many men neither were served nor stand by name as having not eaten or eaten later."""
    return 0 if served is None else max(0, held - served - otherwise)


# Of these a man is not among those who were served at the hour.
NOT_SERVED = frozenset({Differed.LATER, Differed.NOT_EATEN, Differed.REFUSED})


# Effects and money (GC III 18): entries are added and never edited.


class EntryKind(StrEnum):
    TAKEN = "taken"
    RETURNED = "returned"
    SPENT = "spent"
    FORWARDED = "forwarded"
    CORRECTION = "correction"


ENTRY_NAMES = {
    EntryKind.TAKEN: _("Taken into keeping"),
    EntryKind.RETURNED: _("Given back"),
    EntryKind.SPENT: _("Paid out on request"),
    EntryKind.FORWARDED: _("Forwarded to the Bureau"),
    EntryKind.CORRECTION: _("Correction"),
}
GIVING = (EntryKind.RETURNED, EntryKind.SPENT, EntryKind.FORWARDED)


class Currency(StrEnum):
    UAH = "UAH"
    RUB = "RUB"
    USD = "USD"
    EUR = "EUR"


@dataclass(frozen=True)
class Line:
    """So many pieces of an article, or, with a currency, an amount of money."""

    what: str  # "" for money
    quantity: Decimal
    currency: str = ""

    def as_kept(self) -> dict[str, str]:
        return {"what": self.what, "quantity": str(self.quantity), "currency": self.currency}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Line":
        return cls(kept["what"], Decimal(kept["quantity"]), kept["currency"])

    @property
    def thing(self) -> tuple[str, str]:
        """What it is an amount of; spaces and capitals make no other thing."""
        return " ".join(self.what.split()).casefold(), self.currency

    def turned(self) -> "Line":
        return Line(self.what, -self.quantity, self.currency)


def moves(kind: EntryKind, lines: Iterable[Line]) -> list[Line]:
    """What an entry adds to the balance, signed. A correction is kept as it moves."""
    return [line.turned() if kind in GIVING else line for line in lines]


def balance_of(moved: Iterable[Line]) -> list[Line]:
    """What is held for him after these moves, in the order in which it came; nothing of zero."""
    held: dict[tuple[str, str], Line] = {}
    for line in moved:
        before = held.get(line.thing)
        if before is None:
            held[line.thing] = line
        else:
            held[line.thing] = Line(before.what, before.quantity + line.quantity, line.currency)
    return [line for line in held.values() if line.quantity]


def _lacking(moved: Iterable[Line], held: Sequence[Line]) -> list[Line]:
    """What these moves would take that is not there."""
    return [line for line in balance_of([*held, *moved]) if line.quantity < 0]


@dataclass(frozen=True)
class Issuer:
    """Who orders and who issues: GC III 18 wants the receipt to name both, with rank and unit."""

    officer: str  # on whose order
    issued_by: str  # name, rank and unit of who issues the receipt


def why_not_enter(
    kind: EntryKind, lines: Sequence[Line], *, held: Sequence[Line], issuer: Issuer, reason: str
) -> Iterator[Refusal]:
    """Say why this cannot be entered into the register of effects."""
    if not lines:
        text = _("Write at least one article or amount.")
        yield Refusal("welfare.no_line", text, "GC III 18", field="what_1")
    if any(not 0 < line.quantity <= LARGEST_AMOUNT for line in lines):
        text = _("Write a number above nothing.")
        yield Refusal("welfare.quantity", text, field="what_1")
    if any(not line.currency and line.quantity % 1 for line in lines):
        text = _("Articles are counted in whole pieces.")
        yield Refusal("welfare.pieces", text, field="what_1")
    if any(not line.currency and not line.what.strip() for line in lines):
        text = _("Write what it is.")
        yield Refusal("welfare.no_article", text, "GC III 18", field="what_1")
    if kind == EntryKind.TAKEN and not issuer.officer.strip():
        text = _("Write on which officer's order it is taken.")
        yield Refusal("welfare.no_officer", text, "GC III 18", field="officer")
    if not issuer.issued_by.strip():
        text = _("Write name, rank and unit of who issues the receipt.")
        yield Refusal("welfare.no_issuer", text, "GC III 18", field="issued_by")
    if kind == EntryKind.TAKEN and not reason.strip():
        yield Refusal("welfare.no_reason", _("Give your reason."), "GC III 18", field="reason")
    if kind in GIVING and _lacking(moves(kind, lines), held):
        text = _("More than is held for him cannot be given.")
        yield Refusal("welfare.not_held", text, "GC III 18", field="give_1")


def why_not_correct(
    *, kind: EntryKind, corrected: bool, moved: Sequence[Line], held: Sequence[Line], reason: str
) -> Iterator[Refusal]:
    """Say why this entry cannot be taken back by a second one. It is never overwritten."""
    if corrected:
        yield Refusal("welfare.corrected", _("This entry is corrected already."))
    if kind == EntryKind.CORRECTION:
        text = _("A correction is not corrected: write the entry anew.")
        yield Refusal("welfare.correction", text)
    if not reason.strip():
        yield Refusal("welfare.no_reason", _("Give your reason."), field="reason")
    if not corrected and _lacking([line.turned() for line in moved], held):
        text = _("Some of it has been given back since. Correct that entry first.")
        yield Refusal("welfare.given_since", text)


def why_not_sign(*, signed: bool, own: bool) -> Refusal | None:
    """Say why this person cannot sign as the second of two."""
    if signed:
        return Refusal("welfare.signed", _("Two people have signed already."))
    if own:
        return Refusal("welfare.one_person", _("A second person must sign this."), "GC III 18")
    return None


def why_not_hand_receipt(*, signed: bool, handed: bool) -> Refusal | None:
    """Say why the receipt cannot be noted as given to him."""
    if not signed:
        return Refusal("welfare.one_signature", _("Two people must sign first."), "GC III 18")
    if handed:
        return Refusal("welfare.handed", _("He has this receipt already."))
    return None


def why_not_close_effects(
    *, held: Sequence[Line], without_receipt: Sequence[int]
) -> Iterator[Refusal]:
    """What stands against closing his file; his release itself waits for none of it (GC III 18)."""
    for number in without_receipt:
        words = str(_("He has no receipt for entry %(number)s.")) % {"number": number}
        yield Refusal("welfare.no_receipt", words, "GC III 18")
    if held:
        text = _("What is held for him must be given back or forwarded.")
        yield Refusal("welfare.held", text, "GC III 18; GC III 119; GC III 122")


# Parcels (GC III 76): opened before him, or before a comrade whom he sent.


class Before(StrEnum):
    HIMSELF = "himself"
    COMRADE = "comrade"


BEFORE_NAMES = {
    Before.HIMSELF: _("before the addressee"),
    Before.COMRADE: _("before a comrade sent by the addressee"),
}


class TakenOut(StrEnum):
    """Why something was taken out of a parcel: no other reason counts."""

    WEAPON = "weapon"
    ESCAPE = "escape"
    CONNECTED = "connected"
    MEDICINE = "medicine"
    WRITTEN = "written"
    MONEY = "money"
    SPOILED = "spoiled"


TAKEN_OUT_NAMES = {
    TakenOut.WEAPON: _("it could wound: kept for the owner"),
    TakenOut.ESCAPE: _("it could serve an escape: kept for the owner"),
    TakenOut.CONNECTED: _("it connects to a network: kept for the owner"),
    TakenOut.MEDICINE: _("medicine: given to the physician"),
    TakenOut.WRITTEN: _("written or printed: goes the way of a letter"),
    TakenOut.MONEY: _("money or valuables: entered in the register of effects"),
    TakenOut.SPOILED: _("spoiled food: destroyed on the spot"),
}


@dataclass(frozen=True)
class Removed:
    """One thing that was taken out, and why."""

    what: str
    why: TakenOut


def why_not_note_parcel(*, arrived_at: datetime, now: datetime) -> Refusal | None:
    if arrived_at > now:
        return Refusal("welfare.future", _("This is in the future."), field="arrived_on")
    return None


def why_not_open_parcel(
    *, opened: bool, before: str, comrade: str, removed: Sequence[tuple[str, str]]
) -> Iterator[Refusal]:
    """Say why a parcel cannot be noted as opened."""
    if opened:
        yield Refusal("welfare.opened", _("This parcel was opened already."))
    if before not in set(Before):
        text = _("A parcel is opened before him, or before a comrade whom he sent.")
        yield Refusal("welfare.before_nobody", text, "GC III 76", field="before")
    if before == Before.COMRADE and not comrade.strip():
        text = _("Write whom he sent.")
        yield Refusal("welfare.no_comrade", text, "GC III 76", field="comrade")
    for place, (what, why) in enumerate(removed, start=1):
        if what.strip() and why not in set(TakenOut):
            text = _("Choose why it was taken out.")
            yield Refusal("welfare.no_reason", text, "GC III 76", field=f"why_{place}")
        if why and not what.strip():
            text = _("Write what was taken out.")
            yield Refusal("welfare.no_article", text, "GC III 76", field=f"what_{place}")


# Illness (GC III 30, 122)


class Condition(StrEnum):
    """All that is told of the seriously ill every week; what ails him is not in it."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    IN_DANGER = "in danger"


CONDITION_NAMES = {
    Condition.BETTER: _("better"),
    Condition.SAME: _("unchanged"),
    Condition.WORSE: _("worse"),
    Condition.IN_DANGER: _("his life is in danger"),
}


def why_not_call_ill(*, already: bool, held: bool) -> Refusal | None:
    """Say why nobody can note now that he is seriously ill or wounded."""
    if not held:
        return Refusal("welfare.not_held", _("He is not in custody."))
    if already:
        return Refusal("welfare.ill_already", _("He stands among the seriously ill already."))
    return None


def why_not_note_week(*, ill: bool) -> Refusal | None:
    if not ill:
        return Refusal("welfare.not_ill", _("He does not stand among the seriously ill."))
    return None


def why_not_ask_certificate(*, waits: bool) -> Refusal | None:
    """He may ask for one as often as he likes; one that waits is enough."""
    if waits:
        return Refusal("welfare.asked", _("This is asked already. The physician writes it."))
    return None


@dataclass(frozen=True)
class Treated:
    """What GC III 30 wants in the certificate: what it was, how long, and how it was treated."""

    illness: str
    treatment: str
    since: date | None = None
    until: date | None = None

    def as_kept(self) -> dict[str, str]:
        return {
            "illness": self.illness.strip(),
            "treatment": self.treatment.strip(),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }


def why_not_certify(treated: Treated, *, issued: bool, today: date) -> Iterator[Refusal]:
    """Say why this certificate cannot be issued."""
    if issued:
        yield Refusal("welfare.issued", _("This certificate is issued. It is not changed."))
    if not treated.illness.strip():
        text = _("Write the nature of the illness or injury.")
        yield Refusal("welfare.no_illness", text, "GC III 30", field="illness")
    if not treated.treatment.strip():
        text = _("Write how it was treated.")
        yield Refusal("welfare.no_treatment", text, "GC III 30", field="treatment")
    if treated.since is None:
        text = _("Write since when he was treated.")
        yield Refusal("welfare.no_day", text, "GC III 30", field="since")
    elif treated.since > (treated.until or today) or (treated.until or today) > today:
        text = _("These days cannot be so.")
        yield Refusal("welfare.days", text, field="until")
