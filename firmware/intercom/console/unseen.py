"""What is typed and not shown: secrets, which are no words, as the words of a command are seen by every user."""

import getpass
import sys


def typed(question: str) -> str:
    """What a person types unseen; where nobody sits at a terminal, the next line of standard input."""
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
