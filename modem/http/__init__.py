"""A link over HTTP: an aggregator, or a phone with an app that acts as one.

What comes in: an `Aggregator`, which knows what a vendor says on the wire, the vendor's
webhooks, and texts to send. What goes out: requests to the vendor, and what the
webhooks brought to the house. `link` is the link; `talking` makes the requests,
`hearing` takes the webhooks, `parts` puts long texts together, `once` knows what came
before. The webhooks arrive at `smsgate.web`.
"""

from modem.http.link import Clock, HttpLink, HttpPace

__all__ = ["Clock", "HttpLink", "HttpPace"]
