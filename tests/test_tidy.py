"""Style that is a law here, and the law itself tested on small samples.

Sizes, opening words, names, who writes which table, no float where money is counted, no
test that is skipped, and locks that pin everything. What ruff, mypy and the import
contracts already hold is not repeated here.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
PACKAGES = ("smsgate", "modem", "commands")
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
OPENING_LINES_MIN = 3
#: A module this short may say what it is in one line.
TRIVIAL_LINES_MAX = 20
#: What a function without a room is called; find the missing noun instead.
NO_NOUNS = frozenset({"utils", "util", "helpers", "common", "base", "misc", "manager"})
#: Where amounts are counted: integers only.
MONEY = ("smsgate/ledger", "smsgate/money", "smsgate/handlers", "commands/amounts")

_WRITES = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?"
    r"|DELETE\s+FROM)\s+(\w+)",
)
_OWNED = re.compile(
    r"^-- [^\n]*?Writer: ([^;.\n]*?)/?[.;][^\n]*\n(?:--[^\n]*\n)*CREATE TABLE (\w+)",
    re.MULTILINE,
)


def module_length(_: str, source: str) -> Iterator[str]:
    """Complain of a module that is more than one thing."""
    lines = len(source.splitlines())
    if lines > MODULE_LINES_MAX:
        yield f"has {lines} lines, more than {MODULE_LINES_MAX}: make it a folder"


def function_length(_: str, source: str) -> Iterator[str]:
    """Complain of a function that does not fit a screen."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield f"{node.name} has {lines} lines, more than {FUNCTION_LINES_MAX}"


def opening(_: str, source: str) -> Iterator[str]:
    """Complain of a module that does not say what comes in, what goes out and why."""
    told = ast.get_docstring(ast.parse(source)) or ""
    if (
        len(source.splitlines()) > TRIVIAL_LINES_MAX
        and len(told.splitlines()) < OPENING_LINES_MIN
    ):
        yield f"its docstring has fewer than {OPENING_LINES_MIN} lines"


def name(path: str, _: str) -> Iterator[str]:
    """Complain of a name under which anything could stand."""
    for part in Path(path).with_suffix("").parts:
        if part.strip("_") in NO_NOUNS:
            yield f"{part!r} names no thing: which noun is missing?"


def float_money(path: str, source: str) -> Iterator[str]:
    """Complain of floating point where amounts are counted."""
    if not path.startswith(MONEY):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float()):
                yield f"line {node.lineno}: a float; amounts are minor units"
            case ast.Name(id="float"):
                yield f"line {node.lineno}: float; amounts are minor units"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield f"line {node.lineno}: / makes a float; use // or divmod"
            case _:
                pass


def foreign_write(path: str, source: str) -> Iterator[str]:
    """Complain of SQL that writes a table of another room."""
    for table in written(source):
        owner = OWNERS.get(table)
        if owner is None:
            yield f"writes {table}, which the schema gives to nobody"
        elif not path.startswith(owner):
            yield f"writes {table}, which belongs to {owner}"


def skipped(_: str, source: str) -> Iterator[str]:
    """Complain of a test that may be left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {
            "skip",
            "skipif",
            "xfail",
            "importorskip",
        }:
            yield f"line {node.lineno}: {node.attr}; fail and say what is missing"


def written(source: str) -> set[str]:
    """Return the tables that a module's SQL writes."""
    tree = ast.parse(source)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(
            node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        )
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        table
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        for table in _WRITES.findall(node.value)
        if table != "SET"  # ON CONFLICT … DO UPDATE SET
    }


def owners(schema: str) -> dict[str, str]:
    """Return who writes each table, as its comment in the schema says."""
    return {table: owner for owner, table in _OWNED.findall(schema)}


SCHEMA = (ROOT / "ledger.sqlite.schema").read_text(encoding="utf-8")
OWNERS = owners(SCHEMA)


def sources(*folders: str) -> list[Path]:
    """Return the Python files of some folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "check", [module_length, function_length, opening, name, float_money, foreign_write]
)
def test_the_packages_are_tidy(check: Callable[[str, str], Iterator[str]]) -> None:
    """Each module of the three packages obeys the check."""
    assert complaints(check, sources(*PACKAGES)) == []


@pytest.mark.parametrize("check", [function_length, name, skipped])
def test_the_tests_are_tidy(check: Callable[[str, str], Iterator[str]]) -> None:
    """Tests have small functions and none of them can be skipped."""
    assert complaints(check, sources("tests", "bench")) == []


def complaints(
    check: Callable[[str, str], Iterator[str]], paths: list[Path]
) -> list[str]:
    """Return what a check says of some files, each with its path."""
    return [
        f"{path.relative_to(ROOT)}: {complaint}"
        for path in paths
        for complaint in check(
            path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        )
    ]


def test_every_table_has_one_writer() -> None:
    """The schema's comments name a writer for each of its tables."""
    assert set(OWNERS) == set(re.findall(r"^CREATE TABLE (\w+)", SCHEMA, re.MULTILINE))
    assert OWNERS["transfer"] == "smsgate/ledger"
    assert OWNERS["entry"] == "the triggers below"


LONG = "x = 1\n" * 401
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 60
UNTOLD = '"""One line."""\n' + "x = 1\n" * 20
TOLD = '"""One line.\n\nAnd why.\n"""\n' + "x = 1\n" * 20
PAY = 'tx.run("INSERT INTO transfer (id) VALUES (:id)")'
UPSERT = 'q = "INSERT INTO pin VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1"'


@pytest.mark.parametrize(
    ("check", "path", "source", "count"),
    [
        (module_length, "smsgate/a.py", LONG, 1),
        (module_length, "smsgate/a.py", LONG[6:], 0),
        (function_length, "smsgate/a.py", LONG_FUNCTION, 1),
        (function_length, "smsgate/a.py", "async " + LONG_FUNCTION, 1),
        (function_length, "smsgate/a.py", LONG_FUNCTION[:-10], 0),
        (opening, "smsgate/a.py", UNTOLD, 1),
        (opening, "smsgate/a.py", TOLD, 0),
        (opening, "smsgate/a.py", '"""One line."""', 0),
        (name, "smsgate/utils.py", "", 1),
        (name, "modem/base/a.py", "", 1),
        (name, "smsgate/database.py", "", 0),
        (float_money, "smsgate/ledger/a.py", "x = 0.5", 1),
        (float_money, "smsgate/ledger/a.py", "x = float(y)", 1),
        (float_money, "smsgate/ledger/a.py", "x = y / 2", 1),
        (float_money, "smsgate/ledger/a.py", "x /= 2", 1),
        (float_money, "smsgate/ledger/a.py", "x = y // 2", 0),
        (float_money, "modem/gsm/a.py", "x = 0.5", 0),
        (foreign_write, "smsgate/ledger/a.py", PAY, 0),
        (foreign_write, "smsgate/messages/a.py", PAY, 1),
        (foreign_write, "smsgate/ledger/a.py", 'q = "UPDATE member SET a = 1"', 1),
        (foreign_write, "smsgate/ledger/a.py", 'q = "INSERT INTO entry SELECT 1"', 1),
        (foreign_write, "smsgate/ledger/a.py", 'q = "DELETE FROM nobodys"', 1),
        (foreign_write, "smsgate/members/a.py", UPSERT, 0),
        (foreign_write, "smsgate/members/a.py", 'q = f"UPDATE pin SET {a} = 1"', 0),
        (foreign_write, "smsgate/web/a.py", '"""UPDATE pin is told, not done."""', 0),
        (foreign_write, "smsgate/web/a.py", 'q = "SELECT id FROM transfer"', 0),
        (skipped, "tests/test_a.py", "@pytest.mark.skipif(x)\ndef f(): ...", 1),
        (skipped, "tests/test_a.py", "pytest.fail()", 0),
    ],
)
def test_the_law_itself(
    check: Callable[[str, str], Iterator[str]], path: str, source: str, count: int
) -> None:
    """Each check finds what it forbids in a small sample, and nothing in a good one."""
    assert len(list(check(path, source))) == count


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package in a lock; each must be held by hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"^\s*-(?!-hash=sha256:)|://", text, re.MULTILINE), (
        "a lock names no index"
    )
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        package, _, version = entry.split()[0].partition("==")
        assert version, f"{lock}: {package} is not pinned"
        assert "--hash=sha256:" in entry, f"{lock}: {package} has no hash"
        found[package] = version
    return found


def test_the_locks_pin_everything() -> None:
    """Both locks pin by hash; what tests run with is what the daemon runs with."""
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")

    assert runtime.items() <= development.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {
        re.split("[>=]", line)[0] for line in project["project"]["dependencies"]
    }
    assert declared <= set(runtime)
