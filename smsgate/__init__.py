"""The house: everything that has state.

Start reading at `smsgate.gateway`: the whole way of a message. The rooms, highest
first, are drawn in `docs/architecture.md`.
"""

__version__ = "0.1.0"
