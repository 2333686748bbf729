"""A house that promotes, in memory: people, a campaign, and a link that takes texts.

Tables, triggers and everything of `smsgate.campaigns` are the real ones; the clock
stands until a test moves it, at nine in the morning of a Monday in San Salvador.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smsgate import members
from smsgate.campaigns import feeding, freezing, steps
from smsgate.campaigns.audience.people import batch, choose, phones
from smsgate.campaigns.hours import Hours
from smsgate.campaigns.plan import Plan, Wording
from smsgate.campaigns.queueing import Terms
from smsgate.campaigns.rows import Stage, counts
from smsgate.messages import outbox
from tests.smsgate.books import Books

if TYPE_CHECKING:
    from smsgate.campaigns.feeding import Fed
    from smsgate.campaigns.rows import Campaign
    from smsgate.members import Member
    from smsgate.store import Row

ZONE = ZoneInfo("America/El_Salvador")
HOURS = Hours(opens=time(8), closes=time(18), days=frozenset(range(6)), zone=ZONE)
TERMS = Terms(
    hours=HOURS, network="Red", language="es", decimals=2, costs={"sim1": 300}
)
TEXT = Wording(es="Pan dulce hoy", en="Sweet bread today")
EVERYBODY = "opted_in = yes"
LINK = "sim1"
STAFF = "uid:1000 as marta"


def plan(**facts: Any) -> Plan:
    """Return a plan for everybody who wants promotions."""
    return Plan(**{"text": TEXT, "rule": EVERYBODY, "footer": False, **facts})


class Promoter(Books):
    """Books with people who want promotions, or do not."""

    def __init__(self, terms: Terms = TERMS) -> None:
        super().__init__()
        self.terms = terms
        #: The daemon's start number.
        self.run = 1
        #: Whom the wire took a text for, in order.
        self.taken: list[str] = []

    # ---- people

    def join(self, name: str = "Ana", **facts: Any) -> Member:
        """Make somebody a member who wants promotions unless told otherwise."""
        (row,) = self.tx.all("SELECT count(*) AS n FROM phone")
        made = {"phone": f"+5037000{row['n']:04}", "name": name, "promos": True}
        return members.add(self.tx, members.NewMember(**{**made, **facts}), actor="x")

    def crowd(self, count: int) -> list[Member]:
        """Make so many people members."""
        return [self.join(f"Socia {number}") for number in range(count)]

    def people(self, chosen: Plan, limit: int = 3) -> list[str]:
        """Return the phones that a plan chooses, batch after batch."""
        found: list[str] = []
        choice = self.choice(chosen)
        after: str | None = choice.first()
        while after is not None:
            some, after = batch(self.tx, choice, after, limit)
            found += [one.msisdn for one in some]
        return found

    def choice(self, chosen: Plan) -> Any:
        """Return a plan's people as a statement."""
        return choose(
            self.tx,
            chosen,
            now_ms=self.tx.now_ms,
            decimals=2,
            zone=ZONE,
            language="es",
        )

    # ---- a campaign on its way

    def draft(self, name: str = "pan", *, facts: Any = None, **given: Any) -> Campaign:
        """Write a campaign down; `facts` are its columns, all else is its plan."""
        return steps.new(
            self.tx, name=name, plan=plan(**given), author=STAFF, **(facts or {})
        )

    def freeze(self, campaign: Campaign) -> Campaign:
        """Write its audience down, as `freezing.expand` does with a store."""
        begun = steps.begin_freezing(self.tx, campaign)
        choice = self.choice(campaign.plan)
        after: str | None = choice.first()
        while after is not None:
            some, after = phones(self.tx, choice, after, 100)
            freezing.write_down(self.tx, campaign.id, some)
        return steps.frozen(self.tx, self.now(begun))

    def approved(self, name: str = "pan", **given: Any) -> Campaign:
        """Return one that was agreed to."""
        ready = self.freeze(self.draft(name, **given))
        return steps.approve(self.tx, ready, by="oscar", actor="uid:1")

    def started(self, name: str = "pan", **given: Any) -> Campaign:
        """Return one that may be sent now."""
        return steps.start(self.tx, self.approved(name, **given), actor=STAFF)

    def now(self, campaign: Campaign) -> Campaign:
        """Return a campaign as it stands."""
        return steps.required(self.tx, campaign.id)

    def feed(self) -> Fed:
        """Queue what may go now."""
        return feeding.feed(self.tx, self.terms)

    def feed_all(self) -> int:
        """Feed until nothing moves; return how many texts were queued."""
        queued = 0
        while (fed := self.feed()).moved:
            queued += fed.queued
        return queued

    def takes(self, limit: int = 1_000, link: str = LINK) -> list[int]:
        """Have a link take what is due; return the rows."""
        outbox.assign(self.tx, lambda _: link)
        rows = outbox.claim(self.tx, link, limit, self.run)
        self.taken += [row.recipient for row in rows]
        return [row.id for row in rows]

    def sends(self, limit: int = 1_000, link: str = LINK) -> int:
        """Have a link take what is due and send it; return how many."""
        rows = self.takes(limit, link)
        for row in rows:
            outbox.sent(self.tx, [(row, [str(row)])])
        return len(rows)

    # ---- what is there

    def stages(self, campaign: Campaign) -> dict[str, int]:
        """Return how many stand where."""
        return {
            str(stage): count
            for stage, count in counts(self.tx, campaign.id).items()
            if count
        }

    def recipient(self, campaign: Campaign, msisdn: str) -> Row:
        """Return one recipient's row."""
        (row,) = self.tx.all(
            "SELECT * FROM recipient WHERE campaign = ? AND msisdn = ?",
            (campaign.id, msisdn),
        )
        return row

    def whys(self, campaign: Campaign) -> dict[str, str]:
        """Return why each of those who were left out was."""
        return {
            row["msisdn"]: row["why"]
            for row in self.tx.all(
                "SELECT msisdn, why FROM recipient WHERE campaign = ? AND why <> ''",
                (campaign.id,),
            )
        }

    def queued(self) -> list[Row]:
        """Return the texts of campaigns that wait in the outbox."""
        return self.tx.all(
            "SELECT * FROM outbox WHERE class = 2 AND state = 'queued' ORDER BY id"
        )


#: Everybody stands in exactly one of these.
STAGES = frozenset(str(stage) for stage in Stage)
