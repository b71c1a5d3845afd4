from dataclasses import replace

import pytest

from wayhome.bureau.consents.rules import (
    SECRET_TRIES,
    Answer,
    Disclosing,
    Kind,
    normal_secret,
    why_not_act,
    why_not_answer,
    why_not_disclose,
    why_not_open,
    why_not_secret,
    why_not_set_secret,
    why_not_try,
)

ALL_IS_WELL = Disclosing(
    match_stands=True,
    kinship_proven=True,
    said_yes=True,
    before_neutral=True,
    harm_flag=False,
    held=True,
)
STANDS_AGAINST = [
    ({"match_stands": False}, ["consents.no_match"]),
    ({"kinship_proven": False}, ["consents.kinship"]),
    ({"said_yes": False, "before_neutral": False}, ["consents.no_yes"]),
    ({"before_neutral": False}, ["consents.neutral"]),
    ({"harm_flag": True}, ["consents.harm"]),
    ({"held": False}, ["consents.state"]),
    ({"match_stands": False, "harm_flag": True}, ["consents.no_match", "consents.harm"]),
]


def test_a_family_may_be_told_when_nothing_stands_against_it():
    assert why_not_disclose(ALL_IS_WELL) == []


@pytest.mark.parametrize(("change", "codes"), STANDS_AGAINST)
def test_each_missing_condition_holds_the_news_back(change, codes):
    assert [one.code for one in why_not_disclose(replace(ALL_IS_WELL, **change))] == codes


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("neutral", [True, False])
def test_only_a_yes_needs_a_neutral(kind, answer, neutral):
    refusal = why_not_answer(kind=kind, answer=answer, his_standing_match=True, neutral=neutral)

    assert bool(refusal) == (answer == Answer.YES and not neutral)


def test_nobody_is_asked_about_a_match_that_is_gone():
    refusal = why_not_answer(
        kind=Kind.LIVES, answer=Answer.NO, his_standing_match=False, neutral=True
    )

    assert refusal
    assert refusal.code == "consents.gone"


@pytest.mark.parametrize(
    ("secret", "again", "code"),
    [
        ("калина", "калина", None),
        ("Калина", " калина ", None),
        ("482915", "482915", None),
        ("12345", "12345", "secret.short"),
        ("", "", "secret.short"),
        ("x" * 61, "x" * 61, "secret.short"),
        ("777777", "777777", "secret.easy"),
        ("123456", "123456", "secret.easy"),
        ("987654", "987654", "secret.easy"),
        ("калина", "калына", "secret.differs"),
    ],
)
def test_a_secret_is_long_enough_not_plain_and_written_twice_alike(secret, again, code):
    refusal = why_not_secret(secret, again)

    assert (refusal.code if refusal else None) == code


def test_a_secret_is_the_same_however_it_is_typed():
    assert normal_secret(" Кали на ") == normal_secret("калина")


def test_a_secret_is_set_once_and_before_a_neutral():
    assert why_not_set_secret(one_is_set=False, neutral=True) is None
    assert why_not_set_secret(one_is_set=True, neutral=True)
    assert why_not_set_secret(one_is_set=False, neutral=False)


def test_tries_end():
    assert why_not_try(SECRET_TRIES - 1) is None
    assert why_not_try(SECRET_TRIES)


def test_a_sitting_is_opened_for_somebody_held_and_once_at_a_time():
    assert why_not_open(held=True, one_is_open=False) is None
    assert why_not_open(held=False, one_is_open=False)
    assert why_not_open(held=True, one_is_open=True)


def test_nothing_is_answered_in_a_closed_or_locked_sitting():
    assert why_not_act(is_open=True, unlocked=True) is None
    assert why_not_act(is_open=False, unlocked=True)
    assert why_not_act(is_open=True, unlocked=False)
