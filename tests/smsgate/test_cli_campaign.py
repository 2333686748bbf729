"""Promises of `smsgate audience` and `smsgate campaign`: what staff do and are told."""

from __future__ import annotations

import csv
import json
import stat
from typing import TYPE_CHECKING

import pytest

from smsgate.cli.shell import bar
from smsgate.clock import Clock
from smsgate.members import consent
from tests.smsgate.shell import StoppedClock

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store import Tx
    from tests.smsgate.shell import Net

PHONES = {"Rosa": "71234567", "Juan": "72345678", "Luis": "73456789"}


@pytest.fixture
def shop(net: Net) -> Net:
    """Return a network with three members, of whom Luis wants no promotions."""
    for name, phone in PHONES.items():
        promos = "no" if name == "Luis" else "yes"
        area = "Santa Tecla" if name == "Rosa" else ""
        net.told("member", "add", phone, name, "--promos", promos, "--area", area)
    return net


def put(folder: Path, text: str | bytes, name: str = "list.csv") -> str:
    """Write a file to import."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def drafted(shop: Net, *options: str) -> None:
    """Write a campaign of everybody down."""
    shop.told(
        "campaign", "new", "pan", "--text", "Hola {nombre}, pan fresco hoy",
        "--where", "everybody", "--fallback", "nombre=vecino", *options,
    )  # fmt: skip


# ---- audiences


def test_a_rule_is_kept_counted_and_dropped(shop: Net) -> None:
    """Who would be written to, who is left out, and some of them, masked."""
    told = shop.told("audience", "save", "todos", "kind = business or kind = consumer")
    assert (told["kind"], told["people"], told["members"]) == ("rule", 2, 2)
    assert told["left_out"] == {"not_opted_in": 1, "not_active": 0}
    assert {one["phone"] for one in told["some"]} == {
        "+503****4567",
        "+503****5678",
    }
    shop.told("member", "freeze", PHONES["Juan"])
    said = shop("audience", "show", "todos")
    assert said.out.splitlines()[:2] == [
        "todos: 1 people would be written to, 1 of them members.",
        "Left out: 1 who want no promotions, 1 whose account is frozen or closed.",
    ]
    where = shop.told("audience", "show", "--where", 'area = "Santa Tecla"')
    assert where["people"] == 1
    assert [one["name"] for one in shop.told("audience", "list")["audiences"]] == [
        "todos"
    ]
    assert shop("audience", "drop", "todos").out == "Audience todos is gone.\n"
    assert "there is no audience todos" in shop.refused("audience", "show", "todos")


def test_a_rule_that_goes_on_being_written_to_is_not_changed(shop: Net) -> None:
    """Whoever agreed to a recurring campaign agreed to these people, by name or not."""
    shop.told("audience", "save", "cerca", 'area = "Santa Tecla"')
    shop.told("audience", "save", "todos", "audience = cerca or opted_in = yes")
    shop.told(
        "campaign", "new", "pan", "--text", "Pan hoy.", "--where", "audience = todos"
    )
    shop.told("campaign", "approve", "pan")
    # What is sent once was written down, and asks no rule any more.
    shop.told("audience", "save", "cerca", "area = Apopa")
    shop.told(
        "campaign", "start", "pan", "--at", "2037-11-30 09:00", "--every", "daily"
    )
    for name in ("cerca", "todos"):
        for words in (("save", name, "everybody"), ("drop", name)):
            refused = shop.refused("audience", *words)
            assert f"pan writes to audience {name} again and again" in refused
    # The same rule once more changes nothing, and is taken.
    assert shop.told("audience", "save", "cerca", "area = Apopa")["people"] == 0
    said = shop("campaign", "cancel", "pan").out
    assert said.endswith(
        "No further round is begun, and none that was under way goes on.\n"
    )
    assert shop.told("audience", "drop", "cerca")["dropped"]


def test_a_rule_that_cannot_be_read_says_where(shop: Net) -> None:
    """Nothing is kept of it."""
    refused = shop.refused("audience", "save", "x", "kind == business")
    assert "expected a value behind kind" in refused
    assert "fact age is not known" in shop.refused("audience", "save", "x", "age > 3")
    assert shop.told("audience", "list") == {"audiences": []}
    assert shop("audience", "show").code == 2


@pytest.mark.parametrize(
    "raw",
    [
        "telefono,barrio\n7654-3210,Centro\n7654-3211,Ñuñoa\n".encode(),
        "telefono;barrio\r\n76543210;Centro\r\n76543211;Ñuñoa\r\n".encode("cp1252"),
        "sep=;\r\nCelular;Barrio\r\n76543210;Centro\r\n76543211;Ñuñoa\r\n".encode(),
        "telefono\tbarrio\n76543210\tCentro\n76543211\tÑuñoa\n".encode("utf-16"),
        "barrio|telefono\nCentro|50376543210\nÑuñoa|'+50376543211\n".encode(),
    ],
)
def test_a_list_in_any_form_is_read(shop: Net, tmp_path: Path, raw: bytes) -> None:
    """Whatever the spreadsheet wrote, the same phones and columns are there."""
    told = shop.told("audience", "import", "feria", put(tmp_path, raw))
    assert (told["phones"], told["new"], told["wrong"]) == (2, 2, 0)
    assert [one["barrio"] for one in told["preview"]] == ["Centro", "Ñuñoa"]
    shown = shop.told("audience", "show", "feria")
    assert (shown["kind"], shown["people"], shown["members"]) == ("list", 2, 0)


WRONG = (
    "telefono,nombre\n7654-3210,Ana\n123,Eva\n2222-3333,Paz\n"
    "76543210,Ana María\n=1+1,Luz\n5.03765E+10,Sol\n,Mar\n"
)


def test_a_dry_run_shows_and_changes_nothing(shop: Net, tmp_path: Path) -> None:
    """How the file was read, its first rows, what is wrong: and no list is made."""
    file = put(tmp_path, WRONG)
    said = shop("audience", "import", "feria", file, "--dry-run")
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0] == "Read as UTF-8 with commas."
    assert lines[-2:] == [
        "7 rows: 1 phones, 1 more than once, 5 wrong.",
        "Nothing was changed (--dry-run).",
    ]
    assert "  line 3: '123' is no phone number\n" in said.err
    assert "line 4: '2222-3333' is a fixed line, which takes no texts" in said.err
    assert "line 7: '5.03765E+10' was shortened by the spreadsheet" in said.err
    assert shop.told("audience", "list") == {"audiences": []}


def test_rows_of_one_phone_are_merged(shop: Net, tmp_path: Path) -> None:
    """In a file and over several: what is empty in the later takes nothing away."""
    file = put(
        tmp_path,
        "phone,nombre,barrio\n7654-3210,Eva,Centro\n+503 7654 3210,,Norte\n",
    )
    told = shop.told("audience", "import", "feria", file)
    assert (told["phones"], told["twice"], told["new"]) == (1, 1, 1)
    more = put(tmp_path, "phone,calle\n7654-3210,2a\n7000-0001,\n", name="more.csv")
    assert shop.told("audience", "import", "feria", more)["new"] == 1
    # A column that only some of the phones have is a field of the list, too.
    shop.told(
        "campaign", "new", "pan", "--audience", "feria",
        "--text", "Hola {nombre} de {barrio}, {calle}.",
        *("--fallback", "nombre=vecino", "--fallback", "barrio=aqui"),
        *("--fallback", "calle=su calle"),
    )  # fmt: skip
    preview = shop.told("campaign", "preview", "pan")
    assert preview["blockers"] == []
    assert [one["text"] for one in preview["samples"]] == [
        "Red: Hola vecino de aqui, su calle. Para no recibir: BAJA",
        "Red: Hola Eva de Norte, 2a. Para no recibir: BAJA",
    ]


@pytest.mark.parametrize(
    ("raw", "options", "barrio"),
    [
        ("phone:barrio\n7654-3210:Peñón\n".encode(), (), "Peñón"),
        (b"phone^barrio\n7654-3210^a:b\n", (), "a:b"),
        (b"phone;a: b,\n7654-3210;x\n", ("--delimiter", ";"), None),
        (
            "phone#barrio\n7654-3210#Peñón\n".encode("cp850"),
            ("--encoding", "cp850", "--delimiter", "#"),
            "Peñón",
        ),
        (
            "phone,barrio\n7654-3210,Peñón\n".encode("mac-roman"),
            ("--encoding", "mac-roman"),
            "Peñón",
        ),
        (
            "phone,barrio\n7654-3210,Peñón\n".encode("utf-32"),
            ("--encoding", "utf-32"),
            "Peñón",
        ),
    ],
)
def test_what_cannot_be_guessed_can_be_said(
    shop: Net,
    tmp_path: Path,
    raw: bytes,
    options: tuple[str, ...],
    barrio: str | None,
) -> None:
    """Rarer delimiters are seen where no usual one is; any other can be named."""
    told = shop.told("audience", "import", "x", put(tmp_path, raw), *options)
    assert told["preview"][0]["phone"] == "+503****3210"
    assert told["preview"][0].get("barrio") == barrio


def test_an_encoding_that_is_none_is_refused(shop: Net, tmp_path: Path) -> None:
    """So is one that the file is not in: nothing is taken as gibberish."""
    file = put(tmp_path, "phone,barrio\n7654-3210,Peñón\n")
    for encoding, said in (
        ("latin-99", "there is no encoding latin-99"),
        ("ascii", "the file is not in ascii"),
        ("base64", "there is no encoding base64"),
    ):
        options = ("audience", "import", "x", file, "--encoding", encoding)
        assert said in shop.refused(*options)
    assert shop("audience", "import", "x", file, "--delimiter", ";;").code == 2


def test_wrong_rows_stop_the_file_unless_a_part_is_wanted(
    shop: Net, tmp_path: Path
) -> None:
    """All or nothing; --partly takes the right ones, the later row of a phone wins."""
    file = put(tmp_path, WRONG)
    refused = shop.refused("audience", "import", "feria", file)
    assert "5 rows are wrong, nothing was done" in refused
    assert shop.told("audience", "list") == {"audiences": []}
    said = shop("audience", "import", "feria", file, "--partly", "--json")
    told = json.loads(said.out)
    assert (said.code, told["new"], told["twice"]) == (1, 1, 1)
    assert told["preview"] == [{"phone": "+503****3210", "name": "Ana María"}]


def test_the_wrong_rows_can_be_corrected_and_come_back(
    shop: Net, tmp_path: Path
) -> None:
    """The file of errors holds what they said, is no formula, and is read again."""
    file, errors = put(tmp_path, WRONG), tmp_path / "errors.csv"
    shop("audience", "import", "feria", file, "--partly", "--errors", str(errors))
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    with errors.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["line"] for row in rows] == ["3", "4", "6", "7", "8"]
    assert rows[2]["phone"] == "'=1+1"
    assert rows[0]["error"] == "'123' is no phone number"
    text = errors.read_text(encoding="utf-8-sig").replace(",123,", ",76543212,")
    again = shop("audience", "import", "feria", put(tmp_path, text), "--partly")
    assert "1 are new in feria." in again.out
    assert shop.told("audience", "show", "feria")["people"] == 2
    refused = shop.refused("audience", "import", "feria", file, "--errors", str(errors))
    assert "is there already" in refused


def test_a_long_list_comes_in_parts(
    shop: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No phone is taken twice, and a mistake in the last part stops the first."""
    monkeypatch.setattr("smsgate.cli.campaigning.listing._PART", 7)
    rows = [f"7654{number:04},{number}" for number in range(30)]
    rows.insert(20, "+503 7654 0003,again")
    text = "\n".join(["phone,barrio", *rows])
    bad = put(tmp_path, f"{text}\n12,x\n")
    assert "1 rows are wrong" in shop.refused("audience", "import", "long", bad)
    told = shop.told("audience", "import", "long", put(tmp_path, text))
    assert (told["rows"], told["phones"], told["twice"]) == (31, 30, 1)
    assert (told["new"], told["mistakes"]) == (30, [])


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "the file is empty"),
        (b"nombre,barrio\nAna,Centro\n", "must name one column of phones"),
        (b"telefono,movil\n76543210,76543211\n", "must name one column of phones"),
        (b"PK\3\4", "this is the spreadsheet itself"),
        (b'phone\n"7654', "this is no CSV"),
    ],
)
def test_what_is_no_list_is_refused(
    shop: Net, tmp_path: Path, raw: bytes, sentence: str
) -> None:
    """With one sentence that says what to do."""
    assert sentence in shop.refused("audience", "import", "x", put(tmp_path, raw))


# ---- a campaign, from the first draft


def test_a_campaign_goes_from_draft_to_started(shop: Net) -> None:
    """Each step says what is true now and what comes next."""
    said = shop(
        "campaign", "new", "pan", "--text", "Pan fresco", "--where", "opted_in = yes"
    )
    assert said.out == (
        "Campaign pan is a draft; nothing is sent yet. "
        "Next: smsgate campaign preview pan\n"
    )
    assert "approve it first" in shop.refused("campaign", "start", "pan")
    said = shop("campaign", "approve", "pan")
    assert said.out == (
        "2 people are written down for pan.\nIt is approved, and can be started.\n"
    )
    at, until = "2037-11-30 09:00", "2037-11-30 12:00"
    told = shop.told("campaign", "start", "pan", "--at", at, "--not-after", until)
    assert (told["state"], told["starts"]) == (
        "scheduled",
        "2037-11-30T09:00:00-06:00",
    )
    assert told["not_after"] == "2037-11-30T12:00:00-06:00"
    assert "scheduled" in shop("campaign", "list").out
    said = shop("campaign", "show", "pan", "--follow")
    assert "Campaign pan is scheduled: 0 of 2 were written to, 2 wait" in said.out
    assert "not after      Mon 2037-11-30 12:00" in said.out
    assert shop.told("campaign", "pause", "pan")["state"] == "paused"
    assert shop.told("campaign", "resume", "pan")["state"] == "scheduled"
    assert shop.told("campaign", "rate", "pan", "90")["per_hour"] == 90
    assert shop.told("campaign", "rate", "pan", "all")["per_hour"] is None
    said = shop("campaign", "cancel", "pan", "--why", "it rains")
    assert said.out.startswith("Campaign pan is cancelled (it rains): 0 of 2")
    assert "is cancelled already" in shop.refused("campaign", "cancel", "pan")
    assert shop.told("ledger", "check")["ok"]


def test_the_preview_tells_what_would_happen(shop: Net) -> None:
    """People, SMS, hours, samples, the cheaper spelling, and nothing is written."""
    drafted(shop, "--text", "Hola {nombre}, mañana hay pan de maíz " + "x" * 60)
    told = shop.told("campaign", "preview", "pan", "--at", "2037-11-29 20:00")
    assert (told["state"], told["people"], told["texts"]) == ("draft", 2, 2)
    assert told["left_out"] == {"not_opted_in": 1, "not_active": 0}
    assert told["segments"] == {
        "all": 4,
        "fewest": 2,
        "average": 2.0,
        "most": 2,
        "cheaper": 2,
    }
    assert told["cheaper"]["saves"] == 2
    assert told["cheaper"]["text_es"].startswith("Hola {nombre}, mañana hay pan de mai")
    assert told["cost"] is None
    # That day is a Sunday.
    assert told["begins"] == "2037-11-30T08:00:00-06:00"
    assert [one["phone"] for one in told["samples"]] == ["+503****4567", "+503****5678"]
    assert told["samples"][0]["text"].startswith("Red: Hola Rosa, mañana")
    assert told["blockers"] == []
    said = shop("campaign", "preview", "pan")
    assert "Cheaper    2 SMS instead of 4, spelled so (--cheaper):" in said.out
    assert "Nothing keeps it from being approved." in said.out
    assert "fallbacks      nombre=vecino\n" in shop("campaign", "show", "pan").out
    shop.told("campaign", "edit", "pan", "--cheaper")
    assert shop.told("campaign", "preview", "pan")["segments"]["most"] == 1


def test_what_must_be_mended_is_said(shop: Net) -> None:
    """An unknown field, a request for the PIN: exit code 1, and approve refuses."""
    drafted(shop, "--text", "Responda con su PIN {edad}")
    said = shop("campaign", "preview", "pan")
    assert said.code == 1
    assert "pan cannot be approved yet" in said.err
    assert "field {edad} is not known" in said.err
    assert "speaks of a PIN" in said.err
    refused = shop.refused("campaign", "approve", "pan")
    assert "cannot be approved as it is" in refused
    assert shop.told("campaign", "show", "pan")["state"] == "draft"


def test_every_mistake_of_a_plan_is_said_at_once(shop: Net) -> None:
    """A plan that cannot be is not kept."""
    said = shop(
        "campaign", "new", "pan", "--split", "30", "--word", "PAGARE", "--budget",
        "0.00", "--share", "nolink=50", "--code", "a b",
    )  # fmt: skip
    assert said.code == 1
    for sentence in (
        "there is no text: give it with --text",
        "it does not say who is written to",
        "a split needs the other text",
        "a budget must be above zero",
        "a word and its answer go together",
        "there is no link nolink",
        "a code is 1 to 15 letters and digits",
        "PAGARE is too near to PAGAR",
    ):
        assert sentence in said.err, sentence
    assert shop.told("campaign", "list") == {"campaigns": []}


@pytest.mark.parametrize(
    "options",
    [("--fallback", "nombre"), ("--share", "a=b"), ("--hold-out", "51")],
)
def test_what_is_mistyped_is_usage(shop: Net, options: tuple[str, ...]) -> None:
    """A pair without its sign, a share that is no number, half a network held out."""
    assert shop("campaign", "new", "pan", "--text", "x", *options).code == 2


def test_an_edit_keeps_what_it_does_not_name(shop: Net) -> None:
    """And '' takes away; the approval is void, and its people are forgotten."""
    drafted(
        shop, "--word", "PANES", "--answer", "A las 9", "--code", "pan1", "--promote",
        PHONES["Rosa"], "--hold-out", "10", "--other", "Pan", "--budget", "12.50",
        "--not-written-days", "3", "--fallback", "zona=aqui",
    )  # fmt: skip
    shop.told("campaign", "approve", "pan")
    told = shop.told(
        "campaign", "edit", "pan", "--text", "Pan", "--other", "", "--fallback",
        "zona=", "--word", "", "--answer", "",
    )  # fmt: skip
    assert (told["state"], told["people"], told["approved_by"]) == ("draft", 0, None)
    shown = shop.told("campaign", "show", "pan")
    plan = shown["plan"]
    assert plan["text"] == {"es": "Pan", "en": ""}
    assert (plan["other"], plan["split"], plan["answer"]) == (None, 0, None)
    assert (plan["hold_out"], plan["not_written_days"]) == (10, 3)
    assert (plan["fallbacks"], plan["budget"]) == ({"nombre": "vecino"}, "12.5000")
    assert (shown["word"], shown["code"]) == (None, "PAN1")
    assert shown["promoted"] is not None
    assert shown["recipients"]["waiting"] == 0
    assert "there is a campaign pan already" in shop.refused(
        "campaign", "new", "pan", "--text", "x", "--where", "opted_in = yes"
    )


def test_a_test_goes_to_one_phone(shop: Net) -> None:
    """As its first reader would get it; a number, a member or one of the staff."""
    drafted(shop)
    shop.told("staff", "add", "Marta", "74567890", "--role", "manager")
    for to, phone in (("Marta", "+50374567890"), ("7654-3210", "+50376543210")):
        told = shop.told("campaign", "test", "pan", "--to", to)
        assert told["to"] == phone
        assert told["texts"][0]["text"].startswith("Red: Hola Rosa, pan fresco")
    assert shop("outbox", "list").out.count("Hola Rosa") == 2
    assert shop("campaign", "test", "pan", "--to", "nobody").code == 1


def test_a_test_is_no_way_around_an_opt_out(shop: Net) -> None:
    """Who wants no promotions gets none as a test either, unless on the staff."""
    drafted(shop)
    code = shop.told("member", "show", PHONES["Luis"])["code"]
    for luis in (PHONES["Luis"], code):
        refused = shop.refused("campaign", "test", "pan", "--to", luis)
        assert "+50373456789 wants no promotions: try it on one of the staff" in refused
    shop.write(lambda tx: consent.stop_promos(tx, "+50376543210", "text"))
    assert "wants no promotions" in shop.refused(
        "campaign", "test", "pan", "--to", "7654-3210"
    )
    assert shop("outbox", "list").out.count("pan fresco") == 0


def test_a_time_that_is_past_is_refused(shop: Net) -> None:
    """A start yesterday is a slip, and so is an end before the start."""
    drafted(shop)
    shop.told("campaign", "approve", "pan")
    refused = shop.refused("campaign", "start", "pan", "--at", "2020-01-01 09:00")
    assert "is past" in refused
    refused = shop.refused("campaign", "start", "pan", "--at", "mañana")
    assert "is no time" in refused
    refused = shop.refused(
        "campaign", "start", "pan", "--at", "2037-01-02 09:00", "--not-after",
        "2037-01-01 09:00",
    )  # fmt: skip
    assert "it would end before it begins" in refused
    refused = shop.refused("campaign", "start", "pan", "--every", "tuesdays")
    assert "write daily, weekly mon,thu" in refused


def test_two_campaigns_cannot_listen_for_one_word(shop: Net) -> None:
    """The second is told whose it is."""
    for name in ("uno", "dos"):
        shop.told(
            "campaign", "new", name, "--text", "Pan", "--where", "opted_in = yes",
            "--word", "FERIA", "--answer", "A las 9",
        )  # fmt: skip
    shop.told("campaign", "approve", "uno")
    refused = shop.refused("campaign", "approve", "dos")
    assert "campaign uno listens for FERIA until it ends" in refused
    assert shop.told("campaign", "show", "dos")["state"] == "draft"


def test_the_same_text_to_the_same_people_is_remarked_on(shop: Net) -> None:
    """Staff who are in doubt whether it went out do not send it twice."""
    drafted(shop)
    shop.told("campaign", "approve", "pan")
    shop.told("campaign", "start", "pan", "--at", "2037-11-30 09:00")
    shop.told(
        "campaign", "new", "otra", "--text", "Hola {nombre}, pan fresco hoy",
        "--where", "everybody", "--fallback", "nombre=tu", "--hold-out", "5",
    )  # fmt: skip
    warnings = shop.told("campaign", "preview", "otra")["warnings"]
    assert any(one.startswith("campaign pan sends the same text") for one in warnings)


# ---- who agrees


def crowd(tx: Tx) -> None:
    """Make it 101 people on a list."""
    tx.run(
        "INSERT INTO audience (id, name, rule, created_by, created_ms)"
        " VALUES (1, 'expo', '', 'uid:0', 1)"
    )
    for number in range(101):
        tx.run(
            "INSERT INTO audience_phone (audience, msisdn) VALUES (1, ?)",
            (f"+5037654{number:04}",),
        )


def test_many_people_need_another_than_the_author(shop: Net) -> None:
    """Its author is known and not asked; the same is not asked twice."""
    shop.write(crowd)
    new = ("campaign", "new", "expo", "--text", "Pan", "--audience", "expo")
    shop.told(*new)
    # Without a staff the shell alone decides.
    assert shop.told("campaign", "approve", "expo")["state"] == "approved"
    for name, phone in (("Marta", "74567890"), ("Oscar", "75678901")):
        shop.told("staff", "add", name, phone, "--role", "manager")
    shop.told("campaign", "edit", "expo")
    for author in (), ("--as", "Martha"):
        # Whoever mistypes their name would be asked to approve their own.
        shop.told(*author, "campaign", "edit", "expo")
        refused = shop.refused("campaign", "approve", "expo")
        assert "who is not known (Marta, Oscar are)" in refused
        assert "with `smsgate --as NAME campaign edit expo`" in refused
    shop.told("--as", "marta", "campaign", "edit", "expo")
    told = shop.told("campaign", "approve", "expo")
    assert (told["state"], told["approval"]["asked"]) == ("review", ["Oscar"])
    refused = shop.refused("campaign", "approve", "expo")
    assert "waits for one of the staff to answer SI by text" in refused
    assert shop.refused("campaign", "start", "expo") == (
        "smsgate: campaign expo is waiting for its approval: approve it first\n"
    )
    said = shop("campaign", "show", "expo").out
    assert said.startswith("Campaign expo is waiting for its approval: 0 of 101")
    # An edit is another campaign: the question that is out agrees to nothing any more.
    shop.told("--as", "marta", "campaign", "edit", "expo", "--text", "Pan!")
    assert shop.told("campaign", "approve", "expo")["approval"]["asked"] == ["Oscar"]


# ---- afterwards


def sent(tx: Tx) -> None:
    """Let the first campaign have been sent, with one text that nobody answered."""
    tx.run(
        "UPDATE campaign SET state = 'finished', started_ms = 1, ended_ms = 2,"
        " swept = 1"
    )
    tx.run("UPDATE recipient SET state = 'sent', written_ms = 1, segments = 1")
    tx.run(
        "UPDATE recipient SET state = 'unsure' WHERE msisdn = '+50371234567'",
    )


def test_the_report_tells_what_came_of_it(shop: Net) -> None:
    """Counts in words, and where to find those who are unsure."""
    drafted(shop)
    shop.told("campaign", "approve", "pan")
    shop.write(sent)
    told = shop.told("campaign", "report", "pan")
    (half,) = told["variants"]
    assert (half["variant"], half["people"], half["segments"]) == ("a", 2, 2)
    assert (half["recipients"]["sent"], half["recipients"]["unsure"]) == (1, 1)
    assert (half["redeemed"], half["more_than_held_out"]) == ("0.00", None)
    said = shop("campaign", "report", "pan")
    assert "Campaign pan is finished: 2 of 2 were written to" in said.out
    # What it cost: SMS, and money where a link has a price.
    assert half["cost"] is None
    figures = said.out.splitlines()[1:3]
    assert [line.split()[-2:] for line in figures] == [["SMS", "cost"], ["2", "-"]]
    assert "smsgate campaign export pan FILE --state unsure lists them." in said.out


def test_an_export_is_safe_in_a_spreadsheet_and_comes_back(
    shop: Net, tmp_path: Path
) -> None:
    """A new file of mode 0600, no formula in it, and its phones can be imported."""
    shop.told("member", "add", "75551234", "Luz", "--promos", "yes")
    shop.write(lambda tx: tx.run("UPDATE member SET name = '=1+1' WHERE name = 'Luz'"))
    drafted(shop)
    shop.told("campaign", "approve", "pan")
    shop.write(sent)
    out = tmp_path / "out.csv"
    said = shop("campaign", "export", "pan", str(out))
    assert said.out == f"3 recipients are in {out}: they are people, keep it safe.\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert rows[0]["phone"] == "503 7123 4567"
    assert (rows[0]["state"], rows[0]["opted_out"]) == ("unsure", "")
    assert {row["name"] for row in rows} == {"Rosa", "Juan", "'=1+1"}
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)
    assert "is there already" in shop.refused("campaign", "export", "pan", str(out))
    assert shop("campaign", "export", "pan").code == 2
    told = shop.told("audience", "import", "otra", str(out))
    assert (told["phones"], told["wrong"]) == (3, 0)
    unsure = shop.told("campaign", "export", "pan", "--state", "unsure")["recipients"]
    assert [one["phone"] for one in unsure] == ["+50371234567"]
    refused = shop("campaign", "export", "pan", "--state", "lost", "--json")
    assert "a state is one of waiting, queued" in refused.err
    none = shop.told("campaign", "export", "pan", "--state", "failed")
    assert none == {"recipients": []}


def test_what_is_not_there_is_said(shop: Net) -> None:
    """Every step on a campaign that nobody wrote says where to look."""
    for words in (
        ("show",), ("preview",), ("approve",), ("start",), ("pause",), ("resume",),
        ("cancel",), ("report",), ("rate", "9"), ("test", "--to", "7123-4567"),
    ):  # fmt: skip
        refused = shop.refused("campaign", words[0], "nix", *words[1:])
        assert "there is no campaign nix: look at `smsgate campaign list`" in refused
    assert shop("campaign", "rate", "nix", "fast").code == 2


def test_the_daemon_does_the_same(shop: Net, tmp_path: Path) -> None:
    """Over its socket, with lists in the request and progress on the way."""
    with shop.answering():
        told = shop.told(
            "audience", "import", "x", put(tmp_path, "phone,barrio\n76543210,Centro\n")
        )
        assert told["new"] == 1
        drafted(shop, "--audience", "x", "--where", "")
        assert shop.told("campaign", "preview", "pan")["people"] == 1
        assert shop.told("campaign", "approve", "pan")["people"] == 1
        assert shop.told("campaign", "start", "pan")["state"] == "scheduled"


def test_a_bar_tells_how_far_work_is() -> None:
    """With a total a bar, without one a count, before the first of it a word."""
    assert bar("writing", 0, 0) == "writing …"
    assert bar("counting people", 1200, 0) == "counting people 1,200 …"
    assert bar("writing", 500, 1000) == (
        "writing [############............]  50 % 500 of 1,000"
    )
    assert bar("writing", 1200, 1000).endswith("100 % 1,000 of 1,000")
    assert isinstance(StoppedClock(), Clock)
