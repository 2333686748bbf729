"""Promises on texts to phones: sent once, or the house is told that it is not known."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import gammu
import pytest

from modem.errors import LinkDown, LinkError, Rejected, Unsure
from modem.gsm import GsmLink
from modem.link import LinkStatus, Outgoing, OutgoingPart, ReportStatus
from modem.simulator import EmulatedModem
from tests.modem.rig import (
    FAST,
    MARIA,
    PEDRO,
    RecordingHouse,
    StoppedClock,
    delivered,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

NIGHT = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)


async def test_a_text_is_sent_and_named() -> None:
    """The phone shows it, and the reference is the one the network gave."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            references = [await rig.send(f"hola {n} ñ") for n in range(3)]
        shown = [(text.to, text.text) for text in modem.wait_texts(3)]

    assert references == [("0",), ("1",), ("2",)]
    assert shown == [(PEDRO, f"hola {n} ñ") for n in range(3)]


async def test_what_is_sent_is_read_by_others() -> None:
    """Gammu finds number, text and the wish for a report in what we submit."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            await rig.send("Recibió $5.00")
        [submitted] = modem.sent

    read = gammu.DecodePDU(b"\x00" + submitted.tpdu, True)
    assert (read["Number"], read["Text"].split("\0")[0]) == (PEDRO, "Recibió $5.00")
    assert submitted.wants_report


async def test_reports_are_asked_for_only_where_they_are_wanted() -> None:
    """The setting reaches the wire."""
    with EmulatedModem() as modem:
        async with running(modem, reports=False) as rig:
            await rig.send()

    assert [submitted.wants_report for submitted in modem.sent] == [False]
    assert not rig.link.capabilities.report


async def test_a_long_text_has_a_reference_for_each_part() -> None:
    """Its parts bear one number from outside, and the phone shows one text."""
    numbers = iter((250, 251))
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            rig.link._references = numbers.__next__
            references = [await rig.send("x" * 400), await rig.send("y" * 200)]
        shown = [text.text for text in modem.wait_texts(2)]

    assert references == [("0", "1", "2"), ("3", "4")]
    assert shown == ["x" * 400, "y" * 200]
    read = [gammu.DecodePDU(b"\x00" + sent.tpdu, True)["UDH"] for sent in modem.sent]
    assert [udh["ID8bit"] for udh in read] == [250] * 3 + [251] * 2
    assert [udh["PartNumber"] for udh in read] == [1, 2, 3, 1, 2]


async def test_a_part_can_be_sent_by_itself() -> None:
    """In any order, and again over a new connection; the phone shows the text once."""
    text = "pan dulce y cafe " * 20
    with EmulatedModem() as modem:
        references: list[str] = []
        for numbers in ((3, 1), (2,)):
            async with running(modem) as rig:
                for number in numbers:
                    part = OutgoingPart(number=number, tie=77)
                    sent = await rig.link.send(
                        Outgoing(id=1, to=PEDRO, text=text, part=part)
                    )
                    references += sent.references
        shown = [one.text for one in modem.wait_texts(1)]

    assert (references, shown) == (["0", "1", "2"], [text])


async def test_references_of_long_texts_rise() -> None:
    """Two long texts in a row never bear the same number."""
    link = GsmLink(name="gsm", settings=FAST, clock=StoppedClock())
    numbers = [link._references() for _ in range(300)]

    assert numbers == list(range(numbers[0], numbers[0] + 300))


@pytest.mark.parametrize("taken", [True, False])
async def test_a_lost_answer_is_unsure(taken: bool) -> None:
    """Whether the network took it or not, we do not know; the next text is sent."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, submit_s=0.1) as rig:
            modem.faults.lose_answer("AT+CMGS", taken=taken)
            with pytest.raises(Unsure):
                await rig.send("one")
            await rig.send("two")

    assert len(modem.sent) == 1 + taken


async def test_an_answer_that_comes_late_still_counts() -> None:
    """The reference is found among what the modem says when it is asked again."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, submit_s=0.05) as rig:
            modem.set_speed(radio_s=0.15)
            late = await rig.send("one")
            modem.set_speed()
            references = [late, await rig.send("two")]

    assert references == [("0",), ("1",)]


async def test_a_reference_counts_without_its_ok() -> None:
    """Once the network named the text it is sent, whatever the modem says then."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, submit_s=0.3, answer_s=0.3) as rig:
            modem.faults.lose_answer("AT+CMGS")
            modem.on_submit(lambda _: modem.say("+CMGS: 0"))
            assert await rig.send("one") == ("0",)


async def test_a_prompt_that_never_comes_means_that_nothing_was_sent() -> None:
    """The modem is led out of its prompt, and the next text goes as usual."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, prompt_s=0.1) as rig:
            modem.faults.no_prompt()
            with pytest.raises(LinkDown):
                await rig.send("one")
            await rig.send("two")
        shown = [text.text for text in modem.wait_texts(1)]

    assert shown == ["two"]


async def test_a_prompt_that_comes_late_swallows_nothing() -> None:
    """No command and no text ends up as the body of another."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem, prompt_s=0.05) as rig:
            modem.faults.delay("AT+CMGS", 0.1)
            with pytest.raises(LinkDown):
                await rig.send("one")
            modem.deliver_pdu(delivered("BAL")[0])
            await rig.send("two")
            await rig.emptied()
        shown = [text.text for text in modem.wait_texts(1)]

    assert (shown, rig.house.texts) == (["two"], ["BAL"])


#: Error of the modem, and what it means for the text.
ERRORS: list[tuple[str, type[LinkError]]] = [
    ("+CMS ERROR: 1", Rejected),  # no such number
    ("+CMS ERROR: 28", LinkDown),  # our SIM is not known
    ("+CMS ERROR: 38", LinkDown),  # network out of order
    ("+CMS ERROR: 41", LinkDown),  # temporary failure
    ("+CMS ERROR: 42", LinkDown),  # congestion
    ("+CMS ERROR: 96", Rejected),  # bad PDU
    ("+CMS ERROR: 195", Rejected),  # bad address
    ("+CMS ERROR: 197", Unsure),  # the centre has it already
    ("+CMS ERROR: 304", Rejected),  # bad PDU
    ("+CMS ERROR: 322", LinkDown),  # memory full
    ("+CMS ERROR: 330", LinkDown),  # no service centre
    ("+CMS ERROR: 331", LinkDown),  # no network
    ("+CMS ERROR: 332", Unsure),  # no answer of the network
    ("+CMS ERROR: 500", LinkDown),  # unknown
    ("+CMS ERROR: 4711", LinkDown),  # of a maker of his own
    ("+CME ERROR: 100", LinkDown),
    ("ERROR", LinkDown),
]


async def test_errors_of_the_network_are_told_apart() -> None:
    """What will never do is rejected, what may pass is tried again, and what may have
    been sent is said to be unsure; each leaves the modem ready for the next.
    """
    kinds = []
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            for answer, _ in ERRORS:
                modem.faults.fail("AT+CMGS", answer)
                with pytest.raises(LinkError) as raised:
                    await rig.send()
                kinds.append((answer, raised.type))
            await rig.send("then")

    assert kinds == ERRORS
    assert len(modem.sent) == 1


async def test_a_number_that_cannot_be_dialled_is_rejected() -> None:
    """Nothing is asked of the modem for it."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            with pytest.raises(Rejected):
                await rig.send(to="nobody")

    assert modem.sent == []


async def test_unplugged_before_the_prompt_nothing_was_sent(tmp_path: Path) -> None:
    """The text may be sent again, and so may those that waited behind it."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        async with running(modem) as rig:
            modem.faults.unplug("AT+CMGS")
            sending = [rig.send(text) for text in ("one", "two", "three")]
            results = await asyncio.gather(*sending, return_exceptions=True)

    assert [type(result) for result in results] == [LinkDown] * 3
    assert modem.sent == []


async def test_unplugged_after_the_text_was_written_it_is_unsure(
    tmp_path: Path,
) -> None:
    """Only the one that was under way; those behind it were not sent."""
    with EmulatedModem(link=tmp_path / "modem") as modem:
        modem.on_submit(lambda _: modem.unplug())
        async with running(modem) as rig:
            sending = [rig.send(text) for text in ("one", "two", "three")]
            results = await asyncio.gather(*sending, return_exceptions=True)

    assert [type(result) for result in results] == [Unsure, LinkDown, LinkDown]
    assert len(modem.sent) == 1


async def test_without_a_network_nothing_is_tried() -> None:
    """The house is told at once, and sends again when the network is back."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            modem.register(2)
            state = await rig.house.until_state(LinkStatus.degraded)
            with pytest.raises(LinkDown, match="looks for a network"):
                await rig.send("one")
            modem.register(5)
            await rig.up()
            await rig.send("two")

    assert state.reason.startswith("The modem looks for a network")
    assert len(modem.sent) == 1


async def test_texts_that_wait_are_given_back_when_the_network_goes() -> None:
    """They were not sent, and nothing is asked of the modem for them."""
    with EmulatedModem(report_status=None) as modem:
        modem.on_submit(lambda _: modem.register(2))
        async with running(modem) as rig:
            sending = [rig.send(str(n)) for n in range(20)]
            results = await asyncio.gather(*sending, return_exceptions=True)

    assert results[0] == ("0",)
    assert {type(result) for result in results[1:]} == {LinkDown}
    words = [str(result) for result in results[1:]]
    assert sum("looks for a network" in word for word in words) > 10


async def test_a_link_that_does_not_run_sends_nothing() -> None:
    """Neither before it is run nor after it was stopped."""
    with EmulatedModem() as modem:
        async with running(modem) as rig:
            await rig.stop()
            with pytest.raises(LinkDown):
                await rig.send()
    idle = GsmLink(name="gsm", settings=FAST, clock=StoppedClock())
    with pytest.raises(LinkDown):
        await idle.send(Outgoing(id=1, to=PEDRO, text="hola"))


async def test_a_send_that_is_given_up_in_time_is_not_sent() -> None:
    """A caller that no longer waits, for a text that was not begun, sends nothing."""
    with EmulatedModem(report_status=None, radio_s=0.05) as modem:
        async with running(modem) as rig:
            async with asyncio.TaskGroup() as group:
                first = group.create_task(rig.send("one"))
                second = group.create_task(rig.send("two"))
                third = group.create_task(rig.send("three"))
                await asyncio.to_thread(modem.wait_sent, 1)
                third.cancel()
            await asyncio.wait([first, second])

    assert len(modem.sent) == 2


async def test_a_text_waits_for_one_exchange_at_most() -> None:
    """With sixty slots to be emptied, a text is sent long before the last of them."""
    left = []
    with EmulatedModem(slots=60, latency_s=0.002, report_status=None) as modem:
        modem.on_submit(lambda _: left.append(len(modem.stored())))
        for n in range(60):
            modem.store_pdu(delivered("BAL", f"+5037000{n:04}")[0])
        async with running(modem) as rig:
            await rig.house.until(lambda: rig.house.kept)
            await rig.send("receipt")
            await rig.emptied()

    assert left[0] > 40


async def test_the_character_set_is_not_left_as_ucs2() -> None:
    """A modem that another program left in UCS2 speaks GSM again; USSD needs it."""
    with EmulatedModem(report_status=None) as modem:
        modem._general.settings["+CSCS"] = '"UCS2"'
        async with running(modem) as rig:
            await rig.send("Recibió ☕")
        character_set = modem._general.settings["+CSCS"]

    assert character_set == '"GSM"'


# Reports


async def test_a_report_names_the_text_it_is_about() -> None:
    """Reference, number, time and status reach the house; then SR is emptied."""
    with EmulatedModem(clock=lambda: NIGHT) as modem:
        async with running(modem) as rig:
            references = await rig.send()
            await rig.house.until(lambda: rig.house.reports)
            await rig.emptied()

    [report] = rig.house.reports
    assert (report.link, report.reference, report.to) == ("gsm", *references, PEDRO)
    assert (report.status, report.at) == (ReportStatus.delivered, NIGHT)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0x00, ReportStatus.delivered),
        (0x30, ReportStatus.trying),
        (0x46, ReportStatus.failed),
        (0x63, ReportStatus.failed),
    ],
)
async def test_reports_say_what_the_network_says(
    code: int, status: ReportStatus
) -> None:
    """Still trying is no failure, and the number is there for the operator."""
    with EmulatedModem(report_status=code) as modem:
        async with running(modem) as rig:
            await rig.send()
            await rig.house.until(lambda: rig.house.reports)

    [report] = rig.house.reports
    assert (report.status, report.code) == (status, f"0x{code:02X}")


async def test_a_report_that_is_not_kept_stays() -> None:
    """It is offered again until the house has it, and only then leaves SR."""
    with EmulatedModem() as modem:
        house = RecordingHouse()
        async with running(modem, house=house) as rig:
            house.refusals = 3
            await rig.send()
            await rig.emptied()

    assert len(house.reports) == 1
    assert house.refusals == 0


async def test_every_report_of_a_burst_is_kept() -> None:
    """More than SR holds at once, of long texts too."""
    with EmulatedModem(sr_slots=3) as modem:
        async with running(modem) as rig:
            references = [await rig.send("x" * 400) for _ in range(10)]
            await rig.house.until(lambda: len(rig.house.reports) == 30)
            await rig.emptied()

    sent = [reference for each in references for reference in each]
    assert sorted(report.reference for report in rig.house.reports) == sorted(sent)


async def test_a_report_that_is_not_stored_is_kept_too() -> None:
    """Modems without an SR memory show reports as they come, in an answer even."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            await rig.send()
            modem._messages.notify[3] = 1
            modem.report(modem.sent[0])
            await rig.house.until(lambda: rig.house.reports)

    assert [report.reference for report in rig.house.reports] == ["0"]


async def test_a_report_stored_among_texts_is_no_text() -> None:
    """Some modems put reports where texts lie."""
    with EmulatedModem(report_status=None) as modem:
        async with running(modem) as rig:
            await rig.send()
            modem.report_by_itself(0)
            modem._network.report(modem.sent[0], 0)
            modem.deliver_pdu(modem._network.reports.pop())
            modem.deliver_pdu(delivered("BAL", MARIA)[0])
            await rig.emptied()

    assert [report.reference for report in rig.house.reports] == ["0"]
    assert (rig.house.texts, rig.house.noise) == (["BAL"], [])
