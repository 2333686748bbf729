"""Write the reference pages that can be read off the program itself.

What comes in: `config.example.toml`, the command words, the catalogues of replies, the
facts of a campaign's rules, the keys of dialects and of vendors. What goes out: one
page each in `docs/reference/`, those of `PAGES`. With `--check` nothing is written, and
a stale page is exit 1: `make check` runs it so, `make fmt` writes.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a file, from any folder
    sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from commands.catalogues import Catalogue
    from commands.command import Keyword
    from commands.reply import Page

REFERENCE = ROOT / "docs" / "reference"
_SECTION = re.compile(r"#?\[\[?(\w+)\]\]?")
_SETTING = re.compile(r"#?(\w+) = (.*)")


@dataclass(slots=True)
class Section:
    """One table of the example: what is said of it, and its settings."""

    name: str
    told: str
    #: Name, default, meaning.
    settings: list[tuple[str, str, str]] = field(default_factory=list)


def read_example(text: str) -> tuple[str, list[Section]]:
    """Return what the example says of itself, and its sections in order."""
    sections: list[Section] = []
    opening, said = "", ""
    for line in text.splitlines():
        if found := _SECTION.fullmatch(line):
            sections.append(Section(found[1], said))
        elif found := _SETTING.fullmatch(line):
            sections[-1].settings.append((found[1], found[2], said))
        elif line.startswith("#"):
            said = f"{said} {line.lstrip('# -')}".strip()
            continue
        elif not sections and not opening:
            opening = said
        said = ""
    return opening, sections


def config_page() -> str:
    """Return the page of settings."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    opening, sections = read_example(text)
    page = [
        "# Settings",
        "",
        "*Generated from `config.example.toml`; change that and run `make fmt`.*",
        "",
        opening,
    ]
    for section in sections:
        link = section.name in {"info", "link"}
        title = (
            f"`[[{section.name}]]`: {section.told}" if link else f"`[{section.name}]`"
        )
        page += ["", f"## {title.rstrip('.')}", ""]
        page += ["| setting | default | meaning |", "| --- | --- | --- |"]
        page += [
            f"| `{name}` | `{default}` | {_cell(told)} |"
            for name, default, told in section.settings
        ]
    return "\n".join(page) + "\n"


def vendors_page() -> str:
    """Return the page of the vendors that are written out, and of their keys."""
    from modem.aggregators import vendors

    page = [
        "# Vendors",
        "",
        "*Generated from `modem/aggregators/vendors.py`; change that, run `make fmt`.*",
        "",
        'What `preset` may be in a `[[link]]` with `driver = "http"`, where a vendor',
        "has code of its own. A key whose value is secret is written as a reference",
        "(`file:`, `env:` or `cred:`).",
    ]
    for name in vendors.names():
        told = vendors.about(name)
        page += ["", f"## `{name}`: {told.title}", ""]
        page += [f"- Webhooks are signed: {_cell(told.signed)}."]
        page += [f"- A webhook that is not answered comes again: {_cell(told.again)}."]
        page += [f"- {_cell(told.note[0].upper() + told.note[1:])}.", ""]
        page += ["| key | needed | secret | what it is |", "| --- | --- | --- | --- |"]
        page += [
            f"| `{key}` | {_yes(fact.needed)} | {_yes(fact.secret)} "
            f"| {_cell(fact.hint)} |"
            for key, fact in vendors.keys(name).items()
        ]
    return "\n".join(page) + "\n"


def _yes(so: bool) -> str:  # noqa: FBT001
    return "yes" if so else ""


def replies_page() -> str:
    """Return the page of replies, each language beside the other."""
    from commands.catalogues import CATALOGUES

    languages = list(CATALOGUES)
    names = CATALOGUES[languages[0]].templates
    page = [
        "# Replies",
        "",
        "*Generated from `commands/catalogues/`; change those and run `make fmt`.*",
        "",
        "What members are told. Words in braces are filled in. Every reply fits one",
        "SMS, whatever they hold: sentences that can be missed are left out first.",
        "A reply that refuses to pay and does not say so yet opens with",
        " or ".join(f"`{CATALOGUES[one].not_paid.strip()}`" for one in languages) + ".",
        "",
        "| name | " + " | ".join(languages) + " |",
        "| --- |" + " --- |" * len(languages),
    ]
    for name in names:
        cells = [_cell(CATALOGUES[one].templates[name]) for one in languages]
        page.append(f"| `{name}` | " + " | ".join(f"{cell}" for cell in cells) + " |")
    return "\n".join(page) + "\n"


def commands_page() -> str:
    """Return the page of commands, as whoever answers the phone prints it."""
    from commands.catalogues import CATALOGUES
    from commands.words import SYNONYMS

    page = [_COMMANDS]
    for language, words in CATALOGUES.items():
        page += ["", f"## {_VOICES[language][0]}", ""]
        page += ["| command | write | example | PIN | what it does | other words |"]
        page += ["| --- | --- | --- | --- | --- | --- |"]
        page += [_row(keyword, language) for keyword in _in_order(words)]
    page += ["", "## What other words mean", ""]
    page += ["| word | " + " | ".join(CATALOGUES) + " |"]
    page += ["| --- |" + " --- |" * len(CATALOGUES)]
    for word, keyword in sorted(_others(SYNONYMS).items()):
        cells = [words.words[keyword] for words in CATALOGUES.values()]
        page.append(f"| `{word}` | " + " | ".join(cells) + " |")
    return "\n".join(page) + "\n"


_COMMANDS = """\
# Commands

*Generated from `commands/words.py` and `commands/catalogues/`; change those and run
`make fmt`.*

Everything that a member can write, for whoever answers the phone: print it.

- The command word comes first. Every word works for every member, whatever language
  they are written to in. Capitals and accents do not matter; one wrong letter in a
  word of four or more is forgiven.
- `****` is the PIN. **Never ask for it** and write it nowhere: members type it
  themselves.
- The code `01234` and the reference `4812057735` are nobody's: read out the right
  ones.
- Amounts are safest with two decimals, `25.00`. `1,500` and `1500.00` are a thousand
  and five hundred; `1.500` is refused, for it could be 1.50.
- *PIN*: whether it belongs into the text. PAGAR without it asks back first; SALDO,
  MOVS, CIERRE and CREDITO need none where the network says so.

The commands stand in the order in which `AYUDA` lists them."""

#: The heading, how the network is called on the page, and who helps.
_VOICES = {
    "es": ("In Spanish", "la red", "el personal"),
    "en": ("In English", "the network", "the staff"),
}


def _in_order(words: Catalogue) -> list[Keyword]:
    """Return the commands in the order in which AYUDA lists them."""
    from commands.replies import render
    from commands.reply import HelpText, Voice
    from commands.slots import HELP_PAGES

    known = {word: keyword for keyword, word in words.words.items()}
    voice = Voice(language=words.language)
    pages = [render(HelpText(page=page), voice) for page in range(1, HELP_PAGES + 1)]
    lines = "\n".join(pages).split("\n")
    return [known[word] for line in lines if (word := line.split()[0]) in known]


def _row(keyword: Keyword, language: str) -> str:
    from commands.replies import render
    from commands.reply import HelpText, Voice
    from commands.showing import spoken
    from commands.slots import slots
    from commands.words import SYNONYMS

    _, network, helper = _VOICES[language]
    voice = Voice(language=language, network=network, help_phone=helper)
    told = slots(HelpText(topic=keyword), voice, spoken(voice))
    word, example = str(told["keyword"]), told["sample"] or str(told["keyword"])
    # What AYUDA says, without the example that has a column of its own.
    does = re.sub(
        rf" E[jx]: {re.escape(example)}(\.|$)",
        "",
        render(HelpText(topic=keyword), voice),
    )
    others = [f"`{other}`" for other in SYNONYMS[keyword] if other != word]
    pin = "yes" if "****" in example else "no"
    cells = [f"**{word}**", str(told["usage"]), f"`{example}`", pin, _cell(does)]
    return "| " + " | ".join([*cells, " ".join(others)]) + " |"


def _others(synonyms: Mapping[Keyword, Sequence[str]]) -> dict[str, Keyword]:
    """Return the words by which no reply names a command."""
    from commands.catalogues import CATALOGUES

    named = {word for words in CATALOGUES.values() for word in words.words.values()}
    return {
        word: keyword
        for keyword, known in synonyms.items()
        for word in known
        if word not in named
    }


def menu_page() -> str:
    """Return the page of the numbered tree, as its table and the catalogues have it."""
    from commands.catalogues import CATALOGUES
    from commands.reply import Page

    page = [
        "# The numbered tree",
        "",
        "*Generated from `smsgate/handlers/menu/tree.py` and `commands/catalogues/`;",
        "change those and run `make fmt`.*",
        "",
        "By SMS, `MENU` opens it: one question a text, for ten minutes each. Its",
        "branches end where a PIN is needed: paying asks as ever and takes the PIN as",
        "the answer, the others say what to write. In a USSD session each is a screen",
        "and the last one asks for the PIN. In both `0` leads back and `00` out, and a",
        "screen that cannot use an answer is shown again three times. In a session",
        "`98` goes on in a list and `97` back, and what is dialled at once",
        "(`*384*1*20417*25*50#`: pay 20417 25.50) leads up to the PIN.",
        "[More on sessions](../explanation/ussd.md).",
        "",
        "| keys | " + " | ".join(CATALOGUES) + " | asked, and done |",
        "| --- |" + " --- |" * (len(CATALOGUES) + 1),
        *_branches(Page.root, ""),
        "",
        "The phone of a till sees another root:",
        "",
        "| keys | " + " | ".join(CATALOGUES) + " | asked, and done |",
        "| --- |" + " --- |" * (len(CATALOGUES) + 1),
        *_branches(Page.till, ""),
    ]
    return "\n".join(page) + "\n"


def _branches(page: Page, keys: str) -> list[str]:
    """Return a line for each number of a screen, and for those below it."""
    from commands.catalogues import CATALOGUES
    from commands.reply import Page
    from smsgate.handlers.menu.tree import TREE, Asks, Choices, End

    node, lines = TREE[page], []
    if not isinstance(node, Choices):
        return []
    for number, lead in node.leads.items():
        labels = []
        for words in CATALOGUES.values():
            template = words.templates[f"menu_screen.{page}"]
            known = dict(line.partition(" ")[::2] for line in template.split("\n"))
            labels.append(known[number])
        asked, at = [], lead
        while isinstance(at, Page) and isinstance(below := TREE[at], Asks):
            asked.append(str(below.behind or below.asked))
            at = below.leads
        if isinstance(at, End) and at is not End.words:
            asked.append(f"**{at.replace('_', ' ')}**")
        told = " → ".join(asked) or "…"
        lines.append(f"| `{keys}{number}` | " + " | ".join([*labels, told]) + " |")
        if isinstance(lead, Page):
            lines += _branches(lead, f"{keys}{number} ")
    return lines


def dialects_page() -> str:
    """Return the page of vendors that are shipped, and of all a dialect may say."""
    from modem.aggregators import presets
    from modem.aggregators.dialect.schema import SECTIONS

    page = [
        "# Dialects",
        "",
        "*Generated from `modem/aggregators/`; change that and run `make fmt`.*",
        "",
        "How a vendor talks over HTTP, told in a TOML file: those below are shipped,",
        "and [another one](../howto/new-aggregator.md) is written alike. A place in a",
        "message is `/name/of/a/key` (a JSON Pointer; `/name` in forms and queries),",
        "`header:NAME`, `query:NAME`, `body` or `regex:PATTERN`, whose first group",
        "counts; of a list, the first place that has something.",
        "",
        "## Vendors",
        "",
        "| preset | vendor, and the day of its facts | keys |",
        "| --- | --- | --- |",
    ]
    for name in presets.names():
        dialect = presets.preset(name)
        keys = ", ".join(
            f"`{key}`" + ("" if fact.needed else "?") + (" (secret)" * fact.secret)
            for key, fact in presets.keys(name).items()
        )
        page.append(f"| `{name}` | {_cell(dialect.about)}; {dialect.facts} | {keys} |")
    page += ["", "A key with a question mark may be left out.", ""]
    for section, known in SECTIONS.items():
        page += [f"## `{section}`" if section else "## The file", ""]
        page += ["| key | what | default | meaning |", "| --- | --- | --- | --- |"]
        for key in known:
            default = f"`{key.default}`" if key.default else ""
            told = _cell(key.told)
            page.append(f"| `{key.name}` | {key.kind} | {default} | {told} |")
        page.append("")
    return "\n".join(page).rstrip() + "\n"


def audience_page() -> str:
    """Return the page of rules, and the facts they can ask for."""
    from smsgate.campaigns.audience.facts import FACTS
    from smsgate.campaigns.wording import FIELDS

    page = [
        "# Rules of an audience",
        "",
        "*Generated from `smsgate/campaigns/audience/facts.py`; change that and run",
        "`make fmt`.*",
        "",
        "A rule says which members a campaign is for:",
        "",
        "```",
        'kind = business and (area = "Santa Tecla" or area = Soyapango) and idle > 30',
        "balance < 0 and not bought_from = 20417 and joined >= 2026-01-01",
        "everybody",
        "```",
        "",
        "Comparisons are joined by `and`, `or`, `not` and brackets (`y`, `o`, `no` do",
        "as well); `or` binds weaker than `and`. What has spaces stands in quotation",
        "marks. Signs are `=` `!=` `<` `<=` `>` `>=`; words are compared with `=` and",
        "`!=` only, without regard to capitals. Amounts are written `1234.50`, days",
        "`2026-01-31`. `everybody` (`todos`) is every member. At a shell the rule",
        "stands in quotation marks of the other kind.",
        "",
        "Members who want no promotions, and accounts that are frozen or closed, are",
        "left out of every audience and counted beside it.",
        "",
        "| fact | meaning | for example |",
        "| --- | --- | --- |",
    ]
    page += [
        f"| `{name}` | {_cell(known.meaning)} | `{known.example}` |"
        for name, known in FACTS.items()
    ]
    page += [
        "",
        "## Fields of a text",
        "",
        "What is known of a member can stand in a text. Of a list each column can,",
        "under its name in small letters, with `_` for spaces.",
        "",
        "| written | is a member's |",
        "| --- | --- |",
    ]
    written: dict[str, list[str]] = {}
    for name, meaning in FIELDS.items():
        written.setdefault(meaning, []).append(f"`{{{name}}}`")
    page += [f"| {' '.join(names)} | {meaning} |" for meaning, names in written.items()]
    return "\n".join(page) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ⏎ ").replace("*", "\\*")


PAGES = {
    "audience.md": audience_page,
    "commands.md": commands_page,
    "config.md": config_page,
    "dialects.md": dialects_page,
    "menu.md": menu_page,
    "replies.md": replies_page,
    "vendors.md": vendors_page,
}


def stale(folder: Path = REFERENCE) -> list[str]:
    """Return the pages that are not what would be written now."""
    return [
        name
        for name, page in PAGES.items()
        if not (folder / name).is_file()
        or (folder / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or only compare them."""
    if "--check" in arguments:
        for name in (old := stale()):
            sys.stderr.write(f"docs/reference/{name} is stale: run make fmt\n")
        return 1 if old else 0
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
