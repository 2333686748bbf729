"""The web server: what vendors' webhooks and whoever watches the house call.

What comes in: HTTP requests at the addresses of `routes.ROUTES`. What goes out: short
plain answers; everything else is somebody else's: a webhook goes to its link (`hooks`),
which verifies it and hands texts to the gateway before it is answered. It is off until
the configuration has an address for it, and a port that cannot be had is an alarm and
stops nothing (`server`). No request is ever logged: secrets are in the paths, texts in
the bodies.
"""

from __future__ import annotations

from smsgate.web.site import Site, Ussd

__all__ = ["Site", "Ussd", "serve"]


async def serve(site: Site) -> None:
    """Listen until cancelled."""
    # Loaded where there is a server only: it takes a seventh of the house's memory.
    from smsgate.web import server

    await server.serve(site)
