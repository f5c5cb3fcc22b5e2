"""The template in the repository is the one the tree gives, and it changes nothing."""

from pathlib import Path

from hypothesis import given, settings

from intercom.settings.file import load, parse
from intercom.settings.paths import leaves
from intercom.settings.schema import Settings
from intercom.settings.template import template
from tests.settings.strategies import valid_settings

CONFIG = Path(__file__).parents[2] / "config" / "intercom.toml"


def test_the_file_in_config_is_the_generated_template() -> None:
    assert CONFIG.read_text() == template(), "write it anew: intercom config template > config/intercom.toml"


def test_it_loads_to_the_defaults() -> None:
    assert load(CONFIG) == Settings()


def test_every_setting_stands_in_it_with_its_description() -> None:
    words = " ".join(template().replace("\n# ", " ").split())
    for leaf in leaves().values():
        assert leaf.description in words, leaf.path
        assert f"{leaf.path.rpartition('.')[2]} = " in words, leaf.path


def test_the_suggested_pins_load_when_their_comment_marks_are_taken_away() -> None:
    buttons = parse(template().replace("\n# answer =", "\nanswer =")).panel.buttons
    assert buttons.answer == 17


@given(valid_settings())
@settings(max_examples=50, deadline=None)
def test_any_settings_written_as_a_template_load_to_the_same(chosen: Settings) -> None:
    assert parse(template(chosen)) == chosen
