"""Promises of reading spreadsheets: any delimiter, any alphabet, and our own files."""

from __future__ import annotations

import pytest

from smsgate.cli.printing import spreadsheet_text
from smsgate.operations.campaigning.audiences import read_list
from smsgate.operations.desk import OperationRefused
from smsgate.operations.spreadsheet import decoded, form_of, lines, unguarded
from smsgate.phone import e164, spaced


@pytest.mark.parametrize(
    ("raw", "encoding", "delimiter"),
    [
        ("phone,ñ\n".encode(), "UTF-8", "commas"),
        ("phone;ñ\n".encode("utf-8-sig"), "UTF-8", "semicolons"),
        ("phone;ñ\n".encode("cp1252"), "Windows-1252", "semicolons"),
        ("phone\tñ“\n".encode("cp1252"), "Windows-1252", "tabs"),
        ("phone|ñ\n".encode("latin-1") + b"\x81", "Latin-1", "bars"),
        ("phone,ñ\n".encode("utf-16"), "UTF-16", "commas"),
        ("phone,barrio\n".encode("utf-16-le"), "UTF-16", "commas"),
        ("phone,barrio\n".encode("utf-16-be"), "UTF-16", "commas"),
        (b'sep=;\nphone;"a,b,c,d"\n', "UTF-8", "semicolons"),
        (b'"phone, or cell";name\n', "UTF-8", "semicolons"),
        (b"sep=^\nphone^name\n", "UTF-8", "carets"),
        (b"phone\n71234567\n", "UTF-8", "commas"),
    ],
)
def test_how_a_file_is_written_is_told(
    raw: bytes, encoding: str, delimiter: str
) -> None:
    """So that staff see in the preview what their spreadsheet has made of it."""
    form = form_of(raw)

    assert (form.encoding, form.delimiter) == (encoding, delimiter)
    assert decoded(raw).startswith(("phone", "sep=", '"phone'))


def test_the_line_that_names_the_delimiter_is_no_row() -> None:
    """And the lines are counted as an editor shows them."""
    assert list(lines("sep=;\r\nphone;n\r\n1;a\r\n")) == [
        (2, ["phone", "n"]),
        (3, ["1", "a"]),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+503 1", "-5", "@a", "\tx", "plain", "'x"])
def test_what_we_write_is_no_formula_and_comes_back(text: str) -> None:
    """A cell is read again as it was, whatever a spreadsheet would have made of it."""
    written = spreadsheet_text(text)

    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(written) == text


@pytest.mark.parametrize("number", ["+50371234567", "+50255512345", "+15005550006"])
def test_a_phone_survives_a_spreadsheet(number: str) -> None:
    """It is neither a formula nor an amount, and is the same phone when it returns."""
    written = spaced(number)

    assert written[0] in "123456789"
    assert " " in written
    assert e164(written, "SV") or e164(f"+{written}", "SV") == number


def test_columns_are_named_as_texts_name_them() -> None:
    """A column like NOMBRE is the field that a member's name is; ours are left out."""
    rows = read_list(b"Line,Error,Celular,NOMBRE,Mi Barrio\n3,bad,7123,Ana,Centro\n")

    assert rows == ((2, {"phone": "7123", "name": "Ana", "mi_barrio": "Centro"}),)


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its length and the most there may be."""
    monkeypatch.setattr("smsgate.operations.campaigning.audiences.ROWS_MAX", 2)
    with pytest.raises(OperationRefused, match="3 rows: a list has at most 2"):
        read_list(b"phone\n1\n2\n3\n")
