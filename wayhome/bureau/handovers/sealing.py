"""The act as one signed PDF, and whether a file is such an act unchanged."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from wayhome.bureau.handovers.models import Act
from wayhome.lib.printing import printed

HERE = Path(__file__).parent
KEY_FILE, CERTIFICATE_FILE = "seal-p256", "seal-certificate"
VALID_FOR = timedelta(days=3650)
SIGNATURE_FIELD = "Seal"
# How pyHanko's reader ends where one octet of a file is another than it was.
STUMBLES = (PdfError, ValueError, KeyError, IndexError, AttributeError, TypeError)
Result = TypeVar("Result")


def document_of(told: dict[str, Any], made_at: datetime) -> bytes:
    """The act as PDF/A-2b, not signed yet.

    `told` reaches the template as data, never as markup; pictures in it are lists of octets.
    """
    return printed(HERE / "act.typ", told, made_at)


def sealed(document: bytes) -> bytes:
    """The document with the bureau's signature (PAdES, EC P-256)."""
    signer, out = _signer(), io.BytesIO()
    _apart(
        lambda: signers.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(document)),
            signers.PdfSignatureMetadata(
                field_name=SIGNATURE_FIELD, subfilter=SigSeedSubFilter.PADES
            ),
            signer=signer,
            output=out,
        )
    )
    return out.getvalue()


def _apart(work: Callable[[], Result]) -> Result:
    """Do this in a thread of its own: pyHanko runs a loop, which none may run beside."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


def sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


def _signer() -> signers.SimpleSigner:
    key, certificate = _key(), certificate_of_bureau()
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(
            certificate.public_bytes(serialization.Encoding.DER)
        ),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def _key() -> ec.EllipticCurvePrivateKey:
    folder = settings.FOLDER
    fresh = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    folder.keep_key(KEY_FILE, fresh)
    key = serialization.load_der_private_key((folder.keys / KEY_FILE).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def certificate_of_bureau() -> x509.Certificate:
    """The bureau's own certificate, made at first use; give it to whoever must verify acts."""
    key = _key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wayhome: seal of the bureau")])
    now = datetime.now(UTC)
    fresh = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        .sign(key, hashes.SHA256())
    )
    folder = settings.FOLDER
    folder.keep_key(CERTIFICATE_FILE, fresh.public_bytes(serialization.Encoding.DER))
    return x509.load_der_x509_certificate((folder.keys / CERTIFICATE_FILE).read_bytes())


@dataclass(frozen=True)
class Verdict:
    """Is this file an act of this bureau, whole and unchanged? Tells nothing else about it."""

    genuine: bool
    what: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def verify_file(path: Path) -> Verdict:
    """Check a file's signature, its wholeness, and that the bureau sealed these very bytes.

    Raises OSError if it cannot be read.
    """
    content = path.read_bytes()
    try:
        fault = _fault_in_signature(content)
    except STUMBLES:
        fault = "not a PDF that can be read"
    if fault:
        return Verdict(False, fault)
    if not Act.objects.filter(sha256=sha256(content)).exists():
        return Verdict(False, "signed by this bureau, but no act in its records")
    return Verdict(True, "an act sealed by this bureau, unchanged")


def _fault_in_signature(content: bytes) -> str:
    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if len(signatures) != 1:
        return "not signed by this bureau"
    root = asn1_x509.Certificate.load(
        certificate_of_bureau().public_bytes(serialization.Encoding.DER)
    )
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    status = _apart(
        lambda: validate_pdf_signature(signatures[0], signer_validation_context=context)
    )
    if not status.intact or not status.valid:
        return "changed after it was signed"
    if not status.trusted:
        return "not signed by this bureau"
    if status.coverage is None or status.coverage.name != "ENTIRE_FILE":
        return "something was added after it was signed"
    return ""
