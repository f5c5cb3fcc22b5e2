"""The one HTTPS port: page, sign-in, CA, health, and how it fails to start."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography import x509
from yarl import URL

from intercom.errors import IntercomError, PortInUseError, SettingsError
from intercom.exchange import accounts, certificates
from intercom.exchange.people import COOKIE
from intercom.exchange.server import Exchange
from intercom.settings import schema
from tests.exchange.wires import HERE, Net, net


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange():
        yield made


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange(page="web"):
        yield made


async def ask(house: Net, path: str, method: str = "GET", **more: Any) -> tuple[int, Any, aiohttp.ClientResponse]:
    async with house.http.request(method, house.origin + path, ssl=house.tls, **more) as response:
        is_json = response.content_type == "application/json"
        return response.status, await response.json() if is_json else await response.read(), response


async def post(
    house: Net, path: str, *, origin: str | None = None, host: str = "", body: bytes = b""
) -> tuple[int, Any]:
    headers = {"Origin": origin if origin is not None else house.origin} | ({"Host": host} if host else {})
    status, answer, _ = await ask(house, path, "POST", headers=headers, data=body)
    return status, answer


@pytest.mark.parametrize("path", ["/", "/join"])
async def test_the_page_is_strict_about_what_it_loads(house: Net, path: str) -> None:
    status, body, response = await ask(house, path)
    assert status == 200
    assert b"<!doctype html>" in body
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_is_sent_again_only_when_it_changed(house: Net) -> None:
    _, _, response = await ask(house, "/")
    assert response.headers["Cache-Control"] == "no-cache"
    status, body, _ = await ask(house, "/", headers={"If-None-Match": response.headers["ETag"]})
    assert (status, body) == (304, b"")
    assert (await ask(house, "/", headers={"If-None-Match": '"another"'}))[0] == 200


@pytest.mark.parametrize("path", ["/nothing", "/../server.py", "/%2e%2e/server.py", "/web/index.html"])
async def test_what_is_not_the_page_s_is_not_served(house: Net, path: str) -> None:
    status, _, response = await ask(house, str(URL(path, encoded=True)))
    assert status == 404
    assert response.headers["Cache-Control"] == "no-store"


async def test_an_invite_signs_a_browser_in_and_its_cookie_gives_tokens(house: Net) -> None:
    assert (await post(house, "/token"))[0] == 401
    code = accounts.invite(house.state, "anna").partition("#")[2].encode()
    assert (await ask(house, "/join"))[0] == 200  # a preview of the link, which does not use it up
    assert await post(house, "/join", body=b'{"code": "%s"}' % code) == (200, {"identity": "anna"})
    [cookie] = [each for each in house.http.cookie_jar if each.key == COOKIE]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Strict", "/")
    status, answer = await post(house, "/token")
    assert (status, answer["identity"], answer["ttl"]) == (200, "anna", 3600)
    await house.registered(answer["token"])
    assert (await post(house, "/join", body=b'{"code": "%s"}' % code))[0] == 403


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"code": 7}', b'{"code": null}', b'{"cod\xff'])
async def test_a_bad_code_is_refused_in_words(house: Net, body: bytes) -> None:
    status, answer = await post(house, "/join", body=body)
    assert status == 403
    assert "used already or is too old" in answer["error"]["message"]


async def test_a_person_who_is_revoked_is_cut_off(house: Net) -> None:
    code = accounts.invite(house.state, "anna").partition("#")[2].encode()
    await post(house, "/join", body=b'{"code": "%s"}' % code)
    wire = await house.registered((await post(house, "/token"))[1]["token"])
    accounts.revoke_person(house.state, "anna")
    await wire.hear("error")
    await wire.hear("close")
    assert (await post(house, "/token"))[0] == 401


@pytest.mark.parametrize("path", ["/token", "/join"])
@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://127.0.0.1"])
async def test_another_site_s_page_gets_nothing(demo: Net, path: str, origin: str) -> None:
    assert (await post(demo, path, origin=origin))[0] == 403


async def test_the_demo_signs_this_machine_s_browsers_in(demo: Net) -> None:
    status, answer = await post(demo, "/token")
    assert (status, answer["identity"]) == (200, "web")
    anna = await demo.registered(demo.station("intercom"))
    web = await demo.registered(answer["token"])
    await anna.say("invite", callsid="TJS1", sdp="v=0", twilio={"params": "To=web"})
    await web.hear("invite")


async def test_a_name_that_was_turned_to_loopback_is_not_this_machine(demo: Net) -> None:
    rebound = f"evil.example:{demo.port}"
    assert (await post(demo, "/token", host=rebound, origin=f"https://{rebound}"))[0] == 401


async def test_without_the_demo_nobody_is_signed_in_by_itself(house: Net) -> None:
    assert (await post(house, "/token"))[0] == 401


async def test_the_demo_listens_on_loopback_whatever_the_settings_say(tmp_path: Path) -> None:
    async with (
        Exchange(schema.Exchange(host=""), tmp_path, page_identity="web", port=0) as exchange,
        Exchange(schema.Exchange(host="127.0.0.2"), tmp_path, port=exchange.port) as other,
    ):
        assert exchange.url == other.url == f"https://localhost:{exchange.port}/"


async def test_the_ca_is_there_for_who_wants_to_trust_it(house: Net) -> None:
    status, body, response = await ask(house, "/ca.crt")
    assert (status, response.content_type) == (200, "application/x-x509-ca-cert")
    assert x509.load_pem_x509_certificate(body).extensions.get_extension_for_class(x509.BasicConstraints).value.ca


async def test_health_and_counts_name_nobody(house: Net) -> None:
    await house.registered(house.station("door"))
    assert (await ask(house, "/healthz"))[1] == {"ok": True, "clients": 1, "calls": 0}
    _, body, _ = await ask(house, "/metrics")
    assert b'intercom_registered{kind="station"} 1\n' in body
    assert b"door" not in body


async def test_a_body_that_is_too_long_is_refused(house: Net) -> None:
    assert (await post(house, "/join", body=b"x" * 65_537))[0] == 413


async def test_a_given_certificate_is_used_and_no_ca_is_offered(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house:
        async with house.exchange():
            pass
        given = schema.Exchange(host="127.0.0.1", certificate=str(house.state / certificates.LEAF))
        async with house.exchange(given):
            assert (await ask(house, "/ca.crt"))[0] == 404
            assert (await ask(house, "/healthz"))[0] == 200


@pytest.mark.parametrize("content", [None, b"nonsense"])
async def test_a_given_certificate_that_is_of_no_use_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "given.pem"
    if content:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"given\.pem can't be used"):
        await Exchange(schema.Exchange(certificate=str(path)), tmp_path / "state", port=0).__aenter__()


async def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    async with Exchange(HERE, tmp_path / "one", port=0) as first:
        with pytest.raises(PortInUseError, match=f"port {first.port}"):
            await Exchange(HERE, tmp_path / "two", port=first.port).__aenter__()


async def test_an_address_of_another_machine_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1"):
        await Exchange(schema.Exchange(host="192.0.2.1"), tmp_path, port=0).__aenter__()


async def test_a_state_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(IntercomError, match="state"):
        await Exchange(HERE, tmp_path / "state", port=0).__aenter__()
