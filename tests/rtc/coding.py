"""Sound as it comes out of a codec at a far end."""

from aiortc.codecs import CODECS as KNOWN
from aiortc.codecs import get_decoder
from aiortc.jitterbuffer import JitterFrame
from av import AudioFrame, AudioResampler

from intercom.audio.frames import FRAME_BYTES, RATE, SAMPLE_BYTES
from intercom.rtc.codecs import CODECS, encoder
from intercom.rtc.coding import Sending

HOW = Sending(20, "voip", 5, 32_000, fec=True, dtx=False)


def coded(pcm: bytes, codec: str) -> bytes:
    """Encode it as we do, and decode it as aiortc does (mono, S16LE, 48 kHz)."""
    coder = encoder(codec, HOW)
    decoder = get_decoder(next(each for each in KNOWN["audio"] if each.name == CODECS[codec].name))
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    heard = bytearray()
    for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES):
        payload = coder.encode(pcm[at : at + FRAME_BYTES])
        for frame in decoder.decode(JitterFrame(payload, at // SAMPLE_BYTES * coder.rate_hz // RATE)):
            assert isinstance(frame, AudioFrame)
            frame.pts = None
            for part in resampler.resample(frame):
                heard += bytes(part.planes[0])[: part.samples * SAMPLE_BYTES]
    return bytes(heard)
