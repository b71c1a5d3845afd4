"""One person of the staff at the console, as tests drive it by HTTP."""

import re
from typing import Any

from django.test import Client

from tests.factories import SiteFactory, StaffFactory
from wayhome.bureau.staff.permissions import Role


class Desk:
    """One person of the staff at the console, in English."""

    def __init__(self, role: Role, site: str = "A") -> None:
        self.staff = StaffFactory(role=role, site=SiteFactory(code=site))
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(self.staff)

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return re.sub(r"\s+", " ", answer.content.decode())

    def send(self, path: str, **said: Any) -> None:
        """Fill the form in as its page gave it."""
        answer = self.client.post(path, {"idempotency_key": self._key(), **said})
        assert answer.status_code == 303, re.findall(
            r'error-message">.*?</p>|role="alert".*?</div>', answer.content.decode(), re.DOTALL
        )

    def refused(self, path: str, **said: Any) -> str:
        answer = self.client.post(path, {"idempotency_key": self._key(), **said})
        assert answer.status_code == 422, (path, answer.status_code)
        text = answer.content.decode()
        assert 'role="alert"' in text
        return text

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    @staticmethod
    def _key() -> str:
        Desk.count += 1
        return f"{Desk.count:032d}"

    count = 0
