"""What goes wrong on the way in: not kept, dead, or begun again; never half done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from modem.errors import NotKept
from modem.link import Capabilities, Noise, Report, ReportStatus
from smsgate import handlers, ledger
from smsgate.clock import HOUR_MS
from smsgate.members import pins
from smsgate.store import Refused, StorageFailed
from tests.smsgate.faulty import Disk, Fault
from tests.smsgate.gatehouse import PIN, SIM1, SIM2, at_hand, gatehouse
from tests.smsgate.mailroom import JUAN, ROSA

if TYPE_CHECKING:
    from pathlib import Path

    from smsgate.store import Tx

PAY = f"PAGAR 20417 5.00 {PIN}"


# ---- not kept


async def test_while_stopping_nothing_is_taken(tmp_path: Path) -> None:
    """What is being answered is finished; the rest stays where it is."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        async with asyncio.TaskGroup() as group:
            group.create_task(gate.gateway.receive(gate.incoming(JUAN, PAY)))
            await asyncio.sleep(0)
            gate.gateway.stop_receiving()
            assert not gate.gateway.idle.is_set()
            with pytest.raises(NotKept, match="stopping"):
                await gate.gateway.receive(gate.incoming(ROSA, "AYUDA"))
            await gate.gateway.idle.wait()
        assert gate.balance(juan) == -500


async def test_too_many_at_once_are_refused(tmp_path: Path) -> None:
    """Unacknowledged is honest; what is refused is there to be offered again."""
    async with gatehouse(tmp_path, in_flight_max=2) as gate:
        await gate.couple()
        texts = [gate.incoming(JUAN, "AYUDA") for _ in range(3)]

        done = await asyncio.gather(
            *(gate.gateway.receive(one) for one in texts), return_exceptions=True
        )

        assert [type(one) for one in done] == [type(None), type(None), NotKept]
        await gate.gateway.receive(texts[2])
        assert len(gate.rows("SELECT 1 FROM inbox")) == 3


async def test_a_disk_that_fails_keeps_the_text_where_it_is(tmp_path: Path) -> None:
    """Storage trouble is nobody's fault: not kept, not dead, offered again."""
    disk = Disk()
    async with gatehouse(tmp_path, connect=disk.connect) as gate:
        juan, _ = await gate.couple()
        text = gate.incoming(JUAN, PAY)
        disk.faults = [Fault("INSERT INTO inbox")]
        with capture_logs() as logs, pytest.raises(NotKept):
            await gate.gateway.receive(text)
        assert "sms.unkept" in [log["event"] for log in logs]
        assert (gate.rows("SELECT 1 FROM inbox"), gate.balance(juan)) == ([], 0)
        await gate.gateway.receive(text)
        assert gate.balance(juan) == -500

        disk.faults = [Fault("INSERT INTO quarantine")]
        noise = Noise(link=SIM1, reason="not a PDU", head=b"", body=b"x")
        with pytest.raises(NotKept):
            await gate.gateway.quarantine(noise)
        disk.faults = [Fault("INSERT INTO report")]
        delivered = Report(
            link=SIM1,
            reference="7",
            to=JUAN,
            status=ReportStatus.delivered,
            at=None,
        )
        with pytest.raises(NotKept):
            await gate.gateway.report(delivered)


async def test_a_disk_that_fails_at_a_fault_of_ours_keeps_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even the dead row can be kept, the text stays where it is."""
    disk = Disk()
    async with gatehouse(tmp_path, connect=disk.connect) as gate:
        await gate.couple()
        monkeypatch.setattr(handlers, "handle", lambda *_: 1 / 0)
        disk.faults = [Fault("INSERT INTO inbox")]
        with pytest.raises(NotKept):
            await gate.gateway.receive(gate.incoming(JUAN, "AYUDA"))
        assert gate.rows("SELECT 1 FROM inbox") == []


async def test_a_reader_that_fails_keeps_the_text_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the sender is looked up, before anything is begun."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()

        def broken(*_: object) -> None:
            raise StorageFailed("the disk does not answer")

        monkeypatch.setattr(gate.store.peek, "all", broken)
        with pytest.raises(NotKept, match="the disk does not answer"):
            await gate.gateway.receive(gate.incoming(JUAN, PAY))
        assert gate.gateway.idle.is_set()


async def test_while_the_clock_is_doubted_money_waits_and_the_rest_does_not(
    tmp_path: Path,
) -> None:
    """A payment stays on the SIM; help, NO and ROBO are answered."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        await gate.hears(JUAN, "PAGAR panaderialuz 5")
        gate.clock.ms -= HOUR_MS
        for words in (PAY, "PAGAR 20417 5.00", PIN, f"SI 47 {PIN}"):
            with pytest.raises(NotKept, match="clock"):
                await gate.gateway.receive(gate.incoming(JUAN, words))
        for words, told in (
            ("AYUDA", "help_text"),
            ("NO", "not_paid"),
            (f"SALDO {PIN}", "balance"),
            ("ROBO", "blocked"),
        ):
            assert (await gate.hears(JUAN, words)).outcome == told


async def test_with_no_link_that_sends_nothing_is_taken(tmp_path: Path) -> None:
    """An answer could never go out, so the text is left where it is."""
    only = at_hand(**{SIM1: Capabilities(send=False)})
    async with gatehouse(tmp_path, links=only) as gate:
        with pytest.raises(NotKept, match="no link can send"):
            await gate.gateway.receive(gate.incoming(JUAN, "AYUDA"))


async def test_answers_leave_by_a_link_that_sends(tmp_path: Path) -> None:
    """What came over a link that only receives is answered over another one."""
    both = at_hand(**{SIM1: Capabilities(send=False), SIM2: Capabilities()})
    async with gatehouse(tmp_path, links=both) as gate:
        await gate.couple()
        await gate.hears(JUAN, PAY)
        links = gate.rows("SELECT DISTINCT link FROM outbox")
        assert [row["link"] for row in links] == [SIM2]


# ---- our own faults


async def test_a_fault_of_ours_is_kept_as_dead_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done, the member hears so, and the text does not come back again."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()

        def pay(tx: Tx, **_: object) -> None:
            tx.run("UPDATE member SET name = 'X'")
            raise ZeroDivisionError(f"a fault that quotes {PIN}")

        monkeypatch.setattr(ledger, "pay", pay)
        text = gate.incoming(JUAN, PAY)
        await gate.gateway.receive(text)

        heard = gate.last()
        assert (heard.state, heard.told) == ("dead", [("failed", JUAN)])
        assert heard.bodies[0].startswith("NO se pago")
        (row,) = gate.rows("SELECT error, body FROM inbox")
        assert row["error"] == "ZeroDivisionError"
        assert PIN not in row["body"]
        names = gate.rows("SELECT name FROM member WHERE account = ?", juan.account)
        assert names[0]["name"] == "Juan"
        assert gate.fails(juan) == (0, 0)

        monkeypatch.undo()
        await gate.gateway.receive(text)
        assert gate.balance(juan) == 0
        assert len(gate.rows("SELECT 1 FROM inbox")) == 1


async def test_a_text_at_which_the_reading_fails_is_kept_as_dead_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would lie on the SIM for ever, and keep back all that its sender writes."""

    def broken(words: str, _: object) -> None:
        raise RecursionError(words)

    async with gatehouse(tmp_path) as gate:
        await gate.couple()
        text = gate.incoming(JUAN, PAY)
        with monkeypatch.context() as patch:
            patch.setattr("smsgate.gateway.parse", broken)
            await gate.gateway.receive(text)
        heard = gate.last()
        assert (heard.state, heard.told) == ("dead", [("failed", JUAN)])
        # What it said is not known, so the worst is denied first.
        assert heard.bodies[0].startswith("NO se pago")
        (row,) = gate.rows("SELECT error, body FROM inbox")
        assert (row["error"], row["body"]) == ("RecursionError", "****")
        await gate.gateway.receive(text)
        assert len(gate.rows("SELECT 1 FROM inbox")) == 1


@pytest.mark.parametrize(
    ("words", "money"),
    [
        (PAY, True),
        ("PAGAR 20417", True),
        (f"47 {PIN}", True),
        ("DEVOLVER 4812057735", True),
        ("COBRAR 71234567 5.00", False),
        ("AYUDA", False),
        ("xyzzy", False),
    ],
)
async def test_a_dead_text_about_money_says_that_none_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, money: bool
) -> None:
    """In its first words; a broken rule of the schema is such a fault as any other."""
    async with gatehouse(tmp_path) as gate:
        await gate.couple()

        def broken(*_: object) -> None:
            raise Refused("some_rule")

        monkeypatch.setattr(handlers, "handle", broken)
        heard = await gate.hears(JUAN, words)
        assert heard.state == "dead"
        assert heard.bodies[0].startswith("NO se pago") is money


async def test_a_stranger_whose_text_met_a_fault_is_not_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is dead, and nobody is owed a word."""
    async with gatehouse(tmp_path) as gate:

        def broken(*_: object) -> bool:
            raise ValueError

        monkeypatch.setattr("smsgate.gateway.answering.withheld", broken)
        heard = await gate.hears(JUAN, "hola")
        assert (heard.state, heard.told) == ("dead", [])


async def test_a_text_that_was_kept_is_never_buried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault after the commit finds the row there and adds nothing."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()

        def broken(*_: object) -> None:
            raise ValueError

        monkeypatch.setattr(gate.senders[SIM1], "hand", broken)
        heard = await gate.hears(JUAN, PAY)
        assert heard.state == "answered"
        assert gate.balance(juan) == -500


# ---- the PIN in between


async def test_a_pin_that_changes_while_it_is_checked_is_checked_again(
    tmp_path: Path,
) -> None:
    """The check counts for the PIN that it saw and for no other."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        check, meddled = gate.desk.check, 0

        async def meddle(*args: Any, **facts: Any) -> pins.Checked:
            nonlocal meddled
            checked = await check(*args, **facts)
            if meddled < limit:
                meddled += 1
                await gate.store.write(
                    lambda tx: tx.run(
                        "UPDATE pin SET fails = ? WHERE account = ?",
                        (meddled % 2, juan.account),
                    )
                )
            return checked

        gate.desk.check = meddle  # type: ignore[method-assign]
        limit = 4
        assert (await gate.hears(JUAN, PAY)).outcome == "paid_payer"
        limit, meddled = 5, 0
        text = gate.incoming(JUAN, f"PAGAR 20417 6.00 {PIN}")
        with pytest.raises(NotKept, match="kept changing"):
            await gate.gateway.receive(text)
        await gate.gateway.receive(text)
        assert gate.balance(juan) == -1_100


async def test_a_text_that_becomes_a_members_meanwhile_is_looked_at_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction asks for a check that the look before it thought needless."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()
        reserve = gate.senders[SIM1].reserve
        asked = 0

        def sees_nothing(*_: object) -> None:
            nonlocal asked
            asked += 1
            if asked == 1:
                raise handlers.WouldWrite

        handle = handlers.handle

        def first_blind(case: handlers.Case, said: Any) -> handlers.Result:
            sees_nothing()
            return handle(case, said)

        monkeypatch.setattr(handlers, "handle", first_blind)
        assert (await gate.hears(JUAN, PAY)).outcome == "paid_payer"
        assert gate.balance(juan) == -500
        assert asked == 4
        assert reserve(0) == 0


async def test_a_text_that_comes_again_costs_no_pin_check_and_waits_for_nobody(
    tmp_path: Path,
) -> None:
    """Else a vendor that comes again and again keeps the house from everything else."""
    async with gatehouse(tmp_path) as gate:
        juan, rosa = await gate.couple()
        text = gate.incoming(JUAN, PAY)
        await gate.gateway.receive(text)
        # Nothing can be checked from here on.
        gate.desk.close()
        with capture_logs() as logs:
            async with gate.gateway.turns.of(juan.account), asyncio.timeout(5):
                await gate.gateway.receive(text)
        assert [log["event"] for log in logs] == ["sms.seen_again"]
        assert gate.balance(rosa) == 500


async def test_no_pin_is_checked_for_a_payment_that_cannot_be(tmp_path: Path) -> None:
    """A stranger, an unknown payee, an unknown token: no check and no try."""
    async with gatehouse(tmp_path) as gate:
        juan, _ = await gate.couple()

        async def check(*_: object, **__: object) -> pins.Checked:
            raise AssertionError("a PIN was checked in vain")

        gate.desk.check = check  # type: ignore[method-assign]
        for sender, words, told in (
            ("+50376543210", PAY, "not_member"),
            (JUAN, f"PAGAR 71111111 5.00 {PIN}", "not_here"),
            (JUAN, f"SI 47 {PIN}", "nothing_open"),
            (JUAN, PIN, "stray_pin"),
        ):
            assert (await gate.hears(sender, words)).outcome == told
        assert gate.fails(juan) == (0, 0)
