"""Media that begin anew within a call: `reinvite` and its `answer`, on their way between the ends.  Pure.

Both ends may have an offer out, so each leg keeps its own; which of the two wins is for the stations to decide.  Only
a station is offered anything: an SDK takes no `reinvite`.  What finds its end away waits for it: media are often lost
together with signalling.
"""

from intercom.exchange.calling import Calling
from intercom.exchange.calls import Call, Leg
from intercom.exchange.directory import Kind
from intercom.signaling.messages import Answer, Reinvite, ice_ufrag


def offer(calls: Calling, call: Call, leg: Leg, sdp: str) -> None:
    """Take an offer of this end; it takes the place of an earlier one that is not answered yet."""
    leg.ufrag = ice_ufrag(sdp)
    leg.missed.pop(Answer, None)
    if call.other(leg).kind is Kind.STATION:
        leg.is_restarting = True
        calls.send_later(call.other(leg), Reinvite(callsid=call.sid, sdp=sdp))


def answer(calls: Calling, call: Call, leg: Leg, message: Answer) -> None:
    """Take this end's answer to the latest offer of the other; one that is known to be for an older is dropped."""
    offerer = call.other(leg)
    if not offerer.is_restarting or message.offer_ufrag not in {"", offerer.ufrag}:
        return
    offerer.is_restarting = False
    leg.ufrag = ice_ufrag(message.sdp)
    ufrag = message.offer_ufrag if offerer.kind is Kind.STATION else ""
    relayed = Answer(callsid=call.sid, sdp=message.sdp, reconnect=offerer.reconnect, offer_ufrag=ufrag)
    calls.send_later(offerer, relayed)
