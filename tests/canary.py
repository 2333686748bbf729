"""Look for PINs in files: plain, as a digest of the text they came in, packed, in hex.

A PIN that reached a disk in any of these forms can be read back, a digest of ten
thousand possible texts as easily as the digits themselves.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def forms(pin: str) -> Iterator[bytes]:
    """Yield every form in which a PIN alone would give itself away."""
    plain = pin.encode()
    yield plain
    yield pin.encode("utf-16-be")
    yield plain.hex().encode()
    yield pin.encode("utf-16-be").hex().encode()
    yield pin.encode("utf-16-be").hex().upper().encode()
    for digest in ("sha1", "sha256", "blake2b", "blake2s"):
        found = hashlib.new(digest, plain)
        yield found.digest()
        yield found.hexdigest().encode()


def is_packed(content: bytes, pin: str) -> bool:
    """Whether the PIN stands in these octets as septets, at any bit offset."""
    bits = sum((ord(digit) & 0x7F) << (7 * place) for place, digit in enumerate(pin))
    length = 7 * len(pin)
    for offset in range(8):
        size = (length + offset + 7) // 8
        whole = (bits << offset).to_bytes(size, "little")
        mask = ((1 << length) - 1) << offset
        # Neighbours share the first and the last octet; what is between is searched.
        inner = whole[1:-1]
        at = content.find(inner)
        while at >= 0:
            around = content[max(at - 1, 0) : at - 1 + size]
            if int.from_bytes(around, "little") & mask == bits << offset:
                return True
            at = content.find(inner, at + 1)
    return False


def leaks(folder: Path, pins: Iterable[str], texts: Iterable[str] = ()) -> list[str]:
    """Name the files below `folder` in which a PIN, or a digest of a text, stands."""
    pins = tuple(pins)
    wanted = [form for pin in pins for form in forms(pin)]
    for text in texts:
        for digest in ("sha1", "sha256", "blake2b", "blake2s"):
            found = hashlib.new(digest, text.encode())
            wanted += [found.digest(), found.hexdigest().encode()]
    found_in = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(form in content for form in wanted) or any(
                is_packed(content, pin) for pin in pins
            ):
                found_in.append(path.name)
    return found_in
