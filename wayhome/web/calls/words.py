"""What the page of a call says while it runs, in the language of the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS = {
    "trying": _("is being tried"),
    "works": _("works"),
    "none": _("does not work"),
    "again": _("Try again"),
    "old_browser": _("This browser cannot hold a video call. Please use a newer one."),
    "allow_media": _(
        "Please allow the camera and the microphone: press the sign beside the address, then try"
        " again."
    ),
    "no_media": _(
        "No camera and no microphone can be used. Close other programs that use them. Then try"
        " again."
    ),
    "no_line": _(
        "The network here lets no call through. Try another network, such as that of a telephone."
    ),
    "no_relay": _("No video call can be held here at present. Ask us for a call by telephone."),
    "ready": _("Everything works. Please wait: the person who accompanies the call lets you in."),
    "ready_staff": _("Everything works."),
    "lost": _("The line is interrupted. Please wait. These minutes are not counted."),
    "trouble": _("One line does not come about. It is tried again."),
    "thin": _("The line is thin. You hear each other without a picture."),
    "muted": _("Sound and picture are off for a moment. Please wait."),
    "is_family": _("Family"),
    "is_captive": _("The person you talk with"),
    "is_supervisor": _("Accompanies the call"),
    "is_interpreter": _("Interprets"),
    "is_in": _("is in the call"),
    "waits": _("waits to be let in"),
    "is_away": _("is not there"),
    "mute": _("Sound and picture off"),
    "unmute": _("Sound and picture on"),
}
# Whoever accompanies the call reads who is who.
STAFF_WORDS = WORDS | {
    "is_captive": _("Captive"),
    "is_supervisor": _("Supervisor"),
    "together": _("They hear each other. The minutes run."),
    "not_together": _("They do not hear each other. The minutes stand still."),
}


def words_for(*, staff: bool) -> dict[str, Any]:
    """The words of a page, in the language of the request."""
    return {name: str(text) for name, text in (STAFF_WORDS if staff else WORDS).items()}
