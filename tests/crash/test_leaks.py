"""No PIN is ever at rest, in any file, in any form it could be read back from.

A whole day of texts with PINs in them, right and wrong, readable and not, through the
real daemon, its log as talkative as the configuration allows; then every file is
searched: ledger, write-ahead log, daemon's log, backup, configuration and keys.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from modem.pdu import BadPdu, Deliver, content_key, decode, encode_deliver
from modem.simulator import EmulatedModem
from smsgate.__main__ import main
from smsgate.clock import Clock
from tests.canary import leaks
from tests.crash.crowd import SMSC
from tests.crash.house import PATIENCE_S, Process, build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.crash.house import House

#: PINs that nobody has, sent all the same.
WRONG = ("846273", "628491", "957382")
#: What somebody changes a PIN to.
NEW = "280467"
_HEX = re.compile(rb"[0-9A-Fa-f]{8,}")
_DIGESTS: tuple[Callable[[bytes], Any], ...] = (
    *(partial(hashlib.new, name) for name in ("md5", "sha1", "sha256", "sha512")),
    *(partial(hashlib.blake2b, digest_size=size) for size in (10, 16, 20, 32, 64)),
    *(partial(hashlib.blake2s, digest_size=size) for size in (10, 16, 20, 32)),
)


def unhexed(folder: Path, into: Path) -> Path:
    """Write beside them what the hexadecimal runs of all files mean, in both halves."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            meant = bytearray()
            for run in _HEX.findall(path.read_bytes()):
                for start in (0, 1):
                    even = run[start : start + (len(run) - start) // 2 * 2]
                    meant += bytes.fromhex(even.decode()) + b"\n"
            into.mkdir(exist_ok=True)
            (into / f"{path.name}.unhexed").write_bytes(meant)
    return into


def digests(folder: Path, secrets: list[bytes]) -> list[str]:
    """Name the files in which an unkeyed digest of a secret stands, cut short or not.

    Eight bytes of one are enough to try ten thousand PINs against.
    """
    wanted = set()
    for secret in secrets:
        for kind in _DIGESTS:
            found = kind(secret).digest()[:8]
            wanted |= {found, found.hex().encode()}
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(one in path.read_bytes() for one in wanted)
    ]


def content_of(pdu: bytes) -> list[bytes]:
    """Return what a text is known by when it comes again, which holds its words."""
    try:
        message = decode(pdu)
    except BadPdu as bad:
        return [bad.body] if bad.body else []
    return [content_key(message)] if isinstance(message, Deliver) else []


def texts_of(house: House) -> Iterator[tuple[str, str]]:
    """Write a day's texts: who sends, and what."""
    ana, beto = house.people
    code, pin = beto.code, ana.pin
    yield ana.phone, f"PAGAR {code} 25.50 {pin}"
    yield ana.phone, f"PAGAR {code} 25.50 {pin}"
    yield ana.phone, f"{pin} PAGAR {code} 1.25"
    yield ana.phone, f"PAGAR {code} 2.25 {pin} POR pan"
    yield ana.phone, f"PAGAR {code} 3.25 {WRONG[0]}"
    yield ana.phone, f"PGAR {code} 4.25 {pin}"
    yield ana.phone, f"PAGAR {code} 4.25 {pin} y {WRONG[1]}"
    yield ana.phone, f"pagale a {code} 5.25 mi pin es {pin} gracias"
    yield ana.phone, f"PAGAR {code} 5.25 {' '.join(pin)}"
    yield ana.phone, f"PAGAR {code} 5.25 {'-'.join(pin)}"
    yield ana.phone, f"PAGAR {code} 5.25 {pin[:3]} {pin[3:]}"
    yield ana.phone, f"PAGAR {code} 5.25 {pin}{pin}"
    # Not in the GSM alphabet, so it goes as UCS-2.
    yield ana.phone, f"PAGAR {code} 6.25 {pin} POR café ✓"
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in pin)
    yield ana.phone, f"PAGAR {code} 7.25 {wide}"
    yield ana.phone, pin
    yield ana.phone, f"SALDO {pin}"
    yield ana.phone, f"SALDO {WRONG[2]}"
    yield ana.phone, f"MOVS {pin}"
    yield ana.phone, f"PAGAR {code} 8.25 {pin} POR {'pan dulce y cafe ' * 10}"
    yield ana.phone, f"{'pan dulce ' * 14}PAGAR {code} 9.25 {pin} " + "x" * 30
    yield ana.phone, f"{'pan dulce y cafe ' * 80} {pin}"
    yield ana.phone, f"BUSCAR {pin}"
    yield ana.phone, f"VER {pin}"
    yield ana.phone, f"AYUDA {pin}"
    yield ana.phone, f"PIN {WRONG[0]} {NEW} {NEW}"
    yield ana.phone, f"PIN {pin} 123456 123456"
    yield ana.phone, f"PIN {pin} {NEW} {NEW}"
    yield ana.phone, f"PAGAR {code} 10.25 {NEW}"
    yield beto.phone, f"PAGAR {ana.code} 1.75"
    yield beto.phone, beto.pin
    yield "+50376543210", f"PAGAR {code} 1.00 {pin}"
    yield "2222", f"su clave es {pin}"
    yield "BANCO", f"su clave es {pin}"


def noise_of(house: House) -> Iterator[bytes]:
    """Write PDUs with a PIN in them that nobody can read."""
    ana, beto = house.people
    words = f"PAGAR {beto.code} 1.00 {ana.pin}"
    (whole,) = encode_deliver(ana.phone, words, sent_at=Clock().now(), smsc=SMSC)
    yield whole[:-3]
    yield whole + b"\x00" * 7
    at = whole.index(bytes([len(words)]) + whole[-1 - (len(words) * 7 + 7) // 8 :][1:])
    for length in (0xFF, 0xA1):
        yield whole[:at] + bytes([length]) + whole[at + 1 :]
    yield words.encode()
    yield bytes(3) + whole


def one_day(house: House, modem: EmulatedModem) -> list[str]:
    """Send all of it and wait until all is answered; return every text."""
    sent = []
    for who, words in texts_of(house):
        modem.deliver(who, words)
        sent.append(words)
    for pdu in noise_of(house):
        modem.deliver_pdu(pdu)
    # One part of two, whose other never comes.
    first, _ = encode_deliver(
        house.people[0].phone,
        f"PAGAR {house.people[1].code} 1.00 {house.people[0].pin} {'pan ' * 40}",
        sent_at=Clock().now(),
        reference=77,
        smsc=SMSC,
    )
    modem.wait_empty(PATIENCE_S)
    modem.deliver_pdu(first)
    modem.wait_stored(1)
    return sent


@pytest.mark.parametrize("form", ["json", "keyvalue"])
def test_no_pin_reaches_a_disk(tmp_path: Path, form: str) -> None:
    """Nothing that could give a PIN back stands in any file the house has written."""
    logs = {"logs": {"level": "info", "format": form}}
    with EmulatedModem(slots=60) as modem:
        home = tmp_path / "all"
        home.mkdir()
        house = build(home, ("Ana", "Beto"), port=modem.path, settings=logs)
        came: set[bytes] = set()
        modem.on_happening(lambda happening: came.add(happening.pdu))
        process = Process(house)
        process.until_said("daemon.ready")
        sent = one_day(house, modem)
        assert main(["-c", str(house.config), "backup", str(home / "copy")]) == 0
        # The write-ahead log is looked at, too, so it must not be tidied up.
        process.kill()
        secrets = [person.pin for person in house.people] + [NEW, *WRONG]
        texts = [*sent, *(words.upper() for words in sent)]
        found_before = leaks(home, secrets, texts)
        process = Process(house)
        process.until_said("daemon.ready")
        assert process.stop() == 0
    outcomes = {row["outcome"] for row in house.rows("SELECT outcome FROM inbox")}
    kept = house.rows("SELECT reason FROM quarantine")

    assert found_before == []
    assert leaks(home, secrets, texts) == []
    assert leaks(unhexed(home, tmp_path / "meant"), secrets, texts) == []
    assert len(came) >= len(sent)
    raw = [one for pdu in came for one in (pdu, *content_of(pdu))]
    assert digests(home, [one.encode() for one in secrets + texts] + raw) == []
    # The day was a full one: paid, asked, refused, misread, changed, put away.
    assert outcomes >= {
        "paid_payer",
        "pin_bad",
        "pin_changed",
        "balance",
        "history",
        "too_long",
        "not_member",
    }
    assert len(kept) >= 4
    assert (house.folder / "ledger.sqlite").stat().st_size > 0


@pytest.mark.parametrize(
    "written",
    [
        lambda pin: pin.encode(),
        lambda pin: pin.encode("utf-16-be"),
        lambda pin: pin.encode().hex().encode(),
        lambda pin: pin.encode("utf-16-be").hex().upper().encode(),
        lambda pin: hashlib.sha1(pin.encode(), usedforsecurity=False).digest(),
        lambda pin: hashlib.sha256(pin.encode()).hexdigest().encode(),
        lambda pin: hashlib.blake2b(pin.encode()).digest(),
        lambda pin: hashlib.sha256(f"SALDO {pin}".encode()).digest(),
        *(
            lambda pin, words="x" * place + "SALDO {}": encode_deliver(
                "+50371234567",
                words.format(pin),
                sent_at=Clock().now(),
            )[0]
            for place in range(8)
        ),
    ],
)
def test_the_search_finds_what_it_looks_for(
    tmp_path: Path, written: Callable[[str], bytes]
) -> None:
    """A PIN planted in any of the forms is found, also in the middle of a file."""
    pin = "739154"
    (tmp_path / "sound").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "leak").write_bytes(b"\x5a" * 99 + written(pin) + b"\xa5" * 99)

    assert leaks(tmp_path, [pin], [f"SALDO {pin}"]) == ["leak"]


if TYPE_CHECKING:
    from collections.abc import Callable
