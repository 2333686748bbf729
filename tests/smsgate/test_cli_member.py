"""Promises of `smsgate member`: what is typed, what is printed, what the books hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.smsgate.shell import Net

#: In an hour's zone of San Salvador, as JSON tells it.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-06:00")


def test_add_tells_all_and_one_code(net: Net) -> None:
    """`member add --json` is one document with the member and a one-time code."""
    told = net.told(
        "member",
        "add",
        "7123-4567",
        "Panaderia  Luz",
        *("--kind", "business", "--limit", "1500", "--ceiling", "2000.50"),
        *("--alias", "panaderialuz", "--area", "Santa Tecla", "--category", "pan"),
        *("--email", "luz@example.org", "--joined", "2024-03-31", "--promos", "yes"),
    )

    code, until = told.pop("one_time_code"), told.pop("one_time_code_until")
    assert re.fullmatch(r"\d{8}", code)
    assert TIME.fullmatch(until)
    assert re.fullmatch(r"[1-9]\d{4}", told["code"])
    assert told == {
        "code": told["code"],
        "phone": "+50371234567",
        "name": "Panaderia Luz",
        "kind": "business",
        "alias": "PANADERIALUZ",
        "language": "es",
        "state": "active",
        "balance": "0.00",
        "available": "1500.00",
        "limit": "1500.00",
        "ceiling": "2000.50",
        "held": "0.00",
        "pin": "code",
        "locked_until": None,
        "locked_in_person": False,
        "area": "Santa Tecla",
        "category": "pan",
        "email": "luz@example.org",
        "joined": "2024-03-31",
        "promos": True,
        "stopped": False,
        "low_until": None,
        "new_pin_from": None,
        "new_pin_held": False,
        "notices": True,
        "listed": "masked",
        "tills": [],
    }


def test_add_takes_the_networks_defaults(net: Net) -> None:
    """Without options: a consumer, no limit, no ceiling, the network's language."""
    told = net.told("member", "add", "71234567", "Juan")

    assert (told["kind"], told["language"], told["promos"]) == ("consumer", "es", False)
    assert (told["limit"], told["ceiling"], told["alias"]) == ("0.00", None, None)
    assert told["joined"] is None


def test_add_in_words(net: Net) -> None:
    """Without --json a person reads the member's code and what to text."""
    said = net("member", "add", "71234567", "Juan")

    first, second, third = said.out.splitlines()
    assert re.fullmatch(r"Juan is member \d{5}\.", first)
    code = second.removeprefix("One-time code: ")
    assert re.fullmatch(r"\d{8}", code)
    assert f"From +50371234567 the member texts: PIN {code} and" in third
    assert (said.code, said.err) == (0, "")


def test_a_member_is_found_by_phone_code_and_alias(net: Net) -> None:
    """WHO is a phone as dialled, in full, a code, or an alias in any letters."""
    code = net.told("member", "add", "71234567", "Luz", "--alias", "PANLUZ")["code"]

    for who in ("7123-4567", "+503 7123 4567", code, "PANLUZ", "panluz"):
        shown = net.told("member", "show", who)
        assert (shown["code"], shown["pin"]) == (code, "code")
        assert "one_time_code" not in shown


def test_list_is_by_name(net: Net) -> None:
    """`member list --json` holds every member, by name, without the PIN's state."""
    for phone, name in (("71234567", "Rosa"), ("72345678", "Ana")):
        net.told("member", "add", phone, name)

    members = net.told("member", "list")["members"]
    assert [member["name"] for member in members] == ["Ana", "Rosa"]
    assert list(members[0]) == [
        *("code", "phone", "name", "kind", "alias", "language"),
        *("state", "balance", "available", "limit", "ceiling"),
    ]


def test_list_in_words_keeps_its_columns_in_a_pipe(net: Net) -> None:
    """A table that goes into a file is not folded to the width of a screen."""
    net.told("member", "add", "71234567", "A very long name of a shop in the centre")

    header, row = net("member", "list").out.splitlines()
    assert header.split() == [
        *("code", "phone", "name", "kind", "state", "balance", "available", "limit")
    ]
    assert "A very long name of a shop in the centre  consumer  active" in row


def test_limit_freeze_and_unfreeze(net: Net) -> None:
    """Each returns the member as it is then; doing it twice is no error."""
    net.told("member", "add", "71234567", "Juan")

    assert net.told("member", "limit", "71234567", "100")["available"] == "100.00"
    for _ in range(2):
        assert net.told("member", "freeze", "71234567")["state"] == "frozen"
    for _ in range(2):
        assert net.told("member", "unfreeze", "71234567")["state"] == "active"


def test_a_new_code_voids_the_old_one(net: Net) -> None:
    """`member pin` issues another code; it is another one."""
    first = net.told("member", "add", "71234567", "Juan")["one_time_code"]
    again = net.told("member", "pin", "71234567")

    assert re.fullmatch(r"\d{8}", again["one_time_code"])
    assert again["one_time_code"] != first
    assert again["pin"] == "code"


def test_a_first_pin_from_standard_input(net: Net) -> None:
    """`--pin-stdin` sets a first PIN, prints no code, and never a second time."""
    told = net.told("member", "add", "71234567", "Juan", "--pin-stdin", typed="4821\n")
    assert told["pin"] == "set"
    assert "one_time_code" not in told

    refusal = net.refused("member", "pin", "71234567", "--pin-stdin", typed="4822\n")
    assert "issue a one-time code instead" in refusal
    assert "4822" not in refusal


@pytest.mark.parametrize("typed", ["", "48211\n", "482\n", "48a1\n", "４８２１\n"])
def test_a_pin_that_is_none_adds_nobody(net: Net, typed: str) -> None:
    """A PIN of the wrong form is refused before anything is written."""
    refusal = net.refused("member", "add", "71234567", "J", "--pin-stdin", typed=typed)

    assert refusal == "smsgate: a PIN has 4 digits here, and nothing else\n"
    assert net.told("member", "list") == {"members": []}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "76543210"), "nobody has the phone, code or alias '76543210'"),
        (("add", "12", "Juan"), "'12' is not a phone number of SV"),
        (("add", "71234567", "Juan"), "already speaks for member"),
        (("add", "72345678", "=1+1"), "'=1+1' cannot be a name"),
        (("add", "72345678", "Ana", "--alias", "PAGAR"), "is a word of the commands"),
        (("add", "72345678", "Ana", "--limit", "1,000"), "'1,000' is not an amount"),
        (("add", "72345678", "Ana", "--limit", "1.505"), "'1.505' is not an amount"),
        (("add", "72345678", "Ana", "--email", "ana"), "'ana' is no e-mail address"),
        (("add", "72345678", "Ana", "--joined", "31/3"), "'31/3' is no date"),
        (("limit", "71234567", "many"), "'many' is not an amount"),
        (("limit", "71234567", "99999999999"), "is not an amount"),
    ],
)
def test_refusals_are_one_sentence(
    net: Net, words: tuple[str, ...], sentence: str
) -> None:
    """What cannot be done is one sentence on stderr and exit code 1."""
    net.told("member", "add", "71234567", "Juan")

    refusal = net.refused("member", *words)
    assert sentence in refusal
    assert refusal.startswith("smsgate: ")
    assert len(net.told("member", "list")["members"]) == 1


def test_all_that_is_wrong_with_a_newcomer_is_told_at_once(net: Net) -> None:
    """Several mistakes in one command are told together."""
    said = net("member", "add", "12", "Ana", "--limit", "x", "--joined", "never")

    assert said.code == 1
    for part in ("'12' is not a phone", "'x' is not an amount", "'never' is no date"):
        assert part in said.err


def test_who_did_it_stands_in_the_chain(net: Net) -> None:
    """The user id and the name after --as are recorded with each change."""
    net.told("--as", "marta", "member", "add", "71234567", "Juan")
    net.told("member", "limit", "71234567", "5", "--as", "oscar")

    actors = []
    net.write(lambda tx: actors.extend(tx.all("SELECT kind, actor FROM event")))
    told = {row["kind"]: row["actor"] for row in actors}
    assert re.fullmatch(r"uid:\d+ as marta", told["member_added"])
    assert re.fullmatch(r"uid:\d+ as oscar", told["limit_set"])


def test_a_name_after_as_is_a_name(net: Net) -> None:
    """A name that could pose as another record is refused."""
    refusal = net.refused("--as", "a\nb", "member", "list")

    assert "a name after --as is 1 to 40 letters" in refusal
