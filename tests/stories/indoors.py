"""A bureau whose pages a test serves itself, on its own database: people come in without a form.

The stories' steps walk through it as through the running one; what leads to a story is made by the
bureau's own actions beside it, and its clock can be moved.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from tests.factories import StaffFactory
from tests.stories.living import OFFICE, PROFESSIONS, STAFF, Album, Bureau, MailSink, Person
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.staff.models import Staff
from wayhome.config.sessions import sign_in


@dataclass
class Indoors(Bureau):
    """The pages that a test serves, and who sits at them."""

    served_at: str = ""
    staff: dict[str, Staff] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.served_at}/"

    def office(self, username: str, album: Album | None = None) -> Person:
        if username not in self.offices:
            self.offices[username] = self.person(width=OFFICE, language="uk")
            self.sign_in(self.offices[username], username)
        return self.offices[username]

    def hire(self, username: str) -> Staff:
        """Their account, made once."""
        if username not in self.staff:
            learned = PROFESSIONS.get(username, "")
            self.staff[username] = StaffFactory(role=STAFF[username], profession=learned)
        return self.staff[username]

    def sign_in(self, person: Person, username: str) -> None:
        session = Client().session
        sign_in(session, self.hire(username))
        session.save()
        self._give(person, str(session.session_key))

    def come_in(self, person: Person, family: Enquirer) -> Person:
        """She is in, as after her words and her PIN."""
        session = Client().session
        session["enquirer_id"] = str(family.pk)
        session.save()
        self._give(person, str(session.session_key))
        return person

    def _give(self, person: Person, key: str) -> None:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.url}
        person.page.context.add_cookies([cookie])

    def leave(self) -> None:
        for person in self.offices.values():
            person.leave()


def indoors(browser: Browser, url: str) -> Indoors:
    return Indoors(Path(), 0, 0, MailSink(), browser, served_at=url)
