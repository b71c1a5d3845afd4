"""What the pages of an escort's phone and of hers say while they run, in the page's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.rules.convoy import EVENT_NAMES
from wayhome.bureau.journeys.rules.passes import VERDICT_NAMES

WORDS = {
    "sent": _("Everything has been sent."),
    "unsent": _("Not sent yet: {number}. It is sent by itself once there is a network."),
    "no_network": _("There is no network now. Everything works all the same."),
    "sign_in": _("Sign in first. Then load the day."),
    "failed": _("It did not come through. Try again where there is a network."),
    "differ": _("Both must be the same."),
    "short": _("Choose at least 8 characters, such as three words."),
    "wrong": _("This is not the password of this phone. Tries left: {number}."),
    "over": _("The day is over. Everything about it was deleted from this phone."),
    "over_unsent": _(
        "The day is over, and its people are gone from this phone. Open it once more to send what"
        " is left: {number}."
    ),
    "wiped": _("Everything was deleted from this phone."),
    "wiped_afar": _(
        "The coordinator had everything deleted from this phone. Call the coordinator."
    ),
    "wiped_tries": _("The password was wrong ten times. Everything was deleted from this phone."),
    "wiped_clock": _("The clock of this phone was set back. Everything was deleted from it."),
    "lost": _(
        "Never sent, and deleted with the rest: {number}. Tell the coordinator by telephone."
    ),
    "until": _("Until {time}, by the clock of this phone."),
    "at": _("{time}, by the clock of this phone"),
    "check in": _("They set out: {place}"),
    "check out": _("They arrived: {place}"),
    "done": _("They are at the end of the way."),
    "turned": _("They turn back."),
    "stops": _("This journey does not go on. Turn back with them, and call the coordinator."),
    "waits": _(
        "Another way is planned for them today. Wait with them where it is safe, and call the"
        " coordinator."
    ),
    "noted": _("It is noted."),
    "no_camera": _("The camera cannot be used here. Choose a photo, or put the text in."),
    "no_code": _("No code was found in this picture."),
    "persons": _("Persons: {number}"),
}

HERS = {
    **{
        name: WORDS[name]
        for name in (
            "failed", "differ", "short", "wrong", "wiped", "wiped_tries", "wiped_clock", "until",
            "over",
        )
    },
    "wiped_afar": _("The sheet on this phone counts no longer, and was deleted. Please call us."),
}  # fmt: skip


def words() -> dict[str, Any]:
    """All of them, in the language of the request."""
    told: dict[str, Any] = {name: str(text) for name, text in WORDS.items()}
    told["verdicts"] = {str(each): str(text) for each, text in VERDICT_NAMES.items()}
    told["kinds"] = {str(each): str(text) for each, text in EVENT_NAMES.items()}
    return told


def her_words() -> dict[str, str]:
    return {name: str(text) for name, text in HERS.items()}
