"""The text of the letter of the year, in every language, and who wants one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.yearly.rules import LANGUAGES, LONGEST
from wayhome.lib.text import clean_text
from wayhome.web.console.forms.identifications import number_field
from wayhome.web.console.forms.programmes import fault_of_voice
from wayhome.web.console.wording_enquiries import LANGUAGES as LANGUAGE_NAMES
from wayhome.web.forms import IdempotentForm, Radios

DRAFT = {
    "uk": "Минув ще один рік, відколи ви до нас звернулися. Ваше звернення відкрите. Ми щодня "
    "порівнюємо всі звернення з усіма нашими записами. У цьому листі ми не можемо повідомити "
    "нічого. Цей лист однаковий для кожної родини, хоч би що ми знали. Ви можете будь-коли щось "
    "додати або поговорити з нами. Усе безкоштовно.",
    "ru": "Прошёл ещё один год с тех пор, как вы к нам обратились. Ваше обращение открыто. Мы "
    "каждый день сравниваем все обращения со всеми нашими записями. В этом письме мы не можем "
    "сообщить ничего. Это письмо одинаково для каждой семьи, что бы мы ни знали. Вы можете в "
    "любое время что-то добавить или поговорить с нами. Всё бесплатно.",
    "en": "Another year has passed since you asked us. Your enquiry is open. We compare all "
    "enquiries with all our records every day. There is nothing that we can tell you in this "
    "letter. It is the same for every family, whatever we know. You can add something or talk "
    "with us at any time. Everything is free.",
}


class YearlyTextForm(IdempotentForm):
    """A letter that every family who waits may read: the same words, no news."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": DRAFT, **kwargs})
        for language in LANGUAGES:
            self.fields[language] = forms.CharField(
                label=LANGUAGE_NAMES[language],
                widget=forms.Textarea({"rows": 7, "lang": language}),
                max_length=LONGEST,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in LANGUAGES:
            if fault := fault_of_voice(cleaned.get(language, ""), language):
                self.add_error(language, fault)
        return cleaned

    def texts(self) -> dict[str, str]:
        return {language: clean_text(self.cleaned_data[language]) for language in LANGUAGES}


class WishForm(IdempotentForm):
    """What she said over the telephone or on paper."""

    number = number_field(_("Number of the enquiry"), "")
    wanted = forms.ChoiceField(
        label=_("What she wants"),
        choices=[("yes", _("one letter a year")), ("no", _("no letter"))],
        widget=Radios,
        error_messages={"required": _("Choose what she wants.")},
    )
