"""A town whose second way in is Debian's own Kannel, the real programs.

    phone ── fake SMSC's wire ── bearerbox ── smsbox ── HTTP ── the house

What comes in: lines that a phone writes on the wire of Kannel's fake SMSC. What goes
out: what Kannel wrote to phones there. Everything between is Kannel as it is installed
(`make debian`), configured as the head of the preset says.
"""

from __future__ import annotations

import socket
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tests.flows.town import Town
from tests.flows.web import PATIENCE_S, SECRET, free_port

BEARERBOX, SMSBOX = Path("/usr/sbin/bearerbox"), Path("/usr/sbin/smsbox")
OURS = "7777"
_CONFIG = """
group = core
admin-port = {admin}
admin-password = nobody
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 1

group = smsc
smsc = fake
smsc-id = PHONES
host = localhost
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 1

group = sendsms-user
username = red
password = s3cret
max-messages = 3
concatenation = true

group = sms-service
keyword = default
get-url = "{hook}/in?id=%I&sender=%p&to=%P&ts=%T&message=%b&charset=%C"
concatenation = true
max-messages = 0
"""


@dataclass
class KannelTown(Town):
    """A town with a link over Kannel, called `web`; nobody trusts its numbers."""

    #: (number, text) as phones got them.
    phone: list[tuple[str, str]] = field(default_factory=list)
    #: How many of them somebody has read.
    read: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start Kannel, then make the house."""
        self.ports = {
            name: free_port() for name in ("admin", "boxes", "smsc", "sendsms", "house")
        }
        self.origin = f"http://127.0.0.1:{self.ports['house']}"
        self.settings["http"] = {
            "listen": f"127.0.0.1:{self.ports['house']}",
            "public_url": self.origin,
        }
        super().__post_init__()
        self._boxes: list[subprocess.Popen[bytes]] = []
        try:
            self._start_kannel()
        except BaseException:
            self._stop_kannel()
            raise

    def _config(self) -> str:
        # At a path of its own: the system gives the number of a pulled port to others.
        self.modem.replug(self.folder / "modem")
        for name, secret in (("hook", SECRET), ("password", "s3cret")):
            path = self.folder / f"{name}.secret"
            path.write_text(secret, encoding="utf-8")
            path.chmod(0o600)
        return super()._config() + "\n".join(
            [
                *("", "[[link]]", 'name = "web"', 'driver = "http"'),
                *('preset = "kannel"', 'user = "red"', f'from = "{OURS}"'),
                f'url = "http://127.0.0.1:{self.ports["sendsms"]}"',
                'password = "file:password.secret"',
                *('hook_secret = "file:hook.secret"', ""),
            ]
        )

    # ---- Kannel

    def _start_kannel(self) -> None:
        folder = self.folder.parent / "kannel"
        folder.mkdir()
        file = folder / "kannel.conf"
        file.write_text(
            _CONFIG.format(
                folder=folder, hook=f"{self.origin}/hook/web/{SECRET}", **self.ports
            ),
            encoding="utf-8",
        )
        for program, ready in ((BEARERBOX, "boxes"), (SMSBOX, "sendsms")):
            assert program.exists(), "apt-get install kannel"
            with (folder / f"{program.name}.out").open("wb") as out:
                # The programs are Debian's, the file is ours.
                started = subprocess.Popen(
                    [program, "-v", "4", file], stdout=out, stderr=out
                )
            self._boxes.append(started)
            self._connected(ready).close()
        self._wire = self._connected("smsc")
        self._far = threading.Thread(target=self._listen, name="phones")
        self._far.start()

    def _connected(self, name: str) -> socket.socket:
        """Connect to one of Kannel's ports once it listens."""
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / 0.02)):
            try:
                return socket.create_connection(("127.0.0.1", self.ports[name]))
            except OSError:
                pause.wait(0.02)
        raise AssertionError(f"Kannel does not listen at {name}")

    def _listen(self) -> None:
        """Note what phones get: `OURS NUMBER text BODY`, one a line."""
        with suppress(OSError), self._wire.makefile("rb") as lines:
            for line in lines:
                _, number, kind, body = line.rstrip(b"\n").split(b" ", 3)
                # What is not in the GSM alphabet goes as UCS-2, %-coded.
                said = (
                    body.decode()
                    if kind == b"text"
                    else unquote_to_bytes(body.replace(b"+", b" ")).decode("utf-16-be")
                )
                self.phone.append((number.decode(), said))

    def _stop_kannel(self) -> None:
        if hasattr(self, "_far"):
            with suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)
            self._far.join(PATIENCE_S)
            self._wire.close()
        for box in reversed(self._boxes):
            box.kill()
            box.wait(PATIENCE_S)

    def close(self) -> None:
        """Stop everything."""
        try:
            super().close()
        finally:
            self._stop_kannel()

    # ---- phones

    def texts(self, name: str, text: str) -> None:
        """Have somebody text the network's number at Kannel."""
        self.clock.forward(seconds=1)
        line = f"{self.people[name].phone} {OURS} text {text}\n"
        self._wire.sendall(line.encode())

    def rings(self, name: str) -> str:
        """Wait for the next text that Kannel brings to somebody's phone."""
        phone = self.people[name].phone
        count = self.read[phone] = self.read.get(phone, 0) + 1
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / 0.02)):
            got = [text for number, text in list(self.phone) if number == phone]
            if len(got) >= count:
                return got[count - 1]
            pause.wait(0.02)
        raise AssertionError(f"nothing rang at {name}")
