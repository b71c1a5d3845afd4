"""Words that Wayhome does not use, by language and by whom it speaks to.

To a family a word can be a verdict, a threat or a hope that we may not give: "not found" differs
from our one sentence for all, «передача» is a parcel for a prison, «дело» a criminal case.
The patterns are stems, so that every case and number of a word is meant; `forbidden_in` looks
at whole words, in any writing of ё, apostrophes, spaces and capitals.
"""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Literal

Audience = Literal["family", "staff"]

# Said to nobody.
_STAFF: dict[str, tuple[str, ...]] = {
    "en": (r"invaders?",),
    "ru": (
        r"репатриа\w*",  # read as bodies
        r"репатриир\w*",
        r"надзирател\w*",
        r"удо",
        r"условно-досрочн\w*",
        r"(?:в|на) украине",
    ),
    "uk": (
        r"репатріа\w*",
        r"репатрію\w*",
        r"наглядач\w*",
        r"удз",
        r"умовно-достроков\w*",
        r"(?:в|у|на) україні",
    ),
}

# Said to no family: news from a machine, and words of prison, police and trade.
_FAMILY: dict[str, tuple[str, ...]] = {
    "en": (
        r"not (?:been )?found",
        r"no match\w*",
        r"nothing new",
        r"no news",
        r"candidates?",
        r"match(?:es|ed|ing)?",
        r"probab\w*",
        r"percent\w*",
        r"per cent",
        r"hand(?:s|ed|ing)? (?:\w+ )?over",
        r"handovers?",
        r"collect\w*",
        r"(?<!in )(?<!in that )(?<!in any )cases?",
        r"assets?",
        r"your (?:son|daughter|husband|brother|father)s?",
        r"missing in action",
    ),
    "ru": (
        r"не (?:был\w* )?найден\w*",
        r"не наш(?:ел|л\w*)",
        r"ничего нового",
        r"нет новост\w*",
        r"новостей нет",
        r"кандидат\w*",
        r"совпад\w*",
        r"вероятн\w*",
        r"процент\w*",
        r"передач\w*",
        r"(?<!на самом )(?<!в самом )дел(?:о|а|у|ом|е|ам|ами|ах)?",
        r"заявлен\w*",
        r"допрос\w*",
        r"допраш\w*",
        r"интервью\w*",
        r"останк\w*",
        r"без вести",
        r"согласи(?:е|я|ю|ем|и)",
        r"ваш\w* (?:сын\w*|доч\w*|муж\w*|брат\w*|отц\w*|отец)",
    ),
    "uk": (
        r"не (?:був |була |було |були )?знайден\w*",
        r"не знайш\w*",
        r"нічого нового",
        r"(?:немає|нема) новин\w*",
        r"новин немає",
        r"кандидат\w*",
        r"збіг(?:у|и|ів|ові|ом|ам|ами|ах)?",
        r"збіга\w*",
        r"[йі]мовірн\w*",
        r"відсот\w*",
        r"процент\w*",
        r"передач\w*",
        r"справ(?:а|и|і|у|ою|о|ам|ами|ах)?",
        r"заяв(?:а|и|і|у|ою|о|ам|ами|ах)?",
        r"допит\w*",
        r"інтерв'ю\w*",
        r"рештк\w*",
        r"останк\w*",
        r"безвісти",
        r"згод(?:а|и|і|у|ою)",
        r"ваш\w* (?:син\w*|доч\w*|чолов\w*|брат\w*|бать\w*)",
    ),
}

FORBIDDEN: dict[Audience, dict[str, tuple[str, ...]]] = {
    "staff": _STAFF,
    "family": {language: _STAFF[language] + _FAMILY[language] for language in _STAFF},
}
LONGEST_SENTENCE = 20  # words
SHOWN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder", "label", "summary"})
_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'", "\u00ad": "", "\u0301": ""})
_SENTENCE_ENDS = re.compile(r"[.!?…]+(?=[\s»”\")]|$)|\n\s*\n|<(?:br|/?p|/?li|/?h\d)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[\w%](?:[\w%()'’ʼ-]*\w)?")


@cache
def _pattern(language: str, audience: Audience) -> re.Pattern[str]:
    words = "|".join(FORBIDDEN[audience][language])
    return re.compile(rf"(?<![\w'-])(?:{words})(?![\w'])")


def _plain(text: str) -> str:
    return " ".join(text.casefold().translate(_SAME).split())


def forbidden_in(text: str, language: str, audience: Audience = "family") -> list[str]:
    """Find the words in `text` that this audience must not read in this language.

    Give text, not HTML; `forbidden_on` takes a page. Returns each find as it was written, in
    small letters, in order.
    """
    return [found.group() for found in _pattern(language, audience).finditer(_plain(text))]


def forbidden_on(html: str, language: str, audience: Audience = "family") -> list[str]:
    """Find the words of a whole page that this audience must not read in this language."""
    # Joined, since a phrase may be split by markup. A word more is found rather than one less.
    return forbidden_in(" ".join(texts_of(html)), language, audience)


def sentences_of(text: str) -> list[str]:
    """Split a text, with or without tags, into its sentences."""
    parts = (_TAG.sub(" ", part) for part in _SENTENCE_ENDS.split(text))
    return [" ".join(part.split()) for part in parts if part.strip()]


def long_sentences(text: str, longest: int = LONGEST_SENTENCE) -> list[str]:
    """The sentences that hold more words than a frightened person takes in."""
    return [one for one in sentences_of(text) if len(_WORD.findall(one)) > longest]


class _Reader(HTMLParser):
    """Takes what a person sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        button = tag == "input" and dict(attrs).get("type") in {"submit", "button"}
        shown = SHOWN_ATTRIBUTES | ({"value"} if button else set())
        self.texts += [value for name, value in attrs if name in shown and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(" ".join(data.split()))


def texts_of(html: str) -> list[str]:
    """Every text and every spoken attribute of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.texts
