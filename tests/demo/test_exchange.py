"""The demo's aggregator: it speaks as a real one does, and drops what is no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from smsgate.clock import Clock
from smsgate.demo.exchange import Exchange
from smsgate.demo.stage import DemoError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PHONE = "+50372345678"


class House:
    """Answers every step with the next of some screens, and remembers the forms."""

    def __init__(self) -> None:
        """Begin with nothing to say."""
        self.says: list[tuple[int, str]] = []
        self.forms: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer a step, or an end notice."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        if "status" in form:
            return web.Response()
        status, text = self.says.pop(0)
        return web.Response(status=status, text=text)


@pytest.fixture
def house() -> House:
    """A house that says what a test tells it to."""
    return House()


@pytest.fixture
async def exchange(house: House) -> AsyncIterator[Exchange]:
    """An exchange with one house."""
    app = web.Application()
    app.router.add_post("/ussd", house.answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as client:
        yield Exchange(client, str(server.make_url("/ussd")), Clock())


async def test_the_text_grows_by_a_star(exchange: Exchange, house: House) -> None:
    """Each step repeats all input of the session, and its end is told with success."""
    house.says = [(200, "CON a"), (200, "CON b"), (200, "END c")]
    assert (await exchange.dial(PHONE, "*123*1#")).text == "a"
    await exchange.answer(PHONE, "20417")
    shown = await exchange.answer(PHONE, "5.00")
    assert (shown.text, shown.ends) == ("c", True)
    told = [form.get("text") for form in house.forms]
    assert told == ["1", "1*20417", "1*20417*5.00", None]
    assert house.forms[-1]["status"] == "Success"
    assert len({form["sessionId"] for form in house.forms}) == 1
    with pytest.raises(DemoError, match=r"has no session: dial \*123#"):
        await exchange.answer(PHONE, "1")


async def test_dialling_anew_cuts_off(exchange: Exchange, house: House) -> None:
    """A phone has one session; the one before is told to be incomplete."""
    house.says = [(200, "CON a"), (200, "CON b")]
    await exchange.dial(PHONE, "*123#")
    await exchange.dial(PHONE, "*123#")
    assert [form.get("status") for form in house.forms] == [None, "Incomplete", None]
    assert house.forms[0]["sessionId"] != house.forms[2]["sessionId"]


@pytest.mark.parametrize("said", [(503, ""), (200, "hello"), (404, "END no")])
async def test_what_is_no_screen_ends_the_session(
    exchange: Exchange, house: House, said: tuple[int, str]
) -> None:
    """The phone shows what networks show then, and may dial again."""
    house.says = [said, (200, "CON a")]
    shown = await exchange.dial(PHONE, "*123#")
    assert shown.ends
    assert shown.text.startswith("Connection problem")
    assert not (await exchange.dial(PHONE, "*123#")).ends


@pytest.mark.parametrize("code", ["*124#", "*1234#", "*123", "123#", "*123*x#"])
async def test_only_one_code_is_there(exchange: Exchange, code: str) -> None:
    """Whatever else is dialled reaches nobody."""
    with pytest.raises(DemoError, match=r"no service has this code: dial \*123#"):
        await exchange.dial(PHONE, code)
