"""The commands of an emulated modem that are not about messages.

What comes in: a `Request`. What goes out: the lines of its answer: identity, SIM PIN,
registration, signal, USSD, and the settings that a modem merely remembers. The list
holds what python-gsmmodem-new, gammu, smstools and Kannel ask when they connect.
Messages are in `modem.simulator.sms`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modem.simulator.card import Lock, SimCard
from modem.simulator.request import Form, Handler, Lines, Refused, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from modem.simulator.network import Network
    from modem.simulator.ussd import Codes

_NOT_ALLOWED = "+CME ERROR: 3"
_PIN_WANTED = "+CME ERROR: 11"
_PUK_WANTED = "+CME ERROR: 12"
_PIN_WRONG = "+CME ERROR: 16"

#: Settings that are kept and told again: value at power-on, and what can be set.
_SETTINGS = {
    "+CMEE": ("1", "(0-2)"),
    "+CLIP": ("0,1", "(0,1)"),
    "+CRC": ("0", "(0,1)"),
    "+CVHU": ("0", "(0,1)"),
    "+CSMP": ("17,167,0,0", "(0-255),(0-255),(0-255),(0-255)"),
    "+CSCS": ('"GSM"', '("GSM","UCS2","HEX")'),
    "+CSCA": ('"+50370000000",145', ""),
    "+CSMS": ("0,1,1,1", "(0,1)"),
    "+CGATT": ("1", "(0,1)"),
    "+CMMS": ("0", "(0-2)"),
    "+CSDH": ("0", "(0,1)"),
    "+IFC": ("2,2", "(0,2),(0,2)"),
    "+CBST": ("0,0,1", ""),
}
#: Area and cell, told in the second mode of CREG.
_PLACE = ',"00C3","0A1B"'
_WORDS = {"+CGMI": "Emulated", "+CGMM": "Pseudo-terminal", "+CGMR": "1.0"}
_ALIASES = {"+GMI": "+CGMI", "+GMM": "+CGMM", "+GMR": "+CGMR", "+GSN": "+CGSN"}


@dataclass(slots=True, kw_only=True)
class Identity:
    """The numbers printed on a modem and its SIM."""

    imei: str
    imsi: str = "706010123456789"
    iccid: str = "8950301012345678901"
    number: str = "+50370009999"


@dataclass(slots=True, kw_only=True)
class General:
    """State behind the general commands."""

    identity: Identity
    card: SimCard
    network: Network
    #: Write unsolicited lines.
    say: Callable[..., None]
    #: Write unsolicited lines when the present answer is out.
    say_afterwards: Callable[..., None]
    #: Switch echo on or off.
    set_echo: Callable[[bool], None]
    #: USSD codes; an unknown one is not supported by the network.
    codes: Codes
    #: The modem is switched off and on again.
    restart: Callable[[], None]
    function: int = 1
    settings: dict[str, str] = field(default_factory=dict, repr=False)
    #: What CREG, CGREG and CEREG report unasked: 0 nothing, 1 and 2 changes.
    reporting: dict[str, int] = field(default_factory=dict)

    def handlers(self) -> dict[str, Handler]:
        """Every general command by name."""
        own: dict[str, Handler] = {
            "": self.basic,
            "+CPIN": self.cpin,
            "+CPINR": self.cpinr,
            "+CFUN": self.cfun,
            "+COPS": self.cops,
            "+CSQ": self.csq,
            "+CNUM": self.cnum,
            "+CUSD": self.cusd,
            "+CCLK": self.cclk,
            "+CBC": lambda _: ["+CBC: 0,100"],
            "+CPAS": lambda _: ["+CPAS: 0"],
            "+CLCC": lambda _: [],
            "+CHUP": lambda _: [],
            "+CCID": lambda _: [f"+CCID: {self.identity.iccid}"],
            "^ICCID": lambda _: [f"^ICCID: {self.identity.iccid}"],
            "+CIMI": lambda request: self.told(request, self.imsi()),
            "+CGSN": lambda request: self.told(request, self.identity.imei),
        }
        own |= dict.fromkeys(("+CREG", "+CGREG", "+CEREG"), self.creg)
        own |= dict.fromkeys(_SETTINGS, self.setting)
        own |= dict.fromkeys(_WORDS, self.word)
        own |= {alias: own[name] for alias, name in _ALIASES.items()}
        return own

    @property
    def ready(self) -> bool:
        """Whether the SIM and the radio can be used."""
        return self.card.lock is Lock.ready and self.function == 1

    @property
    def registered(self) -> bool:
        """Whether messages can go either way."""
        return self.ready and self.network.reachable

    def reset(self) -> None:
        """Go back to the settings at power-on."""
        self.settings.clear()
        self.reporting.clear()

    def basic(self, request: Request) -> Lines:
        """E, I, Z and the old commands of telephone modems, which change nothing."""
        letters = request.text(0)
        if letters.startswith(("Z", "&F")):
            self.reset()
            self.set_echo(True)
        if "E0" in letters or "E1" in letters:
            self.set_echo("E1" in letters)
        return list(_WORDS.values()) if letters.startswith("I") else []

    def told(self, request: Request, word: str) -> Lines:
        """Answer one word, bare, as identity commands do."""
        return [] if request.form is Form.test else [word]

    def word(self, request: Request) -> Lines:
        """Maker, model or revision."""
        return self.told(request, _WORDS[_ALIASES.get(request.name, request.name)])

    def imsi(self) -> str:
        """The IMSI, once the SIM is unlocked."""
        self.require_card()
        return self.identity.imsi

    def require_card(self) -> None:
        """Refuse while the SIM asks for a code."""
        if self.card.lock is not Lock.ready:
            wanted = _PIN_WANTED if self.card.lock is Lock.pin else _PUK_WANTED
            raise Refused(wanted)

    def setting(self, request: Request) -> Lines:
        """Keep a setting, or tell it."""
        name = request.name
        value, choice = _SETTINGS[name]
        if name == "+CSCA":
            self.require_card()
        if request.form is Form.test:
            return [f"{name}: {choice}"]
        if request.form is Form.write:
            return self._keep(request)
        return [f"{name}: {self.settings.get(name, value)}"]

    def _keep(self, request: Request) -> Lines:
        name = request.name
        if name == "+CSMS":
            return ["+CSMS: 1,1,1"]
        if name == "+CSCS":
            kept = f'"{request.text(0)}"'
        elif name == "+CSCA":
            kept = f'"{request.text(0)}",{request.text(1, "145")}'
        else:
            kept = ",".join(request.arguments)
        self.settings[name] = kept
        return []

    def cpin(self, request: Request) -> Lines:
        """Tell what the SIM asks for, or take a PIN, or a PUK and a new PIN."""
        lock = self.card.lock
        if request.form is not Form.write:
            return [f"+CPIN: {lock.value}"] if request.form is Form.read else []
        match lock, len(request.arguments):
            case Lock.pin, 1:
                accepted = self.card.enter(request.text(0))
            case Lock.puk, 2:
                accepted = self.card.reset(request.text(0), request.text(1))
            case Lock.puk, _:
                raise Refused(_PUK_WANTED)
            case _:
                raise Refused(_NOT_ALLOWED)
        if not accepted:
            raise Refused(_PIN_WRONG)
        return []

    def cpinr(self, _: Request) -> Lines:
        """How many tries are left."""
        return [f"+CPINR: SIM PIN,{self.card.tries_left},3"]

    def cfun(self, request: Request) -> Lines:
        """Switch the radio on and off."""
        if request.form is Form.write:
            self.function = request.number(0, 1)
            if request.number(1, 0) == 1:
                self.restart()
            return []
        return [
            "+CFUN: (0,1,4)" if request.form is Form.test else f"+CFUN: {self.function}"
        ]

    def creg(self, request: Request) -> Lines:
        """Registration, and whether changes are to be told unasked."""
        name = request.name
        if request.form is Form.test:
            return [f"{name}: (0-2)"]
        if request.form is Form.write:
            self.reporting[name] = request.number(0, 0)
            return []
        mode = self.reporting.get(name, 0)
        status = self.network.registration if self.ready else 0
        place = _PLACE if mode == 2 and self.registered else ""
        return [f"{name}: {mode},{status}{place}"]

    def register(self, status: int) -> None:
        """Change the registration, and say so where that was asked for."""
        self.network.registration = status
        for name, mode in self.reporting.items():
            if mode:
                self.say(f"{name}: {status}")

    def cops(self, request: Request) -> Lines:
        """The operator; choosing one by hand changes nothing."""
        self.require_card()
        if request.form is not Form.read:
            return []
        if not self.registered:
            return ["+COPS: 0"]
        return [f'+COPS: 0,0,"{self.network.operator}",2']

    def csq(self, request: Request) -> Lines:
        """Signal strength, 99 while the radio is off."""
        if request.form is Form.test:
            return ["+CSQ: (0-31,99),(99)"]
        return [f"+CSQ: {self.network.signal if self.function == 1 else 99},99"]

    def cnum(self, _: Request) -> Lines:
        """The number of the SIM."""
        self.require_card()
        return [f'+CNUM: "","{self.identity.number}",145']

    def cclk(self, request: Request) -> Lines:
        """The network's clock."""
        if request.form is not Form.read:
            return []
        return [f'+CCLK: "{self.network.clock():%y/%m/%d,%H:%M:%S}+00"']

    def cusd(self, request: Request) -> Lines:
        """Dial a code; the network's answer follows as a line of its own."""
        if request.form is Form.test:
            return ["+CUSD: (0-2)"]
        code = request.text(1)
        if request.form is Form.write and code:
            self.require_card()
            characters = self.settings.get("+CSCS", "GSM").strip('"')
            self.say_afterwards(self.codes.dial(code, characters))
        elif request.number(0) == 2:
            self.codes.hung_up += 1
        return []
