"""Promises on errors: none of the library's is forgotten, each tells what to do."""

from __future__ import annotations

import errno
import inspect

import gsmmodem.exceptions
import pytest
import serial

from modem.errors import LinkDown, Rejected, Unsure
from modem.gsm.faults import KINDS, translate

#: Every error the library has.
LIBRARY = [
    value
    for _, value in inspect.getmembers(gsmmodem.exceptions, inspect.isclass)
    if issubclass(value, Exception)
]


def made(kind: type[Exception]) -> Exception:
    """An error of this kind, as the library makes it."""
    try:
        return kind('AT+CPIN="1234"', 500)
    except TypeError:
        return kind("1234")


def test_every_error_of_the_library_is_mapped() -> None:
    """A new version of the library with a new error fails here and not in the field."""
    assert set(LIBRARY) == set(KINDS)


@pytest.mark.parametrize("kind", LIBRARY)
def test_every_error_becomes_one_of_ours(kind: type[Exception]) -> None:
    """Its sentence tells what is wrong and repeats nothing that was asked."""
    ours = translate(made(kind))

    assert isinstance(ours, LinkDown | Rejected | Unsure)
    assert str(ours)
    assert "1234" not in str(ours)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (serial.SerialException(errno.ENOENT, "no port"), "plug it in"),
        (serial.SerialException(errno.EACCES, "denied"), "group dialout"),
        (serial.SerialException(errno.EAGAIN, "locked"), "another program"),
        (serial.SerialException("read failed: [Errno 5]"), "unplugged"),
        (serial.SerialTimeoutException("Write timeout"), "unplugged"),
        (serial.PortNotOpenError(), "unplugged"),
        (StopIteration("1234"), "nobody understands (StopIteration)"),
    ],
)
def test_errors_at_the_port_say_what_to_do(error: Exception, words: str) -> None:
    """Those of the system, and whatever else may come."""
    ours = translate(error)

    assert type(ours) is LinkDown
    assert words in str(ours)
    assert "1234" not in str(ours)


def test_every_number_of_the_network_has_a_kind() -> None:
    """Numbers are looked up, and one that nobody has met may be tried again."""
    library = gsmmodem.exceptions.CmsError
    every = {code: translate(library("AT+CMGS", code)) for code in range(600)}

    assert all(isinstance(e, LinkDown | Rejected | Unsure) for e in every.values())
    assert all(f"CMS error {code}" in str(error) for code, error in every.items())
    assert type(every[599]) is LinkDown


@pytest.mark.parametrize(
    ("code", "words"), [(10, "no SIM"), (13, "SIM fails"), (100, "CME error 100")]
)
def test_errors_of_the_modem_say_what_to_do(code: int, words: str) -> None:
    """Those that a person can do something about have a sentence."""
    assert words in str(translate(gsmmodem.exceptions.CmeError("AT+CPIN", code)))
