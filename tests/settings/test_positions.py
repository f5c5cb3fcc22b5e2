"""On which line each key of a TOML text stands."""

import tomllib

import pytest

from intercom.errors import SettingsError
from intercom.settings.file import parse
from intercom.settings.positions import positions

PLACES = [
    # text                                                          the lines of `b` and of the key after it
    ("b = 1\nz = 2", (1, 2)),
    ("\n# it's [one\nb = 1 # it's {two\nz = 2", (3, 4)),
    ("b = [\n 1, # ]\n 2,\n]\nz = 2", (1, 5)),
    ('b = [\n"]", \'[\', "\\"]",\n]\nz = 2', (1, 4)),
    ('b = """\n]\n[[\n\\""" " "" """\nz = 2', (1, 5)),
    ('b = """"a" ""\n"""""\nz = 2', (1, 3)),
    ("b = '''''a'\n\\'''''\nz = 2", (1, 3)),
    ('b = """"""\nz = \'\'', (1, 2)),
    ("b = { a = [1, 2], 'c}' = '{' }\nz = 2", (1, 2)),
    ('"b" = ""\r\n\r\nz = [\r\n2 ]', (1, 3)),
    ("[a]\n[b]\nc = 1\n[z]", (2, 4)),
    ("[[b]]\nc = 1\n[[b]]\n[z]", (1, 4)),
    ("'#'.\"[\" = 1\nb.c = 1\nz = 2", (2, 3)),
]


@pytest.mark.parametrize(("text", "lines"), PLACES)
def test_a_key_stands_where_its_line_begins_whatever_its_value_holds(text: str, lines: tuple[int, int]) -> None:
    assert tomllib.loads(text)
    placed = positions(text)
    assert (placed["b",], placed["z",]) == lines


def test_a_value_of_thousands_of_lines_takes_no_longer_than_they_do_apart() -> None:
    many = "".join(f"# {number}\n'a',\n" for number in range(5000))
    assert positions(f"b = [\n{many}]\nz = 1") == {("b",): 1, ("z",): 10_003}


@pytest.mark.parametrize("text", [row[0] for row in PLACES])
def test_a_problem_is_told_on_its_line_behind_any_of_them(text: str) -> None:
    with pytest.raises(SettingsError, match=r"audio\.volume") as raised:
        parse(f"{text}\n[audio]\nvolume = 101\n")
    assert f"settings:{text.count(chr(10)) + 3}: audio.volume" in str(raised.value)
