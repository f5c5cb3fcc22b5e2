"""What anybody can repeat at will, such as asking while locked out or shaking a contact: how much is told.  Pure."""

from intercom.door.lockout import DAY_S

EACH_OF_THE_FIRST = 100


class Flood:
    """The first hundred of a day one by one, then at every doubling: who sends many can't push older records out."""

    def __init__(self) -> None:
        self._day_s = 0.0
        self._count = self._untold = 0

    def take(self, age_s: float) -> int:
        """Count one more; of how many a record is to tell now, 0: none is to be written."""
        if age_s - self._day_s >= DAY_S:
            self._day_s, self._count = age_s, 0
        self._count += 1
        self._untold += 1
        if self._count > EACH_OF_THE_FIRST and self._count & (self._count - 1):
            return 0
        told, self._untold = self._untold, 0
        return told
