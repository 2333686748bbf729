"""From the tables of a file to a `Dialect`, or to what is wrong with it.

What comes in: TOML that was read already. What goes out: a `Dialect` whose templates
all have somebody to fill them and whose places can be read, or `BadDialect` with the
path of the first key that cannot be. What may stand where is `schema`; whether the
request that comes of it is sound is tried in `trial`.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from modem.aggregators.dialect import schema
from modem.aggregators.dialect.inward import reports_of, texts_of
from modem.aggregators.dialect.outward import answering_of, sending_of
from modem.aggregators.dialect.tables import below, choice, credential, text, whole
from modem.aggregators.dialect.template import MESSAGE
from modem.aggregators.dialect.values import (
    Dialect,
    DialectKey,
    KeyForm,
    SignatureScheme,
    Signing,
)
from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from modem.aggregators.dialect.schema import Table

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
#: A day: what is older is no retry any more.
_WINDOW_MAX_S = 86_400
#: What the link's own section means already.
TAKEN = frozenset(
    {
        "name", "driver", "preset", "dialect", "trusted", "time_offset_minutes",
        "max_delay_minutes", "report_url", "secret",
    }
) | MESSAGE  # fmt: skip


def read_dialect(table: Table) -> Dialect:
    """Read a dialect.

    Raises:
        BadDialect: a key is unknown, missing, or cannot be what it is.
    """
    schema.check(table)
    keys = {
        name: _key(below(facts), f"keys.{name}")
        for name, facts in below(table.get("keys")).items()
    }
    own = frozenset(keys)
    can = below(table.get("can"))
    facts = table.get("facts")
    sending = None
    if "send" in table:
        if "ok" not in below(table.get("answer")):
            raise BadDialect(
                "answer.ok", "say which answers mean that a text was taken"
            )
        sending = sending_of(below(table["send"]), own)
    return Dialect(
        about=text(table, "about"),
        facts=facts if isinstance(facts, datetime.date) else None,
        keys=keys,
        sending=sending,
        answering=answering_of(below(table.get("answer"))),
        texts=texts_of(below(table["in"])) if "in" in table else None,
        reports=reports_of(below(table["report"])) if "report" in table else None,
        signing=_signing(below(table.get("signature")), own),
        idempotent=bool(can.get("idempotent", False)),
        keeps_sender=bool(can.get("keeps_sender", True)),
        trusted=bool(can.get("trusted", False)),
        hook_answer=text(below(table.get("hook")), "answer"),
    )


def _key(table: Table, path: str) -> DialectKey:
    name = path.removeprefix("keys.")
    if name in TAKEN or _NAME.fullmatch(name) is None:
        raise BadDialect(path, "this name is taken, or is none: a to z, 0 to 9, _")
    default = table.get("default")
    if default is not None and table.get("secret"):
        raise BadDialect(f"{path}.default", "a secret has none")
    return DialectKey(
        hint=text(table, "hint"),
        secret=bool(table.get("secret", False)),
        needed=bool(table.get("needed", True)),
        default=None if default is None else str(default),
        form=choice(KeyForm, text(table, "form", "text"), f"{path}.form"),
    )


def _signing(table: Table, keys: frozenset[str]) -> Signing:
    scheme = choice(SignatureScheme, text(table, "scheme", "none"), "signature.scheme")
    for name in _SIGNED_BY.get(scheme, ()):
        if not table.get(name):
            raise BadDialect(f"signature.{name}", f"scheme {scheme} needs it")
    if not 1 <= whole(table, "window_s", 300) <= _WINDOW_MAX_S:
        raise BadDialect("signature.window_s", "write seconds, 1 to 86400")
    return Signing(
        scheme=scheme,
        hash=text(table, "hash", "sha256"),
        encoding=text(table, "encoding", "hex"),
        header=text(table, "header"),
        parts=tuple(map(str, schema.as_list(table.get("parts", "body")))),
        time_header=text(table, "time_header"),
        nonce_header=text(table, "nonce_header"),
        prefix=text(table, "prefix"),
        issuer=text(table, "issuer"),
        method=text(table, "method", "md5hash"),
        window_s=whole(table, "window_s", 300),
        **{
            name: credential(table, name, keys, "signature")
            for name in ("key", "user", "password", "token", "audience", "public_key")
        },
    )


_SIGNED_BY: dict[SignatureScheme, tuple[str, ...]] = {
    SignatureScheme.basic: ("user", "password"),
    SignatureScheme.bearer: ("token",),
    SignatureScheme.header: ("header", "token"),
    SignatureScheme.hmac: ("header", "key"),
    SignatureScheme.jwt_hs256: ("key",),
    SignatureScheme.ed25519: ("public_key", "header", "time_header"),
    SignatureScheme.twilio: ("token",),
    SignatureScheme.vonage: ("key",),
    SignatureScheme.plivo_v2: ("token",),
    SignatureScheme.plivo_v3: ("token",),
}
