"""Look for a text that breaks a promise, led by which lines of `commands` it reaches.

What comes in: how many seconds to look, as the only argument. What goes out: exit 0, or
the text in the form of Python and the promise it broke. Starts from the corpus and the
words of the language. Run by `make fuzz-parse`, which brings the fuzzer: no lock holds
it, since not every Python has one. The promises stand in `tests.fuzz.promises`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["commands"]):
    from tests.fuzz.promises import hold

from commands.words import RESERVED
from tests.corpus.texts import rows

#: More than three segments are never read.
_BYTES_MAX = 480


def one(data: bytes) -> None:
    """Try one text."""
    text = data.decode("utf-8", "replace")
    try:
        hold(text)
    except BaseException:
        sys.stderr.write(f"\nThis text breaks a promise: {text!r}\n")
        raise


def main(seconds: int) -> None:
    """Try texts until the time is up; ends the process."""
    with tempfile.TemporaryDirectory() as place:
        seeds = Path(place, "seeds")
        seeds.mkdir()
        for row in rows():
            (seeds / str(row.line)).write_text(row.text, encoding="utf-8", newline="")
        words = Path(place, "words")
        words.write_text("".join(f'"{word}"\n' for word in sorted(RESERVED)))
        atheris.Setup(
            [
                sys.argv[0],
                f"-max_total_time={seconds}",
                f"-max_len={_BYTES_MAX}",
                f"-dict={words}",
                f"-artifact_prefix={tempfile.gettempdir()}/smsgate-",
                str(seeds),
            ],
            one,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]))
