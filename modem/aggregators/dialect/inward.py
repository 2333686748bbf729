"""The keys of a dialect that say what a webhook brings.

What comes in: the tables `in` and `report`. What goes out: a `TextMapping` and a
`ReportMapping`, or `BadDialect` for the first key that cannot be.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from modem.aggregators.dialect import schema
from modem.aggregators.dialect.hearing import (
    Charset,
    Meaning,
    Message,
    PartPlaces,
    Refusal,
    ReportMapping,
    TextMapping,
)
from modem.aggregators.dialect.moments import formats_of
from modem.aggregators.dialect.picking import (
    BodyForm,
    conditions_of,
    pattern_of,
    pick_of,
)
from modem.aggregators.dialect.tables import below, choice, needed_pick, text
from modem.aggregators.keys import BadDialect

if TYPE_CHECKING:
    from modem.aggregators.dialect.schema import Table

_REGEX = "regex:"


def _message(table: Table, path: str) -> Message:
    return Message(
        body=choice(BodyForm, text(table, "body", "json"), f"{path}.body"),
        when=conditions_of(below(table.get("when")), f"{path}.when"),
        items=text(table, "items"),
    )


def texts_of(table: Table) -> TextMapping:
    """Read where an incoming text has what."""
    return TextMapping(
        message=_message(table, "in"),
        sender=needed_pick(table, "from", "in"),
        text=needed_pick(table, "text", "in"),
        plus=bool(table.get("plus", False)),
        id=pick_of(table.get("id"), "in.id"),
        sent_at=pick_of(table.get("sent_at"), "in.sent_at"),
        time=formats_of(table.get("time", "iso"), "in.time"),
        charset=_charset(below(table["charset"])) if "charset" in table else None,
        part=PartPlaces(
            **{
                name: needed_pick(below(table["part"]), name, "in.part")
                for name in ("reference", "number", "total")
            }
        )
        if "part" in table
        else None,
        unreadable=tuple(
            Refusal(
                when=conditions_of(below(below(one).get("when")), "in.unreadable.when"),
                say=text(below(one), "say") or "this message must not be read",
            )
            for one in schema.as_list(table.get("unreadable", []))
        ),
    )


def _charset(table: Table) -> Charset:
    names = {}
    for name, codec in below(table.get("names")).items():
        if codec not in ("plain", "gsm"):
            try:
                codecs.lookup(str(codec))
            except LookupError as error:
                path = f"in.charset.names.{name}"
                hint = "write plain, gsm, or a codec such as utf-16-be"
                raise BadDialect(path, hint) from error
        names[name.lower()] = str(codec)
    return Charset(
        at=needed_pick(table, "at", "in.charset"),
        names=names,
        percent=bool(table.get("percent", False)),
    )


def reports_of(table: Table) -> ReportMapping:
    """Read where a delivery report has what."""
    meanings = {
        told: choice(Meaning, str(meaning), f"report.map.{told}")
        for told, meaning in below(table.get("map")).items()
    }
    if not meanings:
        raise BadDialect("report.map", "say what the statuses mean")
    return ReportMapping(
        message=_message(table, "report"),
        ref=needed_pick(table, "ref", "report"),
        status=needed_pick(table, "status", "report"),
        map={told: one for told, one in meanings.items() if not _is_pattern(told)},
        patterns=tuple(
            (pattern_of(told.removeprefix(_REGEX), f"report.map.{told}"), one)
            for told, one in meanings.items()
            if _is_pattern(told)
        ),
        to=pick_of(table.get("to"), "report.to"),
        at=pick_of(table.get("at"), "report.at"),
        time=formats_of(table.get("time", "iso"), "report.time"),
        code=pick_of(table.get("code"), "report.code"),
        opted_out=frozenset(map(str, schema.as_list(table.get("opted_out", [])))),
    )


def _is_pattern(written: str) -> bool:
    return written.startswith(_REGEX)
