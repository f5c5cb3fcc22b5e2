"""What is told at the end: the table on the terminal and in bench/RESULTS.md, the pictures beside the results."""

from pathlib import Path
from textwrap import fill

from bench import plots
from bench.goals import rows
from bench.kept import Results
from bench.table import OURS, SIDES, THEIRS, table

SUMMARY = Path(__file__).with_name("RESULTS.md")

NOTES = f"""\
Median [least..most] of both ends, both ways or all pieces of speech of one call; ratio: {OURS} / {THEIRS}.  Both sides'
calls run at the same time: each end a program in a network namespace of its own, with a simulated sound card behind
the real ALSA; periods and buffers as each program chooses them.  Opus alike on both sides: mono, 40 kbit/s, voip,
complexity 5, in-band FEC for 10 % loss, 20 ms (low-delay profile: 10 ms); DTLS-SRTP.  Only ours has ICE and an
exchange.

- The link is a forwarder of Ethernet frames in user space that knows nothing of SIP or ICE.  It is bad to UDP only, by
  one seed for both sides: the n-th RTP packet meets the same fate.  Bursts: all is lost for 60 ms at random moments,
  5 % of the time.  Jitter N: each packet late by 0 to N ms, evenly, order kept.
- Speech: espeak-ng, both ends at once, each its own voice, -26 dBov.  Delay: correlation of a second of what was said
  with what was heard, every half second.  PESQ: wide band (P.862.2), pieces of 8 s.  Missed at once: the speech in
  the longest silence at the ear (30 dB below speech); 5 to 30 ms also come of what a codec and a concealment smear.
- CPU: user and system time a minute of call and end, speech both ways.  Memory: VmRSS at the end of the call.
- Delay back after: until it is at most 20 ms above what it was before, for good; 9 or 14.8 s: it never was.
- Drift: the caller's card is wrong by that much, so one way gets too much sound and the other too little.
- Echo: the callee's card stands in a room (60 ms, -12 dB, T60 0.25 s); ERLE is the echo at its microphone beside
  what the caller hears from 2 to 12 s; then somebody talks in the room too.  {THEIRS} has no canceller in Debian.
- Button: from the edge of a simulated pin to changed LEDs and a call begun or ended, in one process without sound;
  with the 5 ms for which the kernel waits until a real contact is steady.
- Serial console: a station without sound, asked over a pty by a program, one command after the other; pushed is the
  whole commented template (12 KB) over a pty that is as slow as 115200 baud, in chunks of 512 bytes, each answered.
  A line of the log is a command that came by the control socket, so both CPU figures hold those commands too.
- Chromium (only with FULL=1, not at the same time): a station talks to a page over the same link with the same losses;
  what WebRTC's receiver makes of it, recorded by an AudioWorklet, which on a busy machine adds stalls of its own.
"""


def publish(results: Results, *, command: str | None) -> None:
    """Print the table, draw the pictures, write the summary where this was the whole of a command."""
    found = table(rows(), results.figures)
    facts = ", ".join(f"{name} {fact}" for name, fact in _facts(results).items())
    print(f"\n{fill(facts, 120)}\n\n{found}\n\n{NOTES}")
    if command is not None:
        SUMMARY.write_text(f"# The last result of `{command}`\n\n{fill(facts, 120)}\n\n{found}\n\n{NOTES}")
    pictures = ", ".join(str(path.relative_to(SUMMARY.parent)) for path in plots.draw(results))
    print(f"Each sample is in bench/results/{results.path.name}; pictures: {pictures}.")


def _facts(results: Results) -> dict[str, str]:
    busy = [
        percent
        for cell in results.cells
        for side in SIDES
        for percent in results.figures(cell, side).get("machine_percent", [])
    ]
    shares = {"machine busy": f"{min(busy):.0f} to {max(busy):.0f} %"} if busy else {}
    return results.facts | shares
