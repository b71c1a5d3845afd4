"""What no template may hold: text that is not translated, and code that the headers forbid."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

NAME = "Wayhome"  # said alike in every language
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = frozenset({"alt", "title", "aria-label", "placeholder", "summary"})
WHOLE_BLOCKS = {
    "blocktranslate": "endblocktranslate",
    "blocktrans": "endblocktrans",
    "comment": "endcomment",
}
NO_CLOSING = ("script", "style")
NOT_SHOWN = ("_class", "_role")  # blocks so named fill an attribute that nobody reads


class _Page(HTMLParser):
    """Finds words and code in a template whose tags were blanked out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[tuple[int, str]] = []
        self.code = 0

    def fault(self, text: str) -> None:
        """Note one fault at the line where the reader is."""
        self.faults.append((self.getpos()[0], text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in NO_CLOSING
        names = {name for name, _value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.fault(f"inline <{tag}>")
        for name, value in attrs:
            self._attribute(name, value or "")

    def _attribute(self, name: str, value: str) -> None:
        if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")):
            self.fault(f"inline code in {name}=")
        if name.endswith("hx-vals") and value.lstrip().startswith(("js:", "javascript:")):
            self.fault("hx-vals with code")
        if name.endswith("hx-trigger") and "[" in value:
            self.fault("hx-trigger with a filter")
        if name in {"src", "href", "action"} and re.match(r"(https?:)?//", value):
            self.fault(f"{name}= to another host")
        if name in SPOKEN:
            self._text(value)

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in NO_CLOSING

    def handle_data(self, data: str) -> None:
        if not self.code:
            self._text(data)

    def _text(self, text: str) -> None:
        if WORD.search(text.replace(NAME, "")):
            self.fault(f"not translated: {' '.join(text.split())!r}")


def _fills_attribute(contents: str, word: str) -> bool:
    return word == "block" and contents.split()[1].endswith(NOT_SHOWN)


def _blanked(source: str) -> str:
    """The template's HTML alone: a tag becomes a space, keeping the lines' numbers."""
    out: list[str] = []
    until = ""
    for token in Lexer(source).tokenize():
        kind = token.token_type
        word = token.contents.split()[0] if kind == TokenType.BLOCK and token.contents else ""
        lines = "\n" * token.contents.count("\n")
        if until:
            until = "" if word == until else until
            out.append(lines)
        elif word in WHOLE_BLOCKS or _fills_attribute(token.contents, word):
            until = WHOLE_BLOCKS.get(word, "endblock")
            out.append(lines)
        else:
            out.append(token.contents if kind == TokenType.TEXT else f" {lines}")
    return "".join(out)


def lint(source: str) -> Iterator[tuple[int, str]]:
    """Say, by line, what is wrong with one template."""
    page = _Page()
    page.feed(_blanked(source))
    page.close()
    yield from page.faults


def lint_all(package: Path) -> list[str]:
    """Say what is wrong with every page of the package."""
    return [
        f"{path.relative_to(package.parent)}:{line}: {fault}"
        for path in sorted(package.rglob("templates/**/*.html"))
        for line, fault in lint(path.read_text(encoding="utf-8"))
    ]
