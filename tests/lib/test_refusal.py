import pytest

from wayhome.lib.refusal import Refusal, Refused, refuse_if

UNCONFIRMED = Refusal("enquiry.unconfirmed", "Two people must confirm a death.")
ANSWERED = Refusal("enquiry.answered", "The enquiry of Ivan Invented has been answered.")


@pytest.mark.parametrize("nothing", [None, [], [None, None]])
def test_a_rule_that_says_nothing_stops_nothing(nothing):
    refuse_if(nothing)


def test_a_rule_that_says_no_stops_the_action():
    with pytest.raises(Refused, match=r"^enquiry\.unconfirmed$") as caught:
        refuse_if(UNCONFIRMED)

    assert caught.value.refusal == UNCONFIRMED


def test_every_no_of_several_rules_is_kept_in_order():
    with pytest.raises(Refused) as caught:
        refuse_if(rule for rule in (None, UNCONFIRMED, None, ANSWERED))

    assert caught.value.refusals == (UNCONFIRMED, ANSWERED)


def test_an_exception_in_a_log_shows_codes_and_no_names():
    for shown in (str(Refused(ANSWERED, UNCONFIRMED)), repr(Refused(ANSWERED))):
        assert "enquiry.answered" in shown
        assert "Invented" not in shown
