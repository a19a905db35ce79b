"""Processes under one roof: started together, watched, started again when they fall, ended together.

Every process started here carries a random mark in its environment. The mark, not a number that may by now belong to
somebody else, proves which processes an earlier, killed run has left behind.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARK = "KSB_DEMO_RUN"
GRACE_SECONDS = 15
QUICK_FALL_SECONDS = 20
FALLS_ALLOWED = 3
LOG_LIMIT = 10 * 1024 * 1024


class GaveUp(Exception):
    """A process falls as soon as it is started; the message carries the end of its log."""


@dataclass
class Service:
    """One process with its log file. `falls` counts how often in a row it ended soon after its start."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str]
    folder: Path
    falls: int = 0
    started: float = 0
    process: subprocess.Popen | None = field(default=None, repr=False)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them in order
            )
        self.started = time.monotonic()

    def revive(self) -> int | None:
        """Start it again if it has ended; its exit status then, else None. Raises GaveUp after repeated quick falls."""
        status = self.process.poll()
        if status is None:
            return None
        self.falls = self.falls + 1 if time.monotonic() - self.started < QUICK_FALL_SECONDS else 1
        if self.falls > FALLS_ALLOWED:
            raise GaveUp(
                f"{self.name} ends as soon as it starts (status {status}). {self.log} ends with:\n{self.tail()}"
            )
        self.start()
        return status

    def tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def marked_processes(mark: str) -> list[int]:
    """Pids of the processes, of any age and parent, that carry `mark`."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def end(services: Sequence[Service], mark: str) -> None:
    """Tell each service to end, wait for it to finish what it is at, then end whatever still carries `mark`."""
    running = [service.process for service in services if service.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
    end_marked(mark)


def end_marked(mark: str, *, seconds: float = 5) -> int:
    """End everything that carries `mark`, by force after `seconds`; how many processes there were."""
    found = marked_processes(mark)
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while left := marked_processes(mark):
        if time.monotonic() > deadline:
            _signal(left, signal.SIGKILL)
        time.sleep(0.1)
    return len(found)


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
