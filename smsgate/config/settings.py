"""Every setting of a network, with its default, its unit and its limits.

What comes in: the tables of the configuration file. What goes out: frozen values. Each
field's description is the hint that is shown when its value is wrong; what each is for
is told at length in `config.example.toml`, and a test holds that every setting stands
there with the default it has here. Read from a file by `smsgate.config.loading`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    model_validator,
)

from commands.vocabulary import fold
from smsgate.config.fields import (
    Amount,
    Country,
    LedgerPath,
    Loopback,
    OptionalAddress,
    OptionalAmount,
    OptionalPath,
    OptionalReference,
    Reference,
    TimeZone,
    WebAddress,
    Words,
    YesNo,
    credit_pattern,
    matching,
    one_segment,
    port_or_imei,
    written,
)


class Section(BaseModel):
    """One table of the file: unknown keys and values of another type are errors."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        validate_default=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
    )


class Network(Section):
    """How the network is called and where it is; the sizes are what replies hold."""

    name: Annotated[
        str,
        Field(max_length=12, description="at most 12 letters, digits and spaces"),
        matching(
            r"[A-Za-zÀ-ÖØ-öø-ÿ][0-9A-Za-zÀ-ÖØ-öø-ÿ .-]*",
            "begin with a letter; no signs",
        ),
    ] = "Red"
    unit: Annotated[
        str,
        Field(max_length=4, description="at most 4 letters"),
        matching(r"[A-Za-z]+", "letters only, like PT"),
    ] = "PT"
    decimals: int = Field(default=2, ge=0, le=2, description="0, 1 or 2")
    country: Country = Field(default="SV", description="two capital letters")
    language: Literal["es", "en"] = Field(default="es", description='"es" or "en"')
    timezone: TimeZone = Field(
        default="America/El_Salvador", description="IANA name of a time zone"
    )
    help_phone: Annotated[
        str,
        Field(max_length=9, description="at most 9 characters, as members dial it"),
        matching(r"([0-9][0-9 -]*)?", "digits, with a hyphen or space between"),
    ] = ""


class Ledger(Section):
    """Where the money is."""

    url: LedgerPath = Field(
        default=written("sqlite:///ledger.sqlite"), description="sqlite:///PATH"
    )


class Keys(Section):
    """Where the three keys are, each 32 bytes."""

    pin: Reference = Field(
        default=written("file:pin.key"), description="where the key is"
    )
    messages: Reference = Field(
        default=written("file:messages.key"), description="where the key is"
    )
    cards: Reference = Field(
        default=written("file:cards.key"), description="where the key is"
    )

    def read_pin(self) -> bytes:
        """Return the key of the PINs' verifiers; raises BadSecret."""
        return self.pin.read_key()

    def read_messages(self) -> bytes:
        """Return the key of the texts' fingerprints; raises BadSecret."""
        return self.messages.read_key()

    def read_cards(self) -> bytes:
        """Return the key of the code cards; raises BadSecret."""
        return self.cards.read_key()


class Security(Section):
    """PINs, tries and locks."""

    pin_length: Literal[4, 6] = Field(
        default=4, description="4 or 6 (5 would look like a member code)"
    )
    tries: int = Field(default=3, ge=1, le=10, description="wrong PINs in a row, 1-10")
    lock_minutes: int = Field(
        default=30, ge=1, le=10_080, description="whole minutes, 1-10080"
    )
    tries_second: int = Field(
        default=6, ge=2, le=20, description="wrong PINs in a row, 2-20"
    )
    second_lock_hours: int = Field(
        default=24, ge=1, le=720, description="whole hours, 1-720"
    )
    tries_last: int = Field(
        default=10, ge=3, le=30, description="wrong PINs in a row, 3-30"
    )
    balance_needs_pin: bool = Field(default=True, description="true or false")

    @model_validator(mode="after")
    def _rising(self) -> Security:
        if not self.tries < self.tries_second < self.tries_last:
            raise ValueError("tries, tries_second and tries_last must rise")
        return self


class Limits(Section):
    """What may be paid; minor units."""

    one_step: Amount = Field(
        default=written("100.00"), description="an amount in quotes"
    )
    two_step: Amount = Field(
        default=written("500.00"), description="an amount in quotes"
    )
    payment: OptionalAmount = Field(
        default=written(""),
        description='an amount in quotes, or "" for none of its own',
    )
    day: Amount = Field(default=written("1000.00"), description="an amount in quotes")
    low: Amount = Field(default=written("20.00"), description="an amount in quotes")
    low_hours: int = Field(
        default=72, ge=0, le=720, description="whole hours, 0-720; 0: not at all"
    )
    day_count: int = Field(
        default=50, ge=1, le=10_000, description="a whole number, 1-10000"
    )
    cool_off: int = Field(default=0, ge=0, le=3600, description="seconds, 0-3600")
    cool_off_above: Amount = Field(
        default=written("10"), description="an amount in quotes"
    )

    @model_validator(mode="wrap")
    @classmethod
    def _rising(
        cls, data: object, handler: ModelWrapValidatorHandler[Limits]
    ) -> Limits:
        limits = handler(data)
        if limits.one_step > limits.two_step:
            raise ValueError("one_step must not be above two_step")
        if limits.payment is None:
            return limits
        # The lower limit is what holds, so that nobody else needs to look at two.
        highest = {
            "one_step": min(limits.one_step, limits.payment),
            "two_step": min(limits.two_step, limits.payment),
        }
        return limits.model_copy(update=highest)


class Sms(Section):
    """Times and paces of texts."""

    late_minutes: int = Field(
        default=30, ge=1, le=1440, description="whole minutes, 1-1440"
    )
    repeat_minutes: int = Field(
        default=10, ge=0, le=1440, description="whole minutes, 0-1440"
    )
    question_minutes: int = Field(
        default=60, ge=1, le=1440, description="whole minutes, 1-1440"
    )
    per_minute: int = Field(
        default=6, ge=1, le=6_000, description="texts a minute, 1-6000"
    )
    per_hour: int = Field(
        default=200, ge=1, le=100_000, description="texts an hour, 1-100000"
    )
    promos_default: YesNo = Field(default=written("no"), description='"yes" or "no"')


class Staff(Section):
    """What needs a second person once there is a staff; minor units."""

    approve_above: Amount = Field(
        default=written("500.00"), description="an amount in quotes"
    )
    approve_people: int = Field(
        default=100, ge=0, le=1_000_000, description="a whole number of people"
    )


class Market(Section):
    """How many advertisements, and for how long."""

    ads: int = Field(default=10, ge=1, le=100, description="a whole number, 1-100")
    offer_days: int = Field(default=30, ge=1, le=365, description="whole days, 1-365")
    need_days: int = Field(default=14, ge=1, le=365, description="whole days, 1-365")


class Http(Section):
    """The web server; off while `listen` is empty."""

    listen: OptionalAddress = Field(
        default=written(""), description='HOST:PORT, or "" for no web server'
    )
    public_url: WebAddress = Field(default="", description="an https:// address, or ''")


class Daemon(Section):
    """The running process."""

    socket: OptionalPath = Field(
        default=written(""),
        description='a path, or "" for smsgate.sock beside the ledger',
    )
    in_flight_max: int = Field(
        default=0, ge=0, le=10_000, description="texts at once; 0: measured at start"
    )


class Logs(Section):
    """What is logged, and how it looks."""

    level: Literal["info", "warning", "error"] = Field(
        default="info", description='"info", "warning" or "error"'
    )
    format: Literal["json", "keyvalue"] = Field(
        default="keyvalue", description='"json" or "keyvalue"'
    )


class _Link(Section):
    """What every link has."""

    name: Annotated[
        str,
        Field(max_length=20, description="at most 20 characters"),
        matching(r"[A-Za-z0-9][A-Za-z0-9_-]*", "letters, digits and - _, like modem-a"),
    ]
    trusted: bool = Field(
        default=True, description="true, or false where senders are easily forged"
    )
    time_offset_minutes: int = Field(
        default=0, ge=-840, le=840, multiple_of=15, description="a multiple of 15"
    )
    max_delay_minutes: int | None = Field(
        default=None, ge=0, le=10_080, description="whole minutes, 0-10080"
    )
    per_minute: int | None = Field(
        default=None, ge=1, le=6_000, description="texts a minute, 1-6000"
    )
    per_hour: int | None = Field(
        default=None, ge=1, le=100_000, description="texts an hour, 1-100000"
    )


class Info(Section):
    """A word that members may send to be told something."""

    word: Annotated[str, AfterValidator(fold)] = Field(
        description="2 to 15 letters, like FERIA"
    )
    text_es: Annotated[str, AfterValidator(one_segment)] = Field(
        description="one SMS of text"
    )
    text_en: Annotated[str, AfterValidator(one_segment)] = Field(
        default="", description="one SMS of text"
    )


class GsmLink(_Link):
    """A modem."""

    driver: Literal["gsm"]
    imei: Annotated[
        str, matching(r"([0-9]{15})?", "the 15 digits that AT+CGSN shows, or nothing")
    ] = Field(default="", description="15 digits")
    port: Annotated[str | None, AfterValidator(port_or_imei)] = Field(
        default=None, description="the modem's device, like /dev/serial/by-id/…"
    )
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] = Field(
        default=115200, description="bits a second, like 115200"
    )
    sim_pin: OptionalReference = Field(
        default=written(""), description="where the SIM's PIN is"
    )
    poll_s: float = Field(default=5.0, ge=0.1, le=60, description="seconds, 0.1-60")
    airtime_code: Annotated[
        str, matching(r"([*#][0-9*#]{1,30})?", "a code as it is dialled, like *567#")
    ] = Field(default="", description="a code as it is dialled, like *567#")
    airtime_pattern: Annotated[str, AfterValidator(credit_pattern)] = Field(
        default="", description="a regular expression with a group (?P<amount>…)"
    )
    airtime_floor: Annotated[
        str,
        matching(r"([0-9]{1,6}([.][0-9]{1,2})?)?", 'an amount in quotes, like "1.00"'),
    ] = Field(default="", description='an amount in quotes, like "1.00"')
    airtime_every_hours: float = Field(
        default=24.0, ge=0.25, le=720, description="hours, 0.25-720"
    )


class FakesmscLink(_Link):
    """Programs on this machine that play phones, for load and training."""

    driver: Literal["fakesmsc"]
    listen: Loopback = Field(default="127.0.0.1:10000", description="127.0.0.1:PORT")
    window: int = Field(
        default=256, ge=1, le=10_000, description="texts at once, 1-10000"
    )


class SimulatorLink(_Link):
    """An emulated modem, for demonstrations and training."""

    driver: Literal["simulator"]


LinkConfig = GsmLink | FakesmscLink | SimulatorLink


class Config(Section):
    """The whole configuration."""

    network: Network
    ledger: Ledger
    keys: Keys
    security: Security
    limits: Limits
    sms: Sms
    staff: Staff
    market: Market
    http: Http
    daemon: Daemon
    logs: Logs
    #: More words by the command they mean.
    words: Words
    info: tuple[Info, ...] = Field(default=(), alias="info", strict=False)
    links: tuple[Annotated[LinkConfig, Field(discriminator="driver")], ...] = Field(
        default=(), alias="link", strict=False
    )

    @property
    def ledger_path(self) -> Path:
        """The ledger's file."""
        return self.ledger.url

    @property
    def socket_path(self) -> Path:
        """The socket on which the daemon hears shell commands."""
        return self.daemon.socket or self.ledger_path.parent / "smsgate.sock"
