"""A station whose access token another program writes into a file."""

from intercom.exchange import accounts
from tests.system.house import House


async def test_a_station_lives_by_its_token_file_and_says_what_is_wrong_with_it(empty_house: House) -> None:
    house = empty_house
    async with house.exchange:
        await house.exchange.says("ready")
        key = accounts.station_key(house.state, "hall")
        path = house.folder / "token"
        house.file.write_text(
            f'[station]\nidentity = "hall"\n[signaling]\nurl = "wss://localhost:{house.port}/signal"\n'
            f'ca_pin = "{key.ca_pin}"\ntoken_file = "{path}"\n'
        )
        async with house.station:
            status = await house.tells(lambda status: "No such file" in status["network"]["why"])
            assert status["network"]["token"]["state"] == "missing"
            path.write_text(house.token("hall", ttl_s=-10))
            await house.tells(lambda status: "has expired" in status["network"]["why"])
            path.write_text(house.token("hall"))
            status = await house.tells(lambda status: status["registration"] == "ready")
            assert status["network"]["token"]["state"] == "good"
            assert status["network"]["token"]["source"] == f"token file {path}"
            assert path.read_text() not in str(status)
