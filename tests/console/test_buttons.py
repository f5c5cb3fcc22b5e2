"""The commands about buttons, as they are typed and told; the table itself is told in tests/station/test_rulesheet."""

from collections.abc import Sequence

from intercom.console import client, commands
from intercom.console.desk import Desk
from tests.console.station import SmallStation


async def typed(line: str) -> str:
    command, given = commands.read_line(line)
    return command.text(await command.run(Desk(SmallStation(), "test"), given))


async def test_the_rules_are_told_or_what_one_button_would_do_now() -> None:
    assert (await typed("rules")).startswith("state ")
    assert (await typed("rules --all")).startswith("state ")
    assert await typed("rules --what-if answer") == "Now (idle), answer does pressed: call."


async def test_what_is_done_with_the_buttons_is_told() -> None:
    assert await typed("test buttons") == "answer: down"
    assert await typed("test buttons --for 3") == "answer: down"


def test_buttons_are_tried_until_nobody_touches_one_any_more() -> None:
    touched = [[{"button": "answer", "what": "down"}], [{"button": "answer", "what": "up"}], []]

    def ask(words: Sequence[str]) -> client.Answer:
        assert words == ["test", "buttons"]
        return client.Answer(commands.COMMANDS["test buttons"], {"seen": touched.pop(0)})

    told = [answer.text for answer in client.follow(ask, ["test", "buttons"])]
    assert told == ["answer: down", "answer: up", "No button was touched."]
