"""The relay of this folder: how coturn is set up, found, started and looked at."""

import ipaddress
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from wayhome.config.certificates import Unfit, what_is_wrong, why_not_shown
from wayhome.config.findings import Finding
from wayhome.config.folder import Folder, write_private
from wayhome.lib.cluster import free_port, is_free
from wayhome.lib.death import dying_with_me
from wayhome.lib.relay import Relay, RelayError

LOOPBACK = "127.0.0.1"
PORT = 3478  # RFC 8656
TLS_PORT = 5349
MEDIA_PORTS = (49_160, 49_999)  # each takes one; sixteen a call
QUIET_SECONDS = 0.3
TLS = "relay of calls over TLS"
INSTALL = "Install coturn: apt-get install coturn"
# Each participant has one allocation a peer, another while a line is mended, and one to test.
ALLOCATIONS_A_USER = 16
MOST_ALLOCATIONS = 4000

CONFIGURATION = """# Written by `wayhome serve` at each start; a change here does not last.
listening-ip={address}
relay-ip={address}
listening-port={port}
min-port={first_port}
max-port={last_port}
realm=wayhome
# Names of the form expiry:call:participant, minutes long.
use-auth-secret
static-auth-secret={secret}
user-quota={a_user}
total-quota={most}
fingerprint
# Both ends of a call are at this relay, so it need reach nothing but itself.
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
allowed-peer-ip={public_address}
allowed-peer-ip={address}
no-multicast-peers
no-tcp-relay
no-rfc5780
no-stun-backward-compatibility
no-software-attribute
# Where one participant is cut off: from this computer alone, with a password.
cli-ip=127.0.0.1
cli-port={command_port}
cli-password={command_password}
cli-max-output-sessions={most}
userdb={database}
pidfile={pid_file}
log-file=stdout
simple-log
"""


@dataclass(frozen=True)
class Setting:
    """Where the relay stands, as the operator's variables have it; else on loopback alone."""

    address: str
    public_address: str
    name: str
    port: int
    certificate: str
    key: str

    @classmethod
    def of_environment(cls) -> "Setting":
        """Raises ValueError if an address is none."""
        address = os.environ.get("WAYHOME_RELAY_ADDRESS", LOOPBACK)
        public = os.environ.get("WAYHOME_RELAY_PUBLIC_ADDRESS", address)
        for one in (address, public):
            ipaddress.ip_address(one)
        return cls(
            address,
            public,
            os.environ.get("WAYHOME_RELAY_NAME", public),
            int(os.environ.get("WAYHOME_RELAY_PORT", "0")),
            os.environ.get("WAYHOME_RELAY_CERTIFICATE", ""),
            os.environ.get("WAYHOME_RELAY_KEY", ""),
        )

    @property
    def is_local(self) -> bool:
        """Whether only this computer reaches it, as in a demo or a test."""
        return ipaddress.ip_address(self.address).is_loopback

    @property
    def wants_tls(self) -> bool:
        """Whether it shall answer over TLS too, which passes most firewalls."""
        return bool(self.certificate or self.key)

    @property
    def has_tls(self) -> bool:
        """Whether it can: no browser is sent to a door that does not open."""
        unfit = self.unfit() if self.wants_tls else None
        return self.wants_tls and not (unfit and unfit.grave)

    def unfit(self) -> Unfit | None:
        """What is wrong with its certificate."""
        return what_is_wrong(self.certificate, self.key, self.name, datetime.now(UTC))

    def urls(self, port: int) -> tuple[str, ...]:
        """How a browser reaches it, the quickest way first."""
        plain = (f"turn:{self.name}:{port}?transport=udp", f"turn:{self.name}:{port}?transport=tcp")
        tls = (f"turns:{self.name}:{tls_port()}?transport=tcp",) if self.has_tls else ()
        return plain + tls


def tls_port() -> int:
    """The port for TLS: 443 where nothing else has it."""
    return int(os.environ.get("WAYHOME_RELAY_TLS_PORT", str(TLS_PORT)))


def program() -> str:
    """The path of coturn's server, or nothing."""
    return shutil.which(os.environ.get("WAYHOME_RELAY_PROGRAM", "turnserver")) or ""


def state_file(folder: Folder) -> Path:
    """Where the relay that runs is described for the other processes."""
    return folder.tmp / "relay.json"


def why_none() -> str:
    """Why no relay can be started here, and so no call be held; empty if one can."""
    if not program():
        return INSTALL
    try:
        Setting.of_environment()
    except ValueError as error:
        return f"WAYHOME_RELAY_ADDRESS or WAYHOME_RELAY_PORT is wrong: {error}"
    return ""


def begin(folder: Folder, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Write the configuration, start the relay, and tell the other processes where it is.

    It keeps the port that it had, so that calls find it again after a fall.
    """
    setting = Setting.of_environment()
    relay = set_up(folder, setting)
    process = subprocess.Popen(
        [program(), "-c", str(configuration_file(folder))],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
        preexec_fn=dying_with_me(),
    )
    relay.save(state_file(folder))
    return process


def configuration_file(folder: Folder) -> Path:
    """Where coturn reads how it is set up; it holds secrets."""
    return folder.keys / "relay.conf"


def set_up(folder: Folder, setting: Setting) -> Relay:
    """Write coturn's configuration, and return the relay that it makes."""
    before = Relay.load(state_file(folder))
    port = setting.port or port_like(before, setting)
    relay = Relay(
        setting.urls(port),
        tuple(dict.fromkeys((setting.public_address, setting.address))),
        kept_secret(folder, "relay-secret"),
        free_port(),
        kept_secret(folder, "relay-commands"),
    )
    write_private(configuration_file(folder), configuration(folder, setting, relay, port).encode())
    return relay


def port_like(before: Relay | None, setting: Setting) -> int:
    """The usual port, or on loopback the one it had or any: several demos may run at once."""
    if not setting.is_local:
        return PORT
    had = int(before.urls[0].rpartition(":")[2].partition("?")[0]) if before else 0
    return had if had and is_free(had) else free_port()


def configuration(folder: Folder, setting: Setting, relay: Relay, port: int) -> str:
    """The text of coturn's configuration."""
    text = CONFIGURATION.format(
        address=setting.address,
        public_address=setting.public_address,
        port=port,
        first_port=MEDIA_PORTS[0],
        last_port=MEDIA_PORTS[1],
        secret=relay.secret,
        a_user=ALLOCATIONS_A_USER,
        most=MOST_ALLOCATIONS,
        command_port=relay.command_port,
        command_password=relay.command_password,
        database=folder.tmp / "relay.db",
        pid_file=folder.tmp / "relay.pid",
    )
    if setting.is_local:
        text += (
            "# Only where everybody sits at this computer: a demo, a test.\nallow-loopback-peers\n"
        )
    if setting.public_address != setting.address:
        text += f"external-ip={setting.public_address}/{setting.address}\n"
    if setting.has_tls:
        return text + (
            f"tls-listening-port={tls_port()}\ncert={setting.certificate}\npkey={setting.key}\n"
            "no-dtls\nno-tlsv1\nno-tlsv1_1\n"
        )
    return text + "no-tls\nno-dtls\n"


def kept_secret(folder: Folder, name: str) -> str:
    """A secret of this folder, made at first use."""
    folder.keep_key(name, secrets.token_hex(24).encode())
    return (folder.keys / name).read_text("ascii")


def findings(folder: Folder, *, is_served: bool) -> Iterator[Finding]:
    """Can a call be held? It is no fault where none is wanted."""
    if why := why_none():
        yield Finding("relay of calls", True, "none: no video call can be held", why)
        return
    setting = Setting.of_environment()
    yield from tls_findings(setting)
    where = f"at {setting.name}, {'with' if setting.has_tls else 'without'} TLS"
    if not is_served:
        yield Finding("relay of calls", True, f"{where}; nothing is served now", "wayhome serve")
        return
    relay = Relay.load(state_file(folder))
    try:
        running = len(relay.sessions()) if relay else -1
    except RelayError as error:
        yield Finding("relay of calls", False, f"{error}", f"Read {folder.log / 'relay.log'}.")
        return
    if running < 0:
        yield Finding("relay of calls", False, "it was not started", "Start `wayhome serve` again.")
        return
    yield Finding("relay of calls", True, f"{where}, {running} allocations", remedy_for(setting))
    if setting.has_tls:
        shown = why_not_shown(setting.certificate, setting.address, tls_port())
        yield from [Finding(TLS, False, shown.what, shown.remedy)] if shown else []


def tls_findings(setting: Setting) -> Iterator[Finding]:
    """Is its certificate there and in time, so that browsers reach it over TLS?"""
    if not setting.wants_tls:
        return
    unfit = setting.unfit()
    if unfit is None:
        yield Finding(TLS, True, f"a certificate for {setting.name}, port {tls_port()}")
        return
    yield Finding(TLS, not unfit.grave, unfit.what, unfit.remedy)


def remedy_for(setting: Setting) -> str:
    """What would make a relay that works better."""
    if setting.is_local:
        return "Only this computer reaches it: set WAYHOME_RELAY_ADDRESS for calls from elsewhere."
    if not setting.wants_tls:
        return "Set WAYHOME_RELAY_CERTIFICATE and WAYHOME_RELAY_KEY: some networks pass only TLS."
    return ""


def wait_until_it_answers(folder: Folder, seconds: float) -> bool:
    """Whether the relay answers within this time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        relay = Relay.load(state_file(folder))
        try:
            if relay and relay.sessions() is not None:
                return True
        except RelayError:
            time.sleep(QUIET_SECONDS)
    return False
