"""`[[link]]`: the ways to reach phones, one kind of table a driver.

What comes in: the tables. What goes out: frozen values, one class a driver, told apart
by their `driver` key. The keys of a vendor are checked by `smsgate.config.vendor`, what
every link has beside them stands in `smsgate.config.ways`. Built by `modem.drivers`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator

from smsgate.config import vendor
from smsgate.config.fields import (
    Loopback,
    OptionalPath,
    OptionalReference,
    credit_pattern,
    folder,
    matching,
    port_or_imei,
    written,
)
from smsgate.config.ways import Routed


class _Link(Routed):
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


class HttpLink(_Link):
    """An aggregator, or a phone that acts as one; the vendor's own keys stand beside.

    Those are not fields: which there are depends on the preset. `vendor_keys` has them
    checked, secrets as references. With `ussd` and neither preset nor dialect it brings
    sessions and nothing else.
    """

    model_config = ConfigDict(extra="allow")

    driver: Literal["http"]
    preset: str | None = Field(
        default=None, description="the vendor's name, like sms-gate-local"
    )
    dialect: OptionalPath = Field(
        default=written(""), description="a file that tells how the vendor talks"
    )
    hook_secret: OptionalReference = Field(
        default=written(""), description="where the webhooks' secret is"
    )
    trusted: bool = Field(
        default=False, description="true only for a phone of your own"
    )
    ussd: bool = Field(default=False, description="true where it brings USSD sessions")
    country: Annotated[
        str, matching(r"([A-Z]{2})?", "two capital letters, or nothing")
    ] = Field(default="", description="two capital letters")

    @model_validator(mode="after")
    def _known(self, info: ValidationInfo) -> HttpLink:
        if self.ussd and self.hook_secret is None:
            raise ValueError(
                f'sessions come by webhook: write hook_secret = "file:{self.name}.hook"'
            )
        if self.sessions_only:
            vendor.check_sessions(self.vendor_keys)
        else:
            vendor.check(
                self.preset or "", self.dialect, self.vendor_keys, folder(info)
            )
        return self

    @property
    def sessions_only(self) -> bool:
        """Whether it neither sends texts nor brings any."""
        return self.ussd and not self.preset and self.dialect is None

    @property
    def vendor_keys(self) -> dict[str, Any]:
        """The vendor's own keys; secrets are references."""
        return self.__pydantic_extra__ or {}


LinkConfig = GsmLink | HttpLink | FakesmscLink | SimulatorLink
