"""Want a letter a year; write its text, approved by a second; write the letters that are due."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from wayhome.bureau.answers.actions import write_reminder
from wayhome.bureau.answers.jobs import left_in_peace
from wayhome.bureau.answers.models import Invitation, Told
from wayhome.bureau.answers.rules import InvitationState
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Channel, EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.yearly.models import (
    YearlyLetter,
    YearlyLetterQuerySet,
    YearlyText,
    YearlyWish,
)
from wayhome.bureau.yearly.rules import (
    LANGUAGES,
    day_of_the_year,
    why_not_approve,
    why_not_read_out,
    why_not_write,
)
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def say_wish(*, enquiry: Enquiry, wanted: bool, by: Enquirer | Staff) -> None:
    """She wants a letter a year, or none: on her page, or told to whoever talks with her."""
    by.must(Permission.ASK_OWN if isinstance(by, Enquirer) else Permission.TELL_FAMILY)
    enquiry = Enquiry.objects.visible_to(by).get(pk=enquiry.pk)
    wish = YearlyWish.objects.filter(enquiry=enquiry)
    if wanted == wish.exists():
        return
    if wanted:
        YearlyWish.objects.create(enquiry=enquiry, since=timezone.now())
    else:
        wish.delete()
    number, purpose = enquiry.bureau_number, "yes" if wanted else "no"
    journal.record("yearly letter wished", subject=enquiry, by=by, person=number, purpose=purpose)


@transaction.atomic
def write_text(*, texts: Mapping[str, str], by: Staff) -> YearlyText:
    """Write the text in every language; it goes to nobody before a second has approved it."""
    by.must(Permission.TELL_FAMILY)
    refuse_if(why_not_write(texts))
    kept = {language: texts[language].strip() for language in LANGUAGES}
    made = YearlyText.objects.create(texts=kept, written_by=by, written_at=timezone.now())
    journal.record("yearly text written", subject=made, by=by)
    return made


@transaction.atomic
def approve_text(*, text: YearlyText, by: Staff) -> YearlyText:
    """From now on this is the letter, until another is approved."""
    by.must(Permission.TELL_FAMILY)
    text = YearlyText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    own = text.written_by_id == by.pk
    refuse_if([why_not_approve(approved=text.approved_at is not None, own=own)])
    text.approved_by, text.approved_at = by, timezone.now()
    text.save(update_fields=["approved_by", "approved_at"])
    journal.record("yearly text approved", subject=text, by=by)
    return text


@transaction.atomic
def write_letters(today: date | None = None) -> int:
    """Write the letters that are due. Returns how many; run twice it writes none a second time.

    Nothing that the bureau knows of the person sought is looked at, but what a person has told her:
    who was told, is invited to a talk, or is left in peace, gets none (P5, P6, P20).
    """
    text = YearlyText.objects.in_use()
    if text is None:
        return 0
    today = today or timezone.localdate()
    written = [
        letter
        for enquiry in _who_waits()
        if (day := day_of_the_year(timezone.localdate(enquiry.received_at), today))
        and (letter := _write(enquiry, text, day)) is not None
    ]
    if written:
        purpose = str(len(written))
        journal.record("yearly letters written", subject=text, by=MACHINE, purpose=purpose)
    return len(written)


def _who_waits() -> list[Enquiry]:
    told = Told.objects.filter(invitation__enquiry=OuterRef("pk"), withdrawn_at=None)
    invited = Invitation.objects.filter(enquiry=OuterRef("pk"), state=InvitationState.OPEN)
    rows = Enquiry.objects.filter(yearly_wish__isnull=False)
    waiting = rows.exclude(state=EnquiryState.FORGOTTEN).filter(~Exists(told), ~Exists(invited))
    joined = waiting.select_related("enquirer__key").order_by("received_at", "pk")
    in_peace = left_in_peace()
    return [one for one in joined if one.pk not in in_peace]


def _write(enquiry: Enquiry, text: YearlyText, day: date) -> YearlyLetter | None:
    letter, is_new = YearlyLetter.objects.get_or_create(
        enquiry=enquiry,
        on=day,
        defaults={
            "text": text,
            "channel": enquiry.enquirer.reachable_by(),
            "made_at": timezone.now(),
        },
    )
    if not is_new:
        return None
    if letter.channel == Channel.EMAIL:
        write_reminder(enquiry)  # it says only that something stands on her page
    return letter


@transaction.atomic
def note_read_out(*, letter: YearlyLetter, by: Staff) -> YearlyLetter:
    """A member of our staff called her and read the letter out."""
    by.must(Permission.TELL_FAMILY)
    rows = YearlyLetter.objects.select_for_update(of=("self",)).select_related("enquiry")
    letter = rows.get(pk=letter.pk)
    by_telephone = letter.channel == Channel.TELEPHONE
    refuse_if([why_not_read_out(by_telephone=by_telephone, read=letter.read_at is not None)])
    letter.read_by, letter.read_at = by, timezone.now()
    letter.save(update_fields=["read_by", "read_at"])
    number = letter.enquiry.bureau_number
    journal.record("yearly letter read out", subject=letter, by=by, person=number)
    return letter


def forget_wish(enquiry: Enquiry) -> None:
    """Who is forgotten is written to no more, and called no more."""
    YearlyWish.objects.filter(enquiry=enquiry).delete()
    YearlyLetter.objects.to_read_out().filter(enquiry=enquiry).delete()


def to_call() -> YearlyLetterQuerySet:
    """Letters to be read out over the telephone, the oldest first, to families who wait still.

    Not to whoever was told, is invited or is left in peace since the letter was written.
    """
    told = Told.objects.filter(invitation__enquiry=OuterRef("enquiry"), withdrawn_at=None)
    invited = Invitation.objects.filter(enquiry=OuterRef("enquiry"), state=InvitationState.OPEN)
    rows = YearlyLetter.objects.to_read_out().filter(~Exists(told), ~Exists(invited))
    waiting = rows.exclude(enquiry__in=left_in_peace())
    return waiting.select_related("enquiry__enquirer__key", "text").order_by("made_at", "pk")
