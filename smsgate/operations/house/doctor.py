"""Everything that can be wrong with a house, a line each, with what to do about it.

What comes in: the configuration, and how the links are. What goes out: lines `ok`,
`warn` or `fail`. Inside the daemon it is an operation like any other; without one,
`smsgate.cli.doctor` asks the same questions itself and opens the ports. What the
daemon's sandbox hides is looked at by the shell. Nothing is changed, sent or repaired.
"""

from __future__ import annotations

import asyncio
import grp
import shutil
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from modem.link import LinkStatus
from smsgate.clock import MINUTE_MS, SECOND_MS
from smsgate.operations.desk import Answer
from smsgate.operations.house.ledger import examine
from smsgate.operations.house.setup import schema_mistakes, secret_mistakes
from smsgate.store import StoreError, open_for_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from modem.link import LinkState
    from smsgate.clock import Clock
    from smsgate.config import Config
    from smsgate.operations.desk import Desk
    from smsgate.operations.requests import Doctor

_GROUP = "smsgate-admin"
_MIB = 1024 * 1024
#: The ledger stops taking money when the disk is full; long before that it is said.
_DISK_WARN, _DISK_FAIL = 500 * _MIB, 50 * _MIB
#: Below this a modem hardly hears its mast.
_SIGNAL_WARN_DBM = -105
_SLOTS_WARN = 0.8
#: A receipt that waits longer than this is in trouble.
_WAITING_MS = 10 * MINUTE_MS
#: The clock may be behind the newest row by this much.
_BEHIND_MS = 5 * SECOND_MS
_WAITING = (
    "SELECT count(*) AS n FROM outbox WHERE state = 'queued' AND class = 0"
    " AND due_ms <= :before"
)
_NEWEST = "SELECT max(at_ms) AS at_ms FROM outbox"


class Verdict(StrEnum):
    """How bad it is."""

    ok = "ok"
    warn = "warn"
    fail = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    #: What was found, and what to do where it is not well.
    told: str


def _ok(what: str, told: str) -> Line:
    return Line(what=what, verdict=Verdict.ok, told=told)


def _warn(what: str, told: str) -> Line:
    return Line(what=what, verdict=Verdict.warn, told=told)


def _fail(what: str, told: str) -> Line:
    return Line(what=what, verdict=Verdict.fail, told=told)


async def run(desk: Desk, _: Doctor) -> Answer:
    """Look at everything, inside the daemon."""
    desk.progress("looking", 0, 0)
    lines = await asyncio.to_thread(lambda: list(house_lines(desk.config, desk.clock)))
    states = {} if desk.live is None else desk.live.link_states()
    return answer_of([*lines, *link_lines(desk.config, states)])


def answer_of(lines: Iterable[Line]) -> Answer:
    """Return the lines as a document; exit code 1 where one of them fails."""
    told = [
        {"what": line.what, "verdict": str(line.verdict), "told": line.told}
        for line in lines
    ]
    failed = any(line["verdict"] == Verdict.fail for line in told)
    return Answer(document={"ok": not failed, "lines": told}, exit_code=int(failed))


def house_lines(config: Config, clock: Clock) -> Iterator[Line]:
    """Look at what does not need a link."""
    secrets = secret_mistakes(config)
    yield from (_fail("keys", told) for told in secrets)
    if not secrets:
        yield _ok("keys", "every key is there and closed to others")
    yield from _ledger_lines(config.ledger_path, clock)
    yield _disk_line(config.ledger_path.parent)
    yield _admins_line()
    for link in config.links:
        if link.driver == "fakesmsc":
            told = "it is for load and training: take it out of a house with members"
            yield _warn(f"link {link.name}", told)


def machine_lines(config: Config, processes: Path = Path("/proc")) -> Iterator[Line]:
    """Look at what the daemon's sandbox does not let it see: for the shell."""
    yield _time_line()
    if any(link.driver == "gsm" for link in config.links):
        yield _manager_line(processes)


def _ledger_lines(path: Path, clock: Clock) -> Iterator[Line]:
    try:
        wrong = schema_mistakes(path)
        yield from (_fail("schema", told) for told in wrong)
        if wrong:
            return
        yield _ok("schema", "it is the one of this version")
        found = examine(path).document
        for one in found["findings"][:3]:
            yield _fail(
                "books",
                f"{one['where']}: {one['what']}; stop the daemon and restore a backup",
            )
        if found["ok"]:
            head = found["head"]
            yield _ok("books", f"right; head {head['seq']} {head['hash'][:16]}…")
        yield from _row_lines(path, clock.now_ms())
    except StoreError as error:
        yield _fail("ledger", str(error))


def _row_lines(path: Path, now_ms: int) -> Iterator[Line]:
    with open_for_check(path) as query:
        newest = query.one(_NEWEST)
        waiting = query.one(_WAITING, {"before": now_ms - _WAITING_MS})
    newest_ms = 0 if newest is None else int(newest["at_ms"] or 0)
    if newest_ms - now_ms > _BEHIND_MS:
        yield _fail(
            "clock",
            "it is behind the newest row: set it right, or run `smsgate clock accept`",
        )
    else:
        yield _ok("clock", "it is not behind the newest row")
    count = 0 if waiting is None else int(waiting["n"])
    if count:
        yield _warn(
            "outbox",
            f"{count} receipts wait for more than ten minutes: see `smsgate link list`",
        )
    else:
        yield _ok("outbox", "no receipt waits")


def _disk_line(folder: Path) -> Line:
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    told = f"{free // _MIB} MiB free at {folder}"
    if free < _DISK_FAIL:
        return _fail("disk", f"{told}: make room before the ledger stops")
    if free < _DISK_WARN:
        return _warn("disk", f"{told}: make room soon")
    return _ok("disk", told)


def _time_line() -> Line:
    asked = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            asked, capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return _warn("time", "nobody says whether the clock is kept: install chrony")
    if done.stdout.strip() == "yes":
        return _ok("time", "the clock is kept right by the network")
    return _warn("time", "the clock is not kept: install chrony, or wait for it")


def _admins_line() -> Line:
    try:
        grp.getgrnam(_GROUP)
    except KeyError:
        return _warn(
            "shell",
            f"there is no group {_GROUP}: only root and the daemon's user may ask it",
        )
    return _ok("shell", f"group {_GROUP} may ask the daemon")


def _manager_line(processes: Path) -> Line:
    """See whether ModemManager runs, which writes to modems between our commands."""
    for name in processes.glob("[0-9]*/comm"):
        try:
            running = name.read_text().strip() == "ModemManager"
        except OSError:
            # It has just ended.
            continue
        if running:
            return _warn(
                "ModemManager",
                "it runs: keep it off the modem with systemd/99-smsgate-modem.rules, "
                "or remove it",
            )
    return _ok("ModemManager", "it does not run")


def link_lines(config: Config, states: Mapping[str, LinkState]) -> Iterator[Line]:
    """Look at every link as it is now."""
    if not config.links:
        yield _fail("links", "there is none: write a [[link]] into the configuration")
    for link in config.links:
        state = states.get(link.name)
        name = f"link {link.name}"
        if state is None:
            yield _fail(name, "it is not running: start the daemon with `smsgate run`")
            continue
        match state.status:
            case LinkStatus.up:
                yield _ok(name, f"up{_facts(state)}")
            case LinkStatus.degraded | LinkStatus.starting:
                told = state.reason or "it is being connected: look again in a moment"
                yield _warn(name, told)
            case LinkStatus.down:
                yield _fail(name, state.reason)
        yield from _modem_lines(link.name, state)


def _facts(state: LinkState) -> str:
    facts = {
        "": state.port,
        "IMEI": state.imei,
        "service centre": state.smsc,
        "airtime": state.airtime,
    }
    shown = [f"{name} {value}".strip() for name, value in facts.items() if value]
    return "".join(f", {one}" for one in shown)


def _modem_lines(name: str, state: LinkState) -> Iterator[Line]:
    if state.signal_dbm is not None:
        told = f"{state.signal_dbm} dBm"
        if state.signal_dbm < _SIGNAL_WARN_DBM:
            yield _warn(f"signal {name}", f"{told}: put the antenna elsewhere")
        else:
            yield _ok(f"signal {name}", told)
    if state.slots is not None:
        used, total = state.slots
        told = f"{used} of {total} slots used"
        if used >= total * _SLOTS_WARN:
            yield _warn(f"storage {name}", f"{told}: see the log for what stays there")
        else:
            yield _ok(f"storage {name}", told)
