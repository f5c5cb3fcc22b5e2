"""Why a call ends that was not just hung up: each code of the Voice JS SDKs as a table of what it means and what to do.

Those of the seed, those of its newer error classes, and those that a server may send (spec of the seed's errors).
"""

from typing import NamedTuple

TOKEN = "See in `status` how the station signs in; `intercom station add` on the exchange makes a new key."
REPORT = "If it happens again, note the time and look into the log around it."
NETWORK = "Look at the network on both sides: cable, Wi-Fi, router."
PATH = (
    "Both ends must reach each other by UDP: look for a firewall or a Wi-Fi that keeps its guests apart, or name a "
    "TURN server in `rtc.ice_servers`."
)
ADDRESS = "Compare the name in `call.to`, or the one that was called, with those that the exchange knows."
MICROPHONE = "`intercom doctor audio` examines the microphone; `status` tells who holds it."
OURS = "Both ends may need the same version; `status` tells this station's."


class Cause(NamedTuple):
    """What a code means, and what to do about it."""

    meaning: str
    advice: str


CAUSES = {
    20101: Cause("The exchange found the access token invalid.", TOKEN),
    20104: Cause("The access token had expired.", "A wrong clock does that too: see `time`."),
    20151: Cause("The exchange did not accept who the station says it is.", TOKEN),
    31000: Cause("The call failed for a reason that has no code of its own.", REPORT),
    31001: Cause("The application that should take the call was not found.", ADDRESS),
    31002: Cause("The exchange declined the connection.", REPORT),
    31003: Cause("The sound found no way between the two ends, or lost it and found no other within 30 s.", PATH),
    31005: Cause("The connection to the exchange failed during the call.", NETWORK),
    31008: Cause("The call was cancelled.", "Nothing needs to be done."),
    31009: Cause("The exchange could not be reached.", NETWORK),
    31100: Cause("The exchange could not read what it was sent.", OURS),
    31101: Cause("The exchange missed a parameter of the call.", OURS),
    31102: Cause("The exchange missed the access token.", TOKEN),
    31103: Cause("A parameter of the call was too long.", "Call with fewer or shorter parameters."),
    31104: Cause("The exchange found a token of its own invalid.", REPORT),
    31105: Cause("The name of the station or of whom it called is not one that the exchange can use.", ADDRESS),
    31107: Cause("The exchange could not take the call up again.", REPORT),
    31201: Cause(
        "The microphone could not be used; or, where the exchange says so, the access token allows no calls.",
        MICROPHONE,
    ),
    31202: Cause("The signature of the access token is wrong.", TOKEN),
    31203: Cause("The account that the access token names is not valid.", TOKEN),
    31204: Cause("The access token is invalid.", TOKEN),
    31205: Cause("The access token had expired.", "A wrong clock does that too: see `time`."),
    31206: Cause("The exchange was asked too often in too short a time.", "Wait for a minute."),
    31207: Cause("The access token is good for longer than the exchange allows.", "Mint one for a shorter time."),
    31208: Cause("The station has no right to use the microphone.", MICROPHONE),
    31209: Cause("The call could not be taken up again after the connection was lost.", NETWORK),
    31210: Cause("The exchange does not know the type of a message that was sent in the call.", OURS),
    31212: Cause("A message that was sent in the call was too large.", "Send it in parts."),
    31400: Cause("The exchange and the station did not understand each other.", OURS),
    31401: Cause("The far end's user did not let it use the microphone.", "Allow it there, in the browser's settings."),
    31402: Cause("The far end could not use its microphone.", "See there whether another program holds it."),
    31404: Cause("Nobody of that name is known to the exchange.", ADDRESS),
    31480: Cause("Nobody answered, or nobody of that name was connected.", "See whether the other end is switched on."),
    31486: Cause("The line was busy.", "Call again later."),
    31603: Cause("The call was declined.", "Nothing needs to be done: somebody chose so."),
    53000: Cause("The exchange reported a failure that has no code of its own.", REPORT),
    53001: Cause("The connection to the exchange was lost.", NETWORK),
    53400: Cause("The station could not describe its own sound.", REPORT),
    53402: Cause("The two ends found no codec or description that both can use.", OURS),
    53405: Cause("The sound's way between the two ends was lost.", NETWORK),
}

UNKNOWN = Cause("The exchange ended the call with a code that is not known here.", REPORT)


def cause(code: int) -> Cause:
    """Return what a code means; one that nobody knows means a little, too."""
    return CAUSES.get(code, UNKNOWN)
