"""The exchange's TLS certificate: the one that the settings name, or one of a small private CA made here.

The CA's key stays the same for good (stations pin it, RFC 7469); its certificate and the leaf's are made anew when
names, addresses or the calendar ask for it.  The CA is constrained to this machine's names, `.local` and private
addresses (RFC 5280 section 4.2.1.10), so that whoever installs it on a phone trusts it for nothing else.
"""

import hashlib
import os
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from intercom import disk
from intercom.errors import IntercomError, RefusedError
from intercom.exchange.addresses import PRIVATE, Names
from intercom.exchange.database import make_folder

BUILT = datetime(2025, 1, 1, tzinfo=UTC)
CA_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=390)
RENEW_BEFORE = timedelta(days=30)
CA_KEY, CA, LEAF = "ca.key", "ca.crt", "exchange.pem"

Key = ec.EllipticCurvePrivateKey


def pin(state: Path) -> str:
    """Return the SHA-256 of the CA's public key in base64 (RFC 7469 section 2.4); makes the key if need be."""
    public = _ca_key(state).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(public).digest()).decode()


def ensure(state: Path, names: Names, now: datetime) -> Path:
    """Return the PEM file of chain and key for TLS, made anew where it does not cover `names` for another month.

    The CA's certificate is in `ca.crt` beside it.  Raises RefusedError or IntercomError as the state folder fails.
    """
    now = max(now, BUILT)
    path = state / LEAF
    ca = _read(state / CA)
    if ca is None or not _is_fresh(ca, now, margin=LEAF_LIFE) or _allowed_names(ca) != _permitted(names):
        ca = _make_ca(_ca_key(state), names, now)
        _write(state / CA, ca.public_bytes(Encoding.PEM))
        path.unlink(missing_ok=True)
    leaf = _read(path)
    if leaf is None or not _is_fresh(leaf, now, margin=RENEW_BEFORE) or _subject_names(leaf) != _alternatives(names):
        _write(path, _make_leaf(_ca_key(state), ca, names, now))
    return path


def ca(state: Path) -> bytes:
    """Return the CA's certificate as PEM, once `ensure` has made it."""
    return (state / CA).read_bytes()


def _make_ca(key: Key, names: Names, now: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"intercom {names.host}"[:64])])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        _builder(subject, subject, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, SHA256())
    )


def _make_leaf(ca_key: Key, ca: x509.Certificate, names: Names, now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names.host[:64])])
    leaf = (
        _builder(subject, ca.subject, key.public_key(), now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    return _pem(key) + leaf.public_bytes(Encoding.PEM) + ca.public_bytes(Encoding.PEM)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    """Valid from a day back (clocks differ) but never from before this program was written (a Pi may boot in 1970)."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(now - timedelta(days=1), BUILT))
        .not_valid_after(now + life)
    )


def _permitted(names: Names) -> list[x509.GeneralName]:
    own = sorted({"local", "localhost", *names.dns})
    return [*map(x509.DNSName, own), *map(x509.IPAddress, PRIVATE)]


def _alternatives(names: Names) -> list[x509.GeneralName]:
    return [*map(x509.DNSName, names.dns), *map(x509.IPAddress, names.addresses)]


def _allowed_names(ca: x509.Certificate) -> list[x509.GeneralName]:
    return list(ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or [])


def _subject_names(leaf: x509.Certificate) -> list[x509.GeneralName]:
    return list(leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)


def _is_fresh(certificate: x509.Certificate, now: datetime, *, margin: timedelta) -> bool:
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - margin


def _ca_key(state: Path) -> Key:
    path = state / CA_KEY
    if not path.exists():
        _write(path, _pem(ec.generate_private_key(ec.SECP256R1())), keep=True)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise IntercomError(
            f"The CA's key {path} can't be read.", "Restore it, or move it away for a new CA."
        ) from error
    if not isinstance(key, Key):
        raise IntercomError(f"{path} is not a key of ours.", "Restore it, or move it away for a new CA.")
    return key


def _read(path: Path) -> x509.Certificate | None:
    """Return the first certificate of a PEM file; None where there is none that can be read: it will be made anew."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError):
        return None


def _write(path: Path, content: bytes, *, keep: bool = False) -> None:
    """Write a file of mode 0600 of the folder's owner; `keep`: one that another process wrote meanwhile stays."""
    try:
        make_folder(path.parent)
        if keep:
            _write_first(path, content)
        else:
            disk.write(path, content, like=path.parent.stat())
    except OSError as error:
        raise RefusedError(
            f"{path} can't be written ({error.strerror}).", "Look at the rights of its folder."
        ) from error


def _write_first(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    disk.write(fresh, content, like=path.parent.stat())
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
    disk.sync(path.parent)


def _pem(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
