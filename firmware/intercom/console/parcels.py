"""What is too long for a line: it crosses in chunks, each with its place, and is used once it is whole, or not at all.

Pure.
"""

import hashlib
from dataclasses import dataclass, field

from intercom.errors import ConflictError, IntercomError

CHUNK = 512  # bytes, at most
LONGEST = 512 * 1024


@dataclass(slots=True)
class Parcel:
    """What arrives: `sha256`, in hexadecimal digits, is that of the whole."""

    size: int
    sha256: str
    _there: bytearray = field(default_factory=bytearray)

    @property
    def at(self) -> int:
        """How many bytes from the beginning are there: the place of the next chunk."""
        return len(self._there)

    def take(self, at: int, chunk: bytes) -> None:
        """Take what of a chunk is new; one that leaves a gap is left out."""
        if at <= self.at:
            self._there += chunk[self.at - at : self.size - at]

    def opened(self) -> bytes:
        """The whole; raises ConflictError while some of it is missing, IntercomError where it was altered."""
        if self.at < self.size:
            raise ConflictError(f"Only {self.at} of {self.size} bytes are here.", "Send the others first.")
        if digest(self._there) != self.sha256:
            raise IntercomError("What arrived is not what was sent, so nothing was done.", "Send it again.")
        return bytes(self._there)


def digest(whole: bytes | bytearray) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(whole).hexdigest()
