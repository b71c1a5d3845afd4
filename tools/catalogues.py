"""What the catalogues of translations are made of: strings found in code, translations in parts."""

import re
import runpy
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wayhome"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("uk", "ru")  # English is the source
FORMS = 3  # of a plural: 1, 2, 5
SLAVIC_PLURAL = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "__": None,
    "n_": (1, 2),
    "p_": ((1, "c"), 2),
}
SEPARATOR = "\x04"  # between a context and its string, as gettext has it
HEADER = "# Made by `make messages` from wayhome/locale/parts; edit those."

Ident = str | tuple[str, str]
Key = tuple[str, Ident]  # context, string or (singular, plural)
Translation = str | tuple[str, ...]


@dataclass
class Found:
    """One string of the source, and where it stands."""

    key: Key
    places: list[str] = field(default_factory=list)

    @property
    def texts(self) -> tuple[str, ...]:
        """Its English, in one form or two."""
        ident = self.key[1]
        return ident if isinstance(ident, tuple) else (ident,)

    @property
    def for_families(self) -> bool:
        """Whether a family or a captive may read it."""
        return any(_for_families(place) for place in self.places)


FAMILY_FOLDERS = (
    "wayhome/web/portal/",
    "wayhome/web/tablet/",
    "wayhome/web/templates/portal/",
    "wayhome/web/templates/tablet/",
    "wayhome/web/templates/components/",
    "wayhome/web/templates/forms/",
)


def _for_families(place: str) -> bool:
    shared = re.match(r"wayhome/web/(?:templates/)?[^/]+:\d+$", place)
    return bool(shared) or place.startswith(FAMILY_FOLDERS)


def _python_of(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return source
    # What is left of a template is calls among X's; its indentation means nothing to Python.
    return "\n".join(line.lstrip() for line in templatize(source).splitlines())


def sources(package: Path = PACKAGE) -> list[Path]:
    """Every file of the package that may hold a string to translate."""
    python = [p for p in package.rglob("*.py") if not {"migrations", "locale"} & {*p.parts}]
    pages = [p for kind in ("html", "txt") for p in package.rglob(f"templates/**/*.{kind}")]
    return sorted(python + pages)


def extract_all(package: Path = PACKAGE) -> dict[Key, Found]:
    """Find every string to translate, in the order of files and lines."""
    found: dict[Key, Found] = {}
    for path in sources(package):
        name = path.relative_to(package.parent)
        code = BytesIO(_python_of(path).encode())
        for line, ident, _comments, context in extract("python", code, KEYWORDS, (), {}):
            key = cast(Key, (context or "", ident))
            found.setdefault(key, Found(key)).places.append(f"{name}:{line}")
    return found


def key_of_part(written: Any) -> Key:
    """Read a key of a part: "text", "context\\x04text", or (singular, plural) of either."""
    if isinstance(written, tuple):
        context, _, singular = written[0].rpartition(SEPARATOR)
        return context, (singular, written[1].rpartition(SEPARATOR)[2])
    context, _, text = written.rpartition(SEPARATOR)
    return context, text


def read_parts(folder: Path) -> tuple[dict[Key, dict[str, Translation]], list[str]]:
    """Read every part; returns the translations and what is wrong with them."""
    merged: dict[Key, dict[str, Translation]] = {}
    origin: dict[Key, str] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.py")):
        if path.stem.startswith("__"):
            continue
        for written, pair in runpy.run_path(str(path))["TRANSLATIONS"].items():
            key = key_of_part(written)
            here = dict(zip(LANGUAGES, pair, strict=True))
            if merged.get(key, here) != here:
                faults.append(f"{path.name}: {shown(key)}: translated otherwise in {origin[key]}")
            merged.setdefault(key, here)
            origin.setdefault(key, path.name)
    return merged, faults


def shown(key: Key) -> str:
    """A key as a line of a report says it."""
    context, ident = key
    text = ident[0] if isinstance(ident, tuple) else ident
    return f"[{context}] {text!r}" if context else repr(text)


class Timeless(Catalog):
    """A catalogue whose files depend on the strings in it and on nothing else."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """No hour, no author, no version of a tool."""
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", SLAVIC_PLURAL),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def catalogue(
    language: str,
    found: dict[Key, Found],
    parts: dict[Key, dict[str, Translation]],
    *,
    only_translated: bool = False,
) -> Catalog:
    """Build one language's catalogue; a string without translation stays empty in it."""
    catalog = Timeless(locale=language, fuzzy=False, header_comment=HEADER)
    # Ours for both languages, in whole numbers; CLDR's fourth form is for fractions.
    catalog._num_plurals = FORMS  # type: ignore[assignment]
    for key in sorted(found, key=str):
        context, ident = key
        string = parts.get(key, {}).get(language, "")
        if only_translated and not string:
            continue
        files = sorted({place.rpartition(":")[0] for place in found[key].places})
        catalog.add(
            ident,
            ("",) * FORMS if isinstance(ident, tuple) and not string else string,
            locations=[(file, 1) for file in files],  # the line is not written
            context=context or None,
        )
    return catalog


def po_of(catalog: Catalog) -> bytes:
    """The catalogue as text."""
    out = BytesIO()
    write_po(out, catalog, width=100, include_lineno=False)
    return out.getvalue()


def mo_of(catalog: Catalog) -> bytes:
    """The catalogue as the running program reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def folder_of(language: str, locale: Path = LOCALE) -> Path:
    """Where a language's two files lie."""
    return locale / language / "LC_MESSAGES"


def template_text(catalog_keys: dict[Key, Found]) -> str:
    """The strings with their places, for somebody who translates."""
    out = StringIO()
    for found in catalog_keys.values():
        print(f"{shown(found.key)}  {found.places[0]}", file=out)
    return out.getvalue()
