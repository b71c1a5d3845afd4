"""Programmes and acts of law of a demo, at several stages; each of them invented but the first."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.returns.grounds import LawfulAct, check_ground, record_ground
from wayhome.bureau.returns.models import Ground, Programme
from wayhome.bureau.returns.programmes import (
    draft_programme,
    end_programme,
    publish_programme,
)
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.returns.rules.grounds import GroundKind
from wayhome.bureau.returns.rules.programmes import ProgrammeState, Told
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder

FIRST = Path(__file__).with_name("files") / "programme-2022-03-02.toml"
LAW = "Статут внутрішньої служби, стаття про полон (вигадана)"
NEUTRAL = "Угода з нейтральною державою № 2 (вигадана)"


def told_in(path: Path) -> Told:
    """A programme as a file has it."""
    read: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    several = ("comes", "roads", "crossings", "phones")
    texts = {
        language: {part: text.strip() for part, text in parts.items()}
        for language, parts in read["texts"].items()
    }
    told: dict[str, Any] = {
        name: tuple(value) if name in several else value for name, value in read.items()
    }
    return Told(**{**told, "texts": texts, "closes_on": read.get("closes_on")})


@transaction.atomic
def tell(folder: Folder, bar: Any) -> dict[str, int]:
    """The announcement of March 2022, one whose time is over, a draft; a law and an agreement."""
    if not Programme.objects.exists():
        first, second = staff_of(Role.LEGAL), staff_of(Role.LEGAL, "B")
        told = told_in(FIRST)
        publish_programme(programme=draft_programme(told=told, by=first), by=second)
        over = publish_programme(programme=draft_programme(told=_over(told), by=second), by=first)
        reason = "Строк програми минув."
        end_programme(programme=over, to=ProgrammeState.CLOSED, reason=reason, by=second)
        draft_programme(told=_unfinished(told), by=first)
    if not Ground.objects.filter(reference=LAW).exists():
        _acts_of_law()
    bar(1, 1)
    return {"programmes": Programme.objects.count()}


def _over(told: Told) -> Told:
    yesterday = timezone.localdate() - timedelta(days=1)
    titles = {"uk": "Зимові зустрічі", "ru": "Зимние встречи", "en": "Winter meetings"}
    acts = {"uk": "Наказ № 3 (вигаданий)", "ru": "Приказ № 3 (вымышленный)",
            "en": "Order No. 3 (invented)"}  # fmt: skip
    texts = {
        language: {**parts, "title": titles[language], "act": acts[language]}
        for language, parts in told.texts.items()
    }
    return replace(
        told, legal_act=acts["uk"], closes_on=yesterday, texts=texts,
        opens_on=yesterday - timedelta(days=60),
    )  # fmt: skip


def _unfinished(told: Told) -> Told:
    """What a second person cannot publish yet: no text in English, no road for the lonely."""
    texts = {language: dict(told.texts[language]) for language in ("uk", "ru")}
    texts["uk"]["title"], texts["ru"]["title"] = "Поранені", "Раненые"
    roads = (Road.MEDICAL.value, Road.NEUTRAL.value)
    return replace(told, legal_act="", roads=roads, alone="", texts=texts)


def _acts_of_law() -> None:
    """A law that does not allow parole, checked; an agreement that waits for the second lawyer."""
    today = timezone.localdate()
    law = LawfulAct(GroundKind.PAROLE_LAW, LAW, "", today, allows=False)
    kept = record_ground(act=law, by=staff_of(Role.LEGAL))
    check_ground(ground=kept, only_improves=True, by=staff_of(Role.LEGAL, "B"))
    agreed = LawfulAct(GroundKind.NEUTRAL, NEUTRAL, "cabinet", today, today + timedelta(days=365))
    record_ground(act=agreed, by=staff_of(Role.LEGAL, "B"))
