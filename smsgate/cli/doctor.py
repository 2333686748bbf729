"""`smsgate doctor`: everything that can be wrong, a line each, with what to do.

What comes in: a shell. What goes out: lines, and exit code 1 where one of them fails.
The running daemon is asked, for it has the ports; where there is none, or it hangs, the
same is looked at here, and every link is run for a moment with a house that keeps
nothing, so that no text is lost by looking. The lines are made in
`smsgate.operations.house.doctor`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import click

from smsgate.cli.printing import plain
from smsgate.cli.shell import Shell, telling
from smsgate.operations import requests

if TYPE_CHECKING:
    from modem.link import Link, LinkState
    from smsgate.config import Config
    from smsgate.operations import Answer, Document

#: How long a link may take to come up; a network is searched for some seconds.
LOOK_S = 12.0
_AGAIN_S = 0.1
_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@telling
def doctor(shell: Shell) -> int:
    """Look at everything: keys, books, disk, clock, modem, SIM, signal, storage."""
    answer = _answer(shell, shell.config())
    shell.show(answer.document, _told)
    return answer.exit_code


def _answer(shell: Shell, config: Config) -> Answer:
    from smsgate.operations import Answer
    from smsgate.operations.door.asking import Nobody, ask
    from smsgate.operations.house import doctor as looking

    machine = looking.answer_of(looking.machine_lines(config))
    try:
        house = ask(
            config.socket_path,
            requests.Doctor(),
            as_name=shell.as_name,
            progress=shell.progress,
        )
    except Nobody:
        house = _looked(shell, config)
    finally:
        shell.progress_over()
    lines = [*machine.document["lines"], *house.document["lines"]]
    ok = machine.document["ok"] and house.document["ok"]
    return Answer(document={"ok": ok, "lines": lines}, exit_code=house.exit_code)


def _looked(shell: Shell, config: Config) -> Answer:
    from smsgate.clock import Clock
    from smsgate.operations.house import doctor as looking

    down = looking.Line(
        what="daemon",
        verdict=looking.Verdict.warn,
        told="it is not running: start it with `smsgate run`",
    )
    house = looking.house_lines(config, Clock())
    shell.progress("looking at the links", 0, 0)
    states = asyncio.run(_states(config))
    return looking.answer_of([down, *house, *looking.link_lines(config, states)])


async def _states(config: Config) -> dict[str, LinkState]:
    """Run every link until it is up, or it is known why not."""
    from smsgate.clock import Clock
    from smsgate.config import BadSecret
    from smsgate.links import links_of

    try:
        links = links_of(config, Clock())
    except BadSecret:
        # Told among the keys.
        return {}
    house = _Keeper()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(link.run(house)) for link in links]
        states = await _settled(links)
        for task in tasks:
            task.cancel()
    return states


async def _settled(links: list[Link]) -> dict[str, LinkState]:
    from modem.link import LinkStatus

    known = (LinkStatus.up, LinkStatus.down)
    loop = asyncio.get_running_loop()
    end_s = loop.time() + LOOK_S
    while loop.time() < end_s:
        if all(link.state.status in known for link in links):
            break
        await asyncio.sleep(_AGAIN_S)
    return {link.name: link.state for link in links}


class _Keeper:
    """A house that keeps nothing: what is on a SIM stays there."""

    async def receive(self, incoming: object) -> NoReturn:
        """Refuse a text."""
        self._refuse()

    async def part(self, part: object) -> NoReturn:
        """Refuse a part of one."""
        self._refuse()

    async def lost(self, _: str) -> tuple[()]:
        """Know of nothing that was lost."""
        return ()

    async def report(self, report: object) -> NoReturn:
        """Refuse a report."""
        self._refuse()

    async def quarantine(self, noise: object) -> NoReturn:
        """Refuse noise."""
        self._refuse()

    def state_changed(self, link: str, state: LinkState) -> None:
        """Look at the links themselves instead."""

    def _refuse(self) -> NoReturn:
        from modem.errors import NotKept

        raise NotKept("this only looks")


def _told(document: Document) -> None:
    width = max(len(line["what"]) for line in document["lines"]) + 2
    for line in document["lines"]:
        verdict = click.style(f"{line['verdict']:<6}", fg=_COLOURS[line["verdict"]])
        click.echo(f"{verdict}{plain(line['what']):<{width}}{plain(line['told'])}")
