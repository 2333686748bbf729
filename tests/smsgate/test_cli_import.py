"""Promises of `smsgate member import`: the whole file or nothing, mistakes named."""

from __future__ import annotations

import csv
import stat
from typing import TYPE_CHECKING

import pytest

from smsgate.operations.desk import OperationRefused
from smsgate.operations.people.roster import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from tests.smsgate.shell import Net

GOOD = (
    "phone,name,kind,limit,alias,language,balance\n"
    "7123-4567,Panaderia Luz,business,500.00,panaderialuz,es,120.00\n"
    "7765-4321,Juan Perez,consumer,200.00,,en,-120.00\n"
)


def put(folder: Path, text: str | bytes) -> str:
    """Write a file to import."""
    path = folder / "members.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_file_is_brought_in_with_balances(net: Net, tmp_path: Path) -> None:
    """Members, limits and balances are there afterwards, and the books are right."""
    told = net.told("member", "import", put(tmp_path, GOOD))

    codes = [member["code"] for member in told["members"]]
    assert told == {
        "dry_run": False,
        "added": 2,
        "unchanged": 0,
        "opening": "120.00",
        "opening_from": "opening",
        "members": [
            {"phone": "+50371234567", "name": "Panaderia Luz", "code": codes[0]},
            {"phone": "+50377654321", "name": "Juan Perez", "code": codes[1]},
        ],
        "codes": 0,
    }
    luz, juan = (net.told("member", "show", code) for code in codes)
    assert (luz["balance"], luz["limit"], luz["alias"]) == (
        "120.00",
        "500.00",
        "PANADERIALUZ",
    )
    assert (juan["balance"], juan["available"], juan["language"]) == (
        "-120.00",
        "80.00",
        "en",
    )
    assert (luz["pin"], juan["pin"]) == ("none", "none")
    assert net.told("ledger", "check")["ok"]


def test_the_same_file_twice_does_nothing(net: Net, tmp_path: Path) -> None:
    """The second time everybody is a member already, and the chain does not move."""
    file = put(tmp_path, GOOD)
    net.told("member", "import", file)
    head = net.told("ledger", "check")["head"]

    again = net.told("member", "import", file)
    assert (again["added"], again["unchanged"], again["opening"]) == (0, 2, "0.00")
    assert net.told("ledger", "check")["head"] == head


def test_a_dry_run_checks_everything_and_changes_nothing(
    net: Net, tmp_path: Path
) -> None:
    """It tells what would be done, draws no codes, and leaves the chain where it is."""
    head = net.told("ledger", "check")["head"]
    out = tmp_path / "codes.csv"

    told = net.told(
        "member", "import", put(tmp_path, GOOD), "--dry-run", "--codes", str(out)
    )
    assert (told["dry_run"], told["added"], told["opening"]) == (True, 2, "120.00")
    assert told["members"][0] == {
        "phone": "+50371234567",
        "name": "Panaderia Luz",
        "code": None,
    }
    assert not out.exists()
    assert net.told("ledger", "check")["head"] == head
    assert net.told("member", "list") == {"members": []}


def test_codes_go_to_a_new_file_only(net: Net, tmp_path: Path) -> None:
    """`--codes` writes one code for each to a file of mode 0600, and nowhere else."""
    out = tmp_path / "codes.csv"
    said = net("member", "import", put(tmp_path, GOOD), "--codes", str(out))

    assert (said.code, said.err) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["phone"] for row in rows] == ["+50371234567", "+50377654321"]
    for row in rows:
        assert len(row["one_time_code"]) == 8
        assert row["one_time_code"] not in said.out
        assert net.told("member", "show", row["code"])["pin"] == "code"
    assert f"2 one-time codes are in {out}." in said.out


def test_codes_are_issued_once(net: Net, tmp_path: Path) -> None:
    """The same file again makes no codes and no file; an old file is never touched."""
    file, out, more = put(tmp_path, GOOD), tmp_path / "a.csv", tmp_path / "b.csv"
    net.told("member", "import", file, "--codes", str(out))
    held = out.read_bytes()

    assert net.told("member", "import", file, "--codes", str(more))["codes"] == 0
    assert not more.exists()
    assert "name a new file" in net.refused(
        "member", "import", file, "--codes", str(out)
    )
    assert out.read_bytes() == held


def test_a_file_with_mistakes_leaves_no_codes_file(net: Net, tmp_path: Path) -> None:
    """Where nothing was brought in, no empty file is left behind."""
    out = tmp_path / "codes.csv"
    net.refused(
        "member", "import", put(tmp_path, "phone,name\n12,Ana\n"), "--codes", str(out)
    )

    assert not out.exists()


HEAD = "phone,name,kind,limit,ceiling,alias,language,balance,email,joined,promos\n"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            "12,Ana,,,,,,,,,\n",
            ["line 2: '12' is not a phone number of SV: "],
        ),
        ("71234567,,,,,,,,,,\n", ["line 2: the name is missing"]),
        (",Ana,,,,,,,,,\n", ["line 2: the phone is missing"]),
        (
            "71234567,Ana,shop,,,,,,,,\n",
            ["line 2: 'shop' is no kind: write business or consumer"],
        ),
        (
            "71234567,Ana,,,,,fr,,,,\n",
            ["line 2: 'fr' is no language: write es or en"],
        ),
        (
            '71234567,Ana,,"1,000",,,,,,,\n',
            ["line 2: '1,000' is not an amount: write it like 1234.50"],
        ),
        ("71234567,Ana,,-5,,,,,,,\n", ["line 2: '-5' is below zero"]),
        ("71234567,Ana,,,,SALDO,,,,,\n", ["line 2: 'SALDO' is a word of the commands"]),
        ("71234567,Ana,,,,,,,ana@,,\n", ["line 2: 'ana@' is no e-mail address"]),
        ("71234567,Ana,,,,,,,,31/03/24,\n", ["line 2: '31/03/24' is no date"]),
        ("71234567,Ana,,,,,,,,,maybe\n", ["line 2: promos is 'maybe'"]),
        (
            "71234567,Ana,,,,,,,,,\n\n7123-4567,Ana,,,,,,,,,\n",
            ["line 4: the same phone as in line 2: leave one of them out"],
        ),
        (
            "71234567,Ana,,,,PANLUZ,,,,,\n72345678,Eva,,,,PANLUZ,,,,,\n",
            ["line 3: the alias PANLUZ is, or looks like, PANLUZ of member"],
        ),
        (
            "71234567,Ana,,10,,,,-20,,,\n72345678,Eva,,,15,,,20,,,\n",
            [
                "line 2: the balance -20.00 is beyond the limit 10.00",
                "line 3: the balance 20.00 is above the ceiling 15.00",
            ],
        ),
        (
            "71234567,Ana,,,,,,20,,,\n",
            ["the balances sum to 20.00 and must sum to zero"],
        ),
        (
            "12,Ana,shop,x,,,,,,,\n13,Eva,,,,,,,,,\n",
            [
                "line 2: '12' is not a phone number",
                "line 2: 'shop' is no kind",
                "line 2: 'x' is not an amount",
                "line 3: '13' is not a phone number",
            ],
        ),
    ],
)
def test_every_mistake_is_told_with_its_line(
    net: Net, tmp_path: Path, rows: str, lines: list[str]
) -> None:
    """A file with mistakes is refused whole; stderr names each line."""
    said = net("member", "import", put(tmp_path, HEAD + rows))

    assert (said.code, said.out) == (1, "")
    first, *rest = said.err.splitlines()
    count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    assert first == (
        f"smsgate: the file has {count} and nothing was done: correct and import it "
        "again"
    )
    assert len(rest) == len(lines)
    for line, told in zip(lines, rest, strict=True):
        assert told.startswith(f"  {line}")
    assert net.told("member", "list") == {"members": []}


def test_a_phone_of_somebody_else_is_a_mistake(net: Net, tmp_path: Path) -> None:
    """A number that is another's member already is not silently skipped."""
    code = net.told("member", "add", "71234567", "Rosa")["code"]

    refusal = net.refused(
        "member", "import", put(tmp_path, "phone,name\n71234567,Ana\n")
    )
    assert f"line 2: this phone is Rosa ({code}) already, not Ana" in refusal


def test_a_balance_for_an_old_member_is_a_mistake(net: Net, tmp_path: Path) -> None:
    """Money is never guessed: who is a member already brings nothing along."""
    net.told("member", "add", "71234567", "Rosa")
    rows = "phone,name,limit,balance\n71234567,Rosa,,20\n72345678,Ana,50,-20\n"

    refusal = net.refused("member", "import", put(tmp_path, rows))
    assert "is a member already, and did not come with this balance" in refusal
    assert len(net.told("member", "list")["members"]) == 1


def test_the_treasury_may_owe_the_rest(net: Net, tmp_path: Path) -> None:
    """With `--opening-from treasury` balances need not sum to zero; the books do."""
    rows = "phone,name,balance\n71234567,Rosa,20\n72345678,Ana,30.50\n"
    told = net.told(
        "member", "import", put(tmp_path, rows), "--opening-from", "treasury"
    )

    assert (told["opening"], told["opening_from"]) == ("50.50", "treasury")
    assert net.told("member", "show", "72345678")["balance"] == "30.50"
    assert net.told("ledger", "check")["ok"]


def test_old_and_new_members_in_one_file(net: Net, tmp_path: Path) -> None:
    """Those already there are left alone, the others are added."""
    net.told("member", "import", put(tmp_path, GOOD))
    longer = GOOD + "7222-2222,Ana,consumer,50,,,-10\n7333-3333,Eva,consumer,,,,10.00\n"

    told = net.told("member", "import", put(tmp_path, longer))
    assert (told["added"], told["unchanged"], told["opening"]) == (2, 2, "10.00")


# ---- the form of the file


@pytest.mark.parametrize(
    "raw",
    [
        b"phone,name\n71234567,Jos\xc3\xa9\n",
        b"\xef\xbb\xbfphone,name\r\n71234567,Jos\xc3\xa9\r\n",
        b"phone;name\r\n71234567;Jos\xe9\r\n",
        b"Phone\tNAME\n71234567\tJos\xe9\n",
        b'"phone","name"\n"71234567"," Jos\xc3\xa9 "\n\n,\n',
        b"name,phone\nJos\xc3\xa9,71234567",
        b"phone,name\n71234567,Jos\xc3\xa9,,\n",
        "phone|name\n71234567|José\n".encode("utf-16"),
        "phone,name\r\n71234567,José\r\n".encode("utf-16-le"),
        "phone,name\r\n71234567,José\r\n".encode("utf-16-be"),
    ],
)
def test_spreadsheets_of_any_kind_are_read(raw: bytes) -> None:
    """Commas, semicolons or tabs; UTF-8 with or without a mark, or Latin-1."""
    assert read_csv(raw) == ((2, {"phone": "71234567", "name": "José"}),)


def test_lines_are_those_of_the_file() -> None:
    """Blank lines and cells of several lines count, as an editor shows them."""
    rows = read_csv(b'phone,name\n\n1,"a\nb"\n2,c\n')

    assert [line for line, _ in rows] == [3, 5]


@pytest.mark.parametrize(
    ("raw", "sentence", "lines"),
    [
        (b"", "the file is empty", 0),
        (b"\n\n", "the file is empty", 0),
        (b"a\0\0\0\0\0", "this is no CSV file: save the sheet as CSV", 0),
        (b"PK\3\4\x14\0", "this is the spreadsheet itself: save the sheet as CSV", 0),
        (b'phone,name\n1,"a\n', "line 2: this is no CSV", 0),
        (b"71234567,Ana\n", "the first line does not name the columns", 4),
        (b"phone,name,limt\n", "the first line does not name the columns", 1),
        (b"phone,name,phone\n", "the first line does not name the columns", 1),
        (b"phone,name\n1,a,b\n2\n", "the file is not a member list", 2),
    ],
)
def test_a_file_of_the_wrong_form_is_told(
    raw: bytes, sentence: str, lines: int
) -> None:
    """What is no member list is refused with all that is wrong with its form."""
    with pytest.raises(OperationRefused) as told:
        read_csv(raw)

    assert str(told.value).startswith(sentence)
    assert len(told.value.lines) == lines
