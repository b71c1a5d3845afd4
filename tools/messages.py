"""Extract, merge and check the translations: `python -m tools.messages extract|merge|check`.

English stands in the source. Translations stand in wayhome/locale/parts/<area>.py:

    TRANSLATIONS = {
        "Continue": ("Далі", "Далее"),                              # (Ukrainian, Russian)
        "date\\x04Day": ("День", "День"),                            # context\\x04text
        ("%(count)s card", "%(count)s cards"): (                     # (singular, plural)
            ("%(count)s картка", "%(count)s картки", "%(count)s карток"),      # 1, 2, 5
            ("%(count)s карточка", "%(count)s карточки", "%(count)s карточек"),
        ),
    }

    SAME = {"Journal"}  # English strings that may look alike in two languages

`extract` lists every string of the source with its place, and `extract --missing` a part to fill
in for those without translation. `merge` makes wayhome/locale/<language>/LC_MESSAGES/django.po
and .mo of all parts; both are committed. `check` fails for a string without translation, for
gaps that differ, for texts equal in two languages (but those in a SAME or, one a line, in
wayhome/locale/same.txt), for files that are not what `merge` would make, for text in a template
that no tag translates, and for words and long sentences that wayhome/web/voice.py forbids.
"""

import argparse
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.catalogues import (
    FORMS,
    LANGUAGES,
    LOCALE,
    PACKAGE,
    Found,
    Key,
    Translation,
    catalogue,
    extract_all,
    folder_of,
    mo_of,
    po_of,
    read_parts,
    shown,
    template_text,
)
from tools.templates import lint_all
from wayhome.web.voice import Audience, forbidden_in, long_sentences

GAP = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
LETTER = re.compile(r"[^\W\d_]")
TAG = re.compile(r"<[^>]*>")
Parts = dict[Key, dict[str, Translation]]


def forms_of(translation: Translation) -> tuple[str, ...]:
    """A translation's forms: one, or those of a plural."""
    return (translation,) if isinstance(translation, str) else translation


def gaps(text: str) -> list[str]:
    """The named gaps and tags of a text, in any order."""
    return sorted(GAP.findall(text) + TAG.findall(text))


def same_allowed(locale: Path) -> set[str]:
    """English strings whose translations may look the same."""
    path = locale / "same.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    listed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    parts = (runpy.run_path(str(part)) for part in sorted((locale / "parts").glob("*.py")))
    return listed.union(*(part.get("SAME", ()) for part in parts))


def faults_of_translation(found: Found, language: str, translation: Translation) -> Iterator[str]:
    """Say what is missing in one translation."""
    forms = forms_of(translation)
    plural = isinstance(found.key[1], tuple)
    if not all(form.strip() for form in forms):
        yield f"{language}: no translation"
    elif len(forms) != (FORMS if plural else 1):
        yield f"{language}: {len(forms)} forms"
    else:
        wanted = gaps(found.texts[-1])
        yield from (
            f"{language}: other gaps than the English: {f!r}" for f in forms if gaps(f) != wanted
        )


def faults_of_sameness(found: Found, translations: dict[str, Translation]) -> Iterator[str]:
    """Say which two languages say the same."""
    if not LETTER.search(GAP.sub("", TAG.sub("", found.texts[0]))):
        return
    forms = {language: forms_of(one)[0].strip() for language, one in translations.items()}
    forms["en"] = found.texts[0].strip()
    for one, other in (("uk", "en"), ("ru", "en"), ("uk", "ru")):
        if forms.get(one) and forms.get(one) == forms.get(other):
            yield f"{one} says the same as {other}; if it should, list it as SAME"


def faults_of_voice(text: str, language: str, *, for_families: bool) -> Iterator[str]:
    """Say what a family, or staff, should not be told so."""
    audience: Audience = "family" if for_families else "staff"
    plain = TAG.sub(" ", text)
    yield from (
        f"{language}: forbidden: {word!r}" for word in forbidden_in(plain, language, audience)
    )
    if for_families:
        yield from (f"{language}: a long sentence: {one!r}" for one in long_sentences(text))


def faults_of_string(found: Found, parts: Parts, same: set[str]) -> Iterator[str]:
    """Say everything that is wrong with one string in all languages."""
    translations = parts.get(found.key, {})
    for text in found.texts:
        yield from faults_of_voice(text, "en", for_families=found.for_families)
    for language in LANGUAGES:
        translation = translations.get(language, "")
        yield from faults_of_translation(found, language, translation)
        for text in forms_of(translation):
            yield from faults_of_voice(text, language, for_families=found.for_families)
    if found.texts[0] not in same:
        yield from faults_of_sameness(found, translations)


def files_of(language: str, found: dict[Key, Found], parts: Parts) -> dict[str, bytes]:
    """The two files of one language's catalogue."""
    # What is not translated must not be in the second: it would be shown as nothing.
    translated = catalogue(language, found, parts, only_translated=True)
    whole = catalogue(language, found, parts)
    return {"django.po": po_of(whole), "django.mo": mo_of(translated)}


def stale(found: dict[Key, Found], parts: Parts, locale: Path) -> Iterator[str]:
    """Say which committed file is not what `merge` would make."""
    for language in LANGUAGES:
        for name, content in files_of(language, found, parts).items():
            path = folder_of(language, locale) / name
            if not path.exists() or path.read_bytes() != content:
                yield f"{path}: stale; run `make messages`"


def check(package: Path = PACKAGE, locale: Path = LOCALE) -> list[str]:
    """Everything that is wrong with the translations, each fault a line."""
    found = extract_all(package)
    parts, faults = read_parts(locale / "parts")
    same = same_allowed(locale)
    faults += [
        f"{one.places[0]}: {shown(one.key)}: {fault}"
        for one in found.values()
        for fault in faults_of_string(one, parts, same)
    ]
    faults += lint_all(package)
    return faults or list(stale(found, parts, locale))


def merge(package: Path = PACKAGE, locale: Path = LOCALE) -> list[str]:
    """Write the catalogues; returns the parts' strings that the source no longer holds."""
    found = extract_all(package)
    parts, _faults = read_parts(locale / "parts")
    for language in LANGUAGES:
        folder = folder_of(language, locale)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files_of(language, found, parts).items():
            (folder / name).write_bytes(content)
    return [shown(key) for key in parts if key not in found]


def missing_part(found: dict[Key, Found], parts: Parts) -> str:
    """A part with every string that has no translation yet, to be filled in."""
    lines = ["TRANSLATIONS = {"]
    for one in found.values():
        if one.key not in parts:
            context, ident = one.key
            marked = tuple(f"{context}\x04{text}" if context else text for text in one.texts)
            plural = isinstance(ident, tuple)
            empty = (("",) * FORMS, ("",) * FORMS) if plural else ("", "")
            lines += [
                f"    # {one.places[0]}",
                f"    {marked if plural else marked[0]!r}: {empty},",
            ]
    return "\n".join([*lines, "}"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages")
    parser.add_argument("command", choices=("extract", "merge", "check"))
    parser.add_argument("--missing", action="store_true", help="only strings without translation")
    options = parser.parse_args()
    if options.command == "extract":
        found = extract_all()
        parts, _faults = read_parts(LOCALE / "parts")
        print(missing_part(found, parts) if options.missing else template_text(found))
        return 0
    if options.command == "merge":
        for unused in merge():
            print(f"no longer used: {unused}", file=sys.stderr)
        return 0
    faults = check()
    print("\n".join(faults) if faults else "translations: complete")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
