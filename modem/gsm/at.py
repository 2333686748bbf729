"""What a modem answers, read by prefix; lines that belong elsewhere are passed over.

What comes in: bytes from the port, then lines. What goes out: lines without their
ends, the final results, and the values in them. Notices may stand anywhere, even in
the middle of an answer, so nothing here counts lines. Pure; the conversation is
`modem.gsm.port`, notices are sorted out by `modem.gsm.notices`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gsmmodem.exceptions import CmeError, CmsError, CommandError

#: Numbers of errors: not ready yet, and no notice was taken of the command.
BUSY = frozenset({14, 314, 515})
#: A longer line is noise; one with every command a modem knows is a few thousand.
_LINE_MAX_BYTES = 16_384
_FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: ?.*|COMMAND NOT SUPPORT")
_CODE = re.compile(r"\+CM([ES]) ERROR: ?(\d{1,5})")
_NAME = re.compile(r"AT([+^$*#%&][A-Z0-9]+)", re.IGNORECASE)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_LISTED = re.compile(r"\+CMGL: ?(\d{1,5}),(?:[^,]*,)*?(\d{1,3})$")
_MEMORY = re.compile(r'"([A-Z]{2})"')
_GROUP = re.compile(r"\(([^()]*)\)")
_USED = re.compile(r'(?:"([A-Z]{2})", ?)?(\d{1,5}), ?(\d{1,5})')
_QUOTED = re.compile(r'"([^"]*)"')
_NUMBERS = re.compile(r"\d{1,5}")
#: How makes tell the tries left for the SIM's PIN: the way of the standard, of
#: Huawei (state, code asked for, PUK, PIN), and of SIMCom (PIN first).
TRIES = ("AT+CPINR", "AT^CPIN?", "AT+SPIC")
_TRIES = re.compile(
    r"\+CPINR: ?SIM PIN,(\d)|\^CPIN: ?SIM PIN,\d*,\d+,(\d)|\+SPIC: ?(\d)\b"
)


class Lines:
    """Bytes in, whole lines out."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Take bytes and return the lines they end; empty ones are left out."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LINE_MAX_BYTES:
            self._rest = b""
        lines = [line.decode("ascii", "replace").strip() for line in whole]
        return [line for line in lines if line and len(line) <= _LINE_MAX_BYTES]

    def take_prompt(self) -> bool:
        """Whether the modem asks for a PDU; the question is then used up."""
        if not self._rest.lstrip().startswith(b">"):
            return False
        self._rest = b""
        return True


def is_final(line: str) -> bool:
    """Whether this line ends an answer."""
    return _FINAL.fullmatch(line) is not None


def name_of(command: str) -> str:
    """The name that answers to this command begin with; empty where it has none."""
    found = _NAME.match(command)
    return found[1].upper() if found else ""


def raise_for(command: str, final: str) -> None:
    """Raise the library's error for a final line that is not OK.

    Raises:
        CommandError: or one of its kinds, with the number of the error.
    """
    if final == "OK":
        return
    # What was asked may hold a PIN, so only its name goes into the error.
    asked = f"AT{name_of(command)}"
    found = _CODE.match(final)
    if found is None:
        raise CommandError(asked)
    kind = CmeError if found[1] == "E" else CmsError
    raise kind(asked, int(found[2]))


def is_busy(final: str) -> bool:
    """Whether a final line says that the SIM or the modem is not ready yet."""
    found = _CODE.match(final)
    return found is not None and int(found[2]) in BUSY


def pdu(line: str) -> bytes | None:
    """The bytes of a line of hex digits; None when it is something else."""
    return bytes.fromhex(line) if _HEX.fullmatch(line) else None


def tpdu_length(pdu: bytes) -> int:
    """Octets without the SMSC address before them, as modems count (TS 27.005)."""
    return max(0, len(pdu) - 1 - pdu[0]) if pdu else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of `AT+CMGL`."""

    index: int
    #: None when the listing does not show it.
    pdu: bytes | None = field(repr=False)
    #: Whether its length is the one that was announced.
    sound: bool


def listing(lines: list[str]) -> list[Listed]:
    """Read the answer to `AT+CMGL`; foreign lines may stand before a PDU."""
    entries: list[Listed] = []
    header: tuple[int, int] | None = None
    for line in lines:
        found = _LISTED.match(line)
        if found:
            entries += _unshown(header)
            header = int(found[1]), int(found[2])
        elif header and (shown := pdu(line)) is not None:
            sound = tpdu_length(shown) == header[1]
            entries.append(Listed(index=header[0], pdu=shown, sound=sound))
            header = None
    return entries + _unshown(header)


def _unshown(header: tuple[int, int] | None) -> list[Listed]:
    """What is known of an entry whose PDU did not come; an empty one has none."""
    if header is None:
        return []
    empty = header[1] == 0
    return [Listed(index=header[0], pdu=b"" if empty else None, sound=empty)]


def memories(lines: list[str]) -> tuple[list[str], list[str]]:
    """Memories to read from and to receive into, of `AT+CPMS=?`."""
    line = _first(lines, "+CPMS")
    groups = [_MEMORY.findall(group) for group in _GROUP.findall(line)]
    readable = groups[0] if groups else []
    return readable, groups[2] if len(groups) > 2 else readable


def tries_left(lines: list[str]) -> int | None:
    """How many tries the SIM leaves for its PIN; None where it is not told."""
    for line in lines:
        found = _TRIES.match(line)
        if found:
            return int(next(told for told in found.groups() if told))
    return None


def usage(lines: list[str]) -> tuple[int, int] | None:
    """Used and total slots of the memory that is read, of `AT+CPMS=`."""
    found = _USED.search(_first(lines, "+CPMS"))
    return (int(found[2]), int(found[3])) if found else None


def registration(line: str) -> int | None:
    """Status of registration, from an answer (`mode,status`) or a notice (`status`)."""
    numbers = _NUMBERS.findall(line.partition(":")[2].partition('"')[0])
    if not numbers:
        return None
    return int(numbers[1] if len(numbers) > 1 else numbers[0])


def signal_dbm(lines: list[str]) -> int | None:
    """Received signal of `AT+CSQ`: 0 is -113 dBm, each step 2 dB, 99 not known."""
    numbers = _NUMBERS.findall(_first(lines, "+CSQ"))
    if not numbers or int(numbers[0]) > 31:
        return None
    return -113 + 2 * int(numbers[0])


def service_centre(lines: list[str]) -> str | None:
    """Number of the service centre that texts are handed to, of `AT+CSCA?`.

    None where the modem does not tell; empty where the SIM has none.
    """
    found = _QUOTED.search(_first(lines, "+CSCA"))
    return found[1] if found else None


def submitted(lines: list[str]) -> int | None:
    """TP-MR of `+CMGS: n`; None while the modem has not named one."""
    numbers = _NUMBERS.findall(_first(lines, "+CMGS"))
    return int(numbers[0]) if numbers else None


def _first(lines: list[str], name: str) -> str:
    """What stands behind the name on the first line that begins with it."""
    start = f"{name}:"
    return next((line[len(start) :] for line in lines if line.startswith(start)), "")
