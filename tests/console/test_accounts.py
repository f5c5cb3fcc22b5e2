"""Which passwords accounts may have, and that unknown names can't be told from known ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console import accounts, scram
from intercom.console.accounts import ADMIN, VIEWER, Accounts, none_yet
from intercom.errors import UsageError

VERIFIER = scram.verifier_of("correct horse battery", iterations=scram.FEWEST)
KEPT = none_yet().having(ADMIN, VERIFIER)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "k7md-wq2x-9fhr", "Zwölf Boxkämpfer", "@monkeys-are-fine"]
)
def test_a_password_that_nobody_guesses_is_taken(password: str) -> None:
    assert accounts.check(password) == password


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short one",
        "x" * 129,
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "1234567890",
        "0987654321",
        "Password123!",
        "intercom2026",
        "qwertyuiop1",
        "hunter2hunter2",
        "tab\tin a password",
    ],
)
def test_one_that_is_short_or_among_the_first_guesses_is_refused_unquoted(password: str) -> None:
    with pytest.raises(UsageError) as refused:
        accounts.check(password)
    assert not password or password not in str(refused.value)


def test_what_the_installation_makes_is_long_and_easy_to_read() -> None:
    made = {accounts.make() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert accounts.check(password)
        assert not set(password) & set("0O1lI")


def test_before_admin_has_a_password_there_is_no_account() -> None:
    assert none_yet().is_fresh
    assert none_yet().having(VIEWER, VERIFIER).is_fresh
    assert not KEPT.is_fresh


@given(st.text(max_size=40).filter(lambda name: name != ADMIN))
def test_an_unknown_name_has_a_verifier_like_any_other_always_the_same(name: str) -> None:
    made_up = KEPT.verifier(name)
    assert made_up == KEPT.verifier(name)
    assert (len(made_up.salt), made_up.iterations) == (len(VERIFIER.salt), VERIFIER.iterations)
    assert made_up.salt != Accounts(bytes(32), KEPT.kept).verifier(name).salt


def test_the_viewer_is_an_unknown_name_until_it_has_a_password() -> None:
    assert not scram.is_password(KEPT.verifier(VIEWER), "correct horse battery")
    assert scram.is_password(KEPT.having(VIEWER, VERIFIER).verifier(VIEWER), "correct horse battery")
