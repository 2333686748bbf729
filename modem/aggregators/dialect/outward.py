"""The keys of a dialect that say how a text is sent and what the answer means.

What comes in: the tables `send` and `answer`. What goes out: a `Sending` and an
`Answering`, or `BadDialect` for the first key that cannot be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from modem.aggregators.dialect import schema
from modem.aggregators.dialect.answering import RULES, Answering, Rule
from modem.aggregators.dialect.picking import conditions_of, pick_of
from modem.aggregators.dialect.sending import Auth, Sending
from modem.aggregators.dialect.tables import below, credential, text, whole, within
from modem.aggregators.dialect.template import (
    MESSAGE,
    Template,
    Tree,
    template_of,
    tree_of,
)
from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from modem.aggregators.dialect.schema import Table

_METHODS = ("GET", "POST", "PUT")
_SCHEMES = ("none", "basic", "bearer", "header")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_STATUS = re.compile(r"[1-5]xx")
_TIMEOUT_MAX_S = 120
_WINDOW_MAX = 256


def sending_of(table: Table, keys: frozenset[str]) -> Sending:
    """Read how a text is sent; `keys` are the names that a link sets."""
    known = MESSAGE | keys
    method = text(table, "method", "POST")
    if method not in _METHODS:
        raise BadDialect("send.method", f"write one of {', '.join(_METHODS)}")
    if "form" in table and "json" in table:
        raise BadDialect("send.form", "a request has one body: take form or json away")
    timeout_s = within(table, "timeout_s", 15, _TIMEOUT_MAX_S)
    window = within(table, "window", 4, _WINDOW_MAX)
    body = below(table.get("json"))
    reference = text(table, "reference")
    return Sending(
        method=method,
        url=_url(text(table, "url"), known),
        auth=_auth(below(table.get("auth")), keys),
        headers=_headers(table, known - {"text"}),
        query=_templates(table, "query", known),
        form=_templates(table, "form", known) if "form" in table else None,
        json=_trees(body, known) if "json" in table else None,
        unicode=_templates(table, "unicode", known),
        timeout_s=float(timeout_s),
        window=int(window),
        reply=whole(table, "reply"),
        campaign=whole(table, "campaign"),
        reference=template_of(reference, known, "send.reference")
        if reference
        else None,
    )


def _url(written: str, known: frozenset[str]) -> Template:
    template = template_of(written, known, "send.url")
    opened = re.match(r"https?://[^/{}]+(/|$)|\{[a-z0-9_]+\}(/|$)", written)
    if not opened or "?" in written or "#" in written:
        raise BadDialect(
            "send.url",
            "begin with https://, http:// or a url key such as {url}; what comes "
            "behind a ? belongs into send.query",
        )
    return template


def _auth(table: Table, keys: frozenset[str]) -> Auth:
    scheme = text(table, "scheme", "none")
    if scheme not in _SCHEMES:
        raise BadDialect("send.auth.scheme", f"write one of {', '.join(_SCHEMES)}")
    needed = {
        "basic": ("user", "password"),
        "bearer": ("token",),
        "header": ("header", "token"),
    }.get(scheme, ())
    for name in needed:
        if not text(table, name):
            raise BadDialect(f"send.auth.{name}", f"scheme {scheme} needs it")
    return Auth(
        scheme=scheme,
        header=_header(text(table, "header", "Authorization"), "send.auth.header"),
        **{
            name: credential(table, name, keys, "send.auth")
            for name in ("user", "password", "token")
        },
    )


def _headers(table: Table, known: frozenset[str]) -> dict[str, Template]:
    found = _templates(table, "headers", known)
    return {_header(name, f"send.headers.{name}"): one for name, one in found.items()}


def _header(name: str, path: str) -> str:
    if _HEADER.fullmatch(name) is None:
        raise BadDialect(path, "this is no header's name")
    return name


def _templates(table: Table, name: str, known: frozenset[str]) -> dict[str, Template]:
    found = {}
    for entry, value in below(table.get(name)).items():
        path = f"send.{name}.{entry}"
        if not isinstance(value, str):
            raise BadDialect(path, "write a text in quotation marks")
        found[entry] = template_of(value, known, path)
    return found


def _trees(body: Table, known: frozenset[str]) -> dict[str, Tree]:
    return {
        name: tree_of(one, known, f"send.json.{name}") for name, one in body.items()
    }


def answering_of(table: Table) -> Answering:
    """Read what answers mean."""
    return Answering(
        rules={
            name: tuple(
                _rule(below(rule), f"answer.{name}")
                for rule in schema.as_list(table[name])
            )
            for name in RULES
            if name in table
        },
        **{name: pick_of(table.get(name), f"answer.{name}") for name in _ANSWER_PICKS},
    )


_ANSWER_PICKS = ("id", "code", "reason")


def _rule(table: Table, path: str) -> Rule:
    if not table:
        raise BadDialect(path, "write status, when, or both")
    statuses = set()
    for status in schema.as_list(table.get("status", [])):
        if isinstance(status, int) and 100 <= status <= 599:
            statuses.add(status)
        elif isinstance(status, str) and _STATUS.fullmatch(status):
            statuses.add(int(status[0]))
        else:
            raise BadDialect(f"{path}.status", 'write statuses like 202, or "5xx"')
    return Rule(
        status=frozenset(statuses),
        when=conditions_of(below(table.get("when")), f"{path}.when"),
    )
