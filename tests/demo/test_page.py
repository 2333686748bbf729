"""The demo's page in a real browser: phones, modem and books, live."""

from __future__ import annotations

import re
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.demo.browsing import ROOT, opened, showing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PNG_MAX = 300_000
NOTHING = "Nobody has paid anybody yet."


def phone(page: Page, who: str) -> Locator:
    """Return somebody's phone with the note above it."""
    region = page.get_by_role("region", name=f"Phone of {who}", exact=True)
    return page.locator("article.set").filter(has=region)


def chat(page: Page, who: str) -> Locator:
    """Return the texts on somebody's screen."""
    return page.get_by_role("log", name=f"Texts of {who}", exact=True)


def code(page: Page, who: str) -> str:
    """Read somebody's code off the note."""
    return phone(page, who).locator(".code").inner_text()


def writes(page: Page, who: str, text: str) -> None:
    """Type a text and send it with Enter."""
    field = page.get_by_label(f"Text from {who}", exact=True)
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_value("")


def lines(page: Page) -> Locator:
    """Return the ledger's lines."""
    return page.locator("#lines tr")


def test_a_payment_typed_on_one_phone_shows_everywhere(page: Page) -> None:
    """Both receipts arrive by themselves, and the ledger's line agrees with them."""
    rosa = code(page, "Rosa")
    writes(page, "Juan", f"PAGAR {rosa} 25.50 7305")
    paid = chat(page, "Juan").locator("li.in")
    expect(paid).to_contain_text(f"PAGO OK 25.50 PT a Panaderia Luz ({rosa}).")
    expect(chat(page, "Rosa").locator("li.in")).to_contain_text(
        "RECIBIO 25.50 PT de Juan Perez"
    )
    found = re.search(r"Ref (\d{6}-\d{4})", paid.inner_text())
    assert found is not None
    expect(chat(page, "Rosa")).to_contain_text(found[1])
    expect(lines(page)).to_have_count(1)
    cells = lines(page).locator("td").all_inner_texts()
    assert cells[1:] == [
        "Juan Perez→Panaderia Luz",
        "25.50",
        found[1],
        "−25.50 / 25.50",
    ]
    expect(page.locator("#sum")).to_have_text("0.00")
    expect(page.locator("#head")).to_have_text(re.compile(r"^\d+ · [0-9a-f]{16}$"))
    expect(phone(page, "Rosa").locator(".balance")).to_have_text("25.50")


def test_ready_texts_lead_through_two_steps(page: Page) -> None:
    """A ready text asks first, another answers with the question's number and PIN."""
    oscar = phone(page, "Oscar")
    oscar.get_by_role("button", name="Pay 3, ask first").click()
    oscar.get_by_role("button", name="Send").click()
    expect(chat(page, "Oscar")).to_contain_text("Pay 3.00 PT to Juan Perez")
    expect(lines(page)).to_have_text(NOTHING)
    oscar.get_by_role("button", name=re.compile("^Answer .. with PIN$")).click()
    oscar.get_by_role("button", name="Send").click()
    expect(chat(page, "Oscar")).to_contain_text("PAID 3.00 PT to Juan Perez")
    expect(chat(page, "Juan")).to_contain_text("RECIBIO 3.00 PT de Oscar Lemus")


def screen(page: Page, who: str) -> Locator:
    """Return what somebody's phone shows of a session."""
    return page.get_by_role("dialog", name=f"*123# on the phone of {who}", exact=True)


def answers(page: Page, who: str, *typed: str) -> None:
    """Answer the screens of a session, one after the other, with Enter."""
    field = page.get_by_label(f"Answer of {who} to the screen", exact=True)
    for text in typed:
        before = screen(page, who).locator(".told").inner_text()
        field.fill(text)
        field.press("Enter")
        expect(screen(page, who).locator(".told")).not_to_have_text(before)


def test_a_session_is_dialled_and_pays(page: Page) -> None:
    """*123# opens the menu on the phone, in its member's language, up to the result."""
    writes(page, "Oscar", "*123#")
    told = screen(page, "Oscar").locator(".told")
    expect(told).to_contain_text(
        "MENU Red. Reply a number:\n1 Pay", use_inner_text=True
    )
    answers(page, "Oscar", "1", code(page, "Rosa"), "12")
    expect(told).to_contain_text(
        f"Pay 12.00 PT to Panaderia Luz ({code(page, 'Rosa')})."
    )
    expect(lines(page)).to_have_text(NOTHING)
    # The keys of the phone type into the session.
    oscar = phone(page, "Oscar")
    for key in "3746":
        oscar.get_by_role("button", name=f"Key {key}", exact=True).click()
    oscar.get_by_role("button", name="Send", exact=True).click()
    expect(told).to_contain_text("PAID 12.00 PT to Panaderia Luz")
    expect(chat(page, "Rosa")).to_contain_text("RECIBIO 12.00 PT de Oscar Lemus")
    expect(lines(page)).to_have_count(1)
    oscar.get_by_role("button", name="OK", exact=True).click()
    expect(screen(page, "Oscar")).to_be_hidden()
    # He has seen it: no text is owed for it, and what he writes is a text again.
    writes(page, "Oscar", "HELP")
    expect(chat(page, "Oscar").locator("li.in")).to_have_count(1)


def test_a_session_that_is_cancelled_can_be_gone_on_with(page: Page) -> None:
    """Cancel cuts it off and nothing is paid; dialled again, it offers to go on."""
    rosa = code(page, "Rosa")
    writes(page, "Juan", f"*123*1*{rosa}*25*50#")
    told = screen(page, "Juan").locator(".told")
    expect(told).to_contain_text(f"Pagar 25.50 PT a Panaderia Luz ({rosa}).\nPIN:")
    phone(page, "Juan").get_by_role("button", name="Cancel", exact=True).click()
    expect(screen(page, "Juan")).to_be_hidden()
    expect(lines(page)).to_have_text(NOTHING)
    phone(page, "Juan").get_by_role("button", name="Dial *123#", exact=True).click()
    phone(page, "Juan").get_by_role("button", name="Send", exact=True).click()
    expect(told).to_contain_text("Su sesion de antes se corto.")
    answers(page, "Juan", "1", "7305")
    expect(told).to_contain_text("PAGO OK 25.50 PT")
    expect(lines(page)).to_have_count(1)


def test_a_code_that_nobody_has_is_said(browser: Browser) -> None:
    """What is dialled wrong reaches nobody, and the page says what to dial."""
    with showing() as url, opened(browser, url) as (page, _):
        field = page.get_by_label("Text from Juan", exact=True)
        field.fill("*124#")
        field.press("Enter")
        told = "no service has this code: dial *123#"
        expect(page.get_by_role("alert")).to_have_text(told)
        expect(screen(page, "Juan")).to_be_hidden()


def test_a_wrong_pin_pays_nothing(page: Page) -> None:
    """The answer counts the tries left, and the ledger stays empty."""
    juan = phone(page, "Juan")
    juan.get_by_role("button", name="Wrong PIN").click()
    juan.get_by_role("button", name="Send").click()
    expect(chat(page, "Juan")).to_contain_text("PIN incorrecto. Le quedan 2 intentos")
    expect(lines(page)).to_have_text(NOTHING)


def test_a_text_delivered_twice_counts_once(page: Page) -> None:
    """The network's second delivery is shown, and neither pays nor answers again."""
    writes(page, "Juan", f"PAGAR {code(page, 'Rosa')} 25.50 7305")
    expect(chat(page, "Rosa")).to_contain_text("RECIBIO 25.50")
    phone(page, "Juan").get_by_role("button", name="Redeliver the last").click()
    expect(chat(page, "Juan")).to_contain_text("delivered again by the network")
    # Asked behind it, so answered behind it.
    writes(page, "Juan", "AYUDA")
    expect(chat(page, "Juan")).to_contain_text("SALDO y su PIN")
    expect(chat(page, "Juan").locator("li.in")).to_have_count(2)
    expect(chat(page, "Rosa").locator("li.in")).to_have_count(1)
    expect(lines(page)).to_have_count(1)


def test_the_modem_comes_back_and_nothing_is_lost(page: Page) -> None:
    """A text sent while the modem is out waits, and is paid and answered afterwards."""
    status = page.get_by_role("status")
    page.get_by_role("button", name="Unplug the modem").click()
    expect(status).to_contain_text("The modem is unplugged.")
    writes(page, "Juan", f"PAGAR {code(page, 'Rosa')} 25.50 7305")
    expect(status).to_contain_text("Waiting in the network: 1")
    expect(lines(page)).to_have_text(NOTHING)
    page.get_by_role("button", name="Plug it in again").click()
    expect(status).to_contain_text("The modem is connected.")
    expect(chat(page, "Juan")).to_contain_text("PAGO OK 25.50 PT")
    expect(chat(page, "Rosa")).to_contain_text("RECIBIO 25.50 PT")
    expect(lines(page)).to_have_count(1)


def test_the_page_speaks_spanish_too(page: Page) -> None:
    """One button changes every word of the page; what members get stays theirs."""
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(
        page.get_by_role("heading", name="El libro, línea por línea")
    ).to_be_visible()
    expect(page.get_by_role("region", name="Teléfono de Juan")).to_be_visible()
    expect(page.get_by_role("button", name="Desconectar el módem")).to_be_visible()
    field = page.get_by_label("Mensaje de Oscar", exact=True)
    field.fill("help")
    field.press("Enter")
    expect(page.get_by_role("log", name="Mensajes de Oscar")).to_contain_text(
        "BAL and your PIN"
    )


def test_it_begins_in_the_language_asked_for(browser: Browser) -> None:
    """--language es is where the page begins."""
    with showing("--language", "es") as url, opened(browser, url) as (page, complaints):
        expect(page.get_by_role("region", name="Teléfono de Juan")).to_be_visible()
        assert complaints == []


def test_a_member_may_change_the_language(page: Page) -> None:
    """After LANG EN the answers are English, and so are the ready texts."""
    writes(page, "Juan", "LANG EN")
    expect(chat(page, "Juan")).to_contain_text("from now on we write to you in English")
    balance = phone(page, "Juan").get_by_role("button", name="Balance")
    expect(balance).to_have_attribute("title", "BAL 7305")


def test_the_length_is_counted_as_it_is_paid_for(page: Page) -> None:
    """160 septets are one SMS, 161 are two; € is two; ê leaves the GSM alphabet."""
    field = page.get_by_label("Text from Juan", exact=True)
    count = phone(page, "Juan").locator(".count")
    for text, told in (
        ("", "0/160 · 1 SMS"),
        ("ñ€", "3/160 · 1 SMS"),
        ("a" * 160, "160/160 · 1 SMS"),
        ("a" * 161, "161/306 · 2 SMS"),
        ("ê", "not GSM · 1/70 · 1 SMS"),
        ("ê" * 71, "not GSM · 71/134 · 2 SMS"),
    ):
        field.fill(text)
        expect(count).to_have_text(told)


def test_a_phone_can_be_anybodys(page: Page) -> None:
    """Any of the six can be chosen; two phones that would be the same change places."""
    phones = page.locator("article.set")
    first = phones.first.get_by_role("combobox")
    expect(first.locator("option")).to_have_count(6)
    first.select_option("Ana")
    expect(page.get_by_role("region", name="Phone of Ana", exact=True)).to_be_visible()
    first.select_option("Rosa")
    expect(phones.nth(1).locator(".also")).to_contain_text("Ana Flores")
    writes(page, "Ana", "AYUDA")
    expect(chat(page, "Ana")).to_contain_text("SALDO y su PIN")


def test_a_page_opened_later_shows_what_happened(browser: Browser, page: Page) -> None:
    """Whoever opens the page later sees the same texts, screens and books."""
    writes(page, "Juan", f"PAGAR {code(page, 'Rosa')} 25.50 7305")
    expect(lines(page)).to_have_count(1)
    expect(chat(page, "Rosa")).to_contain_text("RECIBIO")
    writes(page, "Juan", "*123#")
    expect(screen(page, "Juan")).to_contain_text("1 Pagar")
    with opened(browser, page.url) as (other, complaints):
        expect(chat(other, "Rosa")).to_contain_text("RECIBIO 25.50 PT")
        expect(screen(other, "Juan")).to_contain_text("1 Pagar")
        assert lines(other).all_inner_texts() == lines(page).all_inner_texts()
        assert complaints == []


def test_an_open_page_says_when_the_demo_has_stopped(browser: Browser) -> None:
    """Ctrl-C is not kept waiting by an open page, which then says what to do."""
    with ExitStack() as stack:
        with showing() as url:
            page, _ = stack.enter_context(opened(browser, url))
        expect(page.get_by_role("alert")).to_contain_text("The demo has stopped.")


def test_only_this_machine_by_its_own_name_is_answered() -> None:
    """A request under another host's name, or from another site's page, is refused."""
    with showing() as url:
        address = urlsplit(url).netloc
        for headers, status in (
            ({"Host": address}, 200),
            ({"Host": "bank.example"}, 403),
            ({"Host": address, "Origin": "http://bank.example"}, 403),
            ({"Host": address, "Origin": "null"}, 403),
        ):
            connection = HTTPConnection(address, timeout=10)
            connection.request("GET", "/", headers=headers)
            assert connection.getresponse().status == status, headers
            connection.close()


def test_the_readme_has_its_picture() -> None:
    """docs/screenshot.py has written it, and it is no burden to load."""
    picture = ROOT / "docs" / "images" / "demo.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size <= PNG_MAX
