"""Whom a call rings, or why it rings nobody.  Pure."""

from collections.abc import Callable

from intercom.exchange.directory import Client, Directory, Kind
from intercom.signaling.messages import Failure, Invite

EXPIRED = Failure(31205, "The access token has expired.")
NO_GRANT = Failure(31201, "The access token does not allow calls.")
UNKNOWN = Failure(31404, "Nobody of that name is known here.")
AWAY = Failure(31480, "Nobody of that name is connected at the moment.")
BUSY = Failure(31486, "The line is busy.")
PREFLIGHT = Failure(31404, "There is nobody here to try a connection with.")
NO_MEDIA = Failure(31003, "No sound can flow: both ends are browsers without a media path.")


def choose(
    caller: Client, *, to: str, invite: Invite, directory: Directory, is_busy: Callable[[Client], bool]
) -> list[Client] | Failure:
    """Return the clients that ring for a call to `to`, or what the caller is told instead."""
    members = directory.members(to)
    clients = [client for client in directory.registered(members) if client is not caller]
    meeting = [client for client in clients if can_meet(caller.kind, invite.sdp, client.kind)]
    free = [client for client in meeting if not is_busy(client)]
    reasons = (
        (caller.is_expired, EXPIRED),
        (not caller.may_call, NO_GRANT),
        (invite.preflight, PREFLIGHT),
        (not members, UNKNOWN),
        (not clients, AWAY),
        (not meeting, NO_MEDIA),
        (not free, BUSY),
    )
    return next((failure for holds, failure in reasons if holds), free)


def can_meet(caller: Kind, offer: str, callee: Kind) -> bool:
    """Whether sound can flow between the two: one of them must name addresses (an SDK's SDP has none)."""
    return {caller, callee} != {Kind.FOREIGN} or "a=candidate:" in offer
