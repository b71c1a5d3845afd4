"""Files of enquiries from another service: the machinery of card files, with other columns."""

from datetime import date
from pathlib import Path
from typing import Any

from wayhome.bureau.captives.reading.cards import run_reader
from wayhome.bureau.captives.reading.headings import CARD_HEADINGS, MEND, Headings, plain
from wayhome.bureau.captives.reading.lines import CardFile, Draft, Fault, Kind, read_lines
from wayhome.bureau.enquiries.rules import Relation

CHECKED_IN = "wayhome.bureau.enquiries.reading.checked"
_OWN = (
    (
        "enquiry_id",
        r"(no |номер |id )?(enquiry|inquiry|звернення|обращения|запиту|запроса)( id| no| number)?"
        r"|id|no|n|номер|no з п|no п п|з п|п п|number|enquiry_id",
    ),
    (
        "enquirer_name",
        r"(піб |фио |імя |имя |name of (the )?)?(заявник\w*|заявител\w*|enquirer|inquirer"
        r"|applicant|хто шукає|кто ищет|who asks|who seeks)( піб| фио| імя| имя| name)?",
    ),
    (
        "relation",
        r"relation(ship)?( to .*)?|kinship|родинн\w* (зв\w*|стосунки)|спорідненість"
        r"|ким доводиться.*|степень родства|родство|кем приходится.*"
        r"|ступінь спорідненості|ступінь родства",
    ),
    (
        "comrade",
        r"(піб |фио |імя |имя |name of (a |the )?|full name of (a |the )?)?"
        r"(товариш\w*|товарищ\w*|побратим\w*|однополчан\w*|сослужив\w*|comrade|fellow soldier)"
        r"( по службі| по службе| in service)?"
        r"|(з|із|с) ким (він )?служи\w*|с кем (он )?служи\w*|(he )?served with|with whom he served",
    ),
    ("language", r"language|мова|язык|lang|(мова|язык) (спілкування|общения)"),
)
_SHARED = {
    "surname", "given", "patronymic", "full_name", "born", "age", "birthplace", "unit", "rank",
    "service_no", "mother_name", "father_name", MEND,
}  # fmt: skip
ENQUIRIES = Headings(_OWN + tuple(rule for rule in CARD_HEADINGS if rule[0] in _SHARED))
_RELATIONS = {
    Relation.MOTHER: "мати мама матір мать mum mom",
    Relation.FATHER: "батько тато отец папа dad",
    Relation.WIFE: "дружина жінка жена супруга spouse",
    Relation.HUSBAND: "чоловік муж супруг",
    Relation.PARTNER: "партнер партнерка наречена нареченая невеста жених fiancee fiance "
    "girlfriend boyfriend сожительница сожитель",
    Relation.SISTER: "сестра",
    Relation.BROTHER: "брат",
    Relation.SON: "син сын",
    Relation.DAUGHTER: "дочка донька дочь",
    Relation.GRANDPARENT: "бабуся дідусь баба дід бабушка дедушка дед grandmother "
    "grandfather grandma grandpa",
    Relation.OTHER_RELATIVE: "родич родичка родственник родственница тітка дядько тетя тетка дядя "
    "aunt uncle cousin relative племінник племінниця племянник племянница інший_родич "
    "другой_родственник other_relative nephew niece",
    Relation.FRIEND: "друг подруга приятель товариш товарищ знайомий знайома знакомый знакомая",
}
# Both sides in the form in which they are compared.
RELATION_OF = {
    plain(word.replace("_", " ")): str(relation)
    for relation, words in _RELATIONS.items()
    for word in (str(relation), *words.split())
}
_LANGUAGES = {
    "uk": "uk ua ukr українська украинский ukrainian",
    "ru": "ru rus російська русский russian",
    "en": "en eng англійська английский english",
}
LANGUAGE_OF = {
    plain(word): language for language, words in _LANGUAGES.items() for word in words.split()
}


def check(file: Path | bytes, *, name: str, today: date) -> CardFile:
    """Read and check a file of enquiries in this process. Never raises for what it holds.

    `relation` becomes one of the bureau's own words, `language` "uk", "ru" or "en"; a language
    that is none of these becomes "", so that the bureau's own stands in.
    """

    def own_checks(draft: Draft) -> None:
        if not draft.has("surname", "given", "full_name", "service_no"):
            named = [x for x in ("surname", "full_name", "service_no") if x in draft.heading_of]
            draft.fault(named[0] if named else "row", Fault.NEITHER_NAME_NOR_NUMBER)
        born = draft.dates.get("born")
        first = born.earliest() if born else None
        if first and first > today:
            # What a family wrote is kept: a slip in a digit is no reason not to seek the man.
            draft.line.warnings.append((draft.heading_of["born"], str(Fault.BORN_IN_FUTURE)))
        _translate(draft)

    kind = Kind(ENQUIRIES, ("born",), own_checks, Fault.SAME_ENQUIRY, "enquiry_id", today)
    return read_lines(file, name=name, kind=kind)


def _translate(draft: Draft) -> None:
    values = draft.line.values
    if said := values.get("relation"):
        values["relation"] = RELATION_OF.get(plain(said), said)
        if plain(said) not in RELATION_OF:
            draft.fault("relation", Fault.UNKNOWN_RELATION)
    if "language" in values:
        values["language"] = LANGUAGE_OF.get(plain(values["language"]), "")


def checked(content: bytes, *, name: str, today: str) -> dict[str, Any]:
    """As `check`, with values that JSON can hold: what runs in the sandbox."""
    return check(content, name=name, today=date.fromisoformat(today)).as_json()


def check_sandboxed(file: Path | bytes, *, name: str, today: date) -> CardFile:
    """As `check`, in a process of its own: for every file that somebody sent."""
    return run_reader(CHECKED_IN, file, name=name, today=today.isoformat())
