"""The sections of what people touch and see: buttons, ring, panel."""

from typing import Annotated, Literal

from msgspec import Meta, field

from intercom.settings.kinds import Button, PinNumber, Section

ButtonName = Literal["answer", "call", "mute", "door", "service", "reject", "ignore", "volume_up", "volume_down"]
Cell = Annotated[str, Meta(pattern=r"^[a-z_-]+(\.[a-z_-]+){1,2}$")]


class Buttons(Section, frozen=True):
    """BCM numbers of the pins that the buttons pull to ground; a button left out is not there."""

    answer: Annotated[Button, Meta(description="Answers, hangs up, calls `call.to`.", examples=[17])] = None
    call: Annotated[Button, Meta(description="Calls `call.to`, never answers.", examples=[27])] = None
    mute: Annotated[
        Button,
        Meta(description="Mutes the microphone and opens it again; held: privacy, in every call.", examples=[22]),
    ] = None
    door: Annotated[
        Button, Meta(description="Opens the door of the station that calls or is called.", examples=[23])
    ] = None
    service: Annotated[Button, Meta(description="For whoever sets the station up.", examples=[24])] = None
    reject: Annotated[Button, Meta(description="Rejects for all who are rung.", examples=[18])] = None
    ignore: Annotated[
        Button, Meta(description="Stops the ringing here only; at rest: do not disturb.", examples=[19])
    ] = None
    volume_up: Annotated[
        Button, Meta(description="Makes the far end, or what rings here, louder by 10 %.", examples=[20])
    ] = None
    volume_down: Annotated[
        Button, Meta(description="Makes the far end, or what rings here, quieter by 10 %.", examples=[21])
    ] = None


class Ring(Section, frozen=True):
    """The LED ring: LEDs on pins, or a chain of them on an SPI bus."""

    kind: Annotated[
        Literal["none", "gpio", "ws2812", "sk6812", "apa102"],
        Meta(description="How the ring is wired: gpio by `pins`, the others on the SPI bus `spi`."),
    ] = "none"
    pins: Annotated[
        tuple[PinNumber, ...],
        Meta(max_length=24, description="BCM numbers, clockwise from the top.", examples=[[5, 6, 12, 13, 16, 25]]),
    ] = ()
    wiring: Annotated[
        Literal["one-colour", "rgb"],
        Meta(description="one-colour: an LED on each of `pins`. rgb: one LED with red, green and blue on three pins."),
    ] = "one-colour"
    active_high: Annotated[bool, Meta(description="False: an LED lights when its pin is low.")] = True
    spi: Annotated[
        str,
        Meta(
            pattern=r"^/dev/spidev[0-9]{1,2}\.[0-9]{1,2}$",
            extra={"allowed": "/dev/spidevBUS.DEVICE"},
            description="The SPI bus; the next settings are for rings on it.",
        ),
    ] = "/dev/spidev0.0"
    count: Annotated[int, Meta(ge=1, le=240, description="How many LEDs the ring has.")] = 24
    brightness: Annotated[
        int, Meta(ge=1, le=100, description="Of the LEDs, percent; at 100 each draws up to 60 mA of 5 V.")
    ] = 20
    gamma: Annotated[
        float, Meta(ge=1, le=3, description="How much darker half a light is than half the current makes it.")
    ] = 2.2
    top: Annotated[int, Meta(ge=0, le=239, description="Which LED is at the top; the wire comes in at LED 0.")] = 0
    clockwise: Annotated[bool, Meta(description="Which way they follow each other, seen from the front.")] = True
    white: Annotated[
        bool, Meta(description="sk6812: each LED has a white light beside red, green and blue (RGBW).")
    ] = False

    @property
    def is_spi(self) -> bool:
        """Whether it hangs on an SPI bus."""
        return self.kind not in {"none", "gpio"}

    @property
    def leds(self) -> int:
        """How many LEDs are seen."""
        if self.is_spi:
            return self.count
        return (1 if self.wiring == "rgb" else len(self.pins)) if self.kind == "gpio" else 0


class Panel(Section, frozen=True):
    """Buttons and light."""

    factory: Annotated[
        Literal["auto", "gpiod", "sim"],
        Meta(description="Pins: gpiod (a Pi's), sim (simulated), auto (gpiod where a pin is named, else sim)."),
    ] = "auto"
    active_low: Annotated[bool, Meta(description="Buttons pull to ground (true) or to 3.3 V (false).")] = True
    debounce_ms: Annotated[int, Meta(ge=0, le=50, description="How long a contact must be steady, in ms.")] = 5
    hold_ms: Annotated[int, Meta(ge=300, le=5000, description="How long a press must last to be a hold, in ms.")] = 1000
    hold_ms_of: Annotated[
        dict[ButtonName, Annotated[int, Meta(ge=300, le=5000)]],
        Meta(
            extra={"allowed": "a table of BUTTON = a whole number from 300 to 5000"},
            description="The same for single buttons.",
            examples=[{"door": 300}],
        ),
    ] = field(default_factory=dict)
    double_ms: Annotated[
        int, Meta(ge=200, le=1000, description="How long a press waits for a second one, where that means something.")
    ] = 300
    open_press: Annotated[
        Literal["hangup", "mute"], Meta(description="What a press of the answer button does in a call.")
    ] = "hangup"
    rules: Annotated[
        dict[Cell, Annotated[str, Meta(max_length=40)]],
        Meta(
            extra={"allowed": 'a table of STATE.light, STATE.tone or STATE.BUTTON.GESTURE = "WORDS"'},
            description="What is shown, heard and done in place of the usual; `intercom rules` prints all of it. "
            "GESTURE is press, hold, double or talk; empty WORDS: nothing.",
            examples=[{"open.answer.press": "mute", "idle.light": "off"}],
        ),
    ] = field(default_factory=dict)
    buttons: Buttons = Buttons()
    ring: Ring = Ring()

    def hold_s(self, button: str) -> float:
        """How long a press of this button must last to be a hold, in seconds."""
        return next((ms for name, ms in self.hold_ms_of.items() if name == button), self.hold_ms) / 1000
