"""The pages of docs/ say what the code has, and lead nowhere that is not there."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome
from wayhome.web.voice import forbidden_in, long_sentences

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
LARGEST_PICTURE_BYTES = 200_000
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
# Whatever tells of one machine, of where packages came from, or of how the text was made.
NOT_OURS = re.compile(
    r"(?<![\w.])/(?:work|home|root|tmp|Users|var/folders)/"
    r"|pypi\.org|pythonhosted|registry\.npm|npmjs|artifactory|nexus"
    r"|\bAI\b|\bLLM\b|language model|\bchat ?bot|\bprompts?\b"
    r"|\bhelpers?\b|\bthis issue\b|\bissue #?\d"
    r"|\bTODO\b|\bFIXME\b|\bTBD\b|lorem ipsum",
    re.IGNORECASE,
)
by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors_of(page: Path) -> set[str]:
    """The anchors that the headings of a page make."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def dead_links(page: Path, text: str) -> list[str]:
    """The links in this text that lead to no file, or to no heading of it."""
    dead = []
    for target in LINK.findall(CODE.sub("", text)):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        to = (page.parent / path).resolve() if path else page
        if not to.exists() or (anchor and anchor not in anchors_of(to)):
            dead.append(target)
    return dead


@by_page
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page, text_of(page)) == []


def test_a_dead_link_would_be_noticed() -> None:
    page = DOCS / "ARCHITECTURE.md"

    text = "[a](nowhere.md) [b](GLOSSARY.md#nothing) [c](GLOSSARY.md#people) [d](GLOSSARY.md)"

    assert dead_links(page, text) == ["nowhere.md", "GLOSSARY.md#nothing"]


@by_page
def test_pages_tell_of_wayhome_and_of_nothing_else(page: Path) -> None:
    assert NOT_OURS.findall(text_of(page)) == []


def test_what_is_not_ours_would_be_noticed() -> None:
    for text in ("see /work/x", "from https://pypi.org/simple", "written by an AI", "TODO: more"):
        assert NOT_OURS.search(text), text


# Decisions


def test_decisions_are_numbered_once_without_a_gap() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]

    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_context_decision_and_consequences_on_one_page(page: Path) -> None:
    text = text_of(page)

    assert text.startswith(f"# {page.name[:4]}: ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]
    assert len(text.splitlines()) <= 50


@pytest.mark.parametrize("folder", ["decisions", "methods"])
def test_an_index_lists_every_page_beside_it(folder: str) -> None:
    index = DOCS / folder / "README.md"
    listed = {target for target in LINK.findall(text_of(index)) if "/" not in target}

    assert listed == {page.name for page in index.parent.glob("*.md")} - {"README.md"}


def test_the_index_calls_decisions_by_their_titles() -> None:
    index = text_of(DOCS / "decisions" / "README.md")

    for page in DECISIONS:
        title = text_of(page).splitlines()[0].removeprefix("# ")
        assert f"- [{page.name[:4]}]({page.name}): {title[6:]}\n" in index


# What the code has


def commands(group: click.Group, before: str = "wayhome") -> set[str]:
    """Every command as it is typed."""
    found = set()
    for name, command in group.commands.items():
        whole = f"{before} {name}"
        found.add(whole)
        if isinstance(command, click.Group):
            found |= commands(command, whole)
    return found


def commands_in(text: str) -> set[str]:
    """The commands of ours that a page tells somebody to type."""
    typed = re.findall(r"`(wayhome [^`]*)`", text)
    typed += re.findall(r"^\s*(?:\S*/)?(wayhome .*)$", "\n".join(CODE.findall(text)), re.MULTILINE)
    words = (re.match(r"wayhome(?: [a-z][a-z-]*)+", one) for one in typed)
    return {found.group() for found in words if found}


@by_page
def test_pages_name_only_commands_that_there_are(page: Path) -> None:
    known = commands(wayhome)
    unknown = {
        one
        for one in commands_in(text_of(page))
        if not any(one == name or one.startswith(f"{name} ") for name in known)
    }

    assert unknown == set()


def test_an_unknown_command_would_be_noticed() -> None:
    assert commands_in("Type `wayhome frobnicate`.") == {"wayhome frobnicate"}
    assert "wayhome frobnicate" not in commands(wayhome)
    assert "wayhome journal verify" in commands(wayhome)


def test_the_help_says_where_data_lie_as_the_readme_does() -> None:
    told = CliRunner().invoke(wayhome, ["--help"]).output

    for name in ("WAYHOME_DATA_DIR", "DATABASE_URL"):
        assert name in told
        assert name in text_of(ROOT / "README.md")


def test_the_map_names_every_subject_from_below() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", text_of(DOCS / "ARCHITECTURE.md"), re.MULTILINE)
    contract = re.search(
        r'name = "Each subject knows only those below it"\ntype = "layers"\nlayers = \[(.*?)\]',
        text_of(ROOT / "pyproject.toml"),
        re.DOTALL,
    )
    assert contract

    assert rows == re.findall(r"wayhome\.bureau\.(\w+)", contract[1])[::-1]


def in_words(value: object) -> str:
    """A constant as the glossary writes it; less than two days are told in hours."""
    if not isinstance(value, timedelta):
        return str(value)
    for unit, seconds in (("days", 172_800), ("hours", 7_200), ("minutes", 120)):
        size = {"days": 86_400, "hours": 3_600, "minutes": 60}[unit]
        if value.total_seconds() >= seconds:
            return f"{int(value.total_seconds()) // size} {unit}"
    return f"{int(value.total_seconds())} seconds"


def test_the_glossary_gives_the_numbers_that_the_code_has() -> None:
    rows = re.findall(r"^\| `([\w.]+)\.([A-Z_]+)` \| (.+?) \| (.+?) \|$",
                      text_of(DOCS / "GLOSSARY.md"), re.MULTILINE)  # fmt: skip
    assert rows

    for module, name, value, source in rows:
        code = getattr(importlib.import_module(f"wayhome.{module}"), name)
        assert value == in_words(code), name
        assert source, name


def test_the_glossary_has_every_word_in_three_languages() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text_of(DOCS / "GLOSSARY.md").splitlines()
        if line.startswith("| ") and line.count("|") == 5
    ]

    assert len(rows) > 60
    assert [row for row in rows if not all(row)] == []


# The page for families speaks as the portal does


@pytest.mark.parametrize(
    ("language", "name"),
    [
        (language, f"{page}{ending}.md")
        for page in ("mother", "first-call")
        for language, ending in (("en", ""), ("uk", ".uk"), ("ru", ".ru"))
    ],
)
def test_the_guide_for_families_says_nothing_that_they_must_not_read(
    language: str, name: str
) -> None:
    text = text_of(DOCS / "guides" / name)
    # Items and rows end a sentence, as paragraphs do.
    apart = re.sub(r"\n(?=[-|#!]|\d+\.)", "\n\n", text)

    assert forbidden_in(text, language) == []
    assert long_sentences(apart) == []


# Pictures


def pictures() -> list[Path]:
    return sorted((DOCS / "pictures").glob("*"))


def test_pictures_are_small_and_each_is_shown_somewhere() -> None:
    shown = {Path(target).name for page in PAGES for target in LINK.findall(text_of(page))}

    assert [p.name for p in pictures() if p.stat().st_size > LARGEST_PICTURE_BYTES] == []
    assert [p.name for p in pictures() if p.name not in shown] == []
