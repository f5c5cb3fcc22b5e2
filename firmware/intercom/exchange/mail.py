"""An application's messages within a call, from one of its ends to the other (Voice JS SDK v2, sendMessage).  Pure.

Each is answered: `ack` says that it was handed on, `error` with its `voiceeventsid` why not.  `from` is ours to write.
An SDK may send the one type that Twilio knows; stations and pages may name their own.
"""

import re

import msgspec
from msgspec.structs import replace

from intercom.exchange.calling import Calling
from intercom.exchange.calls import Call, Leg
from intercom.exchange.directory import Client, Kind
from intercom.exchange.effects import Send
from intercom.signaling.messages import Ack, CallMessage, ErrorFrame, Failure

USER_DEFINED = "user-defined-message"
OWN_TYPE = re.compile(r"[a-z0-9-]{1,64}")
CONTENT_BYTES = 10_240

NO_CALL = Failure(31404, "There is no such call.")
BAD_TYPE = Failure(31210, "Messages of this type are not known here.")
TOO_LARGE = Failure(31212, f"The content of a message may have {CONTENT_BYTES} bytes.")
TOO_MANY = Failure(31206, "These are too many messages.")
AWAY = Failure(31480, "The other end is away at the moment.")


def receive(calls: Calling, client: Client, message: CallMessage, now: float) -> None:
    """Hand a message on to the other end; while it rings, to the caller, or to all that ring."""
    found = calls.find(message.callsid, client)
    failure = _carry(calls, *found, message, now) if found else NO_CALL
    told = {"callsid": message.callsid, "voiceeventsid": message.voiceeventsid}
    reply = ErrorFrame(error=failure, **told) if failure else Ack(acktype="message", **told)
    calls.outbox.add(Send(client.id, reply))


def _carry(calls: Calling, call: Call, leg: Leg, message: CallMessage, now: float) -> Failure | None:
    """Return why not, where it can't be carried."""
    others = [each for each in call.others(leg) if each.client is not None]
    reasons = (
        (not _is_known(message.messagetype, leg.kind), BAD_TYPE),
        (len(msgspec.json.encode(message.content)) > CONTENT_BYTES, TOO_LARGE),
        (not leg.mail.take(now), TOO_MANY),
        (not others, AWAY),
    )
    failure = next((failure for holds, failure in reasons if holds), None)
    for other in others if failure is None else ():
        calls.outbox.send(other, replace(message, callsid=call.sid_for(other), sender=leg.identity))
    return failure


def _is_known(messagetype: str, sender: Kind) -> bool:
    return messagetype == USER_DEFINED or (sender is not Kind.FOREIGN and OWN_TYPE.fullmatch(messagetype) is not None)
