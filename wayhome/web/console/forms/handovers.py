"""Forms of the day of the handover."""

import base64
import binascii

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.handovers.actions import Belonging
from wayhome.bureau.handovers.rules import LARGEST_SIGNATURE_BYTES
from wayhome.lib.media import LARGEST_FILE, redraw_signature
from wayhome.web.forms import IdempotentForm, Radios


class IdentityForm(IdempotentForm):
    how = forms.CharField(
        label=_("How this person was identified"),
        help_text=_("A paper and its number, or who knows this person."),
        max_length=300,
    )


class BelongingsForm(IdempotentForm):
    lines = forms.CharField(
        label=_("Belongings and money, one on a line"),
        help_text=_("After a semicolon: returned, forwarded, or why not. Example: watch; returned"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20_000,
    )
    nothing = forms.BooleanField(label=_("He had no belongings"), required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("lines", "").strip() and not cleaned.get("nothing"):
            self.add_error("lines", _("List the belongings, or say that he had none."))
        return cleaned

    @staticmethod
    def initial_of(listed: list[dict[str, str]] | None) -> dict[str, str]:
        """What is on the list already, so that a line can be added."""
        pairs = [(one["item"], one["how"]) for one in listed or []]
        return {"lines": "\n".join(f"{item}; {how}" if how else item for item, how in pairs)}

    def belongings(self) -> list[Belonging]:
        pairs = (line.partition(";") for line in self.cleaned_data["lines"].splitlines())
        return [
            Belonging(item.strip()[:200], how.strip()[:200]) for item, _sep, how in pairs if item
        ]


class LastQuestionForm(IdempotentForm):
    answer = forms.ChoiceField(
        label=_("He was asked alone: do you want to go now?"),
        choices=[("yes", _("Yes, he wants to go")), ("no", _("No, he stays"))],
        widget=Radios,
    )


class SignatureForm(IdempotentForm):
    """A signature drawn on the screen, or a scan of the one on paper."""

    drawn = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=LARGEST_SIGNATURE_BYTES
    )
    scan = forms.FileField(label=_("Or a scan of the signature on paper"), required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        raw = self._raw(cleaned.get("drawn") or "", cleaned.get("scan"))
        picture = redraw_signature(raw) if raw else None
        if picture is None:
            raise forms.ValidationError(_("Sign on the screen, or choose a scan as a picture."))
        cleaned["picture"] = picture
        return cleaned

    @staticmethod
    def _raw(drawn: str, scan: "UploadedFile[bytes] | None") -> bytes:
        if scan is not None:
            return bytes(scan.read(LARGEST_FILE + 1))
        try:
            return base64.b64decode(drawn, validate=True)
        except (binascii.Error, ValueError):
            return b""
