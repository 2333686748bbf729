"""The desk where PINs are compared: slow on purpose, in threads, never on the loop.

What comes in: what is kept about a member's PIN, and the digits of a text. What goes
out: a `Checked` or a `PreparedChange`, which say what was found and what the row looked
like when it was found; nothing is written here. A verifier is Argon2id over an HMAC of
account, salt and digits under a key that the database never holds, so that a stolen
ledger gives no PIN away. The lock is looked at before anything is hashed. What was
found is settled in a transaction: see `smsgate.members.pins.checking`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from argon2.low_level import Type, hash_secret_raw

from commands.reply import WeakPin
from commands.secret import Secret
from smsgate.clock import Clock
from smsgate.errors import SmsgateError
from smsgate.members.pins.policy import CODE_DIGITS
from smsgate.members.pins.rows import PinRow, Verifier
from smsgate.members.pins.tries import is_locked
from smsgate.members.pins.weakness import Known, weakness

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.command import ChangePin
    from smsgate.members.directory import Member
    from smsgate.members.pins.policy import PinPolicy

T = TypeVar("T")

#: 4 MiB, one pass, one lane: some 400 checks a second and core. More would save no PIN
#: of four digits; the key outside the database does.
SCHEME = "argon2id:m=4096,t=1,p=1"
_SCHEME = re.compile(r"argon2id:m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})")
_LABEL = b"smsgate-pin-v1"
_SALT_BYTES = 16
_HASH_BYTES = 32
_KEY_BYTES = 32
#: Checks timed at the start; the fastest counts, the others met other work.
_TIMED = 5


class BadScheme(SmsgateError):
    """A verifier was made in a way this version does not know; update smsgate."""


class Verdict(StrEnum):
    """What a check found."""

    right = "right"
    wrong = "wrong"
    #: Not compared at all: too many were wrong before.
    locked = "locked"
    #: There is no PIN to compare with.
    absent = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A PIN that was compared, and with what."""

    #: As it counted at `at_ms`.
    row: PinRow
    #: Whether it came over a link whose senders are easily forged.
    loose: bool
    verdict: Verdict
    at_ms: int
    policy: PinPolicy = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedChange:
    """A change of PIN with every hash made; what comes of it, the transaction says."""

    #: What was found about the old PIN, or about the one-time code.
    checked: Checked
    by_code: bool
    unequal: bool = False
    weak: WeakPin | None = None
    #: There where the old one is right and nothing is wrong with the new one.
    new: NewVerifier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerifier(Verifier):
    """A verifier that is not yet kept."""

    #: Whether it has as many digits as a one-time code.
    is_code: bool = False


class PinDesk:
    """Compares PINs in a few threads of its own."""

    def __init__(
        self,
        pepper: bytes,
        policy: PinPolicy,
        threads: int = 2,
        *,
        clock: Clock | None = None,
    ) -> None:
        """Open the desk and measure how fast it is.

        Args:
            pepper: the key of `[keys] pin`, 32 bytes.
            policy: length of PINs and the ladder of locks.
            threads: how many checks run at once.
            clock: where salts and codes are drawn.
        """
        if len(pepper) != _KEY_BYTES:
            raise ValueError(f"the PIN key must have {_KEY_BYTES} bytes")
        self.policy = policy
        self._pepper = pepper
        self._clock = clock or Clock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pin")
        #: Checks a second that the desk can make.
        self.calibrated_rate = self._calibrate(min(threads, os.cpu_count() or 1))

    def close(self) -> None:
        """Finish what is being compared and stop the threads."""
        self._pool.shutdown()

    async def check(
        self, row: PinRow, pin: Secret, *, loose: bool, now_ms: int
    ) -> Checked:
        """Compare a PIN with the one that holds now; a locked one is not compared."""
        return await self._run(
            partial(self._check, row.at(now_ms), pin, loose=loose, now_ms=now_ms)
        )

    async def prepare(
        self,
        row: PinRow,
        change: ChangePin,
        member: Member,
        *,
        loose: bool,
        now_ms: int,
    ) -> PreparedChange:
        """Do all comparing and hashing that a change of PIN needs.

        The old PIN or code comes first: about a new PIN nothing is found out for
        somebody who does not know the old one.
        """
        known = Known(phone=member.phone, code=member.code)
        return await self._run(
            partial(
                self._prepare,
                row.at(now_ms),
                change,
                known,
                loose=loose,
                now_ms=now_ms,
            )
        )

    async def draft(
        self, row: PinRow, pin: Secret, member: Member, *, now_ms: int
    ) -> NewVerifier | WeakPin:
        """Judge a new PIN that will be asked for once more, and make its verifier.

        For a session, in which no request holds both: the verifier, which needs the key
        outside the database, is all that may be kept between the two.
        """
        known = Known(phone=member.phone, code=member.code)
        return await self._run(partial(self._draft, row.at(now_ms), pin, known))

    async def settle_draft(
        self,
        row: PinRow,
        pin: Secret,
        draft: Verifier,
        member: Member,
        *,
        by_code: bool,
        loose: bool,
        now_ms: int,
    ) -> PreparedChange:
        """Prepare a change whose old PIN, or one-time code, was right a moment ago.

        The caller answers for that, and that `row` is still of the version (and has the
        code) for which it was. `pin` is the new one for the second time, `draft` what
        was made of it.
        """
        known = Known(phone=member.phone, code=member.code)
        now = row.at(now_ms)
        prepared = await self._run(
            partial(
                self._settle_draft, now, pin, draft, known, loose=loose, now_ms=now_ms
            )
        )
        return replace(prepared, by_code=by_code)

    async def check_code(
        self, row: PinRow, code: Secret, *, loose: bool, now_ms: int
    ) -> PreparedChange:
        """Compare a one-time code; a session asks for the new PIN later.

        Over a link whose senders are easily forged there is none to compare with.
        """
        look = partial(self._check_code, loose=loose, now_ms=now_ms)
        checked = await self._run(partial(look, row.at(now_ms), code))
        return PreparedChange(checked=checked, by_code=True)

    async def verifier(self, account: int, pin: Secret) -> NewVerifier:
        """Make the verifier of a PIN that staff set, or of a one-time code.

        The two never pass for one another: no PIN has as many digits as a code.
        """
        return await self._run(partial(self._new, account, pin))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    # ---- in a thread of the pool

    def _check(self, row: PinRow, pin: Secret, *, loose: bool, now_ms: int) -> Checked:
        return Checked(
            row=row,
            loose=loose,
            verdict=self._verdict(row, pin, loose=loose, now_ms=now_ms),
            at_ms=now_ms,
            policy=self.policy,
        )

    def _verdict(
        self, row: PinRow, pin: Secret, *, loose: bool, now_ms: int
    ) -> Verdict:
        current = row.current
        if current is None:
            return Verdict.absent
        if is_locked(row.loose_locked_ms if loose else row.locked_ms, now_ms):
            return Verdict.locked
        right = self._matches(row.account, pin, current)
        return Verdict.right if right else Verdict.wrong

    def _check_code(
        self, row: PinRow, code: Secret, *, loose: bool, now_ms: int
    ) -> Checked:
        """Compare a one-time code; over a loose link there is none to compare with."""
        verdict = Verdict.absent
        if row.has_code(now_ms) and not loose and row.code_salt and row.code_verifier:
            kept = Verifier(
                scheme=SCHEME, salt=row.code_salt, verifier=row.code_verifier
            )
            right = self._matches(row.account, code, kept)
            verdict = Verdict.right if right else Verdict.wrong
        return Checked(
            row=row, loose=loose, verdict=verdict, at_ms=now_ms, policy=self.policy
        )

    def _prepare(
        self,
        row: PinRow,
        change: ChangePin,
        known: Known,
        *,
        loose: bool,
        now_ms: int,
    ) -> PreparedChange:
        by_code = len(change.old) == CODE_DIGITS
        look = self._check_code if by_code else self._check
        checked = look(row, change.old, loose=loose, now_ms=now_ms)
        if checked.verdict is not Verdict.right:
            return PreparedChange(checked=checked, by_code=by_code)
        if change.new != change.again:
            return PreparedChange(checked=checked, by_code=by_code, unequal=True)
        weak = self._weak(row, change.new, known)
        new = None if weak else self._new(row.account, change.new)
        return PreparedChange(checked=checked, by_code=by_code, weak=weak, new=new)

    def _draft(self, row: PinRow, pin: Secret, known: Known) -> NewVerifier | WeakPin:
        return self._weak(row, pin, known) or self._new(row.account, pin)

    def _settle_draft(
        self,
        row: PinRow,
        pin: Secret,
        draft: Verifier,
        known: Known,
        *,
        loose: bool,
        now_ms: int,
    ) -> PreparedChange:
        checked = Checked(
            row=row,
            loose=loose,
            verdict=Verdict.right,
            at_ms=now_ms,
            policy=self.policy,
        )
        if not self._matches(row.account, pin, draft):
            return PreparedChange(checked=checked, by_code=False, unequal=True)
        weak = self._weak(row, pin, known)
        new = None if weak else self._new(row.account, pin)
        return PreparedChange(checked=checked, by_code=False, weak=weak, new=new)

    def _weak(self, row: PinRow, pin: Secret, known: Known) -> WeakPin | None:
        found = weakness(pin.reveal(), known, self.policy.pin_length)
        if found is not None:
            return found
        used = row.past if row.current is None else (row.current, *row.past)
        if any(self._matches(row.account, pin, old) for old in used):
            return WeakPin.reused
        return None

    def _new(self, account: int, secret: Secret) -> NewVerifier:
        salt = self._clock.token_bytes(_SALT_BYTES)
        made = self._hash(account, secret, salt, SCHEME)
        return NewVerifier(
            scheme=SCHEME, salt=salt, verifier=made, is_code=len(secret) == CODE_DIGITS
        )

    def _matches(self, account: int, secret: Secret, kept: Verifier) -> bool:
        made = self._hash(account, secret, kept.salt, kept.scheme)
        return hmac.compare_digest(made, kept.verifier)

    def _hash(self, account: int, secret: Secret, salt: bytes, scheme: str) -> bytes:
        costs = _SCHEME.fullmatch(scheme)
        if costs is None:
            raise BadScheme(
                f"PINs made as {scheme!r} cannot be checked: update smsgate"
            )
        # Every part but the last has one length, so no two inputs read the same.
        words = _LABEL + account.to_bytes(8, "big") + salt + secret.reveal().encode()
        keyed = hmac.new(self._pepper, words, hashlib.sha256).digest()
        return hash_secret_raw(
            keyed,
            salt,
            time_cost=int(costs[2]),
            memory_cost=int(costs[1]),
            parallelism=int(costs[3]),
            hash_len=_HASH_BYTES,
            type=Type.ID,
        )

    def _calibrate(self, threads: int) -> float:
        """Return how many checks a second all threads together can make."""
        clock, fastest = Clock(), float("inf")
        for _ in range(_TIMED):
            start = clock.monotonic()
            self._hash(0, Secret("0"), bytes(_SALT_BYTES), SCHEME)
            fastest = min(fastest, clock.monotonic() - start)
        return threads / fastest
