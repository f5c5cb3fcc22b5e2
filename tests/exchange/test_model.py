"""Whatever phones do, in whatever order: one answer to a call, an end for both sides, told in a way that each hears."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.exchange.effects import Answered, Effect, Ended, Started
from intercom.signaling.messages import Cancel, Hangup, Message
from tests.exchange.house import House
from tests.exchange.phones import Phone

KIND_OF = {"anna": "sdk1", "bob": "station", "kitchen": "sdk2", "hall": "page", "carl": "station"}
CALLED = (*KIND_OF, *3 * ("house",), "nobody")


class Street:
    """Five phones at one exchange; what is said to a phone is heard later, or never when its link breaks before."""

    def __init__(self) -> None:
        self.house = House()
        self.phones = [Phone(name, kind, self.say) for name, kind in KIND_OF.items()]
        self.sids: dict[str, set[str]] = {name: set() for name in KIND_OF}  # of calls placed or accepted
        self.won: set[tuple[str, str]] = set()
        self.started: list[str] = []
        self.ended: list[str] = []
        for phone in self.phones:
            phone.come()

    def say(self, line: str) -> None:
        """Do a line of a transcript, check all that comes of it, and put it on its way."""
        match line.split():
            case [name, ">", "answer", sid]:
                self.sids[name].add(sid)
        self.house.do(line)
        for effect in self.house.effects:
            self._check(effect)
        for name, message in self.house.frames:
            self._check_frame(name, message)
            next(phone for phone in self.phones if phone.name == name).inbox.append(message)

    def _check(self, effect: Effect) -> None:
        match effect:
            case Started(sid, temporary, _, caller):
                self.started.append(sid)
                self.sids[caller.identity] |= {sid, temporary}
            case Answered(sid, callee):
                assert sid not in {sid for _, sid in self.won}, "answered twice"
                self.won.add((callee.identity, sid))
            case Ended(sid):
                self.ended.append(sid)

    def _check_frame(self, name: str, message: Message) -> None:
        match message:
            case Hangup(callsid=sid):
                assert sid in self.sids[name], "a phone that rings hears no hangup"
            case Cancel(callsid=sid):
                assert (name, sid) not in self.won, "a phone that accepted misses its disconnect"

    def end(self) -> None:
        """All come back, hear what they missed, and hang up what is still on; then nobody thinks of any call."""
        for phone in self.phones:
            if not phone.is_here:
                phone.come()
        self.hear_all()
        for call in self.house.switch.calls:
            for phone in self.phones:
                if {phone.active, phone.names.get(phone.active or "")} & {call.sid, call.temporary}:
                    phone.hang_up()
            self.hear_all()
        self.say(f"at {self.house.now + 61}")
        self.hear_all()
        assert {phone.name: phone.calls for phone in self.phones if phone.calls} == {}
        assert list(self.house.switch.calls) == []
        assert sorted(self.started) == sorted(self.ended)

    def hear_all(self) -> None:
        for phone in self.phones:
            while phone.inbox:
                phone.hear()


# What a phone can do, and when; the more often it is named in LIKELY, the likelier.
ACTS: dict[str, tuple[Callable[[Phone], object], Callable[[Phone, int], None]]] = {
    "hear": (lambda phone: phone.inbox, lambda phone, _: phone.hear()),
    "place": (
        lambda phone: phone.is_here and not phone.active and not phone.inbox,
        lambda phone, choice: phone.place(CALLED[choice % len(CALLED)]),
    ),
    "accept": (lambda phone: phone.is_here and phone.pending and not phone.active, lambda phone, _: phone.accept()),
    "reject": (lambda phone: phone.is_here and phone.pending, lambda phone, _: phone.reject()),
    "hang up": (lambda phone: phone.is_here and phone.active, lambda phone, _: phone.hang_up()),
    "go": (lambda phone: phone.is_here, lambda phone, _: phone.go()),
    "come": (lambda phone: not phone.is_here, lambda phone, _: phone.come()),
}
WAITS_S = (1, 6, 20)
LIKELY = (*8 * ("hear",), *5 * ("accept",), *2 * ("hang up",), *2 * ("come",), "place", "reject", "go", "wait")
STEPS = st.lists(st.tuples(st.sampled_from(LIKELY), st.integers(0, 99)), min_size=30, max_size=100)


@settings(max_examples=300)
@given(STEPS)
def test_every_call_has_one_answer_at_most_and_ends_for_both(steps: list[tuple[str, int]]) -> None:
    street = Street()
    for name, choice in steps:
        if name == "wait":
            street.hear_all()  # a frame takes less than a second, or its link is dead
            street.say(f"at {street.house.now + WAITS_S[choice % len(WAITS_S)]}")
        else:
            can, act = ACTS[name]
            if able := [phone for phone in street.phones if can(phone)]:
                act(able[choice % len(able)], choice)
    street.end()
