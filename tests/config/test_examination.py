"""What the doctor sees from inside: each planted fault is named, with what mends it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from tests.cases import Case, signature
from wayhome.bureau.contact.paper import take_in
from wayhome.bureau.contact.store import CAME
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import derived_key
from wayhome.bureau.relations import store
from wayhome.bureau.relations.actions import send_paper
from wayhome.config import examination
from wayhome.config.findings import Finding
from wayhome.lib.scans import Side

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def only(findings: Any) -> Finding:
    (found,) = findings
    assert isinstance(found, Finding)
    assert found.ok or found.remedy
    return found


@pytest.fixture
def another_master_key() -> Iterator[Callable[[], None]]:
    """Puts another installation's key in the place of ours, until the test ends."""
    with pytest.MonkeyPatch.context() as patch:

        def exchange() -> None:
            key = os.urandom(32)
            patch.setattr(type(settings.FOLDER), "master_key", lambda folder: key)
            derived_key.cache_clear()

        yield exchange
    derived_key.cache_clear()


def test_another_installations_master_key_is_noticed(
    another_master_key: Callable[[], None],
) -> None:
    PersonKey.make()
    assert only(examination.master_key()).ok

    another_master_key()

    found = only(examination.master_key())
    assert not found.ok
    assert "master.key" in found.remedy


def test_a_silent_worker_is_ill_only_while_something_is_served() -> None:
    assert not only(examination.worker(is_served=True)).ok
    assert only(examination.worker(is_served=False)).ok


def test_a_worker_that_lives_is_well() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()]
        )

    assert only(examination.worker(is_served=True)).ok


def test_a_job_that_failed_is_named() -> None:
    app.configure_task("matches.rematch_enquiry").defer(enquiry_id="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")

    found = only(examination.failed_jobs(settings.FOLDER.log / "worker.log"))

    assert not found.ok
    assert "matches.rematch_enquiry" in found.what
    assert "worker.log" in found.remedy


def test_a_paper_that_is_gone_is_named() -> None:
    case = Case()
    paper = send_paper(enquiry=case.enquiry, content=signature(), note="", by=case.enquirer)
    assert only(examination.papers()).ok

    store.remove(paper.pk)

    found = only(examination.papers())
    assert not found.ok
    assert str(paper.pk) in found.what


def test_a_picture_of_a_letter_that_is_gone_is_named() -> None:
    (scan,) = take_in(digest=b"1" * 32, sides=[Side(signature(), 120, 40, ())], by=None)
    assert only(examination.letters_by_hand()).ok

    CAME.remove(scan.picture)

    found = only(examination.letters_by_hand())
    assert not found.ok
    assert str(scan.picture) in found.what


def test_an_act_that_was_changed_is_named() -> None:
    act = Case().sealed
    assert only(examination.sealed_acts()).ok

    Act.objects.filter(pk=act.pk).update(sha256="0" * 64)

    found = only(examination.sealed_acts())
    assert not found.ok
    assert str(act.pk) in found.what
