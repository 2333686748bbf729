"""The quarantine: unreadable messages, kept unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from modem.link import Noise
from smsgate.clock import DAY_MS
from smsgate.messages import MessageKeys, SealBroken, forget_due, quarantine
from smsgate.store import Store, create_ledger
from tests.smsgate.mailroom import START_MS, Mailroom, StoppedClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODY = b"PAGAR 12340 5.00 739154"
NOISE = Noise(
    link="sim1", reason="the alphabet is unknown", head=b"\x07\x91", body=BODY
)
KEYS = MessageKeys(bytes(32))


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """An empty ledger."""
    with Mailroom() as room:
        yield room


def contents(folder: Path) -> list[bytes]:
    """Return what every file of a folder holds."""
    return [file.read_bytes() for file in folder.iterdir()]


async def test_the_body_stands_in_no_file(tmp_path: Path) -> None:
    """Neither the ledger nor its log shows the body, in bytes or as hex."""
    path = tmp_path / "ledger.sqlite"
    create_ledger(path)
    async with await Store.open(path, StoppedClock()) as store:
        assert await store.write(lambda tx: quarantine.keep(tx, KEYS, NOISE)) is True
        files = contents(tmp_path)
    files += contents(tmp_path)

    assert any(b"the alphabet is unknown" in content for content in files)
    for needle in (
        b"739154",
        b"PAGAR",
        BODY.hex().encode(),
        BODY.hex().upper().encode(),
    ):
        assert not any(needle in content for content in files)


def test_the_daemon_can_read_it_again(room: Mailroom) -> None:
    """A better reader gets the very bytes, as long as they are kept."""
    quarantine.keep(room.tx, KEYS, NOISE)
    (kept,) = quarantine.rows(room.tx)

    assert quarantine.reread(room.tx, KEYS, kept.id) == NOISE
    assert quarantine.reread(room.tx, KEYS, kept.id + 1) is None
    with pytest.raises(SealBroken):
        quarantine.reread(room.tx, MessageKeys(b"\1" * 32), kept.id)


def test_an_operator_sees_everything_but_the_body(room: Mailroom) -> None:
    """Reason, link, length and head; nothing that could hold a PIN."""
    quarantine.keep(room.tx, KEYS, NOISE)

    assert quarantine.rows(room.tx) == [
        quarantine.Kept(
            id=1,
            link="sim1",
            reason="the alphabet is unknown",
            length=len(BODY),
            head=b"\x07\x91",
            at_ms=START_MS,
        )
    ]


def test_the_same_noise_is_one_row(room: Mailroom) -> None:
    """A slot that cannot be freed is listed at every poll and kept once."""
    other = Noise(link="sim2", reason=NOISE.reason, head=NOISE.head, body=BODY)

    assert quarantine.keep(room.tx, KEYS, NOISE) is True
    assert quarantine.keep(room.tx, KEYS, NOISE) is False
    assert quarantine.keep(room.tx, KEYS, other) is True
    assert room.count("quarantine") == 2


def test_a_row_moved_under_another_fingerprint_does_not_open(room: Mailroom) -> None:
    """Somebody with the file cannot pass one body off as another."""
    quarantine.keep(room.tx, KEYS, NOISE)
    room.tx.run("UPDATE quarantine SET mac = x'00'")

    with pytest.raises(SealBroken):
        quarantine.reread(room.tx, KEYS, 1)


def test_noise_is_forgotten_after_seven_days(room: Mailroom) -> None:
    """To the millisecond, by the general forgetting too."""
    quarantine.keep(room.tx, KEYS, NOISE)
    room.wait(7 * DAY_MS - 1)
    assert quarantine.forget_due(room.tx) == 0

    room.wait(1)
    assert forget_due(room.tx) == 1
    assert quarantine.rows(room.tx) == []
