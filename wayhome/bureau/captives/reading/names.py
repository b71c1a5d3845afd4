"""A whole name in one column, split into surname, given name and patronymic."""

import re

_PATRONYMIC = re.compile(
    r".{2,}(вич|вна|ична|інічна|ьич|мич|кич|евич|ович|івна|ївна|їч"
    r"|(v|w)(ic|ich|ych|itch|yč|ič|ytch)|(vn|vna)|ov?na|evna|ivna|yivna|ichna|ych)$",
    re.IGNORECASE,
)
_SON_OF = re.compile(r"(оглы|огли|кызы|кизи|ogl[yiu]|oglu|k[yi]z[yi]|угли|ugli)$", re.IGNORECASE)
_SURNAME = re.compile(
    r"(ов|ев|єв|ёв|ин|ін|їн|ський|цький|ский|цкий|енко|єнко|чук|юк|ук|ян|швили|дзе|ко"
    r"|ov|ev|yev|in|skiy|sky|skyi|skii|tsky|enko|chuk|yuk|uk|yan|shvili|dze)$",
    re.IGNORECASE,
)
_SURNAMES_LIKE = {"константин", "костянтин", "валентин", "марин", "benjamin", "konstantin",
    "kostiantyn", "valentin", "мартин", "martin", "августин", "рустин", "ян", "рамин", "ruslan",
    "армен", "герман", "иван", "yan", "марк", "лев", "lev", "микола", "кузьма"}  # fmt: skip


def split_name(full: str) -> tuple[str, str, str]:
    """Surname, given name, patronymic; what is not there is "".

    The surname stands first unless the patronymic, or the forms of two words, say otherwise.
    It is a guess for search; the card keeps the name as received.
    """
    if "," in full:
        surname, _, rest = full.partition(",")
        _, given, patronymic = split_name(f"x {rest.strip()}") if rest.strip() else ("", "", "")
        return surname.strip(), given, patronymic
    words = full.split()
    if len(words) > 3 and _SON_OF.match(words[-1]):
        words[-2:] = [f"{words[-2]} {words[-1]}"]
    if len(words) < 3:
        return _of_two(words)
    if len(words) == 3 and _is_patronymic(words[1]) and not _is_patronymic(words[2]):
        return words[2], words[0], words[1]
    if len(words) == 3:
        return words[0], words[1], words[2]
    return " ".join(words[:-2]), words[-2], words[-1]


def _of_two(words: list[str]) -> tuple[str, str, str]:
    if not words:
        return "", "", ""
    if len(words) == 1:
        return words[0], "", ""
    first, second = words
    if _is_surname(second) and not _is_surname(first):
        return second, first, ""
    return first, second, ""


def _is_patronymic(word: str) -> bool:
    return bool(_PATRONYMIC.match(word) or _SON_OF.search(word))


def _is_surname(word: str) -> bool:
    return bool(_SURNAME.search(word)) and word.lower() not in _SURNAMES_LIKE
