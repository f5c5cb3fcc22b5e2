"""What was made of the far end's packets."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Packets and samples (at 48 kHz) since the call began."""

    packets_decoded: int = 0
    packets_recovered: int = 0  # lost ones that the following one repeated
    packets_late: int = 0
    packets_repeated: int = 0
    packets_unreadable: int = 0
    packets_dropped: int = 0  # because nothing was pulled for long
    recovered_samples: int = 0
    concealed_samples: int = 0
    noise_samples: int = 0
    silence_samples: int = 0
    stretched_samples: int = 0  # by whole periods of the voice
    shrunk_samples: int = 0
    inserted_samples: int = 0  # one by one, against the drift of clocks
    removed_samples: int = 0
    dropped_samples: int = 0
    resets: int = 0
