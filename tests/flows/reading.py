"""Read an answer against the sentence it should be, with blanks for what is drawn.

`read("Ref {ref}. {time}", text)` returns what stood in the blanks, or fails showing
both sentences. The blanks a sentence may have stand in `_BLANKS`.
"""

from __future__ import annotations

import re

_BLANKS = {
    "ref": r"\d{6}-?\d{4}",
    "time": r"\d\d/\d\d \d\d:\d\d",
    "tk": r"\d\d",
    "any": r".+",
    "ad": r"\d+",
    "day": r"\d\d/\d\d",
}


def read(sentence: str, text: str) -> dict[str, str]:
    """Return what stands in the blanks of `sentence`."""
    seen: set[str] = set()

    def blank(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{_BLANKS[name.rstrip('0123456789')]})"

    pattern = re.sub(r"\\\{(\w+)\\\}", blank, re.escape(sentence))
    found = re.fullmatch(pattern, text)
    assert found is not None, f"\n  heard    {text!r}\n  expected {sentence!r}"
    return found.groupdict()


def digits(ref: str) -> str:
    """Return a reference as it is typed."""
    return ref.replace("-", "")
