"""A file of cards as a whole: checked, kept, imported from its beginning or from where it stopped.

What enquiries share with it is `FileImport`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.captives.actions import files
from wayhome.bureau.captives.actions.files import Fresh, Import, Importer
from wayhome.bureau.captives.actions.imported import store_cards
from wayhome.bureau.captives.models import Captive, CaptureCard, CardFile
from wayhome.bureau.captives.reading.cards import check_sandboxed
from wayhome.bureau.captives.reading.lines import CardFile as Read
from wayhome.bureau.captives.reading.lines import CardLine
from wayhome.bureau.captives.reading.lines import content_of as bytes_of
from wayhome.bureau.captives.reading.tables import FileRefused
from wayhome.bureau.captives.rules import GOES_ON, FileKind, FileState, why_not_at_site
from wayhome.bureau.staff.models import Site, Staff
from wayhome.lib.refusal import refuse_if

Progress = Callable[[int, int], None]
TAKING = 0x5741594A  # this lock's number: one process at a time looks whether a file is known
SLICE_SECONDS = 4.0  # of the worker's time; then others have their turn


@dataclass(frozen=True)
class FileImport:
    """What may be done with files of one kind."""

    importer: Importer
    check: Callable[[Path | bytes, str], Read]

    def check_file(self, path: Path) -> Read:
        """Read a file in the sandbox. Nothing is kept of it."""
        return self.check(path, path.name)

    def keep(self, read: Read, content: bytes, *, site: Site, by: Staff | None) -> CardFile:
        """Keep a file that was read and checked."""
        return files.take_file(read=read, content=content, importer=self.importer, site=site, by=by)

    def import_file(
        self,
        path: Path,
        *,
        site: str,
        progress: Progress | None = None,
        read: Read | None = None,
    ) -> CardFile:
        """Import a whole file, without its faulty lines, or go on where it was broken off.

        Returns the file with its counts: lines, added, known, set_aside. Raises Refused.
        """
        file = self._begun_before(path, site) or self._taken(path, site, read)
        file = files.start_import(file=file, set_aside=True, by=None)
        return self.go_on(file, progress=progress)

    def _begun_before(self, path: Path, site: str) -> CardFile | None:
        try:
            digest = files.digest_of_file(bytes_of(path))
        except FileRefused:
            return None
        rows = CardFile.objects.filter(digest=digest, site=site, kind=self.importer.kind)
        return rows.filter(state__in=GOES_ON).order_by("-at").defer(*files.LARGE).first()

    @transaction.atomic
    def _taken(self, path: Path, site: str, read: Read | None) -> CardFile:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKING])
        if file := self._begun_before(path, site):  # by another process, while we waited
            return file
        read = read or self.check_file(path)
        at = _site(site)
        content = b"" if read.problem else bytes_of(path)
        return self.keep(read, content, site=at, by=None)

    def go_on(
        self, file: CardFile, *, progress: Progress | None = None, seconds: float | None = None
    ) -> CardFile:
        """Import batch after batch until the file is done, or stopped, or the time is over."""
        until = time.monotonic() + seconds if seconds else None
        running = Import(CardFile.objects.select_related("key").get(pk=file.pk), self.importer)
        while True:
            now = running.batch()
            if progress:
                progress(now.done + now.set_aside, now.lines)
            if now.state != FileState.IMPORTING or (until and time.monotonic() > until):
                return now


def _site(code: str) -> Site:
    """The site of this code; the first one is opened by whatever comes first."""
    if code == settings.DEFAULT_SITE:
        return Site.objects.get_or_create(code=code, defaults={"name": code})[0]
    site = Site.objects.filter(code=code).first()
    refuse_if(why_not_at_site(site is not None))
    assert site is not None
    return site


def _checked(file: Path | bytes, name: str) -> Read:
    began = date.fromisoformat(settings.WAR_BEGAN_ON)
    return check_sandboxed(file, name=name, war_began_on=began, today=timezone.localdate())


def _known(digests: Sequence[bytes]) -> set[bytes]:
    rows = CaptureCard.objects.filter(line_digest__in=digests)
    return {bytes(digest or b"") for digest in rows.values_list("line_digest", flat=True)}


def _likely(lines: Sequence[CardLine]) -> int:
    """How many lines bear a number, or a name and day of birth, that stands on the register.

    A quick look for the preview; the names core looks properly after the import.
    """
    numbers, names = _on_the_register(lines)
    return sum(
        line.values.get("service_no", "").casefold() in numbers or _name_of(line) in names
        for line in lines
    )


Name = tuple[str, str, str]


def _on_the_register(lines: Sequence[CardLine]) -> tuple[set[str], set[Name]]:
    asked = {line.values.get("service_no", "") for line in lines} - {""}
    found = Captive.objects.filter(service_no__in=asked).values_list("service_no", flat=True)
    days = {line.values.get("born", "") for line in lines} - {""}
    rows = Captive.objects.filter(born__in=days).values_list("surname", "given", "born")
    return (
        {number.casefold() for number in found},
        {(one.casefold(), other.casefold(), born) for one, other, born in rows if one and other},
    )


def _name_of(line: CardLine) -> Name:
    surname, given, born = (line.values.get(name, "") for name in ("surname", "given", "born"))
    return surname.casefold(), given.casefold(), born


def _store(file: CardFile, fresh: Sequence[Fresh]) -> None:
    store_cards(file=file, fresh=fresh)


CARDS = FileImport(
    Importer(
        kind=FileKind.CARDS, number="number_on_list", known=_known, likely=_likely, store=_store
    ),
    _checked,
)
check_file = CARDS.check_file
import_file = CARDS.import_file
