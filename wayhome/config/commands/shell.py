"""What all commands share: Django on a running database, what is printed, how it ends."""

import contextlib
import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from wayhome.config.folder import Folder, FolderError
from wayhome.lib.refusal import Refused

EXIT_FAILED = 1
EXIT_WRONG_USE = 2
BAR_WIDTH = 30
BAR_SECONDS = 0.2  # between two drawings on a terminal
LINE_SECONDS = 10.0  # between two lines where there is none

Progress = Callable[[int, int], None]


class Failure(click.ClickException):
    """The command cannot be done: one line for a person, and an exit code."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click has it in the class

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"wayhome: {one_line(self.message)}", file=file or sys.stderr)


class Shell(click.Group):
    """The command line as a whole: whatever happens, one line on standard error."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run one command and exit."""
        try:
            done = super().main(*args, **(kwargs | {"standalone_mode": False}))
        except click.UsageError as error:
            hint = f" Try `{error.ctx.command_path} --help`." if error.ctx else ""
            Failure(f"{error.format_message()}{hint}").show()
            sys.exit(EXIT_WRONG_USE)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)
        except BrokenPipeError:
            quiet_end()
        except FolderError as error:
            Failure(str(error)).show()
            sys.exit(EXIT_FAILED)
        except Exception as error:
            Failure(told_of_a_bug(error)).show()
            sys.exit(EXIT_FAILED)
        sys.exit(done if isinstance(done, int) else 0)


def quiet_end() -> NoReturn:
    """End where nobody reads what we print any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(EXIT_FAILED)


def told_of_a_bug(error: Exception) -> str:
    """Note where a bug struck, and what to tell a person.

    The note holds no message and no value, as these may hold a name; a refusal's codes hold none.
    """
    if os.environ.get("WAYHOME_TRACEBACK") == "1":
        raise error
    what = type(error).__name__
    if isinstance(error, Refused):
        what = f"{what} ({error})"
    reference = f"{int(time.time()):x}"
    frames = "".join(traceback.format_tb(error.__traceback__))
    note = f"{datetime.now(UTC).isoformat()} {reference} {what}\n{frames}\n"
    path = Folder.current().log / "errors.log"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as log:
            log.write(note)
    except OSError:
        return f"An error in the program: {what}. WAYHOME_TRACEBACK=1 shows where."
    return f"An error in the program: {what}. See {reference} in {path}"


def one_line(text: str) -> str:
    """A text of one line."""
    return " ".join(str(text).split())


def say(line: str) -> None:
    """Tell the person at the terminal at once."""
    click.echo(line)
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """Print a value for a program."""
    from django.core.serializers.json import DjangoJSONEncoder

    click.echo(json.dumps(value, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program.")


def made_folder() -> Folder:
    """The data folder of this command. Raises Failure if there is none."""
    folder = Folder.current()
    if not folder.is_made:
        raise Failure(f"{folder.root} is no data folder yet: begin with `wayhome serve` or `demo`")
    return folder


@contextlib.contextmanager
def bureau() -> Iterator[None]:
    """Django, set up as the owner of a database that runs for as long as this lasts.

    A process that our supervisor started already has all of it in its environment.
    """
    if "WAYHOME_PROCESS" in os.environ:
        set_up_django()
        yield
        return
    from wayhome.config.database import Database, DatabaseError

    database = Database.of(made_folder())
    with contextlib.ExitStack() as running:
        try:
            running.enter_context(database.running())
            os.environ.update(database.environment("owner"))
        except DatabaseError as error:
            raise Failure(str(error)) from error
        set_up_django()
        yield


def set_up_django() -> None:
    """Load settings and models."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.config.settings")
    # What is loaded here stays: to look through it for garbage takes an eighth of the time.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()


@contextlib.contextmanager
def refusals_told() -> Iterator[None]:
    """Turn a rule's no into a line for the person."""
    from django.core.exceptions import PermissionDenied

    from wayhome.lib.refusal import Refused

    try:
        yield
    except Refused as refused:
        raise Failure(" ".join(str(one.reason) for one in refused.refusals)) from refused
    except PermissionDenied:
        raise Failure("You may not do this.") from None


def readable_file(path: str) -> Path:
    """The file, if it can be read. Raises Failure otherwise."""
    try:
        with open(path, "rb"):
            return Path(path)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", EXIT_WRONG_USE) from None


@dataclass
class ProgressBar:
    """How far we are, on standard error: a bar on a terminal, else a line now and then."""

    what: str
    drawn_at: float = field(default=0.0, init=False)

    def __call__(self, done: int, of: int) -> None:
        """Hear that so many of so many are done."""
        now = time.monotonic()
        pause = BAR_SECONDS if sys.stderr.isatty() else LINE_SECONDS
        if done < of and now - self.drawn_at < pause:
            return
        self.drawn_at = now
        self._draw(done, of)

    def _draw(self, done: int, of: int) -> None:
        if not sys.stderr.isatty():
            click.echo(f"{self.what}: {done} of {of}", err=True)
            return
        filled = BAR_WIDTH * done // of if of else BAR_WIDTH
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        click.echo(f"\r{self.what} {bar} {done} of {of}", err=True, nl=done >= of)
