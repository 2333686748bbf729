"""A new file for what is printed once: made before there is anything to write into it.

What comes in: where the file is to be, and what makes its words. What goes out: the
file, readable by its owner only, durable before anybody is told; or none, where it
could not be made or nothing was to be written.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from smsgate.operations import OperationRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsgate.operations import Document


def print_once(
    path: Path, make: Callable[[], Document], words: Callable[[Document], str]
) -> Document:
    """Make the file, then the document, and write its words into it.

    Raises:
        OperationRefused: the file is there already.
    """
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise OperationRefused(
            f"{path} is there already and may be worth money: name a new file with "
            "--out"
        ) from error
    with os.fdopen(opened, "w", encoding="utf-8") as out:
        try:
            document = make()
            out.write(words(document))
            out.flush()
            os.fsync(out.fileno())
        except BaseException:
            if out.tell() == 0:
                path.unlink()
            raise
    return document


def file_name(kind: str, who: str) -> str:
    """Return the name of a file in this folder: `voucher-20417.txt`."""
    return f"{kind}-{re.sub(r'[^0-9A-Za-z]+', '-', who).strip('-') or 'paper'}.txt"
