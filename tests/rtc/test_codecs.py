"""The table of codecs: each that settings may name codes both ways, in packets of either length."""

from dataclasses import replace
from typing import Literal

import pytest

from intercom.audio.frames import RATE
from intercom.rtc.codecs import CODECS, decoder, encoder
from intercom.rtc.coding import Sending
from tests.rtc.sounds import heard, level_db, packets, tone

HOW = Sending(20, "voip", 5, 40_000, fec=True, dtx=False)


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("packet_ms", [10, 20])
def test_each_codec_codes_both_ways(name: str, packet_ms: Literal[10, 20]) -> None:
    coder, player = encoder(name, replace(HOW, packet_ms=packet_ms)), decoder(name)
    sent = packets(coder, tone(440), packet_ms=packet_ms)
    assert {player.duration(payload) for payload in sent} == {RATE * packet_ms // 1000}
    assert abs(level_db(heard(player, sent)[4_800:]) - level_db(tone(440))) < 0.5
    assert coder.rate_hz == player.rate_hz == CODECS[name].rate_hz
    assert CODECS[name].rtpmap.startswith(f"{CODECS[name].name}/{coder.rate_hz}")
    coder.adapt(loss=0.1)
