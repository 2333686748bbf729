"""Settings: a TOML file to frozen values, or to all its mistakes at once.

What comes in: the operator's file. What goes out: a `Config` whose amounts are minor
units, whose paths are absolute and whose secrets are references, opened only when they
are needed. Every setting is told in `config.example.toml`. The daemon makes the house's
parts of it in `smsgate.daemon`.
"""

from smsgate.config.fields import Address
from smsgate.config.initial import (
    CONFIG,
    KEYS,
    AlreadyThere,
    initial_text,
    write_initial,
)
from smsgate.config.loading import (
    BadConfig,
    ConfigMissing,
    Mistake,
    load,
    locate,
    parse,
    unreadable_secrets,
)
from smsgate.config.references import BadSecret, SecretRef
from smsgate.config.settings import (
    Config,
    Daemon,
    FakesmscLink,
    GsmLink,
    HttpLink,
    Info,
    Keys,
    Ledger,
    Limits,
    LinkConfig,
    Logs,
    Network,
    Security,
    SimulatorLink,
    Sms,
    Staff,
)
from smsgate.config.web import Http

__all__ = [
    "CONFIG",
    "KEYS",
    "Address",
    "AlreadyThere",
    "BadConfig",
    "BadSecret",
    "Config",
    "ConfigMissing",
    "Daemon",
    "FakesmscLink",
    "GsmLink",
    "Http",
    "HttpLink",
    "Info",
    "Keys",
    "Ledger",
    "Limits",
    "LinkConfig",
    "Logs",
    "Mistake",
    "Network",
    "SecretRef",
    "Security",
    "SimulatorLink",
    "Sms",
    "Staff",
    "initial_text",
    "load",
    "locate",
    "parse",
    "unreadable_secrets",
    "write_initial",
]
