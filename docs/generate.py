"""Write the reference pages that can be read off the program itself.

What comes in: `config.example.toml`, the command words, the catalogues of replies and
the facts of a campaign's rules. What goes out: `config.md`, `commands.md`, `replies.md`
and `audience.md` in `docs/reference/`. With
`--check` nothing is written, and a stale page is exit 1: `make check` runs it so, `make
fmt` writes.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # run as a file, from any folder
    sys.path.insert(0, str(ROOT))

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
    """Return the page of command words, those that can be done first."""
    from commands.catalogues import CATALOGUES
    from commands.reply import HelpText, Voice
    from commands.slots import slots
    from commands.words import BUILT, SYNONYMS

    page = [
        "# Command words",
        "",
        "*Generated from `commands/words.py` and `commands/catalogues/`; change those",
        "and run `make fmt`.*",
        "",
        "Every word works in every language. `****` stands for a PIN.",
        "",
        "| words | " + " | ".join(f"written ({one})" for one in CATALOGUES) + " |",
        "| --- |" + " --- |" * len(CATALOGUES),
    ]
    for keyword, synonyms in SYNONYMS.items():
        if keyword not in BUILT:
            continue
        cells = [" ".join(f"`{word}`" for word in synonyms)]
        for language, words in CATALOGUES.items():
            told = slots(HelpText(topic=keyword), Voice(language=language), words)
            sample = f": `{told['sample']}`" if told["sample"] else ""
            cells.append(f"{told['usage']}{sample}")
        page.append("| " + " | ".join(cells) + " |")
    page += ["", 'Known, and answered with "not yet":', ""]
    page += [
        "- " + " ".join(f"`{word}`" for word in synonyms)
        for keyword, synonyms in SYNONYMS.items()
        if keyword not in BUILT
    ]
    return "\n".join(page) + "\n"


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
    "replies.md": replies_page,
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
