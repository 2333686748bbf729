"""The declarative driver: one vendor's way of talking, told in a file.

What comes in: the tables of a TOML file, and what one link sets for the file's keys.
What goes out: an `Aggregator` that needs no line of Python. `reading` makes a `Dialect`
of the tables (`schema` has every key), `aggregator` joins it with a link's values,
`trial` tries its requests. `modem.aggregators.presets` has the dialects that are
shipped, `modem.aggregators.explain` tells what one makes of a message.
"""

from modem.aggregators.dialect.aggregator import DialectAggregator, bind
from modem.aggregators.dialect.reading import read_dialect
from modem.aggregators.dialect.values import Dialect
from modem.aggregators.keys import BadDialect

__all__ = ["BadDialect", "Dialect", "DialectAggregator", "bind", "read_dialect"]
