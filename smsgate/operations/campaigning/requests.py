"""The arguments of what is done with campaigns and audiences.

What comes in: plain words and numbers, from a shell or a page. What goes out: frozen
values, checked by `smsgate.operations.campaigning.campaigns` and
`smsgate.operations.campaigning.audiences`. Light on purpose, like
`smsgate.operations.requests`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceList:
    """Every saved audience."""

    NAME: ClassVar[str] = "audience.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceShow:
    """One audience, or a rule that is not saved: how many, and some of them."""

    NAME: ClassVar[str] = "audience.show"
    name: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSave:
    """Keep a rule under a name."""

    NAME: ClassVar[str] = "audience.save"
    name: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceImport:
    """A list of phones: rows as `audiences`, beside this, reads them."""

    NAME: ClassVar[str] = "audience.import"
    name: str
    #: Line number in the file, cells by column name.
    rows: tuple[tuple[int, dict[str, str]], ...]
    dry_run: bool = False
    #: Take the right rows even if others are wrong.
    partly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceDrop:
    """Forget an audience."""

    NAME: ClassVar[str] = "audience.drop"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignNew:
    """A new campaign, or with `edit` another plan for a draft; None: as it was."""

    NAME: ClassVar[str] = "campaign.new"
    name: str
    edit: bool = False
    text_es: str | None = None
    text_en: str | None = None
    other_es: str | None = None
    other_en: str | None = None
    fallbacks: dict[str, str] | None = None
    footer: bool | None = None
    audience: str | None = None
    rule: str | None = None
    not_in: tuple[str, ...] | None = None
    not_written_days: int | None = None
    hold_out: int | None = None
    split: int | None = None
    promoted: str | None = None
    code: str | None = None
    redeem_days: int | None = None
    word: str | None = None
    answer_es: str | None = None
    answer_en: str | None = None
    budget: str | None = None
    per_hour: int | None = None
    shares: dict[str, int] | None = None
    #: Spell the texts in letters that cost less.
    cheaper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignList:
    """Every campaign, the newest first."""

    NAME: ClassVar[str] = "campaign.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignShow:
    """One campaign: its plan and where it stands."""

    NAME: ClassVar[str] = "campaign.show"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPreview:
    """What a campaign would do."""

    NAME: ClassVar[str] = "campaign.preview"
    name: str
    #: When it would start, as staff write it; '': now.
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignTest:
    """Its texts to one phone, as they would arrive."""

    NAME: ClassVar[str] = "campaign.test"
    name: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignApprove:
    """Write its audience down and agree to it, or have another of the staff asked."""

    NAME: ClassVar[str] = "campaign.approve"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignStart:
    """Have it sent, now or at a time."""

    NAME: ClassVar[str] = "campaign.start"
    name: str
    at: str = ""
    not_after: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPause:
    """Send nothing more for now."""

    NAME: ClassVar[str] = "campaign.pause"
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResume:
    """Go on."""

    NAME: ClassVar[str] = "campaign.resume"
    name: str
    not_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRate:
    """Send so many an hour; None: as fast as the links allow."""

    NAME: ClassVar[str] = "campaign.rate"
    name: str
    per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCancel:
    """End it now."""

    NAME: ClassVar[str] = "campaign.cancel"
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignReport:
    """What came of it."""

    NAME: ClassVar[str] = "campaign.report"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignExport:
    """Its recipients, a page at a time, by phone."""

    NAME: ClassVar[str] = "campaign.export"
    name: str
    after: str = ""
    #: Only recipients of this state; '': all.
    state: str = ""
