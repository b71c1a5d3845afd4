"""One try to hand one message to the mail server, and what is known of it afterwards."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.answers.rules import MessageState

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    tls: str  # "", "starttls" or "tls"


def configured() -> Server | None:
    """The mail server of the settings; None if none is set: then nothing leaves.

    `smtp://`, `smtp+starttls://` or `smtps://`, with user and password where it wants them.
    """
    if not settings.SMTP_URL:
        return None
    url = urlsplit(settings.SMTP_URL)
    tls = {"smtps": "tls", "smtp+starttls": "starttls"}.get(url.scheme, "")
    port = url.port or {"tls": 465, "starttls": 587}.get(tls, 25)
    return Server(
        url.hostname or "", port, unquote(url.username or ""), unquote(url.password or ""), tls
    )


def written(message: OutgoingMessage) -> EmailMessage:
    """The e-mail: a sentence that is the same for all, in her language, and nothing else."""
    mail = EmailMessage()
    with translation.override(message.language):
        mail["Subject"] = gettext("Information service: a message")
        mail.set_content(
            _what_it_says(message)
            + gettext("Please open your page with your words and your PIN.")
            + "\n\n"
            + gettext("We never ask for money.")
            + "\n"
        )
    mail["From"] = settings.MAIL_FROM
    mail["To"] = message.to
    mail["Message-ID"] = message.message_id
    mail["Date"] = formatdate(usegmt=True)
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def _what_it_says(message: OutgoingMessage) -> str:
    """The first sentences; none in a reminder, which holds only what stands in every message."""
    if message.page_of_id:
        return ""
    if message.asked_id:
        return (
            gettext(
                "There is a question on your page. "
                "We ask everybody the same who left that answer open, whatever we know. "
                "You may leave it open."
            )
            + "\n\n"
        )
    return (
        gettext(
            "A member of our staff would like to talk with you. "
            "This is the same sentence for every kind of news."
        )
        + "\n\n"
    )


def try_once(mail: EmailMessage, server: Server) -> MessageState:
    """Hand it over once. UNKNOWN where the text went out and no answer came back."""
    try:
        connection = _connected(server)
    except (OSError, smtplib.SMTPException):
        return MessageState.REFUSED
    try:
        return _handed_over(connection, mail)
    finally:
        connection.close()


def _connected(server: Server) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.tls == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=secure
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    if server.tls == "starttls":
        connection.starttls(context=secure)
    if server.user:
        connection.login(server.user, server.password)
    connection.ehlo_or_helo_if_needed()
    return connection


def _handed_over(connection: smtplib.SMTP, mail: EmailMessage) -> MessageState:
    try:
        sender, _ = connection.mail(_plain(mail["From"]))
        receiver, _ = connection.rcpt(_plain(mail["To"]))
    except (OSError, smtplib.SMTPException):
        return MessageState.REFUSED
    if sender != 250 or receiver not in (250, 251):
        return MessageState.REFUSED
    try:
        code, _ = connection.data(mail.as_bytes())
    except smtplib.SMTPDataError:
        return MessageState.REFUSED  # the server would not take the text at all
    except (OSError, smtplib.SMTPException):
        return MessageState.UNKNOWN
    return MessageState.SENT if code == 250 else MessageState.REFUSED


def _plain(address: str) -> str:
    return str(address).rpartition("<")[2].rstrip(">").strip()
