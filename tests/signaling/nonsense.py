"""What no exchange should say: frames of every type with members that are nearly right, or not at all, and noise."""

import json

from hypothesis import strategies as st

from intercom.signaling.messages import FROM_EXCHANGE

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
)
CODES = st.sampled_from([None, 0, 31000, 31201, 31204, 31205, 31404])
MEMBERS = {
    "callsid": st.sampled_from(["", "CA1", "CA2", "TJS1"]),
    "sdp": st.sampled_from(["", "v=0", "bad"]),
    "error": st.none() | st.fixed_dictionaries({"code": CODES}, optional={"message": TEXT}),
    "parameters": st.dictionaries(st.sampled_from(["From", "Params", "StirStatus"]), TEXT),
    "token": st.dictionaries(st.sampled_from(["ttl", "identity"]), JSON),
    "region": st.sampled_from(["", "here", "EU_IRELAND"]),
    "heartbeat_s": st.sampled_from([-1, 0, 10, 1e300]),
    "dtmf": st.sampled_from(["", "1", "12w#", "x"]),
    "voiceeventsid": TEXT,
    "messagetype": TEXT,
    "acktype": TEXT,
    "content": JSON,
}
PAYLOADS = st.fixed_dictionaries({}, optional={name: right | right | JSON for name, right in MEMBERS.items()})
KINDS = st.sampled_from([*FROM_EXCHANGE, "\n", "news", "transportClose"])
FRAMES = TEXT | st.builds(lambda kind, payload: json.dumps({"type": kind, "payload": payload}), KINDS, PAYLOADS | JSON)
