"""Where a station's tokens come from."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
from aiohttp import web

from intercom.errors import IntercomError, NoAnswerError, TokenError
from intercom.settings import schema
from intercom.signaling import token, tokens
from tests.signaling.script import Script, script

KEY, SECRET = "SK" + "0" * 32, "0123456789abcdef" * 2
ACCOUNT, APPLICATION = "AC" + "a" * 32, "AP" + "b" * 32
TOKEN = token.mint(KEY, SECRET, "hall", now=1_800_000_000, ttl_s=60)
BIG = "x" * 20_000


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    """A server that this machine's CAs know."""
    async with script(tmp_path) as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.ca))
        yield made


async def fetched(server: Script, answer: web.Response | str, *, path: str = "/token") -> str:
    async def respond(_request: web.Request) -> web.Response:
        return web.Response(text=answer) if isinstance(answer, str) else answer

    server.token = respond
    return await tokens.from_url(f"https://localhost:{server.port}{path}").fetch()


async def test_a_station_mints_its_own_tokens_from_its_api_key() -> None:
    minted = await tokens.from_api_key("hall", KEY, SECRET).fetch()
    assert token.issuer(minted) == KEY


@pytest.mark.parametrize(("key", "secret"), [("", ""), (KEY, ""), ("", "secret")])
async def test_a_station_without_a_key_says_where_to_get_one(key: str, secret: str) -> None:
    with pytest.raises(TokenError, match="intercom station add"):
        await tokens.from_api_key("hall", key, secret).fetch()


async def test_a_key_of_twilios_mints_what_twilios_own_library_would() -> None:
    settings = schema.Signaling(
        url="", api_key=KEY, api_secret=SECRET, account_sid=ACCOUNT, application_sid=APPLICATION
    )
    minted = await tokens.source(settings, "hall").fetch()
    assert jwt.get_unverified_header(minted) == {"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}
    claims = jwt.decode(minted, SECRET, ["HS256"])
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["jti"] == f"{KEY}-{claims['iat']}"
    assert (claims["iss"], claims["sub"]) == (KEY, ACCOUNT)
    assert claims["grants"] == {
        "identity": "hall",
        "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": APPLICATION}},
    }


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (schema.Signaling(), "station API key"),
        (schema.Signaling(api_key=KEY, api_secret=SECRET, account_sid=ACCOUNT), "Twilio API key"),
        (schema.Signaling(token_url="https://user:pass@example.com/t?key=1"), "token URL at example.com"),
        (schema.Signaling(token_file="/run/token"), "token file /run/token"),
    ],
)
def test_the_source_is_what_the_settings_name(settings: schema.Signaling, name: str) -> None:
    assert tokens.source(settings, "hall").name == name


@pytest.mark.parametrize("answer", [TOKEN, f"\n{TOKEN}\r\n", f'{{"token": "{TOKEN}", "identity": "hall"}}'])
async def test_a_url_answers_with_the_token_or_with_json_that_holds_it(server: Script, answer: str) -> None:
    assert await fetched(server, answer) == TOKEN


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (web.Response(status=403, text=TOKEN), "answered 403"),
        (web.Response(status=302, headers={"Location": "/token"}), "answered 302"),
        ("", "holds no access token"),
        ("<html> Please sign in </html>", "holds no access token"),
        ('{"jwt": "a.b.c"}', "holds no access token"),
        ('{"token": 7}', "holds no access token"),
        ("{" * 10_000, "holds no access token"),
        (BIG, "holds no access token"),
        (web.Response(body=b"\xff\xfe"), "holds no access token"),
    ],
)
async def test_what_is_no_token_is_told_without_being_quoted(
    server: Script, answer: web.Response | str, problem: str
) -> None:
    with pytest.raises(IntercomError, match=problem) as refused:
        await fetched(server, answer, path="/token?key=secret")
    assert "secret" not in str(refused.value)
    assert "sign in" not in str(refused.value)


async def test_a_server_that_the_systems_cas_do_not_know_gets_no_request(
    server: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoAnswerError, match=r"localhost, can't be reached \(ClientConnectorCertificateError\)"):
        await fetched(server, TOKEN)


async def test_a_server_that_is_not_there_or_too_slow_is_named(server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswerError, match="localhost, can't be reached"):
        await tokens.from_url("https://localhost:9/token").fetch()
    with pytest.raises(NoAnswerError, match="localhost, can't be reached"):
        await tokens.from_url("https://localhost:99999/token").fetch()


async def test_a_file_is_read_again_each_time(tmp_path: Path) -> None:
    path = tmp_path / "token"
    source = tokens.from_file(path)
    for text in ("first.token", "second.token\n", '{"token":"third.token"}'):
        path.write_text(text)
        assert await source.fetch() in text


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: None, "can't be read: No such file"),
        (lambda path: path.mkdir(), "can't be read: no regular file"),
        (os.mkfifo, "can't be read: no regular file"),
        (lambda path: path.write_text(""), "holds no access token"),
        (lambda path: path.write_text("two words"), "holds no access token"),
        (lambda path: path.write_text(BIG), "holds no access token"),
    ],
)
async def test_a_file_without_a_token_is_named_with_the_reason(tmp_path: Path, make: object, problem: str) -> None:
    assert callable(make)
    make(tmp_path / "token")
    with pytest.raises(TokenError, match=problem):
        await tokens.from_file(tmp_path / "token").fetch()
