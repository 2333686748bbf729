"""Every key that a dialect may have, what may stand there and what it means.

What comes in: the tables of a TOML file. What goes out: nothing, or `BadDialect` for
the first key that is unknown or of the wrong kind. The reference page of these keys is
written from the same tables; what the keys mean together is checked where they are
read, in `modem.aggregators.dialect.reading`.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from modem.aggregators.keys import BadDialect

Table = Mapping[str, object]


class Kind(StrEnum):
    """What may stand at a key; the value is how a person is told."""

    text = "a text in quotation marks"
    texts = "a text, or a list of texts"
    number = "a number"
    whole = "a whole number"
    switch = "true or false"
    date = "a date, like 2026-11-01"
    #: Names of the vendor's own, each with a template or a value.
    entries = "a table of names and texts"
    #: Whatever JSON can say.
    tree = "a table"
    #: A `Section`.
    table = "a table with keys of its own"
    #: A `Section`, or several, of which any may hold.
    tables = "a table, or a list of tables"


@dataclass(frozen=True, slots=True)
class Key:
    """One key."""

    name: str
    kind: Kind
    told: str
    default: str = ""
    #: The section that stands there, where it is one.
    section: str = ""


_PICK = "where in the message"

SECTIONS: Final[dict[str, tuple[Key, ...]]] = {
    "": (
        Key("about", Kind.text, "Whose dialect this is, in a sentence."),
        Key("facts", Kind.date, "On which day its facts were looked up."),
        Key("keys", Kind.tree, "What the link's own section may set.", section="keys"),
        Key("send", Kind.table, "How a text is sent; without it none is.", "", "send"),
        Key("answer", Kind.table, "What the answer to that means.", "", "answer"),
        Key("in", Kind.table, "How a text arrives; without it none does.", "", "in"),
        Key("report", Kind.table, "How a delivery report arrives.", "", "report"),
        Key("signature", Kind.table, "How webhooks prove themselves.", "", "signature"),
        Key("can", Kind.table, "What the vendor can do.", "", "can"),
        Key("hook", Kind.table, "How webhooks are answered.", "", "hook"),
    ),
    "keys": (
        Key("hint", Kind.text, "What to write there; shown when it is wrong."),
        Key("secret", Kind.switch, "Whether it is given by reference only.", "false"),
        Key("needed", Kind.switch, "Whether a link must have it.", "true"),
        Key("default", Kind.text, "Its value where a link has none.", '""'),
        Key("form", Kind.text, "`text`, `url` or `number`.", '"text"'),
    ),
    "send": (
        Key("method", Kind.text, "`GET`, `POST` or `PUT`.", '"POST"'),
        Key("url", Kind.text, "Where to; begins with http://, https:// or a url key."),
        Key("auth", Kind.table, "Who we are.", "", "auth"),
        Key("headers", Kind.entries, "Headers; no {text} in them."),
        Key("query", Kind.entries, "Parameters behind the url."),
        Key("form", Kind.entries, "A body of parameters; not beside json."),
        Key("json", Kind.tree, "A body of JSON; not beside form."),
        Key(
            "unicode",
            Kind.entries,
            "Replaces entries of the body (or else of the query) where a text is not "
            "in the GSM alphabet; an empty one leaves an entry out.",
        ),
        Key("timeout_s", Kind.number, "How long an answer may take, seconds.", "15"),
        Key("window", Kind.whole, "Requests under way at once.", "4"),
        Key("reply", Kind.whole, "What {priority} is for a reply.", "0"),
        Key("campaign", Kind.whole, "What {priority} is for a campaign's text.", "0"),
        Key(
            "reference",
            Kind.text,
            "What reports name a text by, where the answer names nothing: a template.",
            '""',
        ),
    ),
    "auth": (
        Key("scheme", Kind.text, "`none`, `basic`, `bearer` or `header`.", '"none"'),
        Key("user", Kind.text, "For basic."),
        Key("password", Kind.text, "For basic."),
        Key("token", Kind.text, "For bearer and header."),
        Key("header", Kind.text, "The header's name, for header."),
    ),
    "answer": (
        Key("duplicate", Kind.tables, "It had this text already.", "", "rule"),
        Key("opted_out", Kind.tables, "The number opted out there.", "", "rule"),
        Key("refused", Kind.tables, "It will never take this text.", "", "rule"),
        Key("retry", Kind.tables, "Nothing was sent; again later.", "", "rule"),
        Key("ok", Kind.tables, "It took the text.", "", "rule"),
        Key("id", Kind.texts, f"The vendor's name for the text: {_PICK}."),
        Key("code", Kind.texts, f"Its error code: {_PICK}."),
        Key("reason", Kind.texts, f"Its reason, for the operator: {_PICK}."),
    ),
    "rule": (
        Key("status", Kind.tree, "HTTP statuses: 202, or a class such as \"5xx\"."),
        Key("when", Kind.entries, "Places of the answer and what stands there."),
    ),
    "in": (
        Key("body", Kind.text, "`json`, `form` or `query`.", '"json"'),
        Key("when", Kind.entries, "Only such messages are texts; others are ignored."),
        Key("items", Kind.text, "Where the list of a batch is; places begin in it."),
        Key("from", Kind.texts, f"The sender: {_PICK}."),
        Key("plus", Kind.switch, "Senders are international, but without +.", "false"),
        Key("text", Kind.texts, f"The text: {_PICK}."),
        Key("id", Kind.texts, f"An id that is equal when it comes again: {_PICK}."),
        Key("sent_at", Kind.texts, f"When it was sent: {_PICK}."),
        Key(
            "time",
            Kind.texts,
            "`iso`, `unix`, `unix_ms` or a pattern such as `%Y-%m-%d %H:%M:%S`; times "
            "without a zone are UTC.",
            '"iso"',
        ),
        Key("charset", Kind.table, "How the text is written.", "", "charset"),
        Key("part", Kind.table, "For long texts that come in parts.", "", "part"),
        Key("unreadable", Kind.tables, "What must be refused.", "", "unreadable"),
    ),
    "charset": (
        Key("at", Kind.texts, f"The name of the charset: {_PICK}."),
        Key(
            "names",
            Kind.entries,
            "What each name means: `plain`, `gsm`, or a codec such as `utf-16-be`.",
        ),
        Key("percent", Kind.switch, "Whether such texts are %-coded besides.", "false"),
    ),
    "part": (
        Key("reference", Kind.texts, f"What the parts have in common: {_PICK}."),
        Key("number", Kind.texts, f"Which part it is, from 1: {_PICK}."),
        Key("total", Kind.texts, f"How many there are: {_PICK}."),
    ),
    "unreadable": (
        Key("when", Kind.entries, "Places of the message and what stands there."),
        Key("say", Kind.text, "What the operator has to do."),
    ),
    "report": (
        Key("body", Kind.text, "`json`, `form` or `query`.", '"json"'),
        Key("when", Kind.entries, "Only such messages are reports."),
        Key("items", Kind.text, "Where the list of a batch is; places begin in it."),
        Key("ref", Kind.texts, f"The text's name, as the answer told: {_PICK}."),
        Key("to", Kind.texts, f"The recipient: {_PICK}."),
        Key("status", Kind.texts, f"What became of it: {_PICK}."),
        Key(
            "map",
            Kind.entries,
            "What each status, or `regex:PATTERN`, means: `delivered`, `trying`, "
            "`failed` or `ignore`. One that is not named is ignored.",
        ),
        Key("at", Kind.texts, f"When it was so: {_PICK}."),
        Key("time", Kind.texts, "As under in.", '"iso"'),
        Key("code", Kind.texts, f"Its error code: {_PICK}."),
        Key("opted_out", Kind.texts, "Codes that say: the number opted out."),
    ),
    "signature": (
        Key(
            "scheme",
            Kind.text,
            "`none`, `basic`, `bearer`, `header`, `hmac`, `jwt-hs256`, `ed25519`, "
            "`twilio`, `vonage`, `plivo-v2` or `plivo-v3`.",
            '"none"',
        ),
        Key("hash", Kind.text, "`sha256`, `sha1`, `sha512`, `md5`.", '"sha256"'),
        Key("encoding", Kind.text, "`hex`, `base64` or `base64url`.", '"hex"'),
        Key("prefix", Kind.text, "What stands before an hmac, like `sha256=`."),
        Key("issuer", Kind.text, "For jwt-hs256: who made it, where that is fixed."),
        Key("header", Kind.text, "The header that holds it."),
        Key(
            "parts",
            Kind.texts,
            "For hmac, in order: `body`, `url`, `params`, `header:NAME`, or words in "
            "single quotation marks.",
            '"body"',
        ),
        Key("time_header", Kind.text, "The header with the time it was signed."),
        Key("nonce_header", Kind.text, "The header with a word that is used once."),
        Key("key", Kind.text, "For hmac, jwt-hs256 and vonage."),
        Key("user", Kind.text, "For basic."),
        Key("password", Kind.text, "For basic."),
        Key("token", Kind.text, "For bearer, header, twilio and plivo."),
        Key("audience", Kind.text, "Whom a token is for; else this webhook."),
        Key("method", Kind.text, "For vonage: `md5hash`, or a hash.", '"md5hash"'),
        Key("public_key", Kind.text, "For ed25519."),
        Key("window_s", Kind.whole, "How old it may be, seconds.", "300"),
    ),
    "can": (
        Key("idempotent", Kind.switch, "The same {key} twice is sent once.", "false"),
        Key("keeps_sender", Kind.switch, "Phones see a number to answer.", "true"),
        Key("trusted", Kind.switch, "Senders are as sure as on a SIM.", "false"),
    ),
    "hook": (
        Key("answer", Kind.text, "The body that a webhook is answered with.", '""'),
    ),
}  # fmt: skip

_PLAIN: dict[Kind, tuple[type, ...]] = {
    Kind.text: (str,),
    Kind.number: (int, float),
    Kind.whole: (int,),
    Kind.switch: (bool,),
    Kind.date: (datetime.date,),
}


def check(table: Table, section: str = "", path: str = "") -> None:
    """Compare a table, and those below it, with what may stand there.

    Raises:
        BadDialect: a key is not known, or its value is of another kind.
    """
    known = {key.name: key for key in SECTIONS[section]}
    for name, value in table.items():
        place = f"{path}.{name}" if path else name
        if name not in known:
            raise BadDialect(place, _unknown(name, list(known)))
        _check_value(known[name], value, place)


def _check_value(key: Key, value: object, place: str) -> None:
    match key.kind:
        case Kind.text | Kind.number | Kind.whole | Kind.switch | Kind.date:
            right = isinstance(value, _PLAIN[key.kind]) and (
                key.kind is Kind.switch or not isinstance(value, bool)
            )
        case Kind.texts:
            items = value if isinstance(value, (list, tuple)) else [value]
            right = bool(items) and all(isinstance(item, str) for item in items)
        case Kind.entries | Kind.tree | Kind.table:
            # A rule's statuses are a list, or one.
            right = isinstance(value, Mapping) or key.name == "status"
        case Kind.tables:
            right = all(isinstance(item, Mapping) for item in as_list(value))
        case _:
            assert_never(key.kind)
    if not right:
        raise BadDialect(place, f"write {key.kind}")
    _check_below(key, value, place)


def _check_below(key: Key, value: object, place: str) -> None:
    if key.name == "keys" and isinstance(value, Mapping):
        for name, facts in value.items():
            if not isinstance(facts, Mapping):
                raise BadDialect(f"{place}.{name}", f"write {Kind.table}")
            check(facts, "keys", f"{place}.{name}")
    elif key.section:
        items = as_list(value)
        for number, item in enumerate(items, 1):
            if isinstance(item, Mapping):
                counted = f"{place}[{number}]" if len(items) > 1 else place
                check(item, key.section, counted)


def as_list(value: object) -> list[object]:
    """Return a list as it is, and anything else as a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"there is no such key; did you mean {near[0]}?"
    return f"there is no such key; there are {', '.join(known)}"
