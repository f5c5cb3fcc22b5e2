"""What the reports are told of a call's transport (Insights: its groups, names, levels and payloads)."""

from collections.abc import Callable, Iterable
from typing import Any

from intercom.call.ports import Observed
from intercom.rtc.lean import Candidate
from intercom.rtc.sdp import OUR_MID

SIGNALING, GATHERING, ICE = "signaling-state", "ice-gathering-state", "ice-connection-state"
CONNECTION, DTLS, CANDIDATE = "pc-connection-state", "dtls-transport-state", "ice-candidate"

LEVELS = {
    (GATHERING, "none"): "WARNING",
    (GATHERING, "timeout"): "WARNING",
    (ICE, "failed"): "ERROR",
    (DTLS, "failed"): "ERROR",
    (CONNECTION, "failed"): "WARNING",
}


class Observer:
    """Tells each state once when it changes."""

    def __init__(self, tell: Callable[[Observed], None]) -> None:
        self._tell = tell
        self._states: dict[str, str] = {}

    def became(self, group: str, state: str) -> None:
        """Tell of a state, unless it was the latest already."""
        if self._states.get(group) != state:
            self._states[group] = state
            is_dtls_lost = group == CONNECTION and state == self._states.get(DTLS) == "failed"
            level = "ERROR" if is_dtls_lost else LEVELS.get((group, state), "DEBUG")
            self._tell(Observed(group, state, level))

    def heard(self, is_heard: bool) -> None:
        """Tell whether the far end is heard, as a browser does of consent."""
        for group in (ICE, CONNECTION):
            self.became(group, "connected" if is_heard else "disconnected")

    def gathered(self, candidates: Iterable[Candidate]) -> None:
        """Tell of our candidates."""
        for candidate in candidates:
            self._tell(Observed(CANDIDATE, CANDIDATE, payload={**_payload(candidate), "transport_id": OUR_MID}))

    def selected(self, pair: tuple[Candidate, Candidate]) -> None:
        """Tell between which candidates the voice travels from now on."""
        local, remote = map(_payload, pair)
        payload = {"local_candidate": local, "remote_candidate": {**remote, "is_remote": True}}
        self._tell(Observed(CANDIDATE, "selected-ice-candidate-pair", payload=payload))


def _payload(candidate: Candidate) -> dict[str, Any]:
    return {
        "candidate_type": candidate.type,
        "deleted": False,
        "ip": candidate.host,
        "is_remote": False,
        "port": candidate.port,
        "priority": candidate.priority,
        "protocol": candidate.transport,
        "related_address": candidate.related_address,
        "related_port": candidate.related_port,
        "tcp_type": candidate.tcptype,
        "transport_id": "",
    }
