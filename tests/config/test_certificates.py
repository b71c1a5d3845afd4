"""The relay's certificate: the doctor says what a browser would only refuse."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from wayhome.config import relay
from wayhome.config.certificates import what_is_wrong
from wayhome.config.folder import Folder
from wayhome.lib.cluster import free_port

NOW = datetime(2026, 5, 1, tzinfo=UTC)
NAME = "relay.example"


def kept(folder, name="relay", *, begins=NOW - timedelta(days=1), days=90):
    """A certificate signed by itself, and its key, as two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, SHA256())
    )
    pem, secret = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(pem), str(secret)


def test_a_certificate_that_fits_has_no_fault(tmp_path):
    certificate, key = kept(tmp_path)

    assert what_is_wrong(certificate, key, NAME, NOW) is None
    assert what_is_wrong(certificate, key, "127.0.0.1", NOW) is None


def test_what_no_browser_would_accept_is_named(tmp_path):
    certificate, key = kept(tmp_path)
    _, another = kept(tmp_path, "another")
    (tmp_path / "torn.pem").write_text("-----BEGIN")
    cases = {
        "not named": ("", key, NAME, NOW),
        "cannot be read": (str(tmp_path / "none.pem"), key, NAME, NOW),
        "cannot be read: not in PEM": (str(tmp_path / "torn.pem"), key, NAME, NOW),
        "does not belong": (certificate, another, NAME, NOW),
        "not for other.example": (certificate, key, "other.example", NOW),
        "not good yet": (certificate, key, NAME, NOW - timedelta(days=9)),
        "ended on 2026-07-29": (certificate, key, NAME, NOW + timedelta(days=99)),
    }
    for words, case in cases.items():
        unfit = what_is_wrong(*case)
        assert unfit, words
        assert words in unfit.what
        assert unfit.grave, words
        assert unfit.remedy.endswith(".")


def test_one_that_ends_soon_is_told_and_still_used(tmp_path):
    certificate, key = kept(tmp_path, begins=datetime.now(UTC) - timedelta(days=80))
    setting = relay.Setting("127.0.0.1", "127.0.0.1", NAME, 0, certificate, key)

    (finding,) = relay.tls_findings(setting)

    assert finding.ok
    assert "ends on" in finding.what
    assert finding.remedy
    assert setting.has_tls


def test_no_browser_is_sent_to_a_door_whose_certificate_is_missing(tmp_path):
    setting = relay.Setting("127.0.0.1", "127.0.0.1", NAME, 0, str(tmp_path / "gone"), "gone")

    assert not any(url.startswith("turns:") for url in setting.urls(3478))
    (finding,) = relay.tls_findings(setting)
    assert not finding.ok


@pytest.mark.slow
def test_the_relay_answers_over_tls_and_the_doctor_sees_an_old_certificate(tmp_path, monkeypatch):
    from tests.living_calls import coturn_or_fail

    coturn_or_fail()
    folder = Folder(tmp_path / "data")
    folder.create("live")
    certificate, key = kept(tmp_path, begins=datetime.now(UTC) - timedelta(days=1))
    monkeypatch.setenv("WAYHOME_RELAY_CERTIFICATE", certificate)
    monkeypatch.setenv("WAYHOME_RELAY_KEY", key)
    monkeypatch.setenv("WAYHOME_RELAY_NAME", NAME)
    monkeypatch.setenv("WAYHOME_RELAY_TLS_PORT", str(free_port()))
    with (tmp_path / "relay.log").open("wb") as log:
        process = relay.begin(folder, log)
        try:
            assert relay.wait_until_it_answers(folder, 60)
            assert found(folder) == [True, True]
            kept(tmp_path, begins=datetime.now(UTC) - timedelta(days=2))  # renewed, not shown yet
            assert found(folder) == [True, True, False]
        finally:
            process.kill()
            process.wait()
    assert found(folder)[-1] is False


def found(folder):
    return [one.ok for one in relay.findings(folder, is_served=True)]
