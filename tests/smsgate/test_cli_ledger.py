"""Promises of `smsgate ledger` and `backup`: the truth about the books, always."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from smsgate import ledger
from tests.smsgate.shell import StoppedClock

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store import Tx
    from tests.smsgate.shell import Net

#: After whatever the real clock says: row times never go back.
LATER_MS = 4_102_498_800_000
AT = "2100-01-01T09:00:00-06:00"


@pytest.fixture
def traded(net: Net) -> Net:
    """Return a network in which Juan paid Rosa 5.00 and 7.25."""
    codes = [
        net.told("member", "add", phone, name, "--limit", "100")["code"]
        for phone, name in (("71234567", "Rosa"), ("72345678", "Juan"))
    ]

    def pay(tx: Tx) -> None:
        rosa, juan = (
            tx.one("SELECT account FROM member WHERE code = :code", {"code": code})
            for code in codes
        )
        assert rosa is not None
        assert juan is not None
        for amount, memo in ((500, ""), (725, "=pan")):
            ledger.pay(
                tx,
                debit=juan["account"],
                credit=rosa["account"],
                amount=amount,
                memo=memo,
            )

    net.write(pay, StoppedClock(LATER_MS))
    return net


def spoil(net: Net, *statements: str) -> None:
    """Change the ledger's file behind everybody's back."""
    with closing(sqlite3.connect(net.folder / "ledger.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_good_books(traded: Net) -> None:
    """`ledger check` says so, and names the head to be noted."""
    told = traded.told("ledger", "check")
    head = told["head"]

    assert told == {"ok": True, "head": head, "witnesses": 0, "findings": []}
    assert traded("ledger", "check").out == (
        f"The books are right.\nhead {head['seq']} {head['hash']}\n"
    )


def test_wrong_books_are_exit_1_and_named(traded: Net) -> None:
    """A row changed behind the triggers is found and named on both channels."""
    spoil(traded, "DROP TRIGGER transfer_fixed", "UPDATE transfer SET amount = 501")

    said = traded("ledger", "check", "--json")
    document = json.loads(said.out)
    assert said.code == 1
    assert not document["ok"]
    first = document["findings"][0]
    assert said.err == (
        f"smsgate: the books are wrong at {first['where']}: {first['what']}; stop the "
        "daemon, keep this file, and restore a backup\n"
    )
    assert any(one["where"].startswith("transfer ") for one in document["findings"])


def test_a_ledger_that_cannot_be_opened_can_still_be_checked(traded: Net) -> None:
    """What the daemon refuses to start with, `ledger check` examines."""
    spoil(traded, "DROP TRIGGER transfer_kept")

    assert traded("member", "list").code == 1
    said = traded("ledger", "check")
    assert said.code == 1
    assert "transfer_kept is missing" in said.out


def test_a_witness_finds_a_tail_that_was_cut_off(traded: Net, tmp_path: Path) -> None:
    """A head noted elsewhere that the ledger no longer has is a finding."""
    head = traded.told("ledger", "check")["head"]
    witness = tmp_path / "heads"
    witness.write_text(f"# by SMS\n{head['seq']} {head['hash']} on Monday\n")
    told = traded.told("ledger", "check", "--witness", str(witness))
    assert (told["ok"], told["witnesses"]) == (True, 1)

    witness.write_text(f"{head['seq'] + 1} {head['hash']}\n")
    said = traded("ledger", "check", "--witness", str(witness))
    assert said.code == 1
    assert f"chain {head['seq'] + 1}: " in said.out


@pytest.mark.parametrize(("text", "code"), [("", 2), ("head of last week\n", 1)])
def test_a_witness_must_hold_heads(
    net: Net, tmp_path: Path, text: str, code: int
) -> None:
    """A file with nothing to compare is no proof, and said to be none."""
    witness = tmp_path / "heads"
    witness.write_text(text)

    assert net("ledger", "check", "--witness", str(witness)).code == code


def test_a_statement(traded: Net) -> None:
    """`ledger statement --json` is exact: signed amounts, balances, times, codes."""
    rosa = traded.told("member", "show", "71234567")["code"]
    juan = traded.told("member", "show", "72345678")["code"]
    told = traded.told("ledger", "statement", "72345678")

    refs = [move["ref"] for move in told["moves"]]
    assert told == {
        "code": juan,
        "name": "Juan",
        "balance": "-12.25",
        "moves": [
            {
                "ref": refs[0],
                "at": told["moves"][0]["at"],
                "kind": "pay",
                "amount": "-7.25",
                "balance": "-12.25",
                "other": rosa,
                "memo": "=pan",
            },
            {
                "ref": refs[1],
                "at": told["moves"][1]["at"],
                "kind": "pay",
                "amount": "-5.00",
                "balance": "-5.00",
                "other": rosa,
                "memo": "",
            },
        ],
    }
    assert told["moves"][0]["at"] == AT
    older = traded.told("ledger", "statement", rosa, "--limit", "1", "--skip", "1")
    assert [move["ref"] for move in older["moves"]] == [refs[1]]


def test_the_export_is_safe_in_spreadsheets(traded: Net) -> None:
    """CSV by default, in the order of the chain; a memo is never a formula."""
    said = traded("ledger", "export")
    rows = list(csv.DictReader(io.StringIO(said.out)))

    assert [row["amount"] for row in rows] == ["5.00", "7.25"]
    assert rows[1]["memo"] == "'=pan"
    assert (rows[0]["reverses"], rows[0]["kind"], rows[0]["at"]) == ("", "pay", AT)
    assert int(rows[0]["id"]) < int(rows[1]["id"])


def test_the_export_as_one_document(traded: Net) -> None:
    """`--json` is one document, the words as they are; empty where nothing is."""
    told = traded.told("ledger", "export")["transfers"]

    assert [(row["amount"], row["memo"]) for row in told] == [
        ("5.00", ""),
        ("7.25", "=pan"),
    ]
    assert len(told[0]["hash"]) == 64
    assert told[0]["reverses"] is None


def test_an_empty_export(net: Net) -> None:
    """A new network exports no transfers, and that is a document too."""
    assert net.told("ledger", "export") == {"transfers": []}


def test_a_backup_is_examined_and_complete(traded: Net, tmp_path: Path) -> None:
    """The copy is whole, readable by its owner only, and its head is printed."""
    copy = tmp_path / "copy.sqlite"
    told = traded.told("backup", str(copy))

    assert told == {
        "ok": True,
        "file": str(copy),
        "bytes": copy.stat().st_size,
        "sha256": hashlib.sha256(copy.read_bytes()).hexdigest(),
        "head": traded.told("ledger", "check")["head"],
        "findings": [],
    }
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.sqlite"]


def test_a_backup_never_overwrites(traded: Net, tmp_path: Path) -> None:
    """A file that is there already is left alone."""
    copy = tmp_path / "copy.sqlite"
    copy.write_text("precious")

    assert "is there already: name a new file" in traded.refused("backup", str(copy))
    assert copy.read_text() == "precious"


def test_a_backup_of_wrong_books_says_so(traded: Net, tmp_path: Path) -> None:
    """A faithful copy of wrong books is kept, and is exit 1."""
    spoil(
        traded,
        "DROP TRIGGER entry_fixed",
        "UPDATE entry SET balance = balance + 1 WHERE seq = 1",
        """
        CREATE TRIGGER entry_fixed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'immutable'); END
        """,
    )
    copy = tmp_path / "copy.sqlite"

    said = traded("backup", str(copy))
    assert said.code == 1
    assert said.err.startswith("smsgate: the copy is not good, ")
    assert copy.exists()
