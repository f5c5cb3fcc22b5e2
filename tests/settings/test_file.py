"""Reading a settings file: defaults, and every error of it at once."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.errors import SettingsError
from intercom.settings.file import TOLD, load, parse
from intercom.settings.paths import leaves
from intercom.settings.schema import Settings
from intercom.settings.words import written

PROBLEMS = [
    # file                                         what is said of it
    ("volume = 3", "1: volume is no section; did you mean audio.volume?"),
    ("[adio]", "1: adio is no section; did you mean audio?"),
    ("[quux]", "1: quux is no section; there are station, "),
    ("[audio]\n\nvolum = 3", "3: audio.volum is no setting; did you mean audio.volume?"),
    ("[audio]\nbaud = 9600", "2: audio.baud is no setting; did you mean console.baud?"),
    ("[audio]\nfoo = 9600", "2: audio.foo is no setting; there are capture, "),
    ("[log]\n'a \\n' = 1", '2: log."a \\\\n" is no setting; there are level.'),
    ("[audio]\nvolume = 101", "2: audio.volume must be a whole number from 0 to 100."),
    ("[audio]\nvolume = true", "2: audio.volume must be a whole number from 0 to 100."),
    ("[audio]\nvolume = '60'", "2: audio.volume must be a whole number from 0 to 100."),
    (f"[audio]\nvolume = {'9' * 4000}", "2: audio.volume must be a whole number from 0 to 100."),
    ("[audio]\ncapture = ''", "2: audio.capture must be one line of text, not empty."),
    ('[call]\nto = "a\\nb"', "2: call.to must be one line of text of 0 to 128 characters."),
    ('[station]\nidentity = "a\\n"', "2: station.identity must be 1 to 64 of A-Z a-z 0-9 _ . -."),
    ("[panel]\nactive_low = 1", "2: panel.active_low must be true or false."),
    ("[panel.ring]\nkind = 'ws'", '2: panel.ring.kind must be "apa102", "gpio", "none", "sk6812" or "ws2812".'),
    ("panel = { ring = { kind = 1 } }", '1: panel.ring.kind must be "apa102", "gpio", "none", "sk6812" or "ws2812".'),
    ("[panel]\nbuttons.answer = 28", "2: panel.buttons.answer must be a whole number from 0 to 27."),
    ("[rtc]\ncodecs = [\n 'opus',\n 'g722']", "2: rtc.codecs must be a list of 1 to 2 items, "),
    ("call = 3", "1: call is a section: write it as [call], with its settings below."),
    ("[[rtc]]", "1: rtc is a section: write it as [rtc], with its settings below."),
    ("[exchange.groups]\n'a b' = ['c']", '1: exchange.groups must be a table of NAME = ["NAME", "NAME"]'),
    (
        "[panel.buttons]\nanswer = 17\n[panel.ring]\npins = [5, 17]",
        "4: panel.ring.pins must have a pin of its own: panel.buttons.answer is on pin 17 too.",
    ),
    ("[panel.ring]\npins = [5, 5]", "2: panel.ring.pins must have a pin of its own: "),
    ("[panel.ring]\nkind = 'gpio'", "1: panel.ring.pins must name the pins of the LEDs when "),
    (
        "[exchange]\ncertificate = 'a.pem'",
        "2: exchange.certificate and exchange.certificate_key must be set both or neither.",
    ),
    ("[audio]\nvolume = ", "2: this is not TOML: invalid value."),
    ("[audio\n", "1: this is not TOML: expected ']' at the end of a table declaration."),
    ("[audio]\nvolume = 1\nvolume = 2\n", "3: this is not TOML: cannot overwrite a value."),
    ("[audio]\ncapture = '''a\n\n", "4: this is not TOML: expected \"'''\"."),
    (f"a = {'[' * 5000}", "1: lists or tables are nested too deeply."),
]


@pytest.mark.parametrize(("text", "problem"), PROBLEMS)
def test_each_problem_is_told_with_its_line_and_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text, source="it")
    assert raised.value.message.startswith(f"it:{problem}")
    assert "\n" not in raised.value.message


def test_all_problems_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("[audio]\nvolume = 300 # loud\n\n[panel.buttons]\nanswer = 3\ncall = 3\n[logs]\nlevel = 4\n")
    with pytest.raises(SettingsError) as raised:
        load(file)
    assert raised.value.message.split("\n") == [
        f"{file}:2: audio.volume must be a whole number from 0 to 100.",
        f"{file}:6: panel.buttons.call must have a pin of its own: panel.buttons.answer is on pin 3 too.",
        f"{file}:7: logs is no section; did you mean log?",
    ]


def test_of_thousands_of_problems_the_first_are_told() -> None:
    with pytest.raises(SettingsError) as raised:
        parse("[audio]\n" + "".join(f"x{number} = 1\n" for number in range(1000)))
    told = raised.value.message.split("\n")
    assert told[TOLD - 1].startswith(f"settings:{TOLD + 1}: audio.x{TOLD - 1} is no setting; there are capture, ")
    assert told[TOLD:] == ["settings: and 800 problems more."]


def test_what_a_file_leaves_out_has_its_default() -> None:
    assert parse("") == Settings()
    assert parse("[audio]\nvolume = 3").audio.ring_volume == Settings().audio.ring_volume


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_bytes(b"\xef\xbb\xbf[audio]\r\nvolume = 3\r\n")
    assert load(file).audio.volume == 3


def test_a_file_that_can_not_be_read_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml can't be read: No such file.*config template"):
        load(tmp_path / "absent.toml")
    with pytest.raises(SettingsError, match=r"can't be read: Is a directory"):
        load(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"[station]\nname = '\xe9'")
    with pytest.raises(SettingsError, match=r"latin\.toml is not UTF-8 text"):
        load(tmp_path / "latin.toml")


@given(st.sampled_from(sorted(leaves())), st.text(st.characters(categories=["Lu"]), min_size=12))
def test_no_error_quotes_the_value(path: str, value: str) -> None:
    section, _, name = path.rpartition(".")
    with pytest.raises(SettingsError) as raised:
        parse(f"[{section}]\n{name} = [[{written(value)}]]")
    assert raised.value.message.startswith(f"settings:2: {path} must be ")
    assert value not in str(raised.value)


@given(st.text())
@settings(max_examples=300)
def test_no_text_gives_anything_but_settings_or_one_line_per_problem(text: str) -> None:
    problems = ""
    try:
        parse(text)
    except SettingsError as error:
        problems = error.message
    assert all(line.startswith("settings:") for line in filter(None, problems.split("\n")))


@pytest.mark.parametrize("key", ["open.answer.press", '"open.answer.press"'])
def test_who_knows_more_is_asked_and_its_problems_have_their_lines_too(key: str) -> None:
    text = f'[panel]\nhold_ms = 1\n[panel.rules]\nidle.light = "off"\n{key} = "mute"\n'
    with pytest.raises(SettingsError) as refused:
        parse(text, source="hall.toml", also=lambda _: [("panel.rules.open.answer.press", "is not liked.")])
    assert str(refused.value).splitlines() == [
        "hall.toml:2: panel.hold_ms must be a whole number from 300 to 5000.",
        "hall.toml:5: panel.rules.open.answer.press is not liked.",
    ]
