"""Names and passwords as one text each, however they were typed (SASLprep, RFC 4013).  Pure."""

import stringprep
from unicodedata import ucd_3_2_0

from intercom.errors import UsageError

_PROHIBITED = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
    stringprep.in_table_a1,
)


def prepared(text: str) -> str:
    """The text as it is compared and hashed; raises UsageError, which does not quote it."""
    spaced = "".join(" " if stringprep.in_table_c12(letter) else letter for letter in text)
    kept = "".join(letter for letter in spaced if not stringprep.in_table_b1(letter))
    normal = ucd_3_2_0.normalize("NFKC", kept)
    if any(is_prohibited(letter) for letter in normal for is_prohibited in _PROHIBITED) or not _runs_one_way(normal):
        raise UsageError("It has letters that can't be typed the same everywhere.", "Choose others.")
    return normal


def _runs_one_way(text: str) -> bool:
    """The rule for text from right to left (RFC 3454 section 6)."""
    if not any(map(stringprep.in_table_d1, text)):
        return True
    return (
        not any(map(stringprep.in_table_d2, text))
        and stringprep.in_table_d1(text[0])
        and stringprep.in_table_d1(text[-1])
    )
