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


class Parcels:
    """The one that arrives; it is kept until another comes, so that it can go on where it broke off."""

    def __init__(self) -> None:
        self._kept: Parcel | None = None
        self._is_begun = False

    def begin(self, size: int, sha256: str) -> int:
        """Begin a parcel, or go on with it; the place of the next chunk."""
        if self._kept is None or (self._kept.size, self._kept.sha256) != (size, sha256):
            self._kept = Parcel(size, sha256)
        self._is_begun = True
        return self._kept.at

    def take(self, at: int, chunk: bytes) -> int:
        """Take a chunk; the place of the next.  Raises ConflictError where none has begun."""
        parcel = self._begun()
        parcel.take(at, chunk)
        return parcel.at

    def opened(self) -> bytes:
        """The whole, once; raises ConflictError while some is missing, IntercomError where it was altered."""
        parcel = self._begun()
        if parcel.at == parcel.size:
            self._kept, self._is_begun = None, False
        return parcel.opened()

    def interrupt(self) -> None:
        """Have `begin` come first again."""
        self._is_begun = False

    def _begun(self) -> Parcel:
        if self._kept is None or not self._is_begun:
            raise ConflictError("No long request has begun.", "`push` begins one.")
        return self._kept


def digest(whole: bytes | bytearray) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(whole).hexdigest()
