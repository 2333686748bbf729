"""The language of the daemon's socket: one JSON line each, few, short and in time.

    daemon > {"smsgate": "0.1.0", "protocol": 1}
    shell  > {"operation": "member.show", "arguments": {"who": "20417"}, "as": "marta"}
    daemon > {"progress": ["making one-time codes", 120, 5000]}
    daemon > {"answer": {…}, "exit": 0}
        or > {"refused": "one sentence", "lines": [], "exit": 1}

The daemon greets at once, so that a hanging one is told from a busy one. Progress comes
any number of times; an empty one says "still here".

One request a connection. Spoken by `smsgate.operations.door.socket` (the daemon's side)
and `smsgate.operations.door.asking` (the shell's).
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROTOCOL = 1
#: The longest line either way, bytes: a list of some 20,000 members.
LINE_MAX = 16 * 1024 * 1024
#: How long the daemon may take to greet, seconds; later counts as nobody.
GREETING_S = 3.0
#: How long a shell may take to write its request.
REQUEST_S = 10.0
#: The daemon says that it is still at work this often.
BEAT_S = 5.0
#: Silence this long means that it hangs.
SILENCE_S = 30.0
#: How long one operation may take.
OPERATION_S = 900.0
#: How many shells are attended to at once.
AT_ONCE = 16

#: Linux takes 108 bytes with the closing NUL as the name of a socket.
_NAME_MAX = 107


def encode(document: dict[str, Any]) -> bytes:
    """Write one line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


@contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Name a socket so that the kernel takes it, however deep its folder is."""
    if len(os.fsencode(path)) <= _NAME_MAX:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
