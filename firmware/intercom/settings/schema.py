"""The settings tree: everything configurable, on one page.

File, console, defaults, template and masking are walks over it.  A description is what an installer reads in
`config/intercom.toml`; bounds are checked when a file is loaded and when the console commits.  `allowed` in `extra`
says in words what a pattern means, `secret` that the value is shown as `<set>`.
"""

from typing import Annotated, Literal

from msgspec import Meta, field

from intercom.settings.calls import Call
from intercom.settings.door import Door
from intercom.settings.kinds import Edge, Identity, Secret, Section
from intercom.settings.media import Audio, Rtc
from intercom.settings.panel import Buttons, Panel, Ring

__all__ = [
    "Audio", "Buttons", "Call", "Console", "Door", "Exchange", "Log", "Panel", "Quality", "Ring", "Rtc", "Section",
    "Settings", "Signaling", "Station",
]  # fmt: skip


class Station(Section, frozen=True):
    """Who this station is."""

    name: Annotated[
        str, Meta(min_length=1, max_length=64, description="What people read on the page and the console prompt.")
    ] = "intercom"
    identity: Annotated[Identity, Meta(description="The name others call. Its API key must allow it.")] = "intercom"


class Signaling(Section, frozen=True):
    """How the station reaches its exchange."""

    url: Annotated[
        str,
        Meta(
            pattern=r"^(wss://[^/\s]+/signal)?$",
            extra={"allowed": "wss://HOST:PORT/signal, or empty"},
            description="The exchange's address; empty: Twilio where one of the token sources below is for it, "
            "else no exchange.",
        ),
    ] = "wss://localhost:8443/signal"
    api_key: Annotated[
        str,
        Meta(
            pattern=r"^(SK[0-9a-f]{32})?$",
            extra={"allowed": "SK and 32 digits of 0-9 a-f, or empty"},
            description="Key that `intercom station add` printed on the exchange, or an API key of Twilio's.",
        ),
    ] = ""
    api_secret: Annotated[Secret, Meta(description="The secret printed with that key.")] = ""
    account_sid: Annotated[
        str,
        Meta(
            pattern=r"^(AC[0-9a-f]{32})?$",
            extra={"allowed": "AC and 32 digits of 0-9 a-f, or empty"},
            description="Twilio's account, where the API key is Twilio's. To move a station to Twilio set `url` to "
            "the empty text, the key, its secret, this and `application_sid`; `rtc.ice_servers` may name Twilio's "
            "TURN servers.",
        ),
    ] = ""
    application_sid: Annotated[
        str,
        Meta(
            pattern=r"^(AP[0-9a-f]{32})?$",
            extra={"allowed": "AP and 32 digits of 0-9 a-f, or empty"},
            description="The TwiML application at Twilio that the station's calls go to.",
        ),
    ] = ""
    token_url: Annotated[
        str,
        Meta(
            pattern=r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?)?$",
            extra={"allowed": "https://HOST/PATH, or empty", "secret": True},
            description="In place of a key: where access tokens are fetched, as plain text or JSON with `token`.",
        ),
    ] = ""
    token_file: Annotated[
        str,
        Meta(
            pattern=r"^(/[ -~]*)?$",
            extra={"allowed": "an absolute path, or empty"},
            description="In place of a key: a file that holds the access token, read again before each renewal.",
        ),
    ] = ""
    edge: Annotated[
        tuple[Edge, ...],
        Meta(
            max_length=8,
            description="Twilio's edges to connect to, the best first; none: the nearest.",
            examples=[["dublin", "frankfurt"]],
        ),
    ] = ()
    region: Annotated[
        str,
        Meta(
            pattern=r"^([a-z0-9-]{1,32})?$",
            extra={"allowed": "1 to 32 of a-z 0-9 -, or empty"},
            description="In place of edges: Twilio's region; old, edges are better.",
        ),
    ] = ""

    @property
    def is_at_twilio(self) -> bool:
        """Whether these mean Twilio: no exchange, but a source of tokens for it."""
        return not self.url and bool(self.account_sid or self.token_url or self.token_file)

    ca_pin: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z0-9+/]{43}=)?$",
            extra={"allowed": "44 characters of base64, or empty"},
            description="SHA-256 of the public key of the exchange's CA, in base64, printed with that key; "
            "empty: trust the system's CAs.",
        ),
    ] = ""


class Console(Section, frozen=True):
    """The serial line."""

    port: Annotated[
        str,
        Meta(description="Serial device of the console; empty: off. Who has the cable must log in."),
    ] = ""
    baud: Annotated[Literal[9600, 19200, 38400, 57600, 115200, 230400], Meta(description="Its speed.")] = 115200
    idle_logout_s: Annotated[
        int,
        Meta(ge=10, le=86_400, description="After how many seconds without a command people are logged out."),
    ] = 600


class Exchange(Section, frozen=True):
    """The embedded exchange (read by `intercom exchange` and `intercom demo` only)."""

    host: Annotated[str, Meta(description="Address to listen on; empty: every address of this machine.")] = ""
    port: Annotated[int, Meta(ge=1, le=65535, description="Port of web page and signalling.")] = 8443
    names: Annotated[
        tuple[str, ...], Meta(description="More host names or private addresses for the certificate.")
    ] = ()
    certificate: Annotated[str, Meta(description="PEM file to use in place of a made one; empty: make one.")] = ""
    certificate_key: Annotated[str, Meta(description="PEM file of its private key.")] = ""
    no_answer_s: Annotated[int, Meta(ge=5, le=600, description="How long a call rings, in seconds.")] = 60
    groups: Annotated[
        dict[Identity, tuple[Identity, ...]],
        Meta(
            extra={"allowed": 'a table of NAME = ["NAME", "NAME"], each name 1 to 64 of A-Z a-z 0-9 _ . -'},
            description="Names that ring several identities.",
            examples=[{"house": ["kitchen", "hall"]}],
        ),
    ] = field(default_factory=dict)
    metrics_token: Annotated[
        Secret,
        Meta(
            pattern=r"^([!-~]{16,128})?$",
            extra={"allowed": "16 to 128 printable ASCII characters, or empty"},
            description="Who shows this as bearer token may read /metrics; empty: this machine alone may.",
        ),
    ] = ""


class Quality(Section, frozen=True):
    """What is told of a call's quality."""

    reports: Annotated[
        str,
        Meta(
            pattern=r"^(exchange|twilio|off|https://[^/\s]+)$",
            extra={"allowed": "exchange, twilio, off, or https://HOST:PORT"},
            description="Where events and figures of each call are sent: the host of signaling.url, Twilio's event "
            "gateway, nowhere, or a gateway of your own.",
        ),
    ] = "exchange"
    high_jitter_ms: Annotated[int, Meta(ge=1, le=1000, description="Jitter above which to warn, in ms.")] = 30
    high_rtt_ms: Annotated[int, Meta(ge=1, le=10_000, description="Round trip above which to warn, in ms.")] = 400
    high_loss_percent: Annotated[float, Meta(ge=0, le=100, description="Loss in 1 s above which to warn.")] = 1.0
    high_mean_loss_percent: Annotated[float, Meta(ge=0, le=100, description="Loss in 7 s above which to warn.")] = 3.0
    low_mos: Annotated[float, Meta(ge=1, le=4.5, description="Score, 1 to 4.5, below which to warn.")] = 3.0


class Log(Section, frozen=True):
    """What is logged."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="The least that is logged.")] = (
        "info"
    )


class Settings(Section, frozen=True):
    """The whole tree."""

    station: Station = Station()
    signaling: Signaling = Signaling()
    call: Call = Call()
    audio: Audio = Audio()
    rtc: Rtc = Rtc()
    panel: Panel = Panel()
    door: Door = Door()
    console: Console = Console()
    exchange: Exchange = Exchange()
    quality: Quality = Quality()
    log: Log = Log()
