"""What the applications of the recorded scenarios did, and when the next frame came."""

from collections.abc import Awaitable, Callable
from typing import Any

from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, MediaState
from intercom.errors import AudioDeniedError, AudioError
from tests.call.recorded import Player

Step = Callable[[Player], Awaitable[None] | None]

USUAL = Options(enable_ringing_state=True)
OPTIONS = {
    "outgoing-flag-off-earlymedia-is-answer": Options(),
    "busy-invite-accepted": Options(enable_ringing_state=True, allow_incoming_while_busy=True),
    "media-lost-restart-on": Options(enable_ringing_state=True, enable_ice_restart=True),
}
CHOSEN = AudioConstraints(pcm="chosen")


def connect(params: dict[str, str] | None = None) -> Step:
    return lambda player: player.follow(player.device.connect(params))


def at_once(*steps: Step) -> Step:
    """Do several things in the same turn of the loop."""

    def step(player: Player) -> None:
        for each in steps:
            each(player)

    return step


def wait(seconds: float) -> Step:
    return lambda player: player.wait(seconds)


def mute(flag: bool) -> Step:
    def step(player: Player) -> None:
        player.call.mute(flag)

    return step


def media(state: MediaState) -> Step:
    return lambda player: player.media[-1].becomes(state)


def cannot_capture(error: AudioError) -> Step:
    def step(player: Player) -> None:
        connection = player.device.connect({}, CHOSEN)
        player.follow(connection)
        player.media[-1].unusable["chosen"] = error

    return step


def note(kind: str, value: Callable[[Player], Any]) -> Step:
    return lambda player: player.log.append(f"{kind} {value(player)}")


def register(player: Player) -> None:
    player.register()


def beat(player: Player) -> None:
    player.line.hear("\n")


def send_away(player: Player) -> None:
    player.line.hear('{"type":"close"}')


def hear(player: Player) -> None:
    player.hear()


def accept(player: Player) -> None:
    player.call.accept()


def hang_up(player: Player) -> None:
    player.call.disconnect()


def hang_up_when_open(player: Player) -> None:
    player.call.once("accept", lambda call: call.disconnect())


def dial(player: Player) -> None:
    player.log.append(f"canInsertDTMF {str(player.media[-1].has_events).lower()}")
    player.call.send_digits("1w2#*")


def break_socket(player: Player) -> None:
    player.log.append("ws-closed 1006")
    player.line.lose(is_abnormal=True)


def leave_socket(player: Player) -> None:
    player.line.lose(is_abnormal=False)
    player.log.append("ws-closed 1005")


STATUS = note("status", lambda player: f'"{player.call.status()}"')
IS_MUTED = note("isMuted", lambda player: str(player.call.is_muted()).lower())
STATE = note("state", lambda player: f"{player.call.status()} connections={len(player.device.connections)}")
OUTGOING, INCOMING = [connect()], [hear]
REOPENED: list[Step] = [lambda player: player.line.open(), hear, hear]

# What had happened before; most begin with a device that is registered.
BEFORE: dict[str, list[Step]] = {
    "setup-register": [],
    "media-lost-restart-on": [
        register,
        wait(13),
        beat,
        wait(12.8),
        beat,
    ],  # so that the next registration falls where it did
    "setup-again-after-close": [
        register,
        lambda player: player.line.hear('{"type":"close"}'),
        lambda player: player.line.lose(is_abnormal=False),
    ],
}

SCRIPTS: dict[str, list[Step]] = {
    "setup-register": [lambda player: player.line.open(), hear, hear],
    "outgoing-ringing-answer-localhangup": [
        connect({"To": "client:bob", "a b": "x&y=z"}), hear, hear, hang_up,
    ],
    "outgoing-earlymedia-answer-remotehangup": [*OUTGOING, hear, hear, hear],
    "outgoing-flag-off-earlymedia-is-answer": [*OUTGOING, hear, hear, hear, hear, hear],
    "outgoing-refused-before-answer": [*OUTGOING, hear],
    "outgoing-local-hangup-while-ringing": [*OUTGOING, hear, hang_up],
    "outgoing-disconnect-before-capture": [at_once(connect(), hang_up)],
    "incoming-accept-localhangup": [*INCOMING, accept, hang_up],
    "incoming-accept-remotehangup": [*INCOMING, accept, hear, hear],
    "incoming-reject": [*INCOMING, lambda player: player.call.reject(), hear],
    "incoming-reject-then-server-cancel": [*INCOMING, lambda player: player.call.reject(), hear],
    "incoming-ignore-then-server-cancel": [*INCOMING, lambda player: player.call.ignore(), hear],
    "incoming-cancelled-by-caller": [*INCOMING, hear, hear],
    "incoming-cancel-during-accept": [*INCOMING, at_once(accept, hear)],
    "incoming-accept-handler-disconnects": [*INCOMING, hang_up_when_open, accept, hear],
    "busy-invite-dropped": [*OUTGOING, hear, hear, hang_up],
    "busy-invite-accepted": [*OUTGOING, hear, hear, accept, hang_up],
    "connect-ignores-pending": [*INCOMING, *OUTGOING, hang_up],
    "disconnectAll-leaves-pending": [
        *INCOMING, hear, lambda player: player.device.disconnect_all(),
        STATE, hear,
    ],
    "mute": [
        at_once(connect(), mute(True)), hear,
        at_once(mute(True), mute(True), IS_MUTED, mute(False), mute(True), hang_up, IS_MUTED),
    ],
    "dtmf-rtp": [*OUTGOING, hear, dial, hang_up],
    "dtmf-signalling": [*OUTGOING, hear, dial, hang_up, hear],
    "token-and-presence": [
        lambda player: player.device.update_token("new"), hear, hear,
        lambda player: player.device.unregister_presence(), hear,
        lambda player: player.device.register_presence(), hear,
    ],
    "errors": [*[hear] * 11, lambda player: player.device.register_presence(), hear],
    "capture-denied": [cannot_capture(AudioDeniedError("Not for this user."))],
    "capture-failed": [cannot_capture(AudioError("It is gone."))],
    "malformed-invite": [hear],
    "bad-answer-sdp": [*OUTGOING, hear, STATUS, hang_up],
    "bad-offer-sdp": [*INCOMING, accept, STATUS, hang_up, hear],
    "transport-drop-pending": [*INCOMING, break_socket, *REOPENED],
    "transport-drop-open": [*OUTGOING, hear, break_socket, STATUS, hang_up, *REOPENED],
    "media-lost-restart-off": [
        *OUTGOING, hear, hear, wait(6), hear, lambda player: player.media[-1].lose(), wait(5), hear,
        media(MediaState.DISCONNECTED), hear, hear, media(MediaState.FAILED),
    ],
    "media-lost-restart-on": [
        *OUTGOING, hear, media(MediaState.CONNECTED), wait(4), hear, hear, wait(2), hear,
        lambda player: player.media[-1].lose(), wait(5), hear,
        media(MediaState.DISCONNECTED), hear, lambda player: player.media[-1].find(), media(MediaState.CONNECTED),
        wait(3), hear, STATUS, hang_up,
    ],
    "server-close": [
        hear, leave_socket, note("stream", lambda player: '"null"' if player.line.is_sent_away else '""'), *OUTGOING,
    ],
    "setup-again-after-close": [lambda player: player.device.update_token("new"), hear, hear],
}  # fmt: skip


async def do(player: Player, steps: list[Step]) -> None:
    """Do one after another, each when everything that the last one led to has happened."""
    for step in steps:
        if waiting := step(player):
            await waiting
        await player.wait(0.1)
