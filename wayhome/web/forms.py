"""How forms look in the portal, the console and the tablet: one renderer, a few widgets.

A form of any app is an ordinary Django form; the renderer gives it GOV.UK's markup. The page
writes `{% error_summary form %}` on top and `{% field form.x %}` where the field should stand
(docs/guides/templates.md).
"""

import re
import secrets
from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEY_BYTES = 16  # 128 random bits: two forms never share a key
KEY_SHAPE = re.compile(r"[0-9A-Za-z_-]{16,64}")


class ShownField(BoundField):
    """A field with its data, as the page shows it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        template = OWN_TEMPLATES.get(type(field.widget))
        if template is not None:
            field.widget.template_name = template

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Add GOV.UK's classes. What is missing the server says, in our words, not the browser."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if isinstance(widget, forms.RadioSelect):
            attrs.pop("aria-invalid", None)  # a single button has no such state; its group says it
        if base := class_of(widget):
            own = widget.attrs.get("class", "")
            error = f"{base}--error" if self.errors else ""
            attrs["class"] = " ".join(part for part in (base, error, own) if part)
        return attrs

    @property
    def first_id(self) -> str:
        """The element that a link of the error summary goes to."""
        if isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def is_checkbox(self) -> bool:
        """One box with its label beside it, not above."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def error_id(self) -> str:
        """The id that Django's `aria-describedby` points to."""
        return f"{self.auto_id}_error"

    @property
    def hint_id(self) -> str:
        """The id that Django's `aria-describedby` points to."""
        return f"{self.auto_id}_helptext"


class Renderer(TemplatesSetting):
    """FORM_RENDERER of the settings."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = ShownField


class Radios(forms.RadioSelect):
    """Radio buttons, each with a hint if `hints` has one for its value."""

    template_name = "forms/widgets/choices.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, Any] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.inline = inline

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the template needs beside Django's own."""
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        for _group, options, _index in context["widget"]["optgroups"]:
            for option in options:
                option["hint"] = self.hints.get(str(option["value"]), "")
        return context


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes, each with a hint if `hints` has one for its value."""

    template_name = "forms/widgets/choices.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the template needs beside Django's own."""
        context = super().get_context(name, value, attrs)
        for _group, options, _index in context["widget"]["optgroups"]:
            for option in options:
                option["hint"] = self.hints.get(str(option["value"]), "")
        return context


class PartialDateInput(forms.TextInput):
    """A date as somebody knows it: "3.05.1999", "1999", "spring 2001", "about 20"."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-20", "autocomplete": "off", **(attrs or {})})


class DateParts(forms.MultiWidget):
    """A whole date in three boxes, for a DateField."""

    template_name = "forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput(box),
                "month": forms.TextInput(box),
                "year": forms.TextInput(box),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """Give a date, or the text that was typed, back to its boxes."""
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        parts = [part.strip() for part in str(value or "").split("-")]
        return parts[::-1] if len(parts) == 3 else [None, None, None]

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> Any:
        """Join the boxes to "1999-05-03"; what is no date stays as typed for the error."""
        typed = [str(data.get(f"{name}_{part}", "")).strip() for part in ("year", "month", "day")]
        return "-".join(typed) if any(typed) else None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Label the boxes."""
        context = super().get_context(name, value, attrs)
        labels = (
            pgettext_lazy("date", "Day"),
            pgettext_lazy("date", "Month"),
            pgettext_lazy("date", "Year"),
        )
        for box, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            box["label"] = label
        return context

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The day is the first box."""
        return f"{id_}_0" if id_ else ""


OWN_TEMPLATES: dict[type[forms.Widget], str] = {
    forms.RadioSelect: "forms/widgets/choices.html",
    forms.CheckboxSelectMultiple: "forms/widgets/choices.html",
    forms.CheckboxInput: "forms/widgets/checkbox.html",
}

CLASSES: tuple[tuple[tuple[type[forms.Widget], ...], str], ...] = (
    ((forms.HiddenInput, forms.MultipleHiddenInput), ""),
    # Before the radio buttons: to Django, checkboxes are a kind of those.
    ((forms.CheckboxSelectMultiple, forms.CheckboxInput), "govuk-checkboxes__input"),
    ((forms.RadioSelect,), "govuk-radios__input"),
    ((forms.FileInput,), "govuk-file-upload"),
    ((forms.Select,), "govuk-select"),
    ((forms.Textarea,), "govuk-textarea"),
    ((forms.widgets.Input, DateParts), "govuk-input"),
)


def class_of(widget: forms.Widget) -> str:
    """The class of the component that a widget is drawn as."""
    for kinds, name in CLASSES:
        if isinstance(widget, kinds):
            return name
    return ""


def new_key() -> str:
    """A key for one filling-in of one form; always of the same length."""
    return secrets.token_hex(KEY_BYTES)


class IdempotentForm(forms.Form):
    """A form that creates: sent twice it has one effect, since both carry the same key.

    The key is made when the empty form is shown. `cleaned_data["idempotency_key"]` is never empty:
    what came without a key gets a new one, and so is a thing of its own.
    """

    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idempotency_key"].initial = new_key
        key = self.add_prefix("idempotency_key")
        if self.is_bound and not self.data.get(key):
            sent = copy(self.data)
            sent[key] = new_key()  # type: ignore[index]  # a dict, or a QueryDict's copy
            self.data = sent

    def clean_idempotency_key(self) -> str:
        """Take the key as sent, if it is one."""
        key = str(self.cleaned_data["idempotency_key"])
        if key and not KEY_SHAPE.fullmatch(key):
            raise forms.ValidationError(_("This page is out of date. Open it again."))
        return key
