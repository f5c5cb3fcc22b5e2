"""The private CA and its leaf, as `ssl` and a calendar see them."""

import ipaddress
import socket
import ssl
import stat
import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from intercom.errors import IntercomError, RefusedError, SettingsError
from intercom.exchange import addresses, certificates
from intercom.exchange.addresses import names

NOW = datetime.now(UTC).replace(microsecond=0)
HERE = names("pi", ["127.0.0.1", "::1", "192.168.1.7", "8.8.8.8", "intercom.example.org"])


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def subject_names(leaf: x509.Certificate) -> set[str]:
    found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}


def connect(leaf: Path, ca: bytes, host: str) -> None:
    """Make a TLS connection to a server with this certificate; raises what a client raises."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(leaf)
    client = ssl.create_default_context(cadata=ca.decode())
    inside, outside = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(inside, server_side=True).close()
        except OSError:
            inside.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client.wrap_socket(outside, server_hostname=host).close()
    finally:
        outside.close()
        thread.join()


@pytest.mark.parametrize(
    "host", ["localhost", "pi", "pi.local", "127.0.0.1", "::1", "192.168.1.7", "intercom.example.org"]
)
def test_who_trusts_the_ca_reaches_the_exchange_by_each_of_its_names(tmp_path: Path, host: str) -> None:
    connect(certificates.ensure(tmp_path, HERE, NOW), certificates.ca(tmp_path), host)


def test_no_public_address_is_vouched_for(tmp_path: Path) -> None:
    leaf = load(certificates.ensure(tmp_path, HERE, NOW))
    assert subject_names(leaf) == {
        "localhost", "pi", "pi.local", "intercom.example.org", "127.0.0.1", "::1", "192.168.1.7",
    }  # fmt: skip


def test_the_ca_can_vouch_for_this_house_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, HERE, NOW)
    ca = x509.load_pem_x509_certificate(certificates.ca(tmp_path))
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = {str(name.value) for name in constraints.value.permitted_subtrees or ()}
    assert constraints.critical
    assert permitted == {
        "local", "localhost", "pi", "pi.local", "intercom.example.org", "10.0.0.0/8", "127.0.0.0/8",
        "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
    }  # fmt: skip
    assert ca.not_valid_after_utc - ca.not_valid_before_utc >= timedelta(days=3650)


def test_a_leaf_for_another_site_is_not_believed(tmp_path: Path) -> None:
    certificates.ensure(tmp_path, HERE, NOW)
    ca = x509.load_pem_x509_certificate(certificates.ca(tmp_path))
    forged = tmp_path / "forged.pem"
    forged.write_bytes(
        certificates._make_leaf(certificates._ca_key(tmp_path), ca, names("bank", ["bank.example"]), NOW)
    )
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        connect(forged, certificates.ca(tmp_path), "bank.example")


def test_the_pin_is_of_the_public_key_and_outlives_every_certificate(tmp_path: Path) -> None:
    pin = certificates.pin(tmp_path)
    for moment, host in ((NOW, "pi"), (NOW, "door"), (NOW + timedelta(days=3600), "door")):
        certificates.ensure(tmp_path, names(host, []), moment)
        key = x509.load_pem_x509_certificate(certificates.ca(tmp_path)).public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert b64encode(sha256(spki).digest()).decode() == pin == certificates.pin(tmp_path)


def test_nothing_is_made_anew_while_it_is_good(tmp_path: Path) -> None:
    first = certificates.ensure(tmp_path, HERE, NOW).read_bytes()
    assert certificates.ensure(tmp_path, HERE, NOW + timedelta(days=300)).read_bytes() == first


@pytest.mark.parametrize(
    ("later", "where"),
    [(timedelta(days=361), HERE), (timedelta(), names("pi", ["127.0.0.1", "10.0.0.9", "intercom.example.org"]))],
    ids=["when it runs out", "when the address changes"],
)
def test_the_leaf_is_renewed_under_the_same_ca(tmp_path: Path, later: timedelta, where: addresses.Names) -> None:
    old = load(certificates.ensure(tmp_path, HERE, NOW))
    ca = certificates.ca(tmp_path)
    new = load(certificates.ensure(tmp_path, where, NOW + later))
    assert new.serial_number != old.serial_number
    assert certificates.ca(tmp_path) == ca


def test_a_clock_of_1970_gives_a_certificate_of_this_century(tmp_path: Path) -> None:
    leaf = load(certificates.ensure(tmp_path, HERE, datetime(1970, 1, 1, tzinfo=UTC)))
    assert leaf.not_valid_before_utc == certificates.BUILT


def test_a_certificate_is_good_for_clocks_that_are_a_day_late(tmp_path: Path) -> None:
    assert load(certificates.ensure(tmp_path, HERE, NOW)).not_valid_before_utc == NOW - timedelta(days=1)


def test_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    certificates.ensure(tmp_path / "state", HERE, NOW)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
    assert modes == {"ca.key": 0o600, "ca.crt": 0o600, "exchange.pem": 0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_damaged_certificates_are_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = certificates.ensure(tmp_path, HERE, NOW)
    path.write_bytes(damage)
    (tmp_path / "ca.crt").write_bytes(damage)
    connect(certificates.ensure(tmp_path, HERE, NOW), certificates.ca(tmp_path), "localhost")


def test_a_damaged_ca_key_is_named_not_replaced(tmp_path: Path) -> None:
    certificates.pin(tmp_path)
    (tmp_path / "ca.key").write_bytes(b"nonsense")
    with pytest.raises(IntercomError, match=r"ca\.key can't be read"):
        certificates.pin(tmp_path)


def test_a_folder_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(RefusedError, match=r"ca\.key can't be written"):
        certificates.pin(tmp_path / "state")


@pytest.mark.parametrize("word", ["", "two words", "ü.example", "a/b"])
def test_a_setting_that_is_no_name_is_refused(word: str) -> None:
    with pytest.raises(SettingsError, match="neither a host name nor an address"):
        names("pi", [word])


def test_this_machine_is_reached_by_loopback_at_least() -> None:
    own = addresses.own_names([])
    assert "localhost" in own.dns
    assert ipaddress.ip_address("127.0.0.1") in own.addresses
