"""The languages that a man may speak, a family may write in, and a reader may know."""

from django.utils.translation import gettext_lazy as _

LANGUAGE_NAMES = {
    "ru": _("Russian"),
    "uk": _("Ukrainian"),
    "en": _("English"),
    "be": _("Belarusian"),
    "ba": _("Bashkir"),
    "tt": _("Tatar"),
    "ce": _("Chechen"),
    "bxr": _("Buryat"),
    "tyv": _("Tuvan"),
    "sah": _("Yakut"),
    "av": _("Avar"),
    "os": _("Ossetian"),
    "kk": _("Kazakh"),
    "uz": _("Uzbek"),
}
# Of what is said or written, beside those: nobody is noted as one who knows "another language".
LANGUAGES = {**LANGUAGE_NAMES, "mis": _("Another language")}
