"""One letter and a real mail server that takes it, refuses it, or falls silent."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db import connections
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cases import BY_EMAIL, Case
from wayhome.bureau.answers import jobs, mail
from wayhome.bureau.answers.actions import settle_message
from wayhome.bureau.answers.jobs import (
    CUT_OFF_AFTER,
    note_cut_off,
    send_message,
    send_what_waited,
)
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.answers.rules import InvitationState, MessageState
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.cluster import HOST, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SILENT_SECONDS = 1
S = MessageState


@dataclass
class Server:
    """A mail server that does one thing at one moment; keeps what came to it."""

    how: str = "takes"
    came: list[EmailMessage] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, _: Any) -> str:
        if self.how == "refuses her":
            return "550 no such person"
        if self.how == "cuts before the text":
            server.transport.abort()
        envelope.rcpt_tos.append(to)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.came.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if self.how == "looks into the database":
            self.states.append(await asyncio.to_thread(_committed_state))
        if self.how == "cuts after the text":
            server.transport.abort()
        if self.how == "falls silent":
            await asyncio.sleep(3 * SILENT_SECONDS)
        return "554 not that" if self.how == "refuses the text" else "250 taken"


def _committed_state() -> str:
    """As another connection sees it."""
    try:
        return str(OutgoingMessage.objects.values_list("state", flat=True).get())
    finally:
        connections.close_all()


@contextmanager
def served(how: str) -> Iterator[Server]:
    one = Server(how, port=free_port())
    controller = Controller(one, hostname=HOST, port=one.port)
    controller.start()
    try:
        yield one
    finally:
        controller.stop()


@pytest.fixture(autouse=True)
def configured(settings, monkeypatch):
    settings.MAIL_FROM = "Bureau <bureau@example.org>"
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", SILENT_SECONDS)


def tried(case: Case, port: int) -> str:
    django_settings.SMTP_URL = f"smtp://{HOST}:{port}"
    send_message(message_id=str(case.message.pk))
    return case.message.state


OUTCOMES = {
    "takes": (S.SENT, 1),
    "refuses her": (S.REFUSED, 0),
    "cuts before the text": (S.REFUSED, 0),
    "refuses the text": (S.REFUSED, 1),
    "cuts after the text": (S.UNKNOWN, 1),
    "falls silent": (S.UNKNOWN, 1),
}


@pytest.mark.parametrize("how", OUTCOMES)
def test_what_is_known_of_a_letter_after_its_one_try(how, settings):
    state, came = OUTCOMES[how]
    case = Case()
    number = case.message.message_id

    with served(how) as server:
        assert tried(case, server.port) == state
        # However often the queue brings it, it is not tried again by itself.
        for _ in range(3):
            assert tried(case, server.port) == state
        note_cut_off(0)

    assert [letter["Message-ID"] for letter in server.came] == [number] * came
    assert case.message.state == state
    assert case.message.tried_at


def test_where_no_server_listens_it_is_refused_and_a_person_sends_it_with_the_same_number(
    settings,
):
    case = Case()
    assert tried(case, free_port()) == S.REFUSED

    settle_message(message=case.message, again=True, by=case.staff(Role.CONTACT))
    with served("takes") as server:
        assert tried(case, server.port) == S.SENT
    assert [letter["Message-ID"] for letter in server.came] == [case.message.message_id]


def test_without_a_server_configured_nothing_leaves(settings):
    settings.SMTP_URL = ""
    case = Case()
    send_message(message_id=str(case.message.pk))
    again = ProcrastinateJob.objects.filter(task_name="answers.send_message")
    again.delete()
    send_what_waited(0)

    assert (case.message.state, again.exists()) == (S.WRITTEN, False)
    with served("takes") as server:
        settings.SMTP_URL = f"smtp://{HOST}:{server.port}"
        send_what_waited(0)
        send_message(**again.get().args)
        send_what_waited(0)

    assert (case.message.state, len(server.came), again.count()) == (S.SENT, 1, 1)


def test_an_invitation_that_stands_no_more_does_not_go_out_late(settings):
    case = Case()
    _ = case.message
    case.invitation.state = InvitationState.TALKED
    case.invitation.save()
    ProcrastinateJob.objects.all().delete()
    settings.SMTP_URL = f"smtp://{HOST}:1"

    send_what_waited(0)

    assert not ProcrastinateJob.objects.filter(task_name="answers.send_message").exists()


def test_a_stopped_letter_is_not_tried(settings):
    case = Case()
    _ = case.message
    OutgoingMessage.objects.update(state=S.STOPPED)

    with served("takes") as server:
        assert tried(case, server.port) == S.STOPPED
    assert not server.came


@pytest.mark.django_db(transaction=True)
def test_that_it_is_being_tried_is_committed_before_the_server_hears_of_it(settings):
    case = Case()
    with served("looks into the database") as server:
        assert tried(case, server.port) == S.SENT
    assert server.states == [S.TRYING]


@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_with_the_same_letter_one_tries_it(settings):
    case = Case()
    pk = str(case.message.pk)

    def work() -> None:
        send_message(message_id=pk)
        connections.close_all()

    with served("takes") as server:
        settings.SMTP_URL = f"smtp://{HOST}:{server.port}"
        workers = [threading.Thread(target=work) for _ in range(20)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
    print(f"20 workers with one letter at once: {len(server.came)} tried it")
    assert len(server.came) == 1


def test_a_worker_that_died_while_trying_leaves_it_unknown_to_be_decided_by_a_person(
    settings, monkeypatch
):
    def die(*_: Any) -> MessageState:
        raise KeyboardInterrupt

    case = Case()
    settings.SMTP_URL = f"smtp://{HOST}:{free_port()}"
    _ = case.message
    monkeypatch.setattr(jobs, "try_once", die)
    with pytest.raises(KeyboardInterrupt):
        send_message(message_id=str(case.message.pk))
    monkeypatch.undo()

    note_cut_off(0)
    assert case.message.state == S.TRYING  # it may still be under way
    OutgoingMessage.objects.update(tried_at=timezone.now() - CUT_OFF_AFTER)
    note_cut_off(0)
    assert case.message.state == S.UNKNOWN
    with served("takes") as server:
        assert tried(case, server.port) == S.UNKNOWN
    assert not server.came


def test_the_letter_is_the_same_for_all_and_tells_nothing(settings):
    with translation.override("en"):
        letters = {}
        for language in ("uk", "ru", "en"):
            case = Case(language=language)
            letter = mail.written(case.message)
            letters[language] = letter
            text = letter.as_bytes().decode()
            for secret in (case.surname, case.enquiry.bureau_number, case.captive.bureau_number):
                assert secret not in text
            assert letter["To"] == BY_EMAIL.to
            other = mail.written(Case(language=language).message)
            assert other.get_content() == letter.get_content()
            assert other["Subject"] == letter["Subject"]
    assert len({letter.get_content() for letter in letters.values()}) == 3


def test_the_servers_word_is_asked_in_plain_addresses():
    assert mail._plain("Bureau <bureau@example.org>") == "bureau@example.org"
