"""How hard the properties are tried: a little, the same each time, or thoroughly.

Hypothesis draws 50 examples of each at a desk; where CI is set always the same ones, so
that a change is never blamed for another's luck; with `make fuzz` thousands.
"""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a shared machine stalls now and then, and pytest's timeout still holds.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=5_000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
