"""Settings: every mistake is told at once, and the example tells every setting."""

from __future__ import annotations

import re
import stat
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from commands.catalogues import CATALOGUES
from commands.command import Keyword
from modem.aggregators import known
from smsgate import config
from smsgate.config import BadConfig, BadSecret, Config, Info, LinkConfig

if TYPE_CHECKING:
    from pydantic import BaseModel

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
HERE = Path("/srv/smsgate")

_UNUSED = re.compile(r"^#(?=\[\[|[a-z_]+ = )", re.MULTILINE)


def told(text: str) -> list[str]:
    """Return the mistakes found in a configuration, each as it is shown."""
    with pytest.raises(BadConfig) as caught:
        config.parse(text, HERE)
    return [str(mistake) for mistake in caught.value.mistakes]


def put(path: Path, content: bytes | str, mode: int = 0o600) -> Path:
    """Write a file of this mode."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


# ---- mistakes


def test_five_mistakes_are_told_at_once() -> None:
    """One look is enough: each mistake stands on a line with its path and a hint."""
    text = """
    [network]
    unit = "PUNTOS"
    [security]
    pin_lenght = 4
    [limits]
    day = 1000
    [sms]
    late_minutes = "30"
    [[link]]
    name = "a"
    driver = "gsm"
    """
    with pytest.raises(BadConfig) as caught:
        config.parse(text, HERE, source="config.toml")
    assert str(caught.value) == (
        "config.toml has 5 mistakes; correct and try again:\n"
        "  network.unit: it is longer than 4 characters; write at most 4 letters\n"
        "  security.pin_lenght: there is no such setting; did you mean pin_length?\n"
        '  limits.day: an amount stands in quotation marks, like "100.00"\n'
        "  sms.late_minutes: it must be a whole number, without quotation marks; "
        "write whole minutes, 1-1440\n"
        "  link[1].port: it is missing; write the modem's device, "
        "like /dev/serial/by-id/…, or its imei, by which it is looked for"
    )


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("x = 1", "x: there is no such setting; there are network, ledger,"),
        ("[netwrok]", "netwrok: there is no such setting; did you mean network?"),
        ("network = 1", "network: it must be a table"),
        ('[network]\nname = "Red de Comercio"', "network.name: it is longer than 12"),
        ('[network]\nname = "1a"', "network.name: begin with a letter"),
        ('[network]\nunit = "P1"', "network.unit: letters only, like PT"),
        ("[network]\ndecimals = 3", "network.decimals: it cannot be this; write 0, 1"),
        ("[network]\ndecimals = true", "network.decimals: it must be a whole number"),
        ('[network]\ncountry = "SX1"', "network.country: write a country's two cap"),
        (
            '[network]\nlanguage = "fr"',
            'network.language: it cannot be this; write "es"',
        ),
        ('[network]\ntimezone = "Mars"', "network.timezone: no such time zone"),
        ('[network]\ntimezone = "../x"', "network.timezone: no such time zone"),
        (
            '[network]\nhelp_phone = "+503 2222-0000"',
            "network.help_phone: it is longer",
        ),
        ('[network]\nhelp_phone = "call us"', "network.help_phone: digits, with"),
        ('[ledger]\nurl = "ledger.sqlite"', 'ledger.url: write "sqlite:///ledger.sql'),
        ('[ledger]\nurl = "sqlite:///"', 'ledger.url: write "sqlite:///ledger.sqlite"'),
        ('[keys]\npin = "secret"', "keys.pin: a secret stands elsewhere"),
        ('[keys]\npin = "cred:a/b"', "keys.pin: cred: takes a name without a slash"),
        ("[keys]\ncards = 1", "keys.cards: write file:PATH, env:NAME or cred:NAME"),
        ("[security]\npin_length = 5", "security.pin_length: it cannot be this; write"),
        ("[security]\ntries = 6", "security: tries, tries_second and tries_last must"),
        ('[limits]\nday = "0.00"', "limits.day: it must be above zero"),
        ('[limits]\nday = "-1"', "limits.day: '-1' is below zero"),
        ('[limits]\nday = "1,000"', "limits.day: '1,000' is not an amount"),
        ('[limits]\nday = "1.001"', "limits.day: '1.001' is not an amount"),
        ('[limits]\none_step = "600"', "limits: one_step must not be above two_step"),
        ("[sms]\nper_hour = 0", "sms.per_hour: it cannot be this; write texts an hour"),
        ("[sms]\npromos_default = true", 'sms.promos_default: write "yes" or "no"'),
        (
            '[http]\nlisten = "8080"',
            "http.listen: write HOST:PORT, like 127.0.0.1:8080",
        ),
        ('[http]\nlisten = "a:70000"', "http.listen: write HOST:PORT"),
        (
            '[http]\npublic_url = "a.org"',
            "http.public_url: write the address from outs",
        ),
        ("[daemon]\nsocket = 1", 'daemon.socket: write a path, or ""'),
        ("[daemon]\nin_flight_max = -1", "daemon.in_flight_max: it cannot be this; wr"),
        ('[logs]\nlevel = "debug"', 'logs.level: it cannot be this; write "info", "wa'),
        (
            '[campaigns]\nhours = "8-18"',
            "campaigns.hours: write hours like 08:00-18:00",
        ),
        (
            '[campaigns]\nhours = "08:00+00:00-18:00"',
            "campaigns.hours: write hours like 08:00-18:00",
        ),
        (
            '[campaigns]\nhours = "18:00-08:00"',
            "campaigns.hours: the hours must end after they begin",
        ),
        ('[campaigns]\ndays = "mon"', "campaigns.days: write a list of days, like"),
        ("[campaigns]\ndays = []", "campaigns.days: write a list of days, like"),
        (
            '[campaigns]\ndays = ["mon", "Dom"]',
            "campaigns.days: 'Dom' is no day: write mon tue wed thu fri sat sun",
        ),
        ("[campaigns]\nmost = -1", "campaigns.most: it cannot be this; write a whole"),
        ("link = 1", "link: write each as a table of its own, under [[link]]"),
        ("info = 1", "info: write each as a table of its own, under [[info]]"),
        ("words = 1", "words: it must be a table"),
        (
            '[words]\npagr = ["ABONAR"]',
            "words: there is no command pagr; did you mean pagar?",
        ),
        (
            '[words]\npagar = "ABONAR"',
            "words: pagar: write a list of words, like",
        ),
        (
            '[words]\npagar = ["ABONAR", "SALDOS"]',
            "words.pagar[2]: SALDOS is too near to SALDO",
        ),
        ('[words]\nsaldo = ["PAGO"]', "words.saldo[1]: PAGO means something already"),
        ("shown = 1", "shown: it must be a table"),
        (
            '[shown]\nfr = { pagar = "PAYER" }',
            "shown: nothing is said in fr: write es or",
        ),
        ('[shown]\nes = ["ABONAR"]', "shown: es: write a word for a command, like {"),
        (
            '[shown]\nes = { pagr = "PAGO" }',
            "shown: there is no command pagr; did you mean pagar?",
        ),
        (
            '[shown]\nes = { pagar = "ABONAR" }',
            "shown.es.pagar: ABONAR is no word for PAGAR: add pagar = [",
        ),
        ('[shown]\nen = { si = "OK" }', "shown.en.si: SI is shown as it is: leave"),
        (
            '[[info]]\nword = "PAGOS"\ntext_es = "Hoy no"',
            "info[1].word: PAGOS is too near to PAGO",
        ),
        (
            '[[info]]\nword = "FERIA 1"\ntext_es = "Hoy no"',
            "info[1].word: write 2 to 15 letters",
        ),
        ('[[info]]\nword = "FERIA"', "info[1].text_es: it is missing; write one SMS"),
        (
            f'[[info]]\nword = "FERIA"\ntext_es = "{"á" * 161}"',
            "info[1].text_es: it takes 161 of the 160 characters of one SMS",
        ),
        (
            '[[info]]\nword = "FERIA"\ntext_es = "Vea https://a.org"',
            "info[1].text_es: leave the link out",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\n'
            'airtime_code = "*567#"',
            "link[1].airtime_pattern: airtime_code and airtime_pattern go together",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\n'
            'airtime_code = "*567#"\nairtime_pattern = "[0-9]+"',
            "link[1].airtime_pattern: put a group (?P<amount>…) around the amount",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\n'
            'airtime_code = "*567#"\nairtime_pattern = "("',
            "link[1].airtime_pattern: it is no regular expression",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\n'
            'airtime_floor = "few"',
            "link[1].airtime_floor: an amount in quotes",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\nper_hour = 0',
            "link[1].per_hour: ",
        ),
        ('[[link]]\nname = "a"', "link[1]: the driver is missing: write one of gsm,"),
        (
            '[[link]]\nname = "a"\ndriver = "usb"',
            "link[1]: there is no such driver: wri",
        ),
        (
            '[[link]]\ndriver = "simulator"',
            "link[1].name: it is missing; write at most",
        ),
        (
            '[[link]]\nname = "A 1"\ndriver = "simulator"',
            "link[1].name: letters, digits and - _, like modem-a",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "simulator"\nbaud = 9600',
            "link[1].baud: there is no such setting; there are prefixes, prefers,",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "simulator"\ntime_offset_minutes = 10',
            "link[1].time_offset_minutes: it cannot be this; write a multiple of 15",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\nbaud = 1',
            "link[1].baud: it cannot be this; write bits a second, like 115200",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\nsim_pin = "0741"',
            "link[1].sim_pin: a secret stands elsewhere",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/x"\nimei = "12"',
            "link[1].imei: the 15 digits that AT+CGSN shows",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "fakesmsc"\nlisten = "0.0.0.0:10000"',
            "link[1].listen: this wire checks nobody: listen on 127.0.0.1:PORT only",
        ),
        (
            '[[link]]\nname = "a"\ndriver = "simulator"\n' * 2,
            "link[2].name: another link is called a: give each a name of its own",
        ),
        ("[network", "file: this is not TOML: "),
    ],
)
def test_a_mistake_is_told_in_a_sentence(text: str, mistake: str) -> None:
    """Each bad value is named by its path, with what to write instead."""
    (found,) = told(text)
    assert found.startswith(mistake)


def test_a_secret_written_in_place_is_not_repeated() -> None:
    """A secret that stands where a reference belongs is not shown in the error."""
    text = '[keys]\npin = "hunter2hunter2"\n[[link]]\nname="a"\ndriver="gsm"\n'
    text += 'port = "/dev/x"\nsim_pin = "0741"'
    shown = "\n".join(told(text))
    assert "hunter2" not in shown
    assert "0741" not in shown


def test_no_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no configuration the sentence names `smsgate init`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMSGATE_CONFIG", raising=False)
    with pytest.raises(BadConfig, match="run `smsgate init DIR`"):
        config.load(tmp_path / "config.toml")
    with pytest.raises(BadConfig, match="run `smsgate init DIR`"):
        config.locate()


def test_the_file_is_looked_for_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is named, then $SMSGATE_CONFIG, then ./config.toml."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "config.toml", "")
    monkeypatch.delenv("SMSGATE_CONFIG", raising=False)
    assert config.locate() == Path("config.toml")
    monkeypatch.setenv("SMSGATE_CONFIG", "/a/b.toml")
    assert config.locate() == Path("/a/b.toml")
    assert config.locate(Path("c.toml")) == Path("c.toml")


# ---- values


def test_the_shortest_links_start() -> None:
    """A link needs no more than its name, its driver and where it is."""
    made = config.parse(
        '[[link]]\nname = "a"\ndriver = "gsm"\nport = "/dev/ttyUSB0"\n'
        '[[link]]\nname = "b"\ndriver = "fakesmsc"\nlisten = "127.0.0.1:10000"\n'
        '[[link]]\nname = "c"\ndriver = "simulator"\n'
        '[[link]]\nname = "d"\ndriver = "gsm"\nimei = "490154203237518"\n',
        HERE,
    )
    gsm, test, _, found = made.links
    assert isinstance(found, config.GsmLink)
    assert (found.port, found.per_minute, found.per_hour) == (None, None, None)
    assert isinstance(gsm, config.GsmLink)
    assert (gsm.port, gsm.baud, gsm.sim_pin, gsm.poll_s, gsm.imei) == (
        "/dev/ttyUSB0",
        115_200,
        None,
        5.0,
        "",
    )
    assert isinstance(test, config.FakesmscLink)
    assert (test.listen, test.window) == ("127.0.0.1:10000", 256)
    assert all(link.trusted for link in made.links)
    assert {link.max_delay_minutes for link in made.links} == {None}


def test_values_are_as_the_house_uses_them() -> None:
    """Amounts are minor units, paths absolute, yes and no true and false."""
    made = config.parse(
        '[network]\ndecimals = 0\n[ledger]\nurl = "sqlite:///a/b.sqlite"\n'
        '[limits]\none_step = "100"\ntwo_step = "500"\nday = "900"\nlow = "9"\n'
        '[staff]\napprove_above = "500"\n'
        '[sms]\npromos_default = "yes"\n[http]\nlisten = "[::1]:80"\n'
        '[daemon]\nsocket = "s"',
        HERE,
    )
    assert made.ledger_path == HERE / "a/b.sqlite"
    assert made.socket_path == HERE / "s"
    limits = made.limits
    assert (limits.one_step, limits.two_step, limits.day) == (100, 500, 900)
    assert made.sms.promos_default is True
    assert made.http.listen == ("::1", 80)
    assert config.parse("", HERE).socket_path == HERE / "smsgate.sock"


@pytest.mark.parametrize(
    ("payment", "one_step", "two_step"),
    [("", 10_000, 50_000), ("200.00", 10_000, 20_000), ("50.00", 5_000, 5_000)],
)
def test_the_limit_of_a_payment_holds_for_every_kind(
    payment: str, one_step: int, two_step: int
) -> None:
    """`payment` lowers what can be paid in one step and in two, and never raises it."""
    limits = config.parse(f'[limits]\npayment = "{payment}"', HERE).limits
    assert (limits.one_step, limits.two_step) == (one_step, two_step)


# ---- secrets


def test_a_key_is_read_from_a_file_of_ones_own(tmp_path: Path) -> None:
    """32 bytes or 64 hexadecimal digits; a file that others may read is refused."""
    keys = config.parse("", tmp_path).keys
    key = put(tmp_path / "pin.key", bytes(range(32)))
    assert keys.read_pin() == bytes(range(32))
    key.chmod(0o400)
    assert keys.read_pin() == bytes(range(32))
    put(tmp_path / "messages.key", bytes(range(32)).hex() + "\n")
    assert keys.read_messages() == bytes(range(32))
    for mode in (0o640, 0o604, 0o644, 0o700):
        key.chmod(mode)
        with pytest.raises(BadSecret, match=f"mode {mode:04o}.*chmod 600"):
            keys.read_pin()


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    """All secrets that cannot be used are named at once, and none is shown."""
    put(tmp_path / "pin.key", "too short")
    put(tmp_path / "sim", "\n")
    made = config.parse(
        '[keys]\nmessages = "env:SMSGATE_NO_SUCH"\n[[link]]\nname = "a"\n'
        'driver = "gsm"\nport = "/dev/x"\nsim_pin = "file:sim"',
        tmp_path,
    )
    found = config.unreadable_secrets(made)
    assert [mistake.path for mistake in found] == [
        "keys.pin",
        "keys.messages",
        "keys.cards",
        "link[1].sim_pin",
    ]
    assert "too short" not in str(found)


def test_secrets_come_from_the_environment_and_from_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """env: names a variable, cred: a file in $CREDENTIALS_DIRECTORY."""
    made = config.parse('[keys]\npin = "env:SG_PIN"\ncards = "cred:cards"', tmp_path)
    monkeypatch.setenv("SG_PIN", "ab" * 32)
    assert made.keys.read_pin() == bytes([0xAB]) * 32
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(BadSecret, match="needs systemd: add LoadCredential=cards"):
        made.keys.read_cards()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    put(tmp_path / "cards", bytes(32), 0o440)
    assert made.keys.read_cards() == bytes(32)


def test_words_of_the_network(tmp_path: Path) -> None:
    """Words are folded as texts are, and texts are kept as phones can show them."""
    made = config.parse(
        '[words]\npagar = ["abonár"]\n[shown]\nes = { pagar = "Abonár" }\n'
        '[[info]]\nword = "Peña"\n'
        'text_es = "Peña el sábado\\na las 9"',
        tmp_path,
    )
    assert made.words == {Keyword.pagar: ("ABONAR",)}
    assert made.shown == {"es": {Keyword.pagar: "ABONAR"}}
    assert made.info[0].word == "PENA"
    assert made.info[0].text_es == "Peña el sabado a las 9"
    assert made.info[0].text_en == ""


# ---- the example and `init`


def _settings(model: type[BaseModel]) -> dict[str, Any]:
    return {kept.alias or name: kept for name, kept in model.model_fields.items()}


def test_the_example_is_the_default() -> None:
    """Copied as it is, the example changes nothing."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert config.parse(text, HERE) == config.parse("", HERE)


def _listed(value: object) -> object:
    """Return a list as a tuple: a default may be either."""
    return tuple(value) if isinstance(value, list) else value


def test_the_example_tells_every_setting_with_its_default() -> None:
    """Each setting of the model stands in the file once, with the default it has."""
    text = _UNUSED.sub("", EXAMPLE.read_text(encoding="utf-8"))
    found = tomllib.loads(text)
    config.parse(text, HERE)
    sections = _settings(Config)
    links = sections.pop("link") and found.pop("link")
    assert list(found) == list(sections)
    # Lists of the operator's own; the example's stand for any.
    del sections["words"], sections["shown"], sections["info"]
    assert list(found.pop("words")) == ["pagar"]
    assert list(found.pop("shown")) == list(CATALOGUES)
    assert set(found.pop("info")[0]) == set(_settings(Info))
    for name, section in sections.items():
        fields = _settings(section.annotation)
        told = {key: _listed(value) for key, value in found[name].items()}
        assert told == {key: _listed(kept.default) for key, kept in fields.items()}
    kinds = {
        get_args(k.model_fields["driver"].annotation)[0]: k
        for k in get_args(LinkConfig)
    }
    assert [link["driver"] for link in links] == list(kinds)
    vendor = set(known.keys("sms-gate-local"))
    for link in links:
        fields = _settings(kinds[link["driver"]])
        # A link over HTTP has its vendor's keys besides; `parse` has checked them.
        assert set(link) - vendor == set(fields)
        for key, kept in fields.items():
            if not kept.is_required() and kept.default is not None:
                assert link[key] == kept.default, key


def test_the_example_says_what_each_setting_is_for() -> None:
    """Every setting of a section has a comment above it."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for above, line in pairwise(lines):
        if re.match(r"[a-z_]+ = ", line):
            assert above.startswith("# "), line


def test_init_writes_a_network_that_loads(tmp_path: Path) -> None:
    """The file loads; the keys differ, have 32 bytes and are private."""
    folder = tmp_path / "new" / "net"
    written = config.write_initial(folder, country="GT", unit="QZ", language="en")
    assert [path.name for path in written] == [
        "config.toml",
        "pin.key",
        "messages.key",
        "cards.key",
    ]
    made = config.load(folder / "config.toml")
    network = made.network
    assert (network.country, network.unit, network.language, network.timezone) == (
        "GT",
        "QZ",
        "en",
        "America/Guatemala",
    )
    assert config.unreadable_secrets(made) == ()
    keys = {(folder / name).read_bytes() for name in config.KEYS}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    for name in config.KEYS:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["config.toml", "messages.key"])
def test_init_never_overwrites(tmp_path: Path, name: str) -> None:
    """Where one of its files exists nothing at all is written."""
    put(tmp_path / name, "mine")
    with pytest.raises(config.AlreadyThere, match="never overwritten"):
        config.write_initial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_initial_values_replace_the_defaults() -> None:
    """Text, numbers and yes-no values can be given for any setting, and no others."""
    text = config.initial_text(
        country="SV",
        sections={
            "network": {"name": "La \\ Red", "timezone": "UTC"},
            "security": {"pin_length": 6, "balance_needs_pin": False},
        },
    )
    found = tomllib.loads(text)
    assert found["network"]["name"] == "La \\ Red"
    assert found["network"]["timezone"] == "UTC"
    assert found["security"]["pin_length"] == 6
    assert found["security"]["balance_needs_pin"] is False
    with pytest.raises(KeyError, match="no such setting"):
        config.initial_text(sections={"sms": {"budget": 1}})
