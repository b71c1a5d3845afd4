"""Letters of two alphabets in one word: the form asks which was meant, and never guesses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import SAID
from wayhome.lib.text import has_mixed_scripts, mend_look_alikes


class LettersForm(forms.Form):
    """The base of a form in which names are typed; `NAMES` are its fields."""

    NAMES: tuple[str, ...] = ()
    letters_right = forms.BooleanField(
        label=_("The letters are right as they stand"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mixed: dict[str, str] = {}

    def ask_about_letters(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("letters_right"):
            for name in self.NAMES:
                self._ask(name, cleaned.get(name) or "")

    def _ask(self, name: str, text: str) -> None:
        if text in SAID or not has_mixed_scripts(text):
            return
        self.mixed[name] = mend_look_alikes(text)
        question = _("Letters of two alphabets stand in one word. Do you mean “%(text)s”?")
        self.add_error(
            name, forms.ValidationError(question, params={"text": self.mixed[name]}, code="letters")
        )
