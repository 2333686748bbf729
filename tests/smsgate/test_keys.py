"""Digests under the network's key, and the seal."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import pytest

from smsgate.clock import Clock
from smsgate.messages import BadMessageKey, MessageKeys, SealBroken
from tests.smsgate.mailroom import JUAN, ROSA, START_MS

SECRET = bytes(range(32))
TEXT = "PAGAR 12340 5.00 7391"


@pytest.fixture
def keys() -> MessageKeys:
    """Keys of one network."""
    return MessageKeys(SECRET)


def test_the_same_text_has_the_same_key(keys: MessageKeys) -> None:
    """A text that is delivered again is known, also after a restart."""
    first = keys.seen(b"pdu", "sim1", ROSA, START_MS)

    assert keys.seen(b"pdu", "sim1", ROSA, START_MS) == first
    assert MessageKeys(SECRET).seen(b"pdu", "sim1", ROSA, START_MS) == first
    assert len(first) == 16


@pytest.mark.parametrize(
    ("key", "link", "sender", "sent_ms"),
    [
        (b"other", "sim1", ROSA, START_MS),
        (b"pdu", "sim2", ROSA, START_MS),
        (b"pdu", "sim1", JUAN, START_MS),
        (b"pdu", "sim1", ROSA, START_MS + 1000),
        (b"pdu", "sim1", ROSA, None),
        # The same characters, cut at other places.
        (b"pdus", "im1", ROSA, START_MS),
    ],
)
def test_another_text_has_another_key(
    keys: MessageKeys, key: bytes, link: str, sender: str, sent_ms: int | None
) -> None:
    """Content, link, sender and time all count."""
    assert keys.seen(key, link, sender, sent_ms) != keys.seen(
        b"pdu", "sim1", ROSA, START_MS
    )


@pytest.mark.parametrize("sent_ms", [None, -1, 1 << 48])
def test_a_time_that_says_nothing_is_left_out(
    keys: MessageKeys, sent_ms: int | None
) -> None:
    """A text without a usable send time has a key all the same, equal at each time."""
    key = keys.seen(b"pdu", "sim1", ROSA, sent_ms)

    assert len(key) == 16
    assert key == keys.seen(b"pdu", "sim1", ROSA, None)


def test_keys_are_in_the_order_of_time(keys: MessageKeys) -> None:
    """Keys of later texts stand behind those of earlier ones, whatever they say."""
    times = [START_MS + minute * 60_000 for minute in range(200)]
    made = [keys.seen(secrets.token_bytes(9), "sim1", ROSA, time) for time in times]

    assert made == sorted(made)


def test_no_digest_can_be_made_without_the_secret(keys: MessageKeys) -> None:
    """Whoever has the file but not the key cannot try out the 10,000 PINs."""
    kept = {
        keys.seen(TEXT.encode(), "sim1", ROSA, START_MS),
        keys.seen(TEXT.encode(), "sim1", ROSA, None),
        keys.text(ROSA, TEXT),
        keys.noise("sim1", b"", TEXT.encode()),
    }
    tails = {digest[-10:] for digest in kept}
    for words in (TEXT, ROSA + TEXT, "7391", f"smsgate-text-v1{ROSA}{TEXT}"):
        for name in ("sha1", "sha256", "blake2b", "blake2s", "md5"):
            unkeyed = hashlib.new(name, words.encode()).digest()
            assert not any(tail in unkeyed for tail in tails)

    other = MessageKeys(b"\1" * 32)
    assert other.text(ROSA, TEXT) not in kept
    assert other.seen(TEXT.encode(), "sim1", ROSA, None) not in kept


def test_a_digest_for_one_purpose_is_none_for_another(keys: MessageKeys) -> None:
    """The fingerprint of a text never equals the key of one, or that of noise."""
    parts = (ROSA.encode(), TEXT.encode())
    plain = hmac.digest(SECRET, b"".join(parts), "sha256")[:16]

    assert (
        len(
            {
                plain,
                keys.text(ROSA, TEXT),
                keys.noise(ROSA, TEXT.encode(), b""),
                keys.seen(TEXT.encode(), "", ROSA, None),
            }
        )
        == 4
    )


def test_what_is_sealed_opens_again(keys: MessageKeys) -> None:
    """A sealed body comes back whole, and no two seals of it are alike."""
    body = TEXT.encode()
    first, second = (keys.seal(body, Clock(), b"row") for _ in range(2))

    assert body == keys.open(first, b"row") == keys.open(second, b"row")
    assert first != second
    assert body not in first


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_changed_seal_does_not_open(keys: MessageKeys, place: int) -> None:
    """One changed bit anywhere is noticed."""
    sealed = bytearray(keys.seal(b"1234", Clock()))
    sealed[place] ^= 1

    with pytest.raises(SealBroken, match="put back"):
        keys.open(bytes(sealed))


@pytest.mark.parametrize(
    ("sealed_for", "opened_for", "opener"),
    [(b"row 1", b"row 2", SECRET), (b"row 1", b"row 1", b"\1" * 32)],
)
def test_a_seal_opens_only_in_its_place(
    keys: MessageKeys, sealed_for: bytes, opened_for: bytes, opener: bytes
) -> None:
    """A body moved to another row, or read under another key, does not open."""
    sealed = keys.seal(b"1234", Clock(), sealed_for)

    with pytest.raises(SealBroken):
        MessageKeys(opener).open(sealed, opened_for)


def test_a_cut_seal_does_not_open(keys: MessageKeys) -> None:
    """A body of which the disk kept only a part is an error and no crash."""
    with pytest.raises(SealBroken):
        keys.open(b"short")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_the_wrong_length_is_refused(length: int) -> None:
    """A half-written key file stops the start and says what to do."""
    with pytest.raises(BadMessageKey, match=f"has {length} bytes"):
        MessageKeys(bytes(length))


def test_keys_do_not_show_themselves(keys: MessageKeys) -> None:
    """The secret is in no representation that a log could print."""
    assert repr(keys) == str(keys) == "MessageKeys(****)"
