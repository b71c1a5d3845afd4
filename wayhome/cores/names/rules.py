"""The rules by which fields agree or not: stable keys for machines, a sentence each for people."""

from enum import IntEnum

from .dates import BornTie
from .marks import MarkTie, RankTie
from .places import is_renamed
from .roads import road_between
from .spelling import Tie

_NAME_RULES = {
    Tie.UNKNOWN: "unknown", Tie.EXACT: "exact", Tie.TRANSLIT: "translit", Tie.VARIANT: "variant",
    Tie.FORM: "form", Tie.LANGUAGE: "language", Tie.DIMINUTIVE: "diminutive",
    Tie.LIKELY: "likely", Tie.CONFUSED: "confused", Tie.TYPO1: "one_slip",
    Tie.TYPO2: "two_slips", Tie.TYPO3: "three_slips", Tie.PART: "part",
    Tie.PREFIX: "shortened", Tie.INITIAL: "initial", Tie.DIFFERS: "differs",
}  # fmt: skip

_PREFIXES = {"born": "dob"}


# How a Latin spelling was made, if that can be told: the last part of a rule's key.
ROAD_WORDS = {
    "icao": "as in passports since 2014 (ICAO)",
    "kmu": "as in Ukrainian passports since 2010",
    "english": "as in the English press",
    "order_310": "as in Russian passports from 1997 to 2010",
    "soviet": "as in passports until 1997 (French fashion)",
    "bgn": "by the rules of BGN/PCGN",
    "gost_2010": "as in Russian passports from 2010 to 2014 (GOST)",
    "iso": "by ISO 9, as scholars write",
    "german": "as in the German press",
    "french": "as in the French press",
    "polish": "as in the Polish press",
    "turkish": "as in the Turkish press",
    "chat": "as in chats",
}


def rule_of(field: str, tie: IntEnum, one: str = "", other: str = "") -> str:
    """The stable key of a rule: "surname.translit", "dob.day_month_swapped".

    Of two words in two scripts it also names the rule of transliteration, where that can be told:
    "surname.translit.icao". Of two names of one place it says so: "birthplace.renamed".
    """
    name = _NAME_RULES[tie] if isinstance(tie, Tie) else tie.name.lower()
    if field == "birthplace" and tie is Tie.EXACT and is_renamed(one, other):
        name = "renamed"
    road = road_between(one, other) if tie is Tie.TRANSLIT else ""
    return f"{_PREFIXES.get(field, field)}.{name}" + (f".{road}" if road else "")


_OF_A_COMRADE = {
    MarkTie.EXACT: "comrade", MarkTie.SAME_DIGITS: "comrade", MarkTie.ONE_SLIP: "comrade_near",
    MarkTie.TWO_SLIPS: "comrade_near", MarkTie.OTHER_KIND: "comrade_differs",
    MarkTie.DIFFERS: "comrade_differs",
}  # fmt: skip


def rule_of_comrade(tie: MarkTie) -> str:
    """The key of a rule by which a unit is tied to that of the comrade who was named."""
    return f"unit.{_OF_A_COMRADE[tie]}" if tie else rule_of("unit", tie)


def kind_of_rule(rule: str) -> str:
    """The key of a rule without the rule of transliteration."""
    return ".".join(rule.split(".")[:2])


def _about(field: str, subject: str) -> dict[str, str]:
    sentences = {
        Tie.UNKNOWN: f"{subject} is not known on one side.",
        Tie.EXACT: f"{subject} is spelled the same.",
        Tie.TRANSLIT: f"{subject} is the same in another script.",
        Tie.VARIANT: f"{subject} sounds the same and is spelled otherwise.",
        Tie.FORM: f"{subject} is the same with another ending.",
        Tie.LANGUAGE: f"{subject} is the same in another language.",
        Tie.DIMINUTIVE: f"{subject} is a short form of the other.",
        Tie.LIKELY: f"{subject} may well be the same in another language or case.",
        Tie.CONFUSED: f"{subject} differs by one letter that is easily misheard or misread.",
        Tie.TYPO1: f"{subject} differs by one slip of the pen.",
        Tie.TYPO2: f"{subject} differs by two slips of the pen.",
        Tie.TYPO3: f"{subject} differs by three slips of the pen.",
        Tie.PART: f"{subject} has one part in common.",
        Tie.PREFIX: f"{subject} is the beginning of the other.",
        Tie.INITIAL: f"{subject} has the same initial; one side gives no more.",
        Tie.DIFFERS: f"{subject} is another.",
    }
    rules = {rule_of(field, tie): sentence for tie, sentence in sentences.items()}
    translit = rule_of(field, Tie.TRANSLIT)
    roads = {
        f"{translit}.{x}": f"{subject} is the same, {words}." for x, words in ROAD_WORDS.items()
    }
    return rules | roads


RULES: dict[str, str] = {
    **_about("surname", "The surname"),
    **_about("given", "The given name"),
    **_about("patronymic", "The patronymic"),
    "order.swapped": "The words of the name stand in another order.",
    "order.unsure": "The words of the name could stand in another order.",
    "order.left_out": "A word of the line is left out, as one that is in no name.",
    "together.common": "These names often go together, and say less than each of them alone.",
    "others.like_him": "A namesake or a brother would agree in the same way.",
    "others.nobody_like_him": "No other card is like a namesake's or a brother's of his.",
    rule_of("born", BornTie.UNKNOWN): "The date of birth is not known on one side.",
    rule_of("born", BornTie.EXACT): "The date of birth is the same.",
    rule_of("born", BornTie.DAY_MONTH_SWAPPED): "Day and month of birth are swapped.",
    rule_of("born", BornTie.YEAR_OFF): "Day and month of birth are the same, the year is near.",
    rule_of("born", BornTie.ONE_DIGIT): "The date of birth differs by one digit.",
    rule_of("born", BornTie.DAYS_OFF): "The dates of birth are at most a month apart.",
    rule_of("born", BornTie.SAME_MONTH): "Year and month of birth are the same.",
    rule_of("born", BornTie.SAME_YEAR): "The year of birth is the same.",
    rule_of("born", BornTie.ABOUT): "The year of birth is about the same.",
    rule_of("born", BornTie.NEXT_YEAR): "The year of birth is near.",
    rule_of("born", BornTie.YEAR_AGREES_ONLY): "Only the year of birth is the same.",
    rule_of("born", BornTie.DIFFERS): "The date of birth is another.",
    **_about("birthplace", "The place of birth"),
    "birthplace.renamed": "The place of birth is the same by an old or other name.",
    rule_of("unit", MarkTie.UNKNOWN): "The unit is not known on one side.",
    rule_of("unit", MarkTie.EXACT): "The unit is the same.",
    rule_of("unit", MarkTie.SAME_DIGITS): "The unit has the same number.",
    rule_of("unit", MarkTie.ONE_SLIP): "The unit differs by one slip of the pen.",
    rule_of("unit", MarkTie.TWO_SLIPS): "The unit differs by two slips of the pen.",
    rule_of("unit", MarkTie.OTHER_KIND): "One side gives a postbox number, the other a name.",
    rule_of("unit", MarkTie.DIFFERS): "The unit is another.",
    "unit.comrade": "The unit is that of the comrade who was named.",
    "unit.comrade_near": "The unit is that of the comrade who was named, but for slips of the pen.",
    "unit.comrade_differs": "The comrade who was named is of another unit.",
    rule_of("rank", RankTie.UNKNOWN): "The rank is not known on one side.",
    rule_of("rank", RankTie.EXACT): "The rank is the same.",
    rule_of("rank", RankTie.ONE_STEP): "The ranks are one step apart.",
    rule_of("rank", RankTie.TWO_STEPS): "The ranks are two steps apart.",
    rule_of("rank", RankTie.DIFFERS): "The rank is another.",
    rule_of("service_no", MarkTie.UNKNOWN): "The service number is not known on one side.",
    rule_of("service_no", MarkTie.EXACT): "The service number is the same.",
    rule_of("service_no", MarkTie.SAME_DIGITS): "The service number has the same digits.",
    rule_of("service_no", MarkTie.ONE_SLIP): "The service number differs by one slip of the pen.",
    rule_of("service_no", MarkTie.TWO_SLIPS): "The service number differs by two slips of the pen.",
    rule_of("service_no", MarkTie.OTHER_KIND): "The service numbers are of different kinds.",
    rule_of("service_no", MarkTie.DIFFERS): "The service number is another.",
    **_about("mother_given", "The mother's given name"),
    **_about("mother_patronymic", "The mother's patronymic"),
}
