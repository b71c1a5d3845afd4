"""Bring an identification before the board, sign apart, decide, and doubt what was decided."""

from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.comparisons.queries import hits_for, is_mixed_up
from wayhome.bureau.identifications.actions.weighing import (
    WEIGH,
    hold_families,
    locked,
    open_between,
)
from wayhome.bureau.identifications.announcements import identification_reopened, identified
from wayhome.bureau.identifications.comparing import another_body, facts_of, is_stale, lines_of
from wayhome.bureau.identifications.models import (
    BoardRound,
    BoardStatement,
    Doubt,
    EvidenceLine,
    Identification,
)
from wayhome.bureau.identifications.policy import policy
from wayhome.bureau.identifications.rules.board import (
    DECIDED,
    STATE_AFTER,
    WEIGHED_IN,
    Asked,
    Cause,
    Member,
    Outcome,
    State,
    outcome_of,
    why_not_doubt,
    why_not_present,
    why_not_sign,
    why_not_word,
)
from wayhome.bureau.identifications.rules.evidence import (
    TWO_BODIES,
    Kind,
    Word,
    why_not_exclude,
    why_not_identify,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

NAMING = 0x57415944  # the number of this lock: one body is named at a time
DONE = {
    Outcome.IDENTIFIED: "remains identified",
    Outcome.EXCLUDED: "identity excluded",
    Outcome.NOT_YET: "board saw too little",
    Outcome.STOPPED: "board stopped",
}


def missing(identification: Identification) -> list[Refusal]:
    """Everything that is missing before a board may name these remains; empty permits it."""
    return list(why_not_identify(lines_of(identification), facts_of(identification), policy()))


def why_not_present_now(identification: Identification, asked: Asked) -> list[Refusal]:
    """What stands against bringing it before the board now."""
    if asked == Asked.EXCLUDE:
        mixed_up = is_mixed_up(identification.remains)
        against = list(why_not_exclude(lines_of(identification), mixed_up=mixed_up))
    else:
        against = missing(identification)
    return list(why_not_present(state=State(identification.state), against=against))


@transaction.atomic
def present(*, identification: Identification, asked: Asked, by: Staff) -> BoardRound:
    """Bring it before the board with the lines as they stand; until it decides none changes."""
    by.must(WEIGH)
    identification = locked(identification)
    refuse_if(why_not_present_now(identification, asked))
    opened = BoardRound.objects.create(
        identification=identification, key=identification.key, asked=asked,
        number=identification.rounds.count() + 1,
        lines=[str(line.pk) for line in identification.current_lines()],
        opened_by=by, opened_at=timezone.now(),
    )  # fmt: skip
    _set(identification, State.BEFORE_BOARD)
    number = identification.remains.bureau_number
    journal.record("identification before the board", subject=opened, by=by, person=number,
                   purpose=asked)  # fmt: skip
    return opened


def why_not_sign_now(identification: Identification, member: Staff) -> list[Refusal]:
    """What stands against this person's signing."""
    opened = identification.open_round()
    if opened is None:
        return list(why_not_sign(Member("", False, False, frozenset()), is_open=False))
    signed = list(opened.statements.values_list("member_id", "profession"))
    return list(
        why_not_sign(
            Member(
                profession=member.profession,
                weighed_a_line=identification.lines.filter(by=member).exists(),
                has_signed=any(pk == member.pk for pk, _profession in signed),
                professions_signed=frozenset(profession for _pk, profession in signed),
            ),
            is_open=True,
        )
    )


@transaction.atomic
def sign(*, identification: Identification, word: str, reason: str, by: Staff) -> BoardStatement:
    """Sign as one of the board, without having seen what the others say. The last one decides."""
    by.must(Permission.SIGN_IDENTIFICATION)
    identification = locked(identification)
    refuse_if(why_not_sign_now(identification, by))
    refuse_if(why_not_word(word, reason))
    opened = identification.open_round()
    assert opened is not None, "asked by the rule above"
    statement = BoardStatement.objects.create(
        round=opened, key=identification.key, member=by, profession=by.profession, word=word,
        reason=reason.strip(), at=timezone.now(),
    )  # fmt: skip
    number = identification.remains.bureau_number
    journal.record("board signed", subject=statement, by=by, person=number)
    words = [Word(each) for each in opened.statements.values_list("word", flat=True)]
    outcome = outcome_of(words, Asked(opened.asked), policy())
    if outcome is not None:
        _decide(identification, opened, outcome, by)
    return statement


def _decide(
    identification: Identification, opened: BoardRound, outcome: Outcome, by: Staff
) -> None:
    if outcome == Outcome.IDENTIFIED:
        one_name_at_a_time()
    if outcome == Outcome.IDENTIFIED and missing(identification):
        outcome = Outcome.STOPPED  # what lay before them has changed since
    opened.outcome, opened.decided_at = outcome, timezone.now()
    if outcome == Outcome.IDENTIFIED:
        opened.named = name_of(identification)
    opened.save(update_fields=["outcome", "decided_at", "named"])
    _set(identification, STATE_AFTER[outcome])
    number = identification.remains.bureau_number
    journal.record(DONE[outcome], subject=opened, by=by, person=number, facts=opened.named)
    if outcome == Outcome.IDENTIFIED:
        identified.send(Identification, identification=identification)


def one_name_at_a_time() -> None:
    """Of two boards that name two bodies as one man at once the second finds the first named.

    So does whatever contradicts a name while a board gives it: one of the two finds the other.
    The database asks under the same lock (identifications/0004).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING])


def name_of(identification: Identification) -> dict[str, str]:
    """The name that a decision gives: as the family wrote it, or as it stands on the card."""
    person = identification.enquiry or identification.captive
    assert person is not None, "a constraint of the database"
    return {"name": person.name, "born": person.born, "number": person.bureau_number}


def _set(identification: Identification, state: State) -> None:
    identification.state = state
    identification.decided_at = timezone.now() if state in DECIDED else None
    identification.save(update_fields=["state", "decided_at"])


@transaction.atomic
def doubt(*, identification: Identification, cause: Cause, reason: str, by: Staff) -> Doubt:
    """A third person doubts a decision: it is reopened, and all that was signed stays."""
    by.must(Permission.DOUBT_IDENTIFICATION)
    hold_families([identification.pk])
    identification = locked(identification)
    decided = identification.decision()
    signed = decided is not None and decided.statements.filter(member=by).exists()
    refuse_if(why_not_doubt(state=State(identification.state), signed=signed, reason=reason))
    return reopen(identification, cause, reason.strip(), by)


def reopen(
    identification: Identification, cause: Cause, reason: str | None, by: Staff | None
) -> Doubt:
    """Note the doubt; what rests on a name is told of it, and stops."""
    decided = identification.decision()
    assert decided is not None, "only what is decided is doubted"
    raised = Doubt.objects.create(
        identification=identification, key=identification.key, round=decided, cause=cause,
        reason=reason, by=by, at=timezone.now(),
    )  # fmt: skip
    was_named = identification.state == State.IDENTIFIED
    _set(identification, State.REOPENED)
    number = identification.remains.bureau_number
    journal.record("identification doubted", subject=raised, by=by or journal.MACHINE,
                   person=number, purpose=cause)  # fmt: skip
    if was_named:
        identification_reopened.send(Identification, identification=identification)
    return raised


def see_to_kind(remains: Remains) -> None:
    """It was said what is in the bag: refused where that makes two whole bodies of one name."""
    named = Identification.objects.standing().filter(remains=remains).first()
    if named is not None:
        one_name_at_a_time()
        refuse_if([TWO_BODIES if another_body(named) else None])


@transaction.atomic
def see_to_numbers(remains: Remains) -> None:
    """Its list of hits is another one: open what it proposes, reopen what it no longer bears."""
    for hit in hits_for(remains):
        if hit.posterior >= policy().opens_from:
            open_between(remains=remains, enquiry=hit.enquiry)
    rows = Identification.objects.filter(remains=remains).exclude(state__in=WEIGHED_IN)
    for each in rows:
        identification = locked(each)
        dna = identification.current_lines().filter(kind=Kind.DNA).first()
        if dna is None or not (is_stale(dna) or _rests_on_a_mix_up(dna)):
            continue
        if identification.state == State.BEFORE_BOARD:
            _stop(identification)
        else:
            reopen(identification, Cause.NUMBERS, None, None)


def _rests_on_a_mix_up(dna: EvidenceLine) -> bool:
    return dna.word != Word.SILENT and is_mixed_up(dna.identification.remains)


def _stop(identification: Identification) -> None:
    """The evidence changed while the board sat: nobody signs on what no longer holds."""
    opened = identification.open_round()
    assert opened is not None, "it lies before the board"
    opened.outcome, opened.decided_at = Outcome.STOPPED, timezone.now()
    opened.save(update_fields=["outcome", "decided_at"])
    _set(identification, STATE_AFTER[Outcome.STOPPED])
    number = identification.remains.bureau_number
    done = DONE[Outcome.STOPPED]
    journal.record(done, subject=opened, by=journal.MACHINE, person=number)
