"""What belongs to one country and to no law of all: a profile, read from one file.

The neutral, the authorities that may sign, terms, and figures of policy. Another country's file is
taken as it is: `WAYHOME_PROFILE` names a shipped one ("ua") or the path of one's own.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

HERE = Path(__file__).parent
Words = dict[str, str]  # by language: uk, ru, en


class ProfileUnreadable(ValueError):
    """The file of a profile is missing something, or holds what cannot be. Says what and where."""


@dataclass(frozen=True)
class Named:
    """Something with a name in every language, known by a code."""

    code: str
    names: Words

    def __str__(self) -> str:
        return self.names.get(get_language() or "en", self.names["en"])


@dataclass(frozen=True)
class Profile:
    """One country, as its file has it. `within` are days, by whom a reason can be changed."""

    code: str
    state: Words
    capital: Words
    power: Words  # whose soldiers are held
    authorities: tuple[Named, ...]  # who may sign a programme or an order
    neutrals: tuple[Named, ...]
    crossings: tuple[Named, ...]
    second_way: Words  # where a family checks that something is really from us
    within: dict[str, int]
    baggage_kg: int

    def authority(self, code: str) -> Named | None:
        return next((one for one in self.authorities if one.code == code), None)


LANGUAGES = ("uk", "ru", "en")
# Whoever can change a reason and has a day for it: bureau.returns.rules.Whose.
ACTORS = ("neutral", "physician", "legal officer", "decision officer", "coordinator",
          "tracing officer", "registrar")  # fmt: skip
LEAST_BAGGAGE_KG = 25  # GC III 119: no profile may promise less


def profile() -> Profile:
    """The profile that the settings name."""
    return read(path_of(settings.PROFILE))


def path_of(name: str) -> Path:
    shipped = HERE / f"{name}.toml"
    return shipped if shipped.exists() else Path(name)


@cache
def read(path: Path) -> Profile:
    """Read a profile. Raises ProfileUnreadable with the first thing that is wrong."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ProfileUnreadable(f"{path.name}: {fault}") from fault
    try:
        return _profile(told)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ProfileUnreadable(f"{path.name}: missing or of another kind: {fault}") from fault


def _profile(told: dict[str, Any]) -> Profile:
    within = {name: int(told["within_days"][name]) for name in ACTORS}
    baggage = int(told["policy"]["baggage_kg"])
    if baggage < LEAST_BAGGAGE_KG:
        raise ProfileUnreadable("policy.baggage_kg: at least 25 (GC III 119)")
    if min(within.values()) < 1:
        raise ProfileUnreadable("within_days: at least one day each")
    return Profile(
        code=str(told["policy"]["code"]),
        state=_words(told["state"]),
        capital=_words(told["capital"]),
        power=_words(told["power"]),
        authorities=_named(told, "authorities"),
        neutrals=_named(told, "neutrals"),
        crossings=_named(told, "crossings"),
        second_way=_words(told["second_way"]),
        within=within,
        baggage_kg=baggage,
    )


def _words(told: Words) -> Words:
    return {language: told[language] for language in LANGUAGES}


def _named(told: dict[str, Any], kind: str) -> tuple[Named, ...]:
    found = tuple(Named(code, _words(names)) for code, names in told[kind].items())
    if not found:
        raise ProfileUnreadable(f"{kind}: at least one is needed")
    return found
