"""Promises on texts from phones: handed over whole, once kept gone, never lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from modem.link import LinkStatus
from modem.pdu import encode_status_report
from modem.simulator import EmulatedModem
from tests.modem.rig import (
    MARIA,
    NOON,
    OFTEN,
    PEDRO,
    RecordingHouse,
    delivered,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_text_is_handed_over_and_then_deleted() -> None:
    """Sender, text, time and link of a text reach the house; then its slot is free."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            modem.deliver_pdu(delivered("PAY 12.50 70005678")[0])
            await rig.emptied()

    [incoming] = rig.house.kept
    assert (incoming.link, incoming.sender) == ("gsm", MARIA)
    assert (incoming.text, incoming.sent_at) == ("PAY 12.50 70005678", NOON)


async def test_a_text_stays_on_the_sim_until_it_is_kept() -> None:
    """While the house is at it nothing is deleted, and sending goes on."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            rig.house.hold(MARIA)
            modem.deliver_pdu(delivered("PAY 5 70005678")[0])
            await rig.house.until(lambda: rig.house.offered)
            references = [await rig.send() for _ in range(5)]
            held = modem.stored()
            rig.house.release(MARIA)
            await rig.emptied()

    assert (len(held), len(references), len(rig.house.offered)) == (1, 5, 1)


async def test_what_is_not_kept_is_offered_again() -> None:
    """A text the house refuses stays on the SIM and comes again under the same key."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            rig.house.refusals = 3
            modem.deliver_pdu(delivered("PAY 5 70005678")[0])
            await rig.emptied()

    assert len(rig.house.offered) == 4
    assert len({incoming.key for incoming in rig.house.offered}) == 1
    assert rig.house.texts == ["PAY 5 70005678"]


async def test_an_unexpected_failure_of_the_house_loses_nothing() -> None:
    """A house that breaks down at a text is offered it again."""

    class Broken(RecordingHouse):
        async def receive(self, incoming: object) -> None:
            if not self.offered:
                self.offered.append(incoming)  # type: ignore[arg-type]
                raise ValueError("a bug")
            await super().receive(incoming)  # type: ignore[arg-type]

    with EmulatedModem() as modem:
        async with running(modem, house=Broken()) as rig:
            modem.deliver_pdu(delivered("PAY 5 70005678")[0])
            await rig.emptied()

    assert rig.house.texts == ["PAY 5 70005678"]


async def test_texts_of_one_sender_come_in_order_of_the_network() -> None:
    """By the network's time and not by slot or memory, one after the other."""
    places = [("third", 2, "ME"), ("first", 0, "SM"), ("second", 1, "ME")]
    with EmulatedModem() as modem:
        for text, minutes, memory in places:
            at = NOON + timedelta(minutes=minutes)
            modem.store_pdu(delivered(text, at=at)[0], memory)
        modem.store_pdu(delivered("fourth", at=NOON + timedelta(hours=1))[0])
        async with running(modem) as rig:
            await rig.emptied()

    assert rig.house.texts == ["first", "second", "third", "fourth"]


async def test_a_slow_text_holds_up_its_own_sender_only() -> None:
    """Others are served meanwhile; the next of the same sender waits its turn."""
    with EmulatedModem() as modem:
        modem.store_pdu(delivered("one", MARIA)[0])
        modem.store_pdu(delivered("two", MARIA)[0])
        modem.store_pdu(delivered("other", PEDRO)[0])
        house = RecordingHouse()
        house.hold(MARIA)
        async with running(modem, house=house) as rig:
            await house.until(lambda: house.kept)
            offered = Counter(incoming.sender for incoming in house.offered)
            house.release(MARIA)
            await rig.emptied()

    assert offered == {MARIA: 1, PEDRO: 1}
    assert house.texts == ["other", "one", "two"]


async def test_a_text_that_is_not_kept_is_not_overtaken() -> None:
    """Later texts of its sender wait with it, so that no SI comes before its PAY."""
    with EmulatedModem() as modem:
        for second, text in enumerate(("PAY 5 70005678", "SI 4", "BAL")):
            at = NOON + timedelta(seconds=second)
            modem.store_pdu(delivered(text, at=at)[0])
        house = RecordingHouse()
        house.refusals = 2
        async with running(modem, house=house) as rig:
            await rig.emptied()

    assert house.texts == ["PAY 5 70005678", "SI 4", "BAL"]
    assert [incoming.text for incoming in house.offered][:3] == ["PAY 5 70005678"] * 3


async def test_a_storm_of_notices_loses_and_doubles_nothing() -> None:
    """A hundred texts at once, five times what the memory holds: each once."""
    sent = {f"+5037000{n:04}": f"PAY {n}.00 70005678" for n in range(100)}
    with EmulatedModem(slots=20) as modem:
        async with running(modem) as rig:
            for sender, text in sent.items():
                modem.deliver_pdu(delivered(text, sender)[0])
            await rig.house.until(lambda: len(rig.house.kept) >= 100)
            await rig.emptied()

    assert {incoming.sender: incoming.text for incoming in rig.house.kept} == sent
    assert len(rig.house.offered) == 100


async def test_texts_come_whole_while_sending_flat_out() -> None:
    """A hundred arrive while others are sent without a pause; all get there once."""
    texts = [f"PAY {n}.00 70005678" for n in range(100)]
    with EmulatedModem(slots=20) as modem:
        async with running(modem) as rig:

            async def send_flat_out() -> int:
                sent = 0
                while len(rig.house.kept) < len(texts):
                    await rig.send(f"Pagaste {sent}")
                    sent += 1
                return sent

            sending = asyncio.create_task(send_flat_out())  # noqa: TID251 - a test
            for number, text in enumerate(texts):
                modem.deliver_pdu(delivered(text, f"+5037000{number:04}")[0])
            sent = await sending
            await rig.emptied()
        shown = [text.text for text in modem.wait_texts(sent)]

    assert sorted(rig.house.texts) == sorted(texts)
    assert shown == [f"Pagaste {n}" for n in range(sent)]
    assert len(rig.house.reports) == sent


async def test_bytes_that_are_no_message_go_into_quarantine() -> None:
    """They are deleted once kept there, and the texts around them are read."""
    good = [delivered("one", MARIA)[0], delivered("two", PEDRO)[0]]
    with EmulatedModem() as modem:
        for pdu in (b"\xff\xff\xff", good[0], b"", good[1], good[0][:20]):
            modem.store_pdu(pdu)
        house = RecordingHouse()
        async with running(modem, house=house) as rig:
            await rig.emptied()

    assert sorted(house.texts) == ["one", "two"]
    assert sorted(noise.head + noise.body for noise in house.noise) == [
        b"",
        good[0][:20],
        b"\xff\xff\xff",
    ]
    assert all(noise.reason and noise.link == "gsm" for noise in house.noise)


async def test_noise_that_is_not_kept_stays() -> None:
    """Quarantine acknowledges last, like everything else."""
    with EmulatedModem() as modem:
        modem.store_pdu(b"\x00\x01\x02")
        house = RecordingHouse()
        house.refusals = 2
        async with running(modem, house=house) as rig:
            await rig.emptied()

    assert len(house.noise) == 1


async def test_every_memory_is_swept() -> None:
    """Texts in the modem and on the SIM, and reports of before, are all read."""
    with EmulatedModem() as modem:
        modem.store_pdu(delivered("in the modem")[0], "ME")
        modem.store_pdu(delivered("on the SIM", PEDRO)[0], "SM")
        told = encode_status_report(
            reference=7, recipient=MARIA, sent_at=NOON, discharged_at=NOON
        )
        modem.store_pdu(told, "SR")
        async with running(modem) as rig:
            await rig.emptied()

    assert sorted(rig.house.texts) == ["in the modem", "on the SIM"]
    assert [report.reference for report in rig.house.reports] == ["7"]


async def test_a_memory_that_fills_in_silence_is_emptied() -> None:
    """Some modems tell nothing; four fifths full or not, the next look finds it all."""
    with EmulatedModem(slots=20) as modem:
        async with running(modem, OFTEN) as rig:
            for number in range(20):
                sender = f"+5037000{number:04}"
                modem.store_pdu(delivered("BAL", sender)[0], "ME")
            await rig.house.until(lambda: len(rig.house.kept) == 20)
            await rig.emptied()
            await rig.until_told(lambda rig: rig.link.state.slots == (0, 20))

    assert len({incoming.sender for incoming in rig.house.kept}) == 20


@pytest.mark.parametrize(
    "lines", ["^RSSI: 20", '+CMTI: "ME",2', "+CREG: 1", "RING", "\xe9\xff\x00"]
)
async def test_lines_that_break_into_a_listing_do_no_harm(lines: str) -> None:
    """A notice between a header and its PDU is not taken for the message."""
    with EmulatedModem() as modem:
        modem.faults.interject("AT+CMGL", lines, times=1_000)
        for n, text in enumerate(("one", "two")):
            modem.store_pdu(delivered(text, at=NOON + timedelta(seconds=n))[0])
        async with running(modem) as rig:
            await rig.emptied()

    assert (rig.house.texts, rig.house.noise) == (["one", "two"], [])


async def test_a_text_that_was_never_stored_is_handed_over_too() -> None:
    """Some modems show a text at once instead of storing it, in a listing even."""
    [pdu] = delivered("shown at once", PEDRO)
    direct = f"+CMT: ,{len(pdu) - 1 - pdu[0]}\n{pdu.hex().upper()}"
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            rig.house.refusals = 1
            modem.faults.interject("AT+CMGL", direct)
            modem.deliver_pdu(delivered("stored")[0])
            await rig.house.until(lambda: len(rig.house.kept) == 2)

    assert sorted(rig.house.texts) == ["shown at once", "stored"]


async def test_a_text_that_was_never_stored_outlives_the_connection(
    tmp_path: Path,
) -> None:
    """It is nowhere but with us, so it is offered until it is kept."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem) as rig:
            rig.house.refusals = 1_000_000
            modem._messages.notify[1] = 2
            modem.deliver_pdu(delivered("shown at once")[0])
            await rig.house.until(lambda: rig.house.offered)
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            rig.house.refusals = 0
            modem.replug()
            await rig.house.until(lambda: rig.house.kept)

    assert rig.house.texts == ["shown at once"]


async def test_a_redelivered_text_has_the_same_key() -> None:
    """Another slot, service centre or more-to-come bit changes nothing."""
    [pdu] = delivered("PAY 5 70005678")
    [again] = delivered("PAY 5 70005678", smsc="+50379999999")
    first = 1 + again[0]
    again = again[:first] + bytes([again[first] ^ 0x04]) + again[first + 1 :]
    [other] = delivered("PAY 5 70005678", at=NOON + timedelta(seconds=1))
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            for message in (pdu, again, other):
                modem.deliver_pdu(message)
            await rig.house.until(lambda: len(rig.house.kept) == 3)
            await rig.emptied()

    one, two, three = (incoming.key for incoming in rig.house.kept)
    assert one == two != three


async def test_a_wrong_zone_is_corrected() -> None:
    """The minutes in the settings are added to the network's time, not to the key."""
    with EmulatedModem() as modem:
        modem.store_pdu(delivered("BAL")[0])
        async with running(modem) as plain:
            await plain.emptied()
        modem.store_pdu(delivered("BAL")[0])
        async with running(modem, time_offset_minutes=-360) as moved:
            await moved.emptied()

    [before], [after] = plain.house.kept, moved.house.kept
    assert after.sent_at == NOON - timedelta(hours=6)
    assert after.key == before.key


async def test_a_delete_is_never_repeated_blindly() -> None:
    """When its answer is lost, the slot may hold another text: that one is read."""
    with EmulatedModem(slots=1) as modem:
        modem.faults.lose_answer("AT+CMGD", taken=True)
        modem.deliver_pdu(delivered("one", MARIA)[0])
        modem.deliver_pdu(delivered("two", PEDRO)[0])
        async with running(modem, OFTEN, answer_s=0.3) as rig:
            await rig.emptied()

    assert rig.house.texts == ["one", "two"]


async def test_a_slot_that_cannot_be_emptied_is_tried_again() -> None:
    """Its text comes again under the same key, and others go on coming."""
    with EmulatedModem() as modem:
        modem.faults.fail("AT+CMGD", "+CMS ERROR: 320", times=2)
        modem.deliver_pdu(delivered("one", MARIA)[0])
        modem.deliver_pdu(delivered("two", PEDRO)[0])
        async with running(modem, OFTEN) as rig:
            await rig.emptied()

    keys = Counter(incoming.text for incoming in rig.house.kept)
    assert keys == {"one": 2, "two": 2}
    assert len({incoming.key for incoming in rig.house.kept}) == 2


async def test_a_slot_of_an_earlier_connection_is_not_deleted(tmp_path: Path) -> None:
    """After a reopen the old answer frees nothing: another text may lie there."""
    with EmulatedModem(link=tmp_path / "modem", report_status=None) as modem:
        async with running(modem) as rig:
            rig.house.hold(MARIA, PEDRO)
            modem.deliver_pdu(delivered("one", MARIA)[0])
            await rig.house.until(lambda: rig.house.offered)
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            modem._messages.memories["ME"].slots.clear()
            slot = modem.store_pdu(delivered("two", PEDRO)[0])
            modem.replug()
            await rig.house.until(lambda: len(rig.house.offered) == 2)
            rig.house.release(MARIA)
            await rig.house.until(lambda: rig.house.kept)
            # By then what the house said has reached the modem's thread.
            await rig.send()
            await rig.send()
            held = list(modem.stored())
            rig.house.release(PEDRO)
            await rig.emptied()

    assert (slot, held, rig.house.texts) == (1, [1], ["one", "two"])


async def test_a_text_under_way_is_not_offered_twice_at_once(tmp_path: Path) -> None:
    """A reopen while the house is at a text offers it again only afterwards."""
    with EmulatedModem(link=tmp_path / "modem", report_status=None) as modem:
        async with running(modem) as rig:
            rig.house.hold(MARIA)
            modem.deliver_pdu(delivered("one", MARIA)[0])
            await rig.house.until(lambda: rig.house.offered)
            modem.unplug()
            await rig.house.until_state(LinkStatus.down)
            modem.replug()
            await rig.up()
            modem.deliver_pdu(delivered("two", PEDRO)[0])
            await rig.house.until(lambda: rig.house.kept)
            under_way = len(rig.house.offered)
            rig.house.release(MARIA)
            await rig.emptied()

    assert under_way == 2
    assert rig.house.texts == ["two", "one", "one"]


async def test_a_memory_that_stays_full_is_told() -> None:
    """From four fifths on the operator is warned, until there is room again."""
    with EmulatedModem(slots=10) as modem:
        async with running(modem, OFTEN) as rig:
            rig.house.refusals = 10_000
            for n in range(8):
                modem.deliver_pdu(delivered("BAL", f"+5037000{n:04}")[0])
            full = await rig.house.until_state(LinkStatus.degraded)
            rig.house.refusals = 0
            await rig.emptied()
            await rig.up()

    assert full.slots == (8, 10)
    assert full.reason.startswith("Memory ME holds 8 of 10 texts")


async def test_a_memory_that_cannot_be_emptied_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its texts are handled and stay, nothing comes in any more: so it says, once."""
    with EmulatedModem(slots=5) as modem:
        modem.faults.fail("AT+CMGD", "+CMS ERROR: 320", times=10_000)
        # Seldom enough that each is handled long before it is listed again.
        async with running(modem, OFTEN, poll_s=0.3) as rig:
            for n in range(5):
                modem.deliver_pdu(delivered("BAL", f"+5037000{n:04}")[0])
            full = await rig.house.until_state(LinkStatus.degraded)
            modem.faults.clear()
            await rig.emptied()
            await rig.up()

    assert full.reason == (
        "Memory ME holds 5 of 5 texts that cannot be handled or deleted; see the log, "
        "and empty the SIM in a phone if this lasts."
    )
    told = [record.message for record in caplog.records if "emptied" in record.message]
    assert told == ["gsm: slots of ME cannot be emptied; it is tried again"]


async def test_a_full_memory_is_emptied_and_what_waits_comes() -> None:
    """A modem that was off for long is full at start; everything is read."""
    with EmulatedModem(slots=5, sm_slots=5) as modem:
        texts = [f"BAL {n}" for n in range(40)]
        for n, text in enumerate(texts):
            modem.deliver_pdu(delivered(text, f"+5037000{n:04}")[0])
        async with running(modem) as rig:
            await rig.emptied()

    assert sorted(rig.house.texts) == sorted(texts)


async def test_a_text_in_the_middle_of_a_campaign_is_read_after_one_send() -> None:
    """A slow radio keeps it waiting for the send on the air, and for no other."""
    with EmulatedModem(radio_s=0.5, report_status=None) as modem:
        async with running(modem) as rig:

            async def send_flat_out() -> None:
                while not rig.house.kept:
                    await rig.send("Feria el sabado")

            async with asyncio.TaskGroup() as group:
                group.create_task(send_flat_out())
                await rig.until_told(lambda _: len(modem.sent) >= 1)
                before = len(modem.sent)
                modem.deliver_pdu(delivered("SALDO")[0])
                await rig.house.until(lambda: rig.house.kept)
                sent = len(modem.sent) - before

    assert sent <= 1
