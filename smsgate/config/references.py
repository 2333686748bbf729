"""Secrets by reference: the configuration says where a secret is, never what it is.

What comes in: `file:PATH` (relative to the configuration), `env:NAME`, or `cred:NAME`
for a systemd credential. What goes out: a `SecretRef`, whose `read…` methods open it
when it is needed and no earlier, so that a configuration can be checked on a machine
that does not hold the keys. A file that others may read is refused.
"""

from __future__ import annotations

import binascii
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from smsgate.errors import SmsgateError

KEY_BYTES = 32
#: Nothing that is referred to is longer than this.
_READ_MAX_BYTES = 4096


class BadSecret(SmsgateError):
    """A secret that the configuration refers to cannot be used."""


class Kind(StrEnum):
    """Where a secret may be."""

    file = "file"
    env = "env"
    cred = "cred"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """Where a secret is."""

    kind: Kind
    #: A path, the name of a variable, or that of a credential.
    name: str
    #: Where relative paths begin.
    folder: Path

    def __str__(self) -> str:
        """Show the reference as it stands in the configuration."""
        return f"{self.kind}:{self.name}"

    @property
    def drawable(self) -> bool:
        """Whether its file is not there, so that a new secret may be written to it."""
        return self.kind is Kind.file and not (self.folder / self.name).exists()

    def read(self) -> bytes:
        """Return the secret's bytes.

        Raises:
            BadSecret: it is not there, or a file that others may read.
        """
        match self.kind:
            case Kind.file:
                return _of_file(self, self.folder / self.name)
            case Kind.env:
                return _of_environment(self)
            case Kind.cred:
                return _of_credential(self)

    def read_key(self) -> bytes:
        """Return a key: 32 bytes as they are, or written as 64 hexadecimal digits.

        Raises:
            BadSecret: as `read`, or it is not 32 bytes long.
        """
        raw = self.read()
        if len(raw) == KEY_BYTES:
            return raw
        try:
            key = binascii.unhexlify(raw.strip())
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise BadSecret(
                f"{self} is no key: it must hold {KEY_BYTES} random bytes, "
                f"or {2 * KEY_BYTES} hexadecimal digits"
            )
        return key

    def read_text(self) -> str:
        """Return a short text, such as a SIM's PIN, without white space around it.

        Raises:
            BadSecret: as `read`, or it is empty or no text.
        """
        try:
            text = self.read().decode("ascii").strip()
        except UnicodeDecodeError:
            text = ""
        if not text:
            raise BadSecret(f"{self} is empty or no plain text: write the secret there")
        return text


def parse_reference(text: str, folder: Path) -> SecretRef:
    """Read a reference; the text is not repeated in errors, it may be the secret.

    Raises:
        ValueError: it is none.
    """
    kind, colon, name = text.partition(":")
    if not colon or kind not in list(Kind) or not name:
        raise ValueError(
            "a secret stands elsewhere and is only named here: "
            "write file:PATH, env:NAME or cred:NAME"
        )
    if kind != Kind.file and "/" in name:
        raise ValueError(f"{kind}: takes a name without a slash")
    return SecretRef(kind=Kind(kind), name=name, folder=folder)


def _of_file(ref: SecretRef, path: Path) -> bytes:
    try:
        # Opened before its mode is looked at, so that both are of one file.
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o177:
                raise BadSecret(
                    f"{ref} is open to others (mode {mode:04o}): "
                    f"run `chmod 600 {path}`, and draw a new key if they may have it"
                )
            return file.read(_READ_MAX_BYTES)
    except OSError as error:
        raise BadSecret(
            f"{ref} cannot be read ({error.strerror}): put the file at {path}"
        ) from error


def _of_environment(ref: SecretRef) -> bytes:
    value = os.environ.get(ref.name)
    if value is None:
        raise BadSecret(f"{ref} is not set: start smsgate with {ref.name} set")
    return value.encode()


def _of_credential(ref: SecretRef) -> bytes:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder is None:
        raise BadSecret(
            f"{ref} needs systemd: add LoadCredential={ref.name}:PATH to the unit"
        )
    try:
        with (Path(folder) / ref.name).open("rb") as file:
            return file.read(_READ_MAX_BYTES)
    except OSError as error:
        raise BadSecret(
            f"{ref} cannot be read ({error.strerror}): "
            f"add LoadCredential={ref.name}:PATH to the unit"
        ) from error
