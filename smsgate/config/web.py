"""`[http]`: where the web server listens, and how it is called from outside.

What comes in: the table. What goes out: the address to listen at, the one that others
use, and the certificate. Used by `smsgate.web`.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from smsgate.config.fields import OptionalAddress, OptionalPath, WebAddress, written
from smsgate.config.section import Section


class Http(Section):
    """The web server; off while `listen` is empty."""

    listen: OptionalAddress = Field(
        default=written(""), description='HOST:PORT, or "" for no web server'
    )
    public_url: WebAddress = Field(default="", description="an https:// address, or ''")
    tls_cert: OptionalPath = Field(
        default=written(""), description='a PEM file, or "" for plain HTTP'
    )
    tls_key: OptionalPath = Field(
        default=written(""), description='a PEM file, or "" for plain HTTP'
    )

    @model_validator(mode="after")
    def _both(self) -> Http:
        if (self.tls_cert is None) is not (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together: write both or neither")
        return self

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """Certificate and key; None: plain HTTP."""
        if self.tls_cert is None or self.tls_key is None:
            return None
        return self.tls_cert, self.tls_key

    @property
    def address(self) -> str:
        """The address under which others reach it, without a slash at its end."""
        if self.public_url or self.listen is None:
            return self.public_url
        scheme = "http" if self.tls is None else "https"
        host = self.listen.host
        named = f"[{host}]" if ":" in host else host
        return f"{scheme}://{named}:{self.listen.port}"
