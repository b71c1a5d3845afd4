"""The certificate with which the relay answers over TLS: there, its own, in time, shown?"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SOON = timedelta(days=21)  # a renewal that failed twice is still mended in time
CONNECT_SECONDS = 3.0


@dataclass(frozen=True)
class Unfit:
    """What is wrong with a certificate, and how to mend it. Not `grave` it works for now."""

    what: str
    remedy: str
    grave: bool = True


def what_is_wrong(certificate: str, key: str, name: str, now: datetime) -> Unfit | None:
    """The first fault of the two files, for browsers that come to this name; None if there is none.

    Whether anybody trusts who signed it is asked by browsers alone.
    """
    if not certificate or not key:
        return Unfit(
            "a certificate or its key is not named",
            "Set WAYHOME_RELAY_CERTIFICATE and WAYHOME_RELAY_KEY, both or none.",
        )
    try:
        shown = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
        owned = load_pem_private_key(Path(key).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not in PEM, or locked"
        return Unfit(
            f"its certificate or key cannot be read: {reason}",
            f"Put readable PEM files at {certificate} and {key}.",
        )
    if owned.public_key() != shown.public_key():
        return Unfit("its key does not belong to its certificate", f"Put the right key at {key}.")
    if not {name, f"*.{name.partition('.')[2]}"} & names_of(shown):
        return Unfit(
            f"its certificate is not for {name}",
            "Set WAYHOME_RELAY_NAME to a name of the certificate, or get one for this name.",
        )
    return next(untimely(shown, certificate, now), None)


def names_of(shown: x509.Certificate) -> set[str]:
    """The names and addresses that a browser accepts it for."""
    try:
        told = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    addresses = {str(one) for one in told.get_values_for_type(x509.IPAddress)}
    return addresses | set(told.get_values_for_type(x509.DNSName))


def untimely(shown: x509.Certificate, certificate: str, now: datetime) -> Iterator[Unfit]:
    """Whether it is out of its time, or soon will be."""
    until, remedy = shown.not_valid_after_utc, f"Renew it, and put it at {certificate}."
    if now < shown.not_valid_before_utc:
        yield Unfit("its certificate is not good yet", "Look at this computer's clock.")
    elif now > until:
        yield Unfit(f"its certificate ended on {until:%Y-%m-%d}", remedy)
    elif now > until - SOON:
        yield Unfit(f"its certificate ends on {until:%Y-%m-%d}", remedy, grave=False)


def why_not_shown(certificate: str, address: str, port: int) -> Unfit | None:
    """Whether a server shows this certificate now: it may have begun with the one before."""
    restart = "Start `wayhome serve` again."
    trust_nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust_nobody.check_hostname, trust_nobody.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((address, port), CONNECT_SECONDS) as plain,
            trust_nobody.wrap_socket(plain) as line,
        ):
            shown = x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Unfit(f"nothing answers over TLS at {address}, port {port}: {reason}", restart)
    kept = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
    if shown.fingerprint(SHA256()) == kept.fingerprint(SHA256()):
        return None
    return Unfit("it still shows another certificate than the one kept", restart)
