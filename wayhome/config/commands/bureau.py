"""Commands about the people of the bureau."""

import secrets
import sys
from typing import Any

import click

from wayhome.config.commands.shell import (
    EXIT_WRONG_USE,
    Failure,
    as_json,
    bureau,
    made_folder,
    refusals_told,
    say,
    say_json,
)


@click.group()
def site() -> None:
    """Places of work."""


@site.command("create")
@click.argument("code")
@click.argument("name")
@as_json
def create_site(code: str, name: str, as_json: bool) -> None:
    """Open the site CODE (one to four Latin capitals) under this NAME."""
    with bureau(), refusals_told():
        from wayhome.bureau.journal.actions import MACHINE
        from wayhome.bureau.staff.actions import open_site

        opened = open_site(code=code, name=name, by=MACHINE)
    told = {"code": opened.code, "name": opened.name}
    if as_json:
        say_json(told)
    else:
        say(", ".join(f"{key} {value}" for key, value in told.items()))


@click.group()
def staff() -> None:
    """Accounts of the staff."""


@staff.command("create")
@click.argument("username")
@click.option("--role", required=True, help="One of those that `wayhome access` lists.")
@click.option("--site", default="A", show_default=True, help="The code of the site.")
@click.option("--language", type=click.Choice(["uk", "ru", "en"]), default="uk", show_default=True)
@click.option(
    "--reads", multiple=True, help="A language of letters that a call supervisor reads; repeat it."
)
@click.option("--profession", default="", help="What a member of boards learned, e.g. lawyer.")
@click.option("--password-stdin", is_flag=True, help="Read the password; else one is made.")
@as_json
def create(
    username: str,
    role: str,
    site: str,
    language: str,
    reads: tuple[str, ...],
    profession: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Open an account for USERNAME. At the first log-in its second factor is set up."""
    password = read_password() if password_stdin else secrets.token_urlsafe(15)
    with bureau(), refusals_told():
        account = open_account(
            username, password, role, site,
            language=language, reads=reads, profession=profession,
        )  # fmt: skip
    told = {"username": username, "number": account.number, "role": role, "site": site}
    if not password_stdin:
        told["password"] = password
    if as_json:
        say_json(told)
    else:
        say(", ".join(f"{name} {value}" for name, value in told.items()))


def read_password() -> str:
    """The first line of standard input."""
    return sys.stdin.readline().rstrip("\n")


def open_account(
    username: str,
    password: str,
    role: str,
    site: str,
    *,
    language: str,
    reads: tuple[str, ...],
    profession: str = "",
) -> Any:
    """Open the account, by the administrator at the command line."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError

    from wayhome.bureau.journal.actions import MACHINE
    from wayhome.bureau.staff.actions import create_staff

    try:
        validate_password(password)
        return create_staff(
            username=username,
            password=password,
            role=staff_role(role),
            site=known_site(site),
            by=MACHINE,
            language=language,
            reads=reads,
            profession=known_profession(profession) if profession else None,
        )
    except ValidationError as error:
        raise Failure(" ".join(error.messages), EXIT_WRONG_USE) from None
    except IntegrityError:
        raise Failure(f"There is an account {username} already.") from None


def staff_role(role: str) -> Any:
    """The role of that name, if staff can have it. Raises Failure otherwise."""
    from wayhome.bureau.staff.permissions import NOT_STAFF, Role

    possible = [one.value for one in Role if one not in NOT_STAFF]
    if role not in possible:
        raise Failure(f"No role of staff: {role}. One of {', '.join(possible)}.", EXIT_WRONG_USE)
    return Role(role)


def known_profession(name: str) -> Any:
    """The profession of that name. Raises Failure if the list has none."""
    from wayhome.bureau.staff.rules import Profession

    possible = [one.value for one in Profession]
    if name not in possible:
        raise Failure(f"No profession: {name}. One of {', '.join(possible)}.", EXIT_WRONG_USE)
    return Profession(name)


def known_site(code: str) -> Any:
    """The site of that code. Raises Failure if there is none."""
    from wayhome.bureau.staff.models import Site

    found = Site.objects.filter(code=code).first()
    if found is None:
        raise Failure(f"There is no site {code}: `wayhome site create`.", EXIT_WRONG_USE)
    return found


@click.command()
@click.option("--role", required=True, help="Any role of the access table, also family, captive.")
@click.option("--site", default="", help="The code of a site.")
@as_json
def session(role: str, site: str, as_json: bool) -> None:
    """Open a session for an invented person: in a demo's data folder only."""
    if not made_folder().is_demo:
        raise Failure("Sessions are opened from outside in a demo's data folder only.")
    with bureau():
        from wayhome.config.sessions import open_session

        try:
            opened = open_session(role, site)
        except ValueError as error:
            raise Failure(str(error), EXIT_WRONG_USE) from None
    if as_json:
        say_json(opened)
    else:
        say(" ".join(f"{name}={value}" for name, value in opened["cookies"].items()))
