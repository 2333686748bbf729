"""The vendors that are written out, by name, and the keys each may have.

What comes in: a name, and the keys of a `[[link]]` section, secrets already read. What
goes out: an `Aggregator`, or `BadDialect` whose text names the key. The table is
literal. A vendor is here where a preset cannot say what it does; the others are
declared, in `modem.aggregators.presets`, which answers to the same three names.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from modem.aggregators import infobip, telnyx, twilio, vonage
from modem.aggregators.keys import BadDialect, KeyFact
from modem.aggregators.signatures import Ed25519, VonageSignature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from modem.aggregators.wire import Aggregator

__all__ = [
    "About",
    "BadDialect",
    "KeyFact",
    "about",
    "keys",
    "load",
    "names",
    "stand_in",
]

#: Given by the house, not written by an operator: where reports go.
REPORT_URL = "report_url"
_NUMBER = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9 ]{3,11}", re.ASCII)
#: An account that is nobody's.
_NOBODYS = {
    "account": "AC",
    "token": "none",
    "api_key": "none",
    "api_secret": "none",
    "url": "https://vendor.invalid",
    "public_key": base64.b64encode(bytes(32)).decode(),
    "from": "nobody",
}
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_KEEPS_SENDER = KeyFact(
    hint="true where members see your number and can answer it; not in El Salvador"
)


class About(NamedTuple):
    """What an operator should know of a vendor, for the manual."""

    title: str
    #: How its webhooks prove themselves.
    signed: str
    #: How long it tries a webhook that is not answered.
    again: str
    #: What else is different.
    note: str


class _Vendor(NamedTuple):
    """What is known of one vendor."""

    about: About
    keys: Mapping[str, KeyFact]
    build: Callable[[_Options], Aggregator]


class _Options:
    """The keys of one link, asked for by name."""

    def __init__(
        self, given: Mapping[str, object], known: Mapping[str, KeyFact]
    ) -> None:
        """Refuse what is unknown, missing, or no text."""
        self._given = dict(given)
        for name, value in self._given.items():
            if name not in known and name != REPORT_URL:
                raise BadDialect(name, f"there are only {', '.join(sorted(known))}")
            if not isinstance(value, str) and not (
                name == "keeps_sender" and isinstance(value, bool)
            ):
                raise BadDialect(name, "write a text in quotation marks")
        for name, fact in known.items():
            if fact.needed and not self._given.get(name):
                raise BadDialect(name, f"it is missing: {fact.hint}")

    def text(self, name: str, default: str = "") -> str:
        """Return a text."""
        return str(self._given.get(name) or default).strip()

    def switch(self, name: str) -> bool:
        """Return whether something is so."""
        value = self._given.get(name, False)
        if value not in (True, False, "true", "false"):
            raise BadDialect(name, "write true or false")
        return value in (True, "true")

    def sender(self, name: str) -> str:
        """Return a number or a name of up to 11 letters, as phones show them."""
        value = self.text(name)
        if value and not (_NUMBER.fullmatch(value) or _NAME.fullmatch(value)):
            raise BadDialect(name, "write a number like +15005550006, or a short name")
        return value

    def url(self, name: str, default: str = "") -> str:
        """Return an address without its last slash; encrypted, or of this machine."""
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            host = parts.hostname or ""
            host.encode("idna")
            # It is looked at only when it is asked for.
            _ = parts.port
        except ValueError as error:
            raise BadDialect(name, "write an address like https://…") from error
        safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        if not host or not safe or parts.query or parts.fragment:
            raise BadDialect(name, "write an address like https://…")
        return value


def names() -> tuple[str, ...]:
    """Return the names of the vendors."""
    return tuple(sorted(_VENDORS))


def keys(name: str) -> Mapping[str, KeyFact]:
    """Return what a link with this vendor may set; raises BadDialect."""
    return _vendor(name).keys


def about(name: str) -> About:
    """Return what an operator should know of this vendor; raises BadDialect."""
    return _vendor(name).about


def load(name: str, options: Mapping[str, object]) -> Aggregator:
    """Make a vendor of a link's own keys.

    The option `report_url` is the public address of the link's report webhook; without
    one the vendor is asked for no reports.

    Raises:
        BadDialect: something is unknown, missing or wrong; it names the key.
    """
    vendor = _vendor(name)
    return vendor.build(_Options(options, vendor.keys))


def stand_in(name: str) -> Aggregator:
    """Make a vendor with nobody's account: it reads messages, and believes none."""
    known = keys(name)
    return load(name, {key: _NOBODYS[key] for key in known if key in _NOBODYS})


def _vendor(name: str) -> _Vendor:
    if name not in _VENDORS:
        raise BadDialect("preset", f"write one of {', '.join(names())}")
    return _VENDORS[name]


def _twilio(options: _Options) -> Aggregator:
    sender, service = options.sender("from"), options.text("service")
    if bool(sender) is bool(service):
        raise BadDialect("from", "write from or service, and not both")
    return twilio.Twilio(
        account=options.text("account"),
        token=options.text("token"),
        sender=sender,
        service=service,
        url=options.url("url", twilio.URL),
        report_url=options.text(REPORT_URL),
        keeps_sender=options.switch("keeps_sender"),
    )


def _vonage(options: _Options) -> Aggregator:
    secret = options.text("signature_secret")
    method = options.text("signature_method", "md5hash")
    try:
        # Whether the method is known is for the scheme to say.
        VonageSignature(secret=secret or "none", method=method)
    except BadDialect as error:
        raise BadDialect("signature_method", error.hint) from error
    return vonage.Vonage(
        api_key=options.text("api_key"),
        api_secret=options.text("api_secret"),
        sender=options.sender("from"),
        signature_secret=secret,
        signature_method=method,
        url=options.url("url", vonage.URL),
        report_url=options.text(REPORT_URL),
        keeps_sender=options.switch("keeps_sender"),
    )


def _infobip(options: _Options) -> Aggregator:
    user, password = options.text("hook_user"), options.text("hook_password")
    if bool(user) is not bool(password):
        raise BadDialect("hook_user", "write hook_user and hook_password, or neither")
    return infobip.Infobip(
        api_key=options.text("api_key"),
        url=options.url("url"),
        sender=options.sender("from"),
        hook_user=user,
        hook_password=password,
        report_url=options.text(REPORT_URL),
        keeps_sender=options.switch("keeps_sender"),
    )


def _telnyx(options: _Options) -> Aggregator:
    sender, profile = options.sender("from"), options.text("profile")
    if not (sender or profile):
        raise BadDialect("from", "write from, or profile, or both")
    public_key = options.text("public_key")
    Ed25519(public_key=public_key)
    return telnyx.Telnyx(
        api_key=options.text("api_key"),
        public_key=public_key,
        sender=sender,
        profile=profile,
        url=options.url("url", telnyx.URL),
        report_url=options.text(REPORT_URL),
        keeps_sender=options.switch("keeps_sender"),
    )


_VENDORS: dict[str, _Vendor] = {
    "infobip": _Vendor(
        About(
            title="Infobip, SMS API version 3",
            signed="a user and password that you set in the portal; nothing without",
            again="not told",
            note="it sends a text once, however often asked; brings several at once",
        ),
        {
            "api_key": KeyFact(
                secret=True, needed=True, hint="an API key of the portal's, for SMS"
            ),
            "url": KeyFact(
                needed=True,
                hint="your account's address, https://….api.infobip.com",
            ),
            "from": KeyFact(needed=True, hint="your number, or a sender name"),
            "hook_user": KeyFact(hint="the user its webhooks show, set in the portal"),
            "hook_password": KeyFact(
                secret=True, hint="the password its webhooks show, set in the portal"
            ),
            "keeps_sender": _KEEPS_SENDER,
        },
        _infobip,
    ),
    "telnyx": _Vendor(
        About(
            title="Telnyx, Messaging API version 2",
            signed="Ed25519, with the account's public key; five minutes",
            again="3 tries within seconds, then a second address",
            note="wants an answer in two seconds; events come twice, in any order",
        ),
        {
            "api_key": KeyFact(
                secret=True, needed=True, hint="an API key, it begins with KEY"
            ),
            "public_key": KeyFact(
                needed=True, hint="your account's public key, beside the API keys"
            ),
            "from": KeyFact(hint="your number, like +15005550006"),
            "profile": KeyFact(hint="the messaging profile's id, in place of a number"),
            "url": KeyFact(hint=f"another address than {telnyx.URL}"),
            "keeps_sender": _KEEPS_SENDER,
        },
        _telnyx,
    ),
    "twilio": _Vendor(
        About(
            title="Twilio, Messaging API of 2010-04-01",
            signed="HMAC-SHA1 with the Auth Token, over the public address; no time",
            again="not at all, unless the address ends in `#rc=3&rp=all`",
            note="incoming texts carry no time; STOP blocks a number there (21610)",
        ),
        {
            "account": KeyFact(needed=True, hint="the Account SID, it begins with AC"),
            "token": KeyFact(
                secret=True, needed=True, hint="the Auth Token; it signs webhooks too"
            ),
            "from": KeyFact(hint="your number, like +15005550006"),
            "service": KeyFact(
                hint="a Messaging Service SID, it begins with MG, in place of a number"
            ),
            "url": KeyFact(hint=f"another address than {twilio.URL}"),
            "keeps_sender": _KEEPS_SENDER,
        },
        _twilio,
    ),
    "vonage": _Vendor(
        About(
            title="Vonage (Nexmo), SMS API",
            signed="a hash, off until support switches it on; good for a day",
            again="24 hours",
            note="long incoming texts come in parts; errors stand inside an HTTP 200",
        ),
        {
            "api_key": KeyFact(needed=True, hint="the API key of the dashboard"),
            "api_secret": KeyFact(
                secret=True, needed=True, hint="the API secret of the dashboard"
            ),
            "from": KeyFact(needed=True, hint="your number, or a sender name"),
            "signature_secret": KeyFact(
                secret=True,
                hint="the signature secret, once support has switched signing on",
            ),
            "signature_method": KeyFact(
                hint="md5hash, md5, sha1, sha256 or sha512, as the dashboard says"
            ),
            "url": KeyFact(hint=f"another address than {vonage.URL}"),
            "keeps_sender": _KEEPS_SENDER,
        },
        _vonage,
    ),
}
