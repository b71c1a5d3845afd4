"""The core's rules in the officer's language: each field's name, and how it agreed or did not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "surname": _("Surname"),
    "given": _("Given name"),
    "patronymic": _("Patronymic"),
    "order": _("Order of the words"),
    "born": _("Date of birth"),
    "birthplace": _("Place of birth"),
    "unit": _("Unit"),
    "rank": _("Rank"),
    "service_no": _("Service number"),
    "mother_given": _("Mother's given name"),
    "mother_patronymic": _("Mother's patronymic"),
    "together": _("Names that go together"),
    "others": _("Namesakes and brothers"),
}
# Which columns of the two records a field of the core was read from.
COLUMNS = {"mother_given": "mother_name", "mother_patronymic": "mother_name"}

HOW = {
    "unknown": _("not known on one side"),
    "exact": _("the same"),
    "renamed": _("the same by an old or other name"),
    "translit": _("the same in another script"),
    "translit.icao": _("the same, as in passports since 2014 (ICAO)"),
    "translit.kmu": _("the same, as in Ukrainian passports since 2010"),
    "translit.english": _("the same, as in the English press"),
    "translit.order_310": _("the same, as in Russian passports from 1997 to 2010"),
    "translit.soviet": _("the same, as in passports until 1997 (French fashion)"),
    "translit.bgn": _("the same, by the rules of BGN/PCGN"),
    "translit.gost_2010": _("the same, as in Russian passports from 2010 to 2014 (GOST)"),
    "translit.iso": _("the same, by ISO 9, as scholars write"),
    "translit.german": _("the same, as in the German press"),
    "translit.french": _("the same, as in the French press"),
    "translit.polish": _("the same, as in the Polish press"),
    "translit.turkish": _("the same, as in the Turkish press"),
    "translit.chat": _("the same, as in chats"),
    "variant": _("sounds the same, spelled otherwise"),
    "form": _("the same with another ending"),
    "language": _("the same in another language"),
    "diminutive": _("a short form of the other"),
    "likely": _("may well be the same in another language or case"),
    "confused": _("one letter easily misheard or misread"),
    "one_slip": _("one slip of the pen"),
    "two_slips": _("two slips of the pen"),
    "three_slips": _("three slips of the pen"),
    "part": _("one part in common"),
    "shortened": _("the beginning of the other"),
    "initial": _("the same initial; one side gives no more"),
    "differs": _("another"),
    "swapped": _("the words stand in another order"),
    "unsure": _("the words could stand in another order"),
    "left_out": _("a word of the line is in no name"),
    "like_him": _("others would agree in the same way"),
    "nobody_like_him": _("nobody else would agree in the same way"),
    "common": _("these names are often borne together"),
    "day_month_swapped": _("day and month swapped"),
    "year_off": _("the same day and month, a near year"),
    "one_digit": _("one digit differs"),
    "days_off": _("at most a month apart"),
    "same_month": _("the same year and month"),
    "same_year": _("the same year"),
    "about": _("about the same year"),
    "next_year": _("a near year"),
    "year_agrees_only": _("only the year is the same"),
    "same_digits": _("the same number"),
    "comrade": _("that of the comrade who was named"),
    "comrade_near": _("that of the comrade who was named, but for slips of the pen"),
    "comrade_differs": _("the comrade who was named is of another unit"),
    "other_kind": _("of different kinds"),
    "one_step": _("one step apart"),
    "two_steps": _("two steps apart"),
}


def field_words(field: str) -> Any:
    return FIELDS.get(field, field)


def rule_words(rule: str) -> Any:
    """The words of a rule's key, such as "surname.translit"."""
    how = rule.partition(".")[2]
    return HOW.get(how, HOW.get(how.partition(".")[0], rule))


# Bits in words. Each bit doubles the odds: from 5 on, more than thirty times.
STRONG_BITS, CLEAR_BITS, LEAST_BITS = 5.0, 2.0, 0.05
WEIGHTS = (
    (STRONG_BITS, _("strongly for"), _("strongly against")),
    (CLEAR_BITS, _("clearly for"), _("clearly against")),
    (LEAST_BITS, _("a little for"), _("a little against")),
)


def weight_words(bits: float) -> Any:
    """How much a piece of evidence weighs, in words."""
    for least, speaks_for, speaks_against in WEIGHTS:
        if abs(bits) >= least:
            return speaks_for if bits > 0 else speaks_against
    return _("weighs nothing")


# A calibrated probability in words; the number always stands beside them.
CHANCES = (
    (0.99, _("almost certain")),
    (0.9, _("very likely")),
    (0.6, _("likely")),
    (0.4, _("as likely as not")),
    (0.1, _("possible, yet unlikely")),
    (0.01, _("unlikely")),
)


def chance_words(probability: float) -> Any:
    """How likely something is, in words."""
    for least, words in CHANCES:
        if probability >= least:
            return words
    return _("very unlikely")
