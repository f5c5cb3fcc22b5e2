"""What a script says to the far end of its call besides sound."""

from uuid import uuid4

from intercom.errors import UsageError
from intercom.signaling.messages import CallMessage, encode

LONGEST_CONTENT = 10_240  # characters of JSON, as Twilio has it


def compose(sid: str, content: object, *, messagetype: str, contenttype: str) -> CallMessage:
    """Return an application's message (Voice JS SDK v2, sendMessage); raises UsageError for what can't be sent."""
    if not messagetype:
        raise UsageError("A message needs a type.", "Any name that both ends know, such as `door-opened`.")
    message = CallMessage(
        callsid=sid,
        content=content,
        messagetype=messagetype,
        contenttype=contenttype,
        voiceeventsid=f"KX{uuid4().hex}",
    )
    try:
        length = len(encode(message))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError("A message's content must be what JSON can say.", "Texts, numbers, lists, tables.") from error
    if content is None or length > LONGEST_CONTENT:
        raise UsageError(f"A message has some content, of at most {LONGEST_CONTENT} characters.", "Send it in parts.")
    return message
