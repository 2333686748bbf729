"""Rules: what staff write about members, and whom each fact finds in a small ledger."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgate import ledger
from smsgate.campaigns.audience import saved
from smsgate.campaigns.audience.facts import FACTS
from smsgate.campaigns.audience.rules import All, Any, Fact, Not, RuleBad, read
from smsgate.campaigns.audience.saved import Listed
from smsgate.clock import DAY_MS
from smsgate.money import BadAmount
from tests.smsgate.promoter import EVERYBODY, Promoter, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsgate.campaigns.audience.rules import Rule

KIND, IDLE, AREA = (
    Fact(name="kind", sign="=", value="business"),
    Fact(name="idle", sign=">", value="30"),
    Fact(name="area", sign="=", value="Santa Tecla"),
)
#: What is written, and the tree it is read as.
TREES: list[tuple[str, Rule]] = [
    ("", All(of=())),
    ("kind = business", KIND),
    ("KIND=business", KIND),
    ("kind = business and idle > 30", All(of=(KIND, IDLE))),
    ("kind = business y idle>30", All(of=(KIND, IDLE))),
    ("kind = business o idle > 30", Any(of=(KIND, IDLE))),
    ("not kind = business", Not(of=KIND)),
    ("no kind = business", Not(of=KIND)),
    ("not not kind = business", Not(of=Not(of=KIND))),
    ('area = "Santa Tecla"', AREA),
    ("area = 'Santa Tecla'", AREA),
    (
        "kind = business or idle > 30 and kind = business",
        Any(of=(KIND, All(of=(IDLE, KIND)))),
    ),
    (
        "(kind = business or idle > 30) and not kind = business",
        All(of=(Any(of=(KIND, IDLE)), Not(of=KIND))),
    ),
    # A quoted word is a value, whatever it says.
    ('area = "and"', Fact(name="area", sign="=", value="and")),
    ("opted_in = no", Fact(name="opted_in", sign="=", value="no")),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_rule_is_read_as_it_is_meant(text: str, tree: Rule) -> None:
    """`and` binds tighter than `or`, brackets and quotation marks do what they do."""
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind", "ends too early: expected a sign"),
        ("kind =", "ends too early: expected a value"),
        ("kind = business and", "expected the name of a fact"),
        ("(kind = business", "a bracket is not closed"),
        ("kind = business)", "at ')': expected `and`, `or` or the end"),
        ("kind is business", "at 'is': expected one of"),
        ("kind = = 3", "at '=': expected a value"),
        ('area = "Santa', "a quotation mark is not closed"),
        ("kind = business idle > 3", "at 'idle': expected `and`"),
        ("(" * 30 + "kind = business" + ")" * 30, "the brackets are too deep"),
        ("not " * 30 + "kind = business", "the brackets are too deep"),
        ("x" * 2_001, "at most 2000 characters"),
    ],
)
def test_what_is_no_rule_says_what_was_expected(text: str, said: str) -> None:
    """A mistake names the word it was found at."""
    with pytest.raises(RuleBad) as caught:
        read(text)
    assert said in str(caught.value)


@given(st.text(alphabet="kind=<>!()\"' andorto30", max_size=40))
def test_whatever_is_written_is_a_rule_or_a_mistake(text: str) -> None:
    """No text brings the reader down."""
    with suppress(RuleBad):
        assert isinstance(read(text), All | Any | Not | Fact)


# ---- facts, over a little ledger


@pytest.fixture
def town() -> Iterator[Promoter]:
    """Ana sells, Beto buys, Carla owes, Dina is new, Elmer does not want any."""
    with Promoter() as promoter:
        ana = promoter.join(
            "Ana", kind="business", area="Santa Tecla", category="pan", alias="PANANA"
        )
        beto = promoter.join(
            "Beto", limit=10_000, joined="2026-01-15", area="soyapango"
        )
        carla = promoter.join("Carla", limit=10_000, language="en")
        promoter.wait(40 * DAY_MS)
        promoter.pay(beto.account, ana.account, 2_000)
        promoter.wait(35 * DAY_MS)
        promoter.pay(carla.account, ana.account, 8_000)
        promoter.pay(carla.account, beto.account, 1_000)
        promoter.wait(5 * DAY_MS)
        promoter.join("Dina", kind="business")
        promoter.join("Elmer", promos=False, category="pan")
        yield promoter


def names(town: Promoter, rule: str) -> str:
    """Return the initials of whom a rule finds."""
    found = []
    for phone in town.people(plan(rule=rule)):
        (row,) = town.tx.all(
            "SELECT name FROM member JOIN phone USING (account) WHERE msisdn = ?",
            (phone,),
        )
        found.append(row["name"][0])
    return "".join(found)


#: Balances: Ana +100.00, Beto -10.00 of 100.00, Carla -90.00 of 100.00, Dina 0.
FOUND = [
    (EVERYBODY, "ABCD"),
    ("", "ABCD"),
    ("opted_in = no", ""),
    ("opted_in != no", "ABCD"),
    ("kind = business", "AD"),
    ("kind != business", "BC"),
    ('area = "santa tecla"', "A"),
    ("area != Soyapango", "ACD"),
    ("category = PAN", "A"),
    ("language = en", "C"),
    ("balance < 0", "BC"),
    ("balance = 100.00", "A"),
    ("balance >= -10.00 and balance <= 0", "BD"),
    ("available > 50", "AB"),
    ("used > 0", "BC"),
    ("used >= 80%", "C"),
    ("used < 80%", "B"),
    # Who never bought did so long ago.
    ("bought > 30", "ABD"),
    ("bought <= 5", "C"),
    ("bought = 40", "B"),
    ("sold <= 5", "AB"),
    ("sold > 5", "CD"),
    ("idle > 5", "D"),
    ("idle <= 5", "ABC"),
    ("bought_from = PANANA", "BC"),
    ("bought_from = panana", "BC"),
    ("bought_from != PANANA", "AD"),
    ("joined = 2026-01-15", "B"),
    ("joined < 2026-03-02", "B"),
    ("joined >= 2026-03-02 and joined <= 2026-03-02", "AC"),
    ("joined > 2026-03-02", "D"),
    ("not kind = business and not balance < -50", "B"),
    ("kind = business or language = en", "ACD"),
    ("(kind = business or language = en) and balance > 0", "A"),
]


@pytest.mark.parametrize(("rule", "found"), FOUND)
def test_each_fact_finds_whom_it_says(town: Promoter, rule: str, found: str) -> None:
    """A rule finds exactly these, in the order they joined."""
    assert names(town, rule) == found


def test_every_fact_is_tried_here() -> None:
    """No fact was added without a row in the table above, and its example is a rule."""
    tried = {name for name in FACTS if any(name in rule for rule, _ in FOUND)}
    assert tried | {"audience"} == set(FACTS)
    for known in FACTS.values():
        assert isinstance(read(known.example), Fact)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("colour = red", "fact colour is not known: use one of kind, area"),
        ("kind = shop", "kind is one of business, consumer"),
        ("kind > business", "kind is compared with = or != only"),
        ("area < a", "area is compared with = or != only"),
        ("idle > soon", "idle is compared with a whole number, like 30"),
        ("idle > -3", "idle is compared with a whole number"),
        ("used >= many%", "used is compared with a whole number"),
        ("balance > 1,000", "balance: '1,000' is not an amount"),
        ("joined > yesterday", "joined is compared with a day, like 2026-01-31"),
        ("opted_in = maybe", "opted_in is yes or no"),
        ("bought_from = 99999", "nobody has the code or alias 99999"),
        ("audience = nobody", "there is no audience nobody"),
    ],
)
def test_a_value_that_cannot_be_is_told(town: Promoter, rule: str, said: str) -> None:
    """A mistake of a fact says what would be right."""
    with pytest.raises((RuleBad, BadAmount)) as caught:
        town.people(plan(rule=rule))
    assert said in str(caught.value)


@pytest.mark.parametrize("name", [name for name in FACTS if name not in {"kind"}])
@pytest.mark.parametrize("value", ["'; DROP TABLE member; --", '1") OR 1=1 --', "%"])
def test_what_staff_write_is_never_sql(town: Promoter, name: str, value: str) -> None:
    """A value stays a value: it finds nobody, or is refused."""
    quote = '"' if "'" in value else "'"
    try:
        found = names(town, f"{name} = {quote}{value}{quote}")
    except (RuleBad, BadAmount):
        found = ""
    assert found == ""
    assert names(town, EVERYBODY) == "ABCD"


# ---- saved audiences


def save(town: Promoter, name: str, rule: str) -> None:
    """Keep a rule."""
    saved.save(town.tx, name=name, rule=rule, actor="uid:1")


def put(town: Promoter, name: str, *phones: str) -> None:
    """Keep a list."""
    made = saved.save(town.tx, name=name, rule="", actor="uid:1")
    saved.put_phones(
        town.tx, made.id, [Listed(msisdn=phone, fields={}) for phone in phones]
    )


def phone_of(town: Promoter, name: str) -> str:
    """Return somebody's phone."""
    (row,) = town.tx.all(
        "SELECT msisdn FROM phone JOIN member USING (account) WHERE name = ?", (name,)
    )
    return str(row["msisdn"])


def test_a_saved_audience_is_asked_anew(town: Promoter) -> None:
    """A rule is kept as it was written; who fits it is decided when it is used."""
    save(town, "shops", "kind = business")
    assert names(town, "audience = shops") == "AD"
    assert names(town, "audience != shops") == "BC"
    assert names(town, "not audience = shops and language = es") == "B"
    town.join("Fidel", kind="business")
    assert town.people(plan(rule="", audience="shops")) == [
        phone_of(town, name) for name in ("Ana", "Dina", "Fidel")
    ]
    save(town, "shops", "kind = consumer")
    assert names(town, "audience = shops") == "BC"


def test_a_list_is_its_members_and_its_strangers(town: Promoter) -> None:
    """A list reaches who is no member too; a rule beside it asks about members only."""
    ana, elmer = phone_of(town, "Ana"), phone_of(town, "Elmer")
    put(town, "expo", "+50379990001", ana, elmer, "+50379990002")
    town.tx.run("INSERT INTO opt_out VALUES ('+50379990002', 'text', 1)")
    everybody = plan(rule="", audience="expo")
    # Elmer wants none, and one of the strangers has said so.
    assert town.people(everybody, limit=1) == [ana, "+50379990001"]
    for rule in ("kind = business", "not kind = consumer", "bought_from != PANANA"):
        assert town.people(plan(rule=rule, audience="expo")) == [ana]
    assert names(town, "audience = expo") == "A"
    assert names(town, "audience != expo") == "BCD"


def test_audiences_that_go_round_in_a_circle_are_refused(town: Promoter) -> None:
    """Neither a circle nor a rule that grows without end is asked."""
    save(town, "one", "audience = two")
    save(town, "two", "audience = one")
    with pytest.raises(RuleBad, match="goes round in a circle"):
        names(town, "audience = one")
    save(town, "e0", "kind = business")
    for step in range(1, 4):
        save(town, f"e{step}", " or ".join([f"audience = e{step - 1}"] * 20))
    with pytest.raises(RuleBad, match="more than 200 times"):
        names(town, "audience = e3")


def test_a_name_is_a_list_or_a_rule_and_stays_so(town: Promoter) -> None:
    """A list is not turned into a rule, nor back; a phone twice is once."""
    put(town, "expo", "+50379990001", "+50379990001")
    found = saved.by_name(town.tx, "expo")
    assert found is not None
    assert (found.is_list, found.phones) == (True, 1)
    with pytest.raises(saved.AudienceRefused, match="is a list"):
        save(town, "expo", "kind = business")
    saved.drop(town.tx, found)
    save(town, "expo", "kind = business")
    assert [one.name for one in saved.every(town.tx)] == ["expo"]


def test_who_cannot_be_written_to_is_not_chosen(town: Promoter) -> None:
    """Closed and frozen accounts are left out; one that is stopped may be told."""
    (beto,) = town.tx.all("SELECT account FROM member WHERE name = 'Beto'")
    town.tx.run("UPDATE account SET state = 'stopped' WHERE id = ?", (beto[0],))
    assert names(town, EVERYBODY) == "ABCD"
    ledger.freeze(town.tx, beto[0], "uid:1", "asked")
    assert names(town, EVERYBODY) == "ACD"


def test_exclusions_leave_out_who_was_reached_before(town: Promoter) -> None:
    """Nobody of another campaign, and nobody written to within the days."""
    first = town.started("first", rule="kind = business")
    assert names(town, EVERYBODY) == "ABCD"
    assert set(town.people(plan(not_in=("first",)))) == {
        phone_of(town, "Beto"),
        phone_of(town, "Carla"),
    }
    with pytest.raises(RuleBad, match="there is no campaign nothing to leave out"):
        town.people(plan(not_in=("nothing",)))
    town.feed_all()
    assert len(town.people(plan(not_written_days=7))) == 4
    town.sends(1)
    assert len(town.people(plan(not_written_days=7))) == 3
    town.wait(7 * DAY_MS)
    assert len(town.people(plan(not_written_days=7))) == 4
    assert town.stages(first) == {"sent": 1, "queued": 1}
