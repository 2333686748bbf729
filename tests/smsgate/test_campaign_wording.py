"""Wording: what a template becomes for one reader, its cost, what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.text import is_gsm, segments
from smsgate.campaigns import preview
from smsgate.campaigns.audience.people import batch
from smsgate.campaigns.plan import Plan, Wording, dump, load
from smsgate.campaigns.preview import Tally, cheaper_plan, verdict
from smsgate.campaigns.queueing import filled_for
from smsgate.campaigns.rows import Variant
from smsgate.campaigns.wording import Filled, fill, remarks
from tests.smsgate.promoter import TERMS, Promoter, plan

FACTS = {"name": "Rosa Pérez", "balance": "25.50", "tienda": "El Ángel"}


def filled(template: str, language: str = "es", **facts: Any) -> Filled:
    """Fill one template for Rosa."""
    wording = Wording(es=template)
    made = plan(**{"text": wording, **facts})
    return fill(wording, made, network="Red", language=language, facts=FACTS)


@pytest.mark.parametrize(
    ("template", "facts", "text"),
    [
        ("Pan hoy", {}, "Red: Pan hoy"),
        ("Hola {nombre}", {}, "Red: Hola Rosa Pérez"),
        ("Hola {name}, {saldo}", {}, "Red: Hola Rosa Pérez, 25.50"),
        # A column of a list; a letter outside the alphabet is folded, ñ and é are not.
        ("Venga a {tienda}", {}, "Red: Venga a El Angel"),
        # A template in UCS-2 costs no more with the letter as it is.
        ("Venga mañana a {tienda} así", {}, "Red: Venga mañana a El Ángel así"),
        ("Hola {zona}", {"fallbacks": {"zona": "vecino"}}, "Red: Hola vecino"),
        ("Hola {zona} hoy", {}, "Red: Hola hoy"),
        ("Pan", {"footer": True}, "Red: Pan Para no recibir: BAJA"),
        ("  Pan \n dulce ", {}, "Red: Pan dulce"),
        # What a value says is a value, not a field.
        ("{a}", {"fallbacks": {"a": "{nombre}"}}, "Red: {nombre}"),
    ],
)
def test_a_template_is_filled(template: str, facts: Any, text: str) -> None:
    """Each field says what is known, else its fallback; the network opens the text."""
    assert filled(template, **facts).text == text


def test_each_reads_a_language_of_theirs() -> None:
    """English readers get the English text and footer, or the Spanish one if alone."""
    both = Wording(es="Pan", en="Bread")
    made = plan(text=both, footer=True)
    for language, text in (
        ("en", "Red: Bread To stop: STOP"),
        ("es", "Red: Pan Para no recibir: BAJA"),
    ):
        said = fill(both, made, network="Red", language=language, facts={})
        assert said.text == text
    assert filled("Pan", language="en", footer=True).text == "Red: Pan To stop: STOP"


def test_a_networks_name_does_not_double_the_cost() -> None:
    """A letter outside the alphabet in the network's own name is folded as well."""
    said = fill(Wording(es="x" * 100), plan(), network="Unión", language="es", facts={})
    assert (said.text[:7], said.segments) == ("Union: ", 1)


@pytest.mark.parametrize(
    ("letters", "count"),
    [("x" * 155, 1), ("x" * 156, 2), ("€" * 77, 1), ("€" * 78, 2)],
)
def test_segments_are_counted_after_filling(letters: str, count: int) -> None:
    """160 septets are one segment, with `Red: ` before them; € counts two."""
    assert filled(letters).segments == count
    assert filled("{a}", fallbacks={"a": letters}).segments == count


@given(st.text(max_size=200), st.text(max_size=60))
def test_values_never_make_a_cheap_template_dear(template: str, name: str) -> None:
    """Whatever a name is written with, a template in the GSM alphabet stays in it."""
    made = plan(text=Wording(es=template))
    said = fill(made.text, made, network="Red", language="es", facts={"name": name})
    if is_gsm(template):
        assert is_gsm(said.text)
    assert said.segments == segments(said.text).segments


def test_a_hidden_balance_is_written_to_nobody() -> None:
    """Who hides the balance gets the fallback in its place."""
    with Promoter() as promoter:
        promoter.join(limit=500)
        chosen = plan(text=Wording(es="{saldo} {disponible}"), fallbacks={"saldo": "-"})
        texts = []
        for hidden in (0, 1):
            promoter.tx.run("UPDATE member SET hidden = ?", (hidden,))
            campaign = promoter.started(f"c{hidden}", **vars_of(chosen))
            promoter.feed_all()
            texts.append(promoter.queued()[-1]["body"])
            assert promoter.stages(campaign) == {"queued": 1}
    assert texts == ["Red: 0.00 5.00", "Red: -"]


def vars_of(made: Plan) -> dict[str, Any]:
    """Return what a plan was made of."""
    return {name: getattr(made, name) for name in ("text", "fallbacks")}


# ---- what is wrong


def said_of(text: str, columns: frozenset[str] = frozenset(), **facts: Any) -> str:
    """Return all remarks on a text, those that block first named with !."""
    made = plan(**{"text": Wording(es=text), "footer": True, **facts})
    return " | ".join(
        ("!" if one.blocks else "") + one.sentence for one in remarks(made, columns)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Pan dulce hoy en Rosa", ""),
        ("Hola {nombre}", "field {nombre} says nothing where nothing is known"),
        ("Hola {zona}", "!field {zona} says nothing where nothing is known"),
        ("Hola {apodo}", "!field {apodo} is not known: use one of"),
        ("Hola {nombre", "!a curly bracket stands alone"),
        ("Mande su PIN", "!the text speaks of a PIN"),
        ("Mande su contraseña", "!the text speaks of a PIN"),
        ("Gane dólares", "dolares may read as a promise of cash"),
        ("GRATIS hoy", "gratis may read as a promise of cash"),
        ("Responda SI para ganar", "!the text asks for the reply SI"),
        ("Envíe 1 y listo", "!the text asks for the reply 1"),
        ("Reply YES today", "!the text asks for the reply YES"),
        ('Responda "SI" hoy', "!the text asks for the reply SI"),
        ("Responda con la palabra «Sí»", "!the text asks for the reply SI"),
        ("Mande: 2", "!the text asks for the reply 2"),
        ("Escribe la palabra saldo", "the text asks for SALDO, which is a command"),
        ("Write the word NO", "!the text asks for the reply NO"),
        ("No responda. No hay hoy. Envie flores: si quiere", ""),
        ("Envie SALDO hoy", "the text asks for SALDO, which is a command"),
        ("Escriba BAJA si no quiere", ""),
        ("Escriba TORTA y le llamamos", ""),
        ("Vea http://x.y", "the text has a link"),
    ],
)
def test_a_text_that_asks_for_trouble_is_remarked_on(text: str, said: str) -> None:
    """Fields, secrets, cash, collisions and links: each has its sentence."""
    found = said_of(text)
    assert found == said if not said else found.startswith(said), found


def test_a_lists_columns_are_fields() -> None:
    """A column of the list may be named; every language and both texts are read."""
    assert "not known" not in said_of("{tienda}", frozenset({"tienda"}))
    for made in (
        plan(text=Wording(es="Pan", en="Send PIN")),
        plan(other=Wording(es="Su PIN")),
        plan(answer=Wording(es="Su PIN")),
    ):
        blocking = [one for one in remarks(made, frozenset()) if one.blocks]
        assert [one.sentence[:24] for one in blocking] == ["the text speaks of a PIN"]


# ---- cheaper spelling, and the preview's sums


def tally(promoter: Promoter, made: Plan) -> Tally:
    """Count a plan's people."""
    counted = preview.Tally(plan=made, terms=TERMS)
    people, _ = batch(promoter.tx, promoter.choice(made), "", 100)
    counted.add(people)
    return counted


def test_a_cheaper_spelling_is_offered_with_what_it_saves() -> None:
    """One á makes two segments of eighty letters; without it they are one."""
    dear = plan(text=Wording(es="Pan dulce más barato " + "x" * 80))
    cheap = cheaper_plan(dear)
    assert cheap is not None
    assert cheap.text.es.startswith("Pan dulce mas barato")
    assert cheaper_plan(cheap) is None
    with Promoter() as promoter:
        promoter.crowd(3)
        counted = tally(promoter, dear)
        assert (counted.segments, counted.cheaper_segments) == (6, 3)
        assert counted.cost() == 6 * 300
        told = [one.sentence for one in verdict(counted, frozenset())]
        assert any("6 segments instead of 3: --cheaper" in one for one in told)


def test_the_preview_counts_every_text_as_it_will_be() -> None:
    """Fewest, average and most segments, samples, and what a long name adds."""
    made = plan(text=Wording(es="{nombre} " + "x" * 145), hold_out=0)
    with Promoter() as promoter:
        promoter.join("Ana")
        promoter.join("Maria de los Angeles Hernandez")
        counted = tally(promoter, made)
        assert (counted.fewest, counted.most, counted.average) == (1, 2, 1.5)
        assert (counted.people, counted.texts, counted.members) == (2, 2, 2)
        assert [one.segments for one in counted.samples] == [1, 2]
        ready = promoter.started(text=made.text)
        promoter.feed_all()
        bodies = [row["body"] for row in promoter.queued()]
        assert bodies == [one.text for one in counted.samples]
        assert ready.people == counted.people


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"rule": "kind = business"}, "!nobody is in this audience"),
        ({"text": Wording(es="x" * 500)}, "!a text takes 4 segments"),
        ({"budget": 599}, "it costs more than its budget"),
        ({"budget": 600}, None),
        ({"hold_out": 1}, "none of so few people is held out, though 1 of 100"),
    ],
)
def test_the_verdict_names_what_speaks_against_it(facts: Any, said: str | None) -> None:
    """Nobody to write to, a letter instead of a text, a budget that is too small."""
    with Promoter() as promoter:
        promoter.crowd(2)
        told = [
            ("!" if one.blocks else "") + one.sentence
            for one in verdict(tally(promoter, plan(**facts)), frozenset())
            if "how to stop" not in one.sentence
        ]
    assert told == [] if said is None else told[0].startswith(said)


def test_a_plan_is_kept_whole() -> None:
    """What is written to the ledger comes back as it was."""
    made = plan(
        text=Wording(es="ñandú", en="x"),
        other=Wording(es="y"),
        answer=Wording(es="z"),
        fallbacks={"a": "b"},
        not_in=("one", "two"),
        shares={"sim1": 60},
        budget=5,
    )
    assert load(dump(made)) == made
    assert load(dump(plan())) == plan()
    assert dump(replace(made, budget=6)) != dump(made)


def test_the_other_text_goes_to_variant_b() -> None:
    """A plan with two texts fills the one that somebody was drawn for."""
    made = plan(other=Wording(es="Torta hoy"))
    with Promoter() as promoter:
        promoter.join()
        ((person,), _) = batch(promoter.tx, promoter.choice(made), "", 9)
        texts = [filled_for(made, one, person, TERMS).text for one in Variant]
    assert texts == ["Red: Pan dulce hoy", "Red: Torta hoy", "Red: Pan dulce hoy"]
