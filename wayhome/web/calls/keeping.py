"""What watches over open calls from the worker: the clock, lines that went silent, and the cuts.

It looks every second while a call is open or somebody is to be cut off, and else now and then; an
order to cut wakes it at once. So a call ends in time though every page of it has gone.
"""

import logging
import threading
import time
from dataclasses import dataclass, field

import psycopg
from django.db import DatabaseError, connection
from django.utils import timezone

from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import Call, CallParty
from wayhome.bureau.contact.calls.rules import ALIVE_FOR, CallState
from wayhome.bureau.lines import actions as lines
from wayhome.bureau.lines.models import Cut
from wayhome.lib.relay import RelayError

BUSY_SECONDS = 1.0
IDLE_SECONDS = 5.0
TIDY_SECONDS = 600.0
log = logging.getLogger("wayhome.calls")


@dataclass
class Keeper:
    """Looks after calls; what it knows of the past is only since when it looks."""

    began: float = field(default_factory=time.monotonic)
    tidied: float = 0.0

    def keep(self, stop: threading.Event) -> None:
        """Run in the worker until told to stop; a database that is away is waited for."""
        while not stop.is_set():
            try:
                self._listen(stop)
            except (DatabaseError, psycopg.Error, OSError):
                connection.close()
                stop.wait(BUSY_SECONDS)
        connection.close()

    def _listen(self, stop: threading.Event) -> None:
        with listening() as told:
            while not stop.is_set():
                busy = self.look()
                wait = BUSY_SECONDS if busy else IDLE_SECONDS
                for _ in told.notifies(timeout=wait, stop_after=1):
                    pass

    def look(self) -> bool:
        """Do all that is due, and say whether something may be due again within a second."""
        calls.stop_over_time()
        # Just begun: browsers come back to a server that was away, each in its time.
        if time.monotonic() > self.began + ALIVE_FOR.total_seconds():
            drop_silent()
            calls.stop_left_alone()
        cut_off()
        if time.monotonic() > self.tidied + TIDY_SECONDS:
            self.tidied = time.monotonic()
            lines.forget_old()
        is_open = Call.objects.filter(state=CallState.OPEN).exists()
        return is_open or Cut.objects.due(timezone.now()).exists()


def drop_silent() -> None:
    """A browser whose line is silent has left, or hides: nothing of it flows until it is back."""
    before = timezone.now() - ALIVE_FOR
    silent = CallParty.objects.filter(connection__isnull=False, seen_at__lt=before)
    for party in silent.filter(left_at=None):
        assert party.connection is not None
        calls.disconnect(party=party, connection=party.connection, at=party.seen_at)
        lines.cut(call=party.call_id, party=party.pk, for_good=False)


def cut_off() -> None:
    """Carry out the cuts; a relay that does not answer is asked again in a second."""
    try:
        lines.carry_out_cuts()
    except RelayError as error:
        log.warning("the relay: %s", error)


def listening() -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of its own that hears of orders to cut."""
    told = connection.settings_dict
    made = psycopg.connect(
        host=told["HOST"],
        port=told["PORT"],
        user=told["USER"],
        password=told["PASSWORD"],
        dbname=told["NAME"],
        autocommit=True,
    )
    made.execute(f"LISTEN {lines.CUTS}")
    return made
