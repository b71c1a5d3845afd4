"""The invented staff of a demo: one for every role at each of two sites, and how they sign in."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.db import transaction
from django.utils import translation

from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.staff.actions import create_staff, keep_profession, open_site
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import NOT_STAFF, ROLE_NAMES, Role
from wayhome.bureau.staff.rules import Profession
from wayhome.config.folder import Folder, write_once
from wayhome.lib.codes import word_list

SITES = {"A": "Пункт А (вигаданий)", "B": "Пункт Б (вигаданий)"}
# Who sits on boards, and beside the one account a role and site who else there is.
PROFESSIONS = {
    "board": Profession.LAWYER,
    "board-b": Profession.PHYSICIAN,
    "board-2": Profession.PSYCHOLOGIST,
    "board-3": Profession.SOCIAL_WORKER,
}
MORE = {"board-2": (Role.BOARD, "A"), "board-3": (Role.BOARD, "B")}
ROLES = tuple(role for role in Role if role not in NOT_STAFF)
KEPT = "demo-log-ins.json"
PASSWORD_WORDS = 4  # of 1,024: as long as it is served to this computer only, enough
TOTP_SECONDS = 30


@dataclass(frozen=True)
class LogIn:
    """How one invented person signs in at /console/."""

    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Secrets:
    """What all invented staff of one folder share, so that one can be anybody in a moment.

    Each has an account of their own; a folder that is no demo has nothing of the kind.
    """

    password: str
    totp: str

    def code(self, *, periods_ahead: int = 0) -> str:
        """The six digits of this half minute."""
        counter = int(time.time()) // TOTP_SECONDS + periods_ahead
        return str(format_hotp_value(hotp_value(self.totp, counter)))


def secrets_of(folder: Folder) -> Secrets:
    """The secrets of this folder, made at random when they are first asked for."""
    fresh = {"password": random_password(), "totp": generate_totp_secret()}
    path = folder.keys / KEPT
    write_once(path, json.dumps(fresh, indent=2).encode() + b"\n")
    return Secrets(**json.loads(path.read_text("utf-8")))


def random_password() -> str:
    """Words that are read off one screen and typed into another."""
    return "-".join(secrets.choice(word_list("en")) for _ in range(PASSWORD_WORDS))


def username_of(role: Role, site: str = "A") -> str:
    """What the person of this role at this site signs in as."""
    return role.value if site == "A" else f"{role.value}-{site.lower()}"


def staff_of(role: Role, site: str = "A") -> Staff:
    """The person of this role at this site."""
    return Staff.objects.get_queryset().get(username=username_of(role, site))


def board_of() -> list[Staff]:
    """Three people of different professions who sit on a board."""
    people = Staff.objects.get_queryset().filter(username__in=list(PROFESSIONS))
    return list(people.order_by("number"))[:3]


def log_ins_of(folder: Folder) -> Iterator[LogIn]:
    """How to sign in, one line for each role, as the person at the first site."""
    password = secrets_of(folder).password
    with translation.override("en"):
        names = {role: str(ROLE_NAMES[role]) for role in ROLES}
    for role, name in names.items():
        yield LogIn(name, username_of(role), password)


def make_people(folder: Folder, progress: Any) -> dict[str, int]:
    """Open the sites and the accounts that are not there yet."""
    for code, name in SITES.items():
        if not Site.objects.filter(code=code).exists():
            open_site(code=code, name=name, by=MACHINE)
    wanted = {username_of(role, code): (role, code) for code in SITES for role in ROLES} | MORE
    for done, (username, (role, code)) in enumerate(wanted.items(), start=1):
        see_to(role, code, secrets_of(folder), username)
        progress(done, len(wanted))
    return {"sites": len(SITES), "accounts": len(wanted)}


@transaction.atomic
def see_to(role: Role, code: str, theirs: Secrets, username: str = "") -> None:
    """Open this account with its second factor, unless it is there."""
    username = username or username_of(role, code)
    profession = PROFESSIONS.get(username)
    if there := Staff.objects.get_queryset().filter(username=username).first():
        if profession and not there.profession:  # of an older demo
            keep_profession(staff=there, profession=profession, by=MACHINE)
        return
    staff = create_staff(
        username=username,
        password=theirs.password,
        role=role,
        site=Site.objects.get(code=code),
        by=MACHINE,
        language=settings.LANGUAGE_CODE,
        reads=("uk", "ru", "en") if role == Role.SUPERVISOR else (),
        profession=profession,
    )
    secret = get_adapter().encrypt(theirs.totp)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": secret})
