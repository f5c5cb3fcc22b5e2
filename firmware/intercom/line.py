"""A device, and what it reaches the exchange and the sound through; `intercom.Device` for those who script it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from intercom.audio import profile
from intercom.audio.board import Board
from intercom.audio.profile import Profile
from intercom.audio.voice import Voice
from intercom.call import device as calls
from intercom.call.options import Options
from intercom.call.ports import IceServer, MediaFactory
from intercom.network import Network
from intercom.quality import thresholds
from intercom.rtc.peer import Peer
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import choose
from intercom.settings.schema import Rtc, Settings
from intercom.signaling import edges, tokens
from intercom.signaling.backoff import delays, sdk_delays
from intercom.signaling.client import Client
from intercom.signaling.credential import Credential
from intercom.signaling.gateway import Gateway, gateway_for
from intercom.signaling.trust import Trust


@asynccontextmanager
async def device(settings: Settings | None = None, options: Options | None = None) -> AsyncIterator[calls.Device]:
    """Give a script the Device of these settings, microphone, speaker and exchange with it (`intercom.Device`)."""
    settings = settings or Settings()
    async with AsyncExitStack() as parts:
        strength = strength_of(settings)
        voice = await parts.enter_async_context(Voice(settings.audio, post=lambda _: None, board=strength))
        yield (await lay(parts, settings, voice, options or Options(), strength=strength)).device


class Line(NamedTuple):
    """A device, and what it reaches the exchange through."""

    device: calls.Device
    client: Client
    gateway: Gateway
    credential: Credential
    trust: Trust


async def lay(
    parts: AsyncExitStack,
    settings: Settings,
    voice: Voice,
    options: Options,
    *,
    strength: Profile,
    loopback: bool = False,
) -> Line:
    """Build a line; the client is entered before the device, so that the hang-ups of the device's end still go out."""
    signaling = settings.signaling
    addresses = edges.addresses(signaling)
    credential = Credential(tokens.source(signaling, settings.station.identity))
    trust = Trust(signaling.url, signaling.ca_pin)
    pauses = partial(sdk_delays, len(addresses)) if signaling.is_at_twilio else delays
    network = await parts.enter_async_context(Network())
    client = Client(addresses, credential, trust, pauses=pauses, network=network)
    address = next(iter(addresses), "")
    gateway = await parts.enter_async_context(gateway_for(settings.quality.reports, address, trust, credential.current))
    chosen = options if options.thresholds else replace(options, thresholds=thresholds.chosen(settings.quality))
    peers = media(settings.rtc, voice, options, strength=strength, loopback=loopback, network=network)
    device = calls.Device(client, peers, chosen, sounds=voice, gateway=gateway)
    await parts.enter_async_context(client)
    return Line(await parts.enter_async_context(device), client, gateway, credential, trust)


def strength_of(settings: Settings, measured: Board | None = None) -> Profile:
    """How much work sound may be: by the settings, and by what was measured of this board."""
    rtc, audio = settings.rtc, settings.audio
    return profile.of(
        audio.profile, measured, packet_ms=rtc.packet_ms, complexity=rtc.complexity, period_ms=audio.period_ms
    )


def media(
    rtc: Rtc, voice: Voice, options: Options, *, strength: Profile, loopback: bool, network: Network | None = None
) -> MediaFactory:
    """What makes the sound of a call."""
    configured = IceServer(rtc.ice_servers, rtc.ice_username or None, rtc.ice_credential or None)
    servers = choose(options.ice_servers or [configured], relay_only=rtc.ice_policy == "relay")
    preferred = preferences(rtc, strength).preferring(
        options.codec_preferences,
        max_average_bitrate=options.max_average_bitrate,
        is_nomination_aggressive=options.force_aggressive_ice_nomination,
    )
    return lambda on_state: Peer(
        preferences=preferred, voice=voice, on_state=on_state, servers=servers, loopback=loopback, network=network
    )


def preferences(rtc: Rtc, strength: Profile) -> Preferences:
    """What a call prefers of codecs."""
    return Preferences(
        rtc.codecs,
        rtc.bitrate,
        packet_ms=strength.packet_ms,
        is_dtx=rtc.dtx,
        application=strength.application,
        complexity=strength.complexity,
        is_fec=rtc.fec,
    )
