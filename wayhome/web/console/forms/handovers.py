"""Forms of the day of the handover."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.handovers.effects import GIVEN_BACK, Belonging, item_of
from wayhome.bureau.handovers.rules import (
    LARGEST_SIGNATURE_BYTES,
    MEDICAL_FILE_NAMES,
    MedicalFile,
    Onward,
    PassHow,
    ShownPass,
)
from wayhome.bureau.welfare.actions import Held
from wayhome.lib.media import LARGEST_FILE, redraw_signature
from wayhome.lib.text import clean_line
from wayhome.web.forms import IdempotentForm, Radios

Listed = Sequence[Mapping[str, Any]] | None


class IdentityForm(IdempotentForm):
    how = forms.CharField(
        label=_("How this person was identified"),
        help_text=_("A paper and its number, or who knows this person."),
        max_length=300,
    )


class WithPassForm(IdentityForm):
    """Of whoever comes by a journey with a pass: by the pass too, or that it was lost."""

    shown = forms.ChoiceField(
        label=_("The pass of the journey"),
        choices=[
            (PassHow.TEXT.value, _("The text of its code, scanned or typed")),
            (PassHow.WORD.value, _("The word that the family says")),
            (PassHow.LOST.value, _("The pass was lost")),
        ],
        widget=Radios,
        error_messages={"required": _("Say by what of the pass you know this person.")},
    )
    said = forms.CharField(
        label=_("The text, the word, or how the pass was lost"),
        help_text=_(
            "It is looked at now. The text and the word are not kept; how it was lost is."
            " A pass told lost is made invalid."
        ),
        max_length=300,
        error_messages={"required": _("Write the text, the word, or how the pass was lost.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, noted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if noted:
            self.fields["said"].help_text = _(
                "Leave both empty to keep what was noted of the pass."
            )
            self.fields["shown"].required = self.fields["said"].required = False

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        for name, other in (("shown", "said"), ("said", "shown")):
            if cleaned.get(name) and not cleaned.get(other) and other not in self.errors:
                self.add_error(other, self.fields[other].error_messages["required"])
        return cleaned

    def pass_shown(self) -> ShownPass | None:
        said = self.cleaned_data
        return (
            ShownPass(PassHow(said["shown"]), clean_line(said["said"])) if said["shown"] else None
        )


RETURNED, NOT_RETURNED = "returned", "not returned"
LONGEST = 200


class BelongingsForm(IdempotentForm):
    """Each line of the register of effects, given back or why not; then what no register has."""

    lines = forms.CharField(
        label=_("Belongings and money, one on a line"),
        help_text=_("After a semicolon: returned, forwarded, or why not. Example: watch; returned"),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20_000,
    )
    nothing = forms.BooleanField(label=_("He had no belongings"), required=False)

    def __init__(self, *args: Any, held: Sequence[Held], listed: Listed, **kwargs: Any) -> None:
        self.held = list(held)
        super().__init__(*args, initial=self._initial(listed or []), **kwargs)
        for row, each in enumerate(self.held, start=1):
            self.fields[f"back_{row}"] = forms.ChoiceField(
                label=item_of(each.line),
                choices=[(RETURNED, GIVEN_BACK), (NOT_RETURNED, _("Not given back today"))],
                widget=Radios(inline=True),
                error_messages={"required": _("Say whether it was given back.")},
            )
            self.fields[f"why_{row}"] = forms.CharField(
                label=_("Why not, and how it follows him"), max_length=LONGEST, required=False
            )
        rows = [f"{name}_{row + 1}" for row in range(len(self.held)) for name in ("back", "why")]
        self.order_fields([*rows, "lines", "nothing"])
        if self.held:
            self.fields["lines"].label = _("What stands in no register, one on a line")
            del self.fields["nothing"]

    def _initial(self, listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What is on the list already, so that a line can be added."""
        others = [(one["item"], one["how"]) for one in listed if "line" not in one]
        initial = {"lines": "\n".join(f"{item}; {how}" if how else item for item, how in others)}
        said = {(one["record"], str(one["line"])): one for one in listed if "line" in one}
        for row, each in enumerate(self.held, start=1):
            before = said.get((str(each.captive.pk), str(each.line.as_kept())))
            if before:
                initial[f"back_{row}"] = RETURNED if before["returned"] else NOT_RETURNED
                initial[f"why_{row}"] = before["how"]
        return initial

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        for row in range(1, len(self.held) + 1):
            if cleaned.get(f"back_{row}") == NOT_RETURNED and not cleaned.get(f"why_{row}"):
                self.add_error(f"why_{row}", _("Write why it was not given back."))
        if self.held or cleaned.get("lines", "").strip() or cleaned.get("nothing"):
            return cleaned
        self.add_error("lines", _("List the belongings, or say that he had none."))
        return cleaned

    def belongings(self) -> list[Belonging]:
        """What the register has first, in its order."""
        pairs = (line.partition(";") for line in self.cleaned_data["lines"].splitlines())
        others = [
            Belonging(item.strip()[:LONGEST], how.strip()[:LONGEST])
            for item, _sep, how in pairs
            if item
        ]
        return [*(self._of_register(row, each) for row, each in enumerate(self.held, 1)), *others]

    def _of_register(self, row: int, held: Held) -> Belonging:
        returned = self.cleaned_data[f"back_{row}"] == RETURNED
        why = "" if returned else clean_line(self.cleaned_data[f"why_{row}"])
        return Belonging(item_of(held.line), why, held, returned)


class OnwardForm(IdempotentForm):
    """What goes with him, and whether anybody may call him later."""

    medical = forms.ChoiceField(
        label=_("His medical file"),
        help_text=_("It goes to nobody but him."),
        choices=[(kind.value, name) for kind, name in MEDICAL_FILE_NAMES.items()],
        widget=Radios,
    )
    contact = forms.ChoiceField(
        label=_("Does he want us to ask later how he is?"),
        help_text=_("Ask him. Without his wish nobody calls, and nobody is followed."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=Radios(inline=True),
    )
    reach = forms.CharField(
        label=_("How he wants to be reached"), max_length=LONGEST, required=False
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("contact") == "yes" and not cleaned.get("reach"):
            self.add_error("reach", _("Write how he wants to be reached."))
        return cleaned

    def onward(self) -> Onward:
        said = self.cleaned_data
        reach = clean_line(said["reach"]) if said["contact"] == "yes" else ""
        return Onward(MedicalFile(said["medical"]), reach)


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
