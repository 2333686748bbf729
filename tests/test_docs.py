"""Promises of the pages: complete, true to the program, and no link leads nowhere.

What the program can be asked (its commands, its settings, its catalogues) is compared
with what the pages tell of it.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.name
)
CLI = ROOT / "docs" / "reference" / "cli.md"
GENERATE = ROOT / "docs" / "generate.py"
#: Options that every command has; told at the head of the page.
COMMON = {"--json", "--config", "--as"}


# ---- commands at a shell


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with its whole name."""
    root = importlib.import_module("smsgate.cli").program
    yield from _below(root, "smsgate")


def _below(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _below(command, f"{path} {name}")
        elif not command.hidden:
            yield f"{path} {name}", command


def told() -> dict[str, str]:
    """Return what the page of commands tells of each, by its name."""
    page = CLI.read_text(encoding="utf-8")
    parts = re.split(r"^### `(smsgate[^`]*)`$", page, flags=re.MULTILINE)[1:]
    return {
        " ".join(word for word in title.split() if word.islower()): text
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_command_has_help() -> None:
    """`--help` says of each command and option what it does, or what it may be."""
    untold = []
    for name, command in commands():
        if not command.help:
            untold.append(name)
        untold += [
            f"{name} {option.opts[0]}"
            for option in command.params
            if isinstance(option, click.Option)
            and not (option.help or isinstance(option.type, click.Choice))
        ]

    assert untold == []


def test_every_command_stands_in_the_reference() -> None:
    """The page of commands tells every command, and none that does not exist."""
    assert sorted(told()) == sorted(name for name, _ in commands())


def test_every_option_stands_in_the_reference() -> None:
    """The page tells every option under its command, the common ones at its head."""
    page = told()
    head = CLI.read_text(encoding="utf-8").partition("\n### ")[0]
    untold = [
        f"{name} {option.opts[-1]}"
        for name, command in commands()
        for option in command.params
        if isinstance(option, click.Option)
        and option.opts[-1] not in (head if COMMON & set(option.opts) else page[name])
    ]

    assert untold == []


# ---- settings


def settings(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Yield every setting of a model as `section.key`; those of links as `link.key`."""
    for name, kept in model.model_fields.items():
        inner = list(_models(kept.annotation))
        for kind in inner:
            yield from settings(kind, f"{path}{kept.alias or name}.")
        if not inner:
            yield f"{path}{kept.alias or name}"


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    if isinstance(annotation, (types.UnionType, types.GenericAlias)) or typing.get_args(
        annotation
    ):
        for part in typing.get_args(annotation):
            yield from _models(part)


_OF_WORDS = {"words.pagar", "shown.es", "shown.en"}


def exemplified() -> set[str]:
    """Return every setting of the example, those that are commented out too."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    in_use = re.sub(r"^#(?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    found: set[str] = set()
    for section, values in tomllib.loads(in_use).items():
        for table in values if isinstance(values, list) else [values]:
            found |= {f"{section}.{key}" for key in table}
    # One command stands for all of those that can have more words, or be shown by one.
    return {one.split(".")[0] if one in _OF_WORDS else one for one in found}


def test_every_setting_stands_in_the_example() -> None:
    """`config.example.toml` holds every setting, and none that does not exist."""
    config = importlib.import_module("smsgate.config").Config
    known = importlib.import_module("modem.aggregators.known")
    # A link over HTTP has keys of its vendor's besides.
    vendor = {f"link.{key}" for key in known.keys("sms-gate-local")}

    assert exemplified() - vendor == set(settings(config))


# ---- pages


def test_the_generated_pages_are_what_the_program_says() -> None:
    """The generated references are up to date; else `make fmt` writes them."""
    done = subprocess.run(
        [sys.executable, str(GENERATE), "--check"], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")


def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings as links use them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")
        for title in titles
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_no_link_leads_nowhere(page: Path) -> None:
    """Every file and heading that a page links to is there."""
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_has_a_title(page: Path) -> None:
    """Every page begins with a title, so that a reader knows where they are."""
    assert page.read_text(encoding="utf-8").startswith("# ")


def test_the_readme_opens_with_its_two_commands() -> None:
    """A newcomer sees `make demo` and `make test` before anything else."""
    opening = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:6]

    assert any(line.startswith("make demo") for line in opening)
    assert any(line.startswith("make test") for line in opening)


def test_the_architecture_shows_todays_rooms() -> None:
    """Its drawing names every room of the house once, from the top down."""
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"][2]["layers"]
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    drawn = page.split("## The rooms of the house")[1].split("```")[1]
    named = [
        room.strip()
        for line in drawn.strip().splitlines()
        for room in line.strip().split("  ")[0].split(",")
    ]
    rooms = [room.strip("() ") for layer in layers for room in layer.split(":")]
    assert named == rooms
