"""Who may use the exchange: keys, people, invites; the file that holds them."""

import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from intercom.errors import IntercomError, RefusedError, TokenError, UsageError
from intercom.exchange import accounts, certificates, database, ledger
from intercom.exchange.credentials import Credentials
from intercom.exchange.directory import Kind
from intercom.exchange.effects import Answered, End, Ended, Started
from intercom.signaling import token


def credentials(state: Path) -> Credentials:
    with closing(database.connect(state)) as db:
        return accounts.read(db)


def test_a_station_s_key_admits_its_own_identity_only(tmp_path: Path) -> None:
    key = accounts.add_station(tmp_path, "door")
    now = time.time()
    good = token.mint(key.api_key, key.api_secret, "door", now=now, ttl_s=60)
    admission = credentials(tmp_path).admit(good, now=now)
    assert (admission.kind, admission.claims.identity) == (Kind.STATION, "door")
    with pytest.raises(TokenError) as refused:
        credentials(tmp_path).admit(token.mint(key.api_key, key.api_secret, "bob", now=now, ttl_s=60), now=now)
    assert refused.value.code == 31201


def test_a_station_is_told_the_pin_of_the_ca(tmp_path: Path) -> None:
    assert accounts.add_station(tmp_path, "door").ca_pin == certificates.pin(tmp_path)
    assert accounts.add_station(tmp_path, "door", certificate="/etc/ssl/given.pem").ca_pin == ""


def test_a_station_in_the_same_program_keeps_its_key(tmp_path: Path) -> None:
    key = accounts.station_key(tmp_path, "intercom")
    assert accounts.station_key(tmp_path, "intercom") == key
    accounts.revoke_station(tmp_path, "intercom")
    assert accounts.station_key(tmp_path, "intercom") != key


def test_a_stolen_station_is_revoked_alone(tmp_path: Path) -> None:
    stolen, other = accounts.add_station(tmp_path, "door"), accounts.add_station(tmp_path, "door")
    assert accounts.revoke_station(tmp_path, stolen.api_key) == 1
    assert [account.revoked_at is None for account in accounts.list_stations(tmp_path)] == [False, True]
    now = time.time()
    keys = credentials(tmp_path)
    assert keys.admit(token.mint(other.api_key, other.api_secret, "door", now=now, ttl_s=9), now=now)
    with pytest.raises(TokenError) as refused:
        keys.admit(token.mint(stolen.api_key, stolen.api_secret, "door", now=now, ttl_s=9), now=now)
    assert refused.value.code == 31204
    with pytest.raises(UsageError, match="No station has a key"):
        accounts.revoke_station(tmp_path, stolen.api_key)


def test_a_minted_token_is_any_identity_s_but_no_page_s(tmp_path: Path) -> None:
    text = accounts.mint_token(tmp_path, "anna", 60)
    keys = credentials(tmp_path)
    assert keys.admit(text, now=time.time()).kind is Kind.FOREIGN
    assert "anna" in keys.identities


def test_a_station_s_key_makes_no_page_tokens(tmp_path: Path) -> None:
    key = accounts.add_station(tmp_path, "door")
    now = time.time()
    text = token.mint(key.api_key, key.api_secret, "door", now=now, ttl_s=60, person="")
    assert credentials(tmp_path).admit(text, now=now).kind is Kind.STATION


def test_the_exchange_s_own_key_is_no_station_s(tmp_path: Path) -> None:
    own = token.issuer(accounts.mint_token(tmp_path, "anna", 60))
    assert token.issuer(accounts.mint_token(tmp_path, "bob", 60)) == own
    assert accounts.list_stations(tmp_path) == []
    with pytest.raises(UsageError):
        accounts.revoke_station(tmp_path, own)


def test_an_invite_signs_one_browser_in_once(tmp_path: Path) -> None:
    page, _, code = accounts.invite(tmp_path, "anna").partition("#")
    assert page == "/join"
    cookie, person = accounts.redeem(tmp_path, code)
    assert person.identity == "anna"
    assert accounts.person_of(tmp_path, cookie) == person
    with pytest.raises(RefusedError, match="used already or is too old"):
        accounts.redeem(tmp_path, code)


@pytest.mark.parametrize("code", ["", "made-up", "ü" * 1000])
def test_a_made_up_code_signs_nobody_in(tmp_path: Path, code: str) -> None:
    accounts.invite(tmp_path, "anna")
    with pytest.raises(RefusedError):
        accounts.redeem(tmp_path, code)


def test_an_invite_is_good_for_ten_minutes(tmp_path: Path) -> None:
    _, _, code = accounts.invite(tmp_path, "anna").partition("#")
    with closing(sqlite3.connect(tmp_path / database.FILE)) as db, db:
        db.execute("UPDATE invites SET expires_at = expires_at - ?", (accounts.INVITE_S,))
    with pytest.raises(RefusedError):
        accounts.redeem(tmp_path, code)


def test_no_code_and_no_cookie_is_on_the_disk_as_it_is(tmp_path: Path) -> None:
    _, _, code = accounts.invite(tmp_path, "anna").partition("#")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    cookie, _ = accounts.redeem(tmp_path, code)
    held += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() not in held
    assert cookie.encode() not in held


def test_a_revoked_person_is_signed_out_everywhere(tmp_path: Path) -> None:
    signed_in = [accounts.redeem(tmp_path, accounts.invite(tmp_path, "anna").partition("#")[2]) for _ in range(2)]
    text = accounts.mint_page_token(tmp_path, signed_in[0][1], 60)
    pending = accounts.invite(tmp_path, "anna").partition("#")[2]
    assert credentials(tmp_path).admit(text, now=time.time()).kind is Kind.PAGE
    assert accounts.revoke_person(tmp_path, "anna") == 2
    assert [accounts.person_of(tmp_path, cookie) for cookie, _ in signed_in] == [None, None]
    with pytest.raises(TokenError) as refused:
        credentials(tmp_path).admit(text, now=time.time())
    assert refused.value.code == 31201
    with pytest.raises(RefusedError):
        accounts.redeem(tmp_path, pending)


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "ü", "a\n"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    for act in (accounts.invite, accounts.add_station, lambda state, name: accounts.mint_token(state, name, 60)):
        with pytest.raises(UsageError, match="1 to 64"):
            act(tmp_path, name)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with closing(database.connect(tmp_path / "deep" / "state")) as db:
        db.execute("INSERT INTO identities VALUES ('anna')")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep" / "state").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "deep" / "state").stat().st_mode) == 0o700


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / database.FILE).write_bytes(b"nonsense" * 1000)
    with pytest.raises(IntercomError, match=r"exchange\.db can't be used"):
        accounts.list_stations(tmp_path)


def test_the_ledger_holds_the_live_calls_only(tmp_path: Path) -> None:
    anna, bob = End("anna", Kind.FOREIGN, "RT1"), End("bob", Kind.STATION, "RT2")
    rings, talks, over = (Started(f"CA{n}", f"T{n}", "bob", anna) for n in (1, 2, 3))
    ended = Ended("CA3", 31480, "Nobody answered.")
    effects: list[Started | Answered | Ended] = [rings, talks, over, Answered("CA2", bob), ended]
    with closing(database.connect(tmp_path)) as db:
        for at, effect in enumerate(effects):
            ledger.write(db, effect, at)
        assert ledger.live(db) == [(rings, None), (talks, Answered("CA2", bob))]
        ledger.prune(db, ledger.KEPT_S + 4)
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (3,)
        ledger.prune(db, ledger.KEPT_S + 5)
        assert ledger.live(db) == [(rings, None), (talks, Answered("CA2", bob))]
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (2,)
