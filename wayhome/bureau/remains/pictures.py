"""Pictures that examiners bring: drawn anew, so that place and camera are gone from them."""

from django.utils.translation import gettext_lazy as _

from wayhome.lib.media import LARGEST_FILE, MediaRefused, redraw
from wayhome.lib.media import Refused as NotTaken
from wayhome.lib.refusal import Refusal, Refused

NOT_TAKEN = {
    NotTaken.TOO_LARGE: _("This picture is too large. Send one of at most 10 megabytes."),
    NotTaken.NOT_A_PICTURE_OR_PDF: _("This is no picture."),
    NotTaken.ENCRYPTED_PDF: _("This is no picture."),
    NotTaken.TOO_MANY_PAGES: _("This is no picture."),
    NotTaken.UNREADABLE: _("This picture cannot be opened."),
}


def drawn_picture(content: bytes, *, of: str) -> bytes:
    """A picture as JPEG; it may take seconds. Raises Refused, its codes begin with `of`."""
    try:
        if len(content) > LARGEST_FILE:
            raise MediaRefused(NotTaken.TOO_LARGE)
        drawn = redraw(content)
        if drawn.media_type != "image/jpeg":
            raise MediaRefused(NotTaken.NOT_A_PICTURE_OR_PDF)
    except MediaRefused as fault:
        raise Refused(Refusal(f"{of}.{fault.kind}", NOT_TAKEN[fault.kind], field="file")) from None
    return drawn.content
