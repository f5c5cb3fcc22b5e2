"""Wi-Fi networks as NetworkManager hears them.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from intercom.errors import WifiError


@dataclass(frozen=True, slots=True)
class Network:
    """One in reach, by its strongest access point: `signal` in percent, `security` in nmcli's words."""

    ssid: str
    signal: int
    security: str
    is_joined: bool = False

    @property
    def is_secured(self) -> bool:
        """Whether it has a password; OWE encrypts without one."""
        return bool(set(self.security.split()) - {"OWE", "OWE-TM"})

    @property
    def key_management(self) -> str:
        """How NetworkManager is to prove the password; raises WifiError where a password is not enough."""
        kinds = set(self.security.split())
        if kinds & {"802.1X", "WEP"}:
            raise WifiError("That network is of a kind that can't be joined from here.", "Use `nmcli` on the machine.")
        return "wpa-psk" if kinds & {"WPA1", "WPA2"} else "sae"

    def told(self) -> dict[str, Any]:
        """It as JSON."""
        return {"ssid": self.ssid, "signal": self.signal, "security": self.security, "is_joined": self.is_joined}


def merged(rows: Iterable[Sequence[str]]) -> list[Network]:
    """Those of IN-USE, SSID, SIGNAL, SECURITY for each access point, the strongest first; none that hides its name."""
    best: dict[str, Network] = {}
    for mark, ssid, signal, security in rows:
        network = Network(ssid, int(signal), security.strip(), mark == "*")
        known = best.get(ssid)
        if ssid and (known is None or _rank(network) > _rank(known)):
            best[ssid] = network
    return sorted(best.values(), key=lambda network: -network.signal)


def _rank(network: Network) -> tuple[bool, int]:
    return network.is_joined, network.signal
