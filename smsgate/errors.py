"""The root of the house's own errors; each room derives its own from here.

A refusal (no funds, wrong PIN) is a value and no error: see `smsgate.ledger.Outcome`.
An error's text is one sentence that tells the reader what to do.
"""


class SmsgateError(Exception):
    """Something the house cannot do; the text says why and what to do."""
