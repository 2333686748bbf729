"""Texts with places to fill in, each filled as its surroundings need it.

What comes in: a template (`"{to}"`, `"{url}/messages"`, a whole tree of JSON) and the
values. What goes out: the filled text or tree. Values are never read again, so braces
in them are just braces; each surrounding escapes for itself: JSON and parameters in
their encoders, the url here, and a header takes nothing that holds a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from modem.aggregators.keys import BadDialect

#: A value by its name; what is missing is not set.
Values = Mapping[str, str]

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SLOT = re.compile(r"([a-z][a-z0-9_]*)(?::(int|hex16))?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: What a message brings. What a dialect's own keys bring comes on top.
MESSAGE = frozenset(
    {"to", "to_no_plus", "text", "id", "key", "priority", "ttl", "report_url"}
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill in."""

    name: str
    form: str = ""

    def fill(self, values: Values) -> str | None:
        """Return its value; None where it is not set."""
        value = values.get(self.name)
        if value is None or self.form != "hex16":
            return value
        return value.encode("utf-16-be", "surrogatepass").hex()


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots."""

    pieces: tuple[str | Slot, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names it needs."""
        return frozenset(one.name for one in self.pieces if isinstance(one, Slot))

    def fill(self, values: Values, escape: Callable[[str], str] = str) -> str | None:
        """Return the text; None where one of its values is not set."""
        filled = []
        for piece in self.pieces:
            if isinstance(piece, str):
                filled.append(piece)
                continue
            value = piece.fill(values)
            if value is None:
                return None
            filled.append(escape(value))
        return "".join(filled)

    def value(self, values: Values) -> object:
        """Return the text, or a number where it is one slot that wants to be one."""
        text = self.fill(values)
        match self.pieces:
            case (Slot(form="int"),) if text is not None and _WHOLE.fullmatch(text):
                return int(text)
            case _:
                return text


#: No text at all.
EMPTY = Template(())

#: A tree of JSON whose texts are templates.
Tree = Template | int | float | bool | None | tuple["Tree", ...] | dict[str, "Tree"]


def template_of(written: str, known: frozenset[str], path: str) -> Template:
    """Read a template; raises BadDialect for a slot that nobody fills."""
    pieces: list[str | Slot] = []
    at = 0
    for token in _TOKEN.finditer(written):
        pieces.append(written[at : token.start()])
        at = token.end()
        if token[0] in ("{{", "}}"):
            pieces.append(token[0][0])
            continue
        slot = _SLOT.fullmatch(token[1] or "")
        if slot is None:
            raise BadDialect(path, "write {name}; a brace itself is {{ or }}")
        if slot[1] not in known:
            raise BadDialect(
                path,
                f"nothing fills {{{slot[1]}}}; there are "
                + ", ".join(f"{{{name}}}" for name in sorted(known)),
            )
        pieces.append(Slot(slot[1], slot[2] or ""))
    pieces.append(written[at:])
    return Template(tuple(piece for piece in pieces if piece != ""))


def tree_of(written: object, known: frozenset[str], path: str) -> Tree:
    """Read a tree of templates; raises BadDialect."""
    match written:
        case str():
            return template_of(written, known, path)
        case bool() | int() | float() | None:
            return written
        case Mapping():
            return {
                str(name): tree_of(one, known, f"{path}.{name}")
                for name, one in written.items()
            }
        case list() | tuple():
            return tuple(
                tree_of(one, known, f"{path}[{number}]")
                for number, one in enumerate(written, 1)
            )
        case _:
            raise BadDialect(
                path, "write what JSON knows: a date needs quotation marks"
            )


#: Stands for what is left out, since null is a value.
LEFT_OUT = object()


def fill_tree(tree: Tree, values: Values) -> object:
    """Return the tree as JSON; what has a slot that is not set is left out."""
    match tree:
        case Template():
            found = tree.value(values)
            return LEFT_OUT if found is None else found
        case dict():
            filled = {name: fill_tree(one, values) for name, one in tree.items()}
            return {name: one for name, one in filled.items() if one is not LEFT_OUT}
        case tuple():
            listed = [fill_tree(one, values) for one in tree]
            return [one for one in listed if one is not LEFT_OUT]
        case _:
            return tree


def slots_of(tree: Tree) -> frozenset[str]:
    """Return the names that a tree needs."""
    match tree:
        case Template():
            return tree.names
        case dict():
            return frozenset().union(*map(slots_of, tree.values()))
        case tuple():
            return frozenset().union(*map(slots_of, tree))
        case _:
            return frozenset()


def in_url(value: str) -> str:
    """Escape a value for any place in a url behind its host."""
    return quote(value, safe="", errors="replace")


def one_line(value: str) -> bool:
    """Whether a value can stand in a header: no line's end, nothing to steer by."""
    return _CONTROL.search(value) is None
