"""The addresses of a link's webhooks, and the secret in them.

What comes in: the configuration and a link's name. What goes out: the addresses that
are given to the vendor; the secret is drawn where its file is not there yet. They are
made by the shell itself, not by the daemon: it reads its secrets at its start.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from smsgate.config import HttpLink
from smsgate.operations.desk import OperationRefused

if TYPE_CHECKING:
    from smsgate.clock import Clock
    from smsgate.config import Config, SecretRef
    from smsgate.operations.desk import Document

#: Of a secret that is drawn.
_SECRET_BYTES = 24
_USSD = "ussd"


def url(config: Config, link: str, secret: str, kind: str) -> str:
    """Return the address of a webhook as others call it."""
    return f"{config.http.address}/hook/{link}/{secret}/{kind}"


def addresses(config: Config, name: str, clock: Clock) -> Document:
    """Return the addresses of a link's webhooks.

    Raises:
        OperationRefused: there is no such link, or it cannot have any.
    """
    link = next((one for one in config.links if one.name == name), None)
    if not isinstance(link, HttpLink):
        raise OperationRefused(
            f'there is no link {name} with driver = "http": look at `smsgate link list`'
        )
    if link.hook_secret is None:
        raise OperationRefused(
            f'link {name} only sends: write hook_secret = "file:{name}.hook" into its '
            "table and ask again"
        )
    if not config.http.address:
        raise OperationRefused(
            "nothing listens: write [http] listen, and public_url if others reach it "
            "under another address, and ask again"
        )
    drawn = _draw(link.hook_secret, clock)
    secret = link.hook_secret.read_text()
    return {
        "link": name,
        "drawn": drawn,
        **{kind: url(config, name, secret, kind) for kind in _kinds(link)},
    }


def _kinds(link: HttpLink) -> tuple[str, ...]:
    """Return what its webhooks may be about."""
    if link.sessions_only:
        return (_USSD,)
    return ("in", "report", *((_USSD,) if link.ussd else ()))


def _draw(ref: SecretRef, clock: Clock) -> bool:
    """Write a secret where there is none; say whether that was so."""
    path = ref.folder / ref.name
    if not ref.drawable:
        return False
    secret = base64.urlsafe_b64encode(clock.token_bytes(_SECRET_BYTES))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret + b"\n")
    return True
