"""When the dead may be named: tables of what is weighed, what is missing, what a board decides."""

from dataclasses import replace
from itertools import combinations

import pytest

from wayhome.bureau.identifications.policy import PolicyUnreadable, policy, read
from wayhome.bureau.identifications.rules.board import (
    DECIDED,
    MAY_FOLLOW,
    STATE_AFTER,
    STATE_NAMES,
    WEIGHED_IN,
    Asked,
    Member,
    Outcome,
    State,
    dissents,
    outcome_of,
    why_not_doubt,
    why_not_open,
    why_not_sign,
    why_not_word,
)
from wayhome.bureau.identifications.rules.evidence import (
    KIND_NAMES,
    PRIMARY,
    WORD_MEANINGS,
    WORD_NAMES,
    Basis,
    Facts,
    Kind,
    Line,
    Weighed,
    Word,
    at_least,
    most_of,
    share,
    why_not_exclude,
    why_not_identify,
    why_not_weigh,
)

FIGURES = policy()
CLEAN = Facts(examined=True)
DNA = Line(Kind.DNA, Word.ESTABLISHED, posterior=0.999_95)
SILENT = Line(Kind.PLACE, Word.SILENT)
TEETH = Line(Kind.DENTAL, Word.PROBABLE)
SIGHT = Line(Kind.SIGHT, Word.POSSIBLE)
EFFECTS = Line(Kind.EFFECTS, Word.PROBABLE)
PAPERS = Line(Kind.DOCUMENTS, Word.PROBABLE)


def missing(*lines: Line, facts: Facts = CLEAN) -> list[str]:
    return [each.code for each in why_not_identify(lines, facts, FIGURES)]


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ((), ["identify.nothing"]),
        ((SIGHT,), ["identify.sight", "identify.one_line"]),
        ((SIGHT, SILENT), ["identify.sight"]),
        ((PAPERS, EFFECTS, SIGHT), ["identify.no_primary"]),
        ((DNA,), ["identify.one_line"]),
        ((DNA, SILENT), []),
        ((replace(DNA, posterior=0.999), SILENT), ["identify.too_little"]),
        ((replace(DNA, word=Word.POSSIBLE), SILENT), ["identify.too_little"]),
        ((replace(DNA, word=Word.PROBABLE, posterior=0.995), TEETH), []),
        ((replace(DNA, word=Word.PROBABLE, posterior=0.98), TEETH), ["identify.too_little"]),
        ((replace(DNA, word=Word.PROBABLE, posterior=0.999), EFFECTS, PAPERS), []),
        ((replace(DNA, word=Word.PROBABLE, posterior=0.999), EFFECTS), ["identify.too_little"]),
        ((TEETH, EFFECTS), ["identify.too_little"]),
        ((replace(TEETH, word=Word.ESTABLISHED), SILENT), []),
        ((TEETH, Line(Kind.PRINTS, Word.PROBABLE)), []),
        ((DNA, replace(TEETH, word=Word.EXCLUDED)), ["identify.excluded.dental"]),
        ((DNA, replace(TEETH, contradictions=1)), ["identify.unexplained.dental"]),
        ((DNA, replace(TEETH, contradictions=1, explained=True)), []),
        ((replace(DNA, is_stale=True), SILENT), ["identify.stale.dna"]),
    ],
)
def test_what_is_missing_before_a_name(lines, codes):
    assert missing(*lines) == codes


def test_what_the_bureau_knows_else_can_forbid_a_name():
    known = Facts(
        examined=False, held_alive=True, named_otherwise=True, another_body=True, doubt_open=True,
        linked_otherwise=True,
    )  # fmt: skip

    assert missing(DNA, SILENT, facts=known) == [
        "identify.no_examination", "identify.doubt", "identify.held", "identify.named",
        "identify.two_bodies", "identify.linked",
    ]  # fmt: skip


def test_a_sample_that_may_be_mixed_up_bears_nothing():
    known = replace(CLEAN, mixed_up=True)

    assert missing(DNA, SILENT, facts=known) == ["identify.mix_up"]
    assert missing(replace(TEETH, word=Word.ESTABLISHED), SILENT, facts=known) == []


def test_no_lines_without_a_primary_identifier_ever_name():
    secondary = [Line(kind, most_of(kind)) for kind in Kind if kind not in PRIMARY]
    for size in range(1, len(secondary) + 1):
        for lines in combinations(secondary, size):
            assert missing(*lines), lines


def weighed(kind: Kind, word: Word, *, posterior=None, contradictions=0, **more) -> list[str]:
    said = Weighed(word, more.get("reason", "порівняно"), more.get("explained", ""))
    basis = Basis(posterior, contradictions, more.get("compared", True))
    refusals = why_not_weigh(kind, said, basis, FIGURES, is_open=more.get("is_open", True))
    return [each.code for each in refusals]


def test_a_line_carries_no_stronger_word_than_its_kind():
    assert weighed(Kind.SIGHT, Word.POSSIBLE) == []
    assert weighed(Kind.SIGHT, Word.PROBABLE) == ["evidence.too_strong"]
    assert weighed(Kind.EFFECTS, Word.ESTABLISHED) == ["evidence.too_strong"]
    assert weighed(Kind.PRINTS, Word.ESTABLISHED) == []


def test_a_number_is_computed_and_no_word_goes_beyond_it():
    assert weighed(Kind.DNA, Word.ESTABLISHED) == ["evidence.no_number"]
    assert weighed(Kind.DNA, Word.SILENT) == []
    assert weighed(Kind.DNA, Word.ESTABLISHED, posterior=0.9998) == ["evidence.number_too_low"]
    assert weighed(Kind.DNA, Word.ESTABLISHED, posterior=0.9999) == []
    assert weighed(Kind.DNA, Word.POSSIBLE, posterior=0.2) == []


def test_what_contradicts_is_explained_or_weighed_less():
    assert weighed(Kind.DENTAL, Word.PROBABLE, contradictions=1) == ["evidence.unexplained"]
    assert weighed(Kind.DENTAL, Word.PROBABLE, contradictions=1, explained="протез") == []
    assert weighed(Kind.DENTAL, Word.POSSIBLE, contradictions=1) == []
    assert weighed(Kind.DENTAL, Word.POSSIBLE, compared=False) == ["evidence.one_sided"]
    assert weighed(Kind.DENTAL, Word.SILENT, compared=False, reason=" ") == ["evidence.no_reason"]
    assert weighed(Kind.DENTAL, Word.SILENT, is_open=False) == ["evidence.not_open"]


def test_only_a_primary_identifier_excludes():
    out = Line(Kind.EFFECTS, Word.EXCLUDED)

    def against(*lines: Line, mixed_up: bool = False) -> list[str]:
        return [each.code for each in why_not_exclude(lines, mixed_up=mixed_up)]

    teeth, dna = (replace(one, word=Word.EXCLUDED) for one in (TEETH, DNA))
    assert against(out) == ["exclude.no_primary"]
    assert against(out, teeth) == []
    assert against(replace(teeth, is_stale=True)) == ["exclude.no_primary"]
    assert against(teeth, mixed_up=True) == []
    assert against(dna, mixed_up=True) == ["identify.mix_up"]


E, P, M, X = Word.ESTABLISHED, Word.PROBABLE, Word.POSSIBLE, Word.EXCLUDED


@pytest.mark.parametrize(
    ("words", "asked", "outcome"),
    [
        ((E, E), Asked.IDENTIFY, None),
        ((E, E, E), Asked.IDENTIFY, Outcome.IDENTIFIED),
        ((E, E, P), Asked.IDENTIFY, Outcome.IDENTIFIED),
        ((E, E, X), Asked.IDENTIFY, Outcome.NOT_YET),
        ((E, P, P), Asked.IDENTIFY, Outcome.NOT_YET),
        ((E, E, E), Asked.EXCLUDE, Outcome.NOT_YET),
        ((X, X, M), Asked.EXCLUDE, Outcome.EXCLUDED),
        ((X, X, E), Asked.EXCLUDE, Outcome.NOT_YET),
    ],
)
def test_what_a_board_decides(words, asked, outcome):
    assert outcome_of(words, asked, FIGURES) == outcome


def test_who_cannot_sign():
    free = Member("dentist", False, False, frozenset({"lawyer"}))

    def codes(member: Member, *, is_open: bool = True) -> list[str]:
        return [each.code for each in why_not_sign(member, is_open=is_open)]

    assert codes(free) == []
    assert codes(free, is_open=False) == ["board.decided"]
    assert codes(replace(free, has_signed=True)) == ["board.signed"]
    assert codes(replace(free, profession="")) == ["board.no_profession"]
    assert codes(replace(free, profession="lawyer")) == ["board.same_profession"]
    assert codes(replace(free, weighed_a_line=True)) == ["board.weighed"]
    assert [each.code for each in why_not_word("silent", "")] == [
        "board.no_word", "board.no_reason",
    ]  # fmt: skip


def test_a_decision_is_doubted_by_a_third_person_with_a_reason():
    def codes(state: State, *, signed: bool, reason: str) -> list[str]:
        return [each.code for each in why_not_doubt(state=state, signed=signed, reason=reason)]

    assert codes(State.IDENTIFIED, signed=False, reason="бирки") == []
    assert codes(State.OPEN, signed=True, reason=" ") == [
        "doubt.not_decided", "doubt.own", "doubt.no_reason",
    ]  # fmt: skip


def test_a_pair_is_opened_once_and_of_somebody():
    assert [each.code for each in why_not_open(same=True, has_person=False, known=True)] == [
        "identification.nobody", "identification.itself", "identification.known",
    ]  # fmt: skip


def test_every_state_and_word_is_in_its_tables():
    assert set(MAY_FOLLOW) == set(STATE_NAMES) == set(State)
    assert set(STATE_AFTER) == set(Outcome)
    assert set(KIND_NAMES) == set(Kind)
    assert set(WORD_NAMES) == set(WORD_MEANINGS) == set(Word)
    assert {
        state for state, next_ in MAY_FOLLOW.items() if State.BEFORE_BOARD in next_
    } == WEIGHED_IN
    assert all(MAY_FOLLOW[state] == {State.REOPENED} for state in DECIDED)
    assert dissents(P, Outcome.IDENTIFIED)
    assert not dissents(P, Outcome.NOT_YET)
    assert at_least(E, X)
    assert not at_least(X, Word.SILENT)


def test_a_probability_is_never_shown_as_certain():
    assert share(1 - 1e-15) == "> 0.999999"
    assert share(0.9999) == "0.999900"


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ("alone = 0.9999", "alone = 1.2"),
        ("alone = 0.9999", "alone = 0.5"),
        ("members = 3", "members = 1"),
        ("agreeing = 2", "agreeing = 1"),
        ("agreeing = 2", "agreeing = 4"),
        ("secondary_lines = 2", "secondary_lines = 0"),
        ("[board]", "[boards]"),
        ("days = 14", "days = 0"),
        ("days = 14", "days = 400"),
        ("[dna]", "[dna"),
    ],
)
def test_figures_that_cannot_be_are_refused(find, put):
    text = (
        "[dna]\nalone = 0.9999\nwith_primary = 0.99\nwith_secondary = 0.999\nsecondary_lines = 2\n"
        "opens_from = 0.5\n[board]\nmembers = 3\nagreeing = 2\n[telling]\ndays = 14\n"
    )
    assert read(text) == FIGURES
    with pytest.raises(PolicyUnreadable):
        read(text.replace(find, put))
