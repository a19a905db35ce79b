"""Where the embedded servers live, whom they run as, and what proves that a process is one of them."""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SERVER_USER = "ksb-db"
SECRETS = ("postgres", "ksb", "ksb_app", "valkey", "django")
START_SECONDS = 60  # redo of a full WAL after a crash takes tens of seconds on a slow disk
SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes, the name of the lock file beside the socket included


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be started; the message is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Home:
    """The folder of one set of servers and the account they run under (None: our own).

    PostgreSQL refuses to run as root. When root starts it, both servers run as the system account `ksb-db`, and when
    that account cannot reach the project (a clone in /root), their folder and a copy of their programs go to /var/lib
    rather than any permission of the clone's parents being loosened. Data another user has made stay that user's.
    """

    name: str
    root: Path
    user: str | None

    @classmethod
    def find(cls, name: str) -> "Home":
        """Where the set `name` lives. Raises EmbeddedServerError when another user has made it and we are not root."""
        if os.geteuid() != 0:
            root = PROJECT / "var" / name
            for folder in (root.parent, root):
                if folder.exists() and not os.access(folder, os.W_OK):
                    raise EmbeddedServerError(
                        f"{folder} belongs to {folder.owner()}. Start as that user, or let it run `make clean`."
                    )
            return cls(name, root, None)
        base = PROJECT / "var"
        if not _reachable_by_others(PROJECT):
            base = Path("/var/lib") / f"ksb-{_digest(str(PROJECT))}"
        data = base / name / "postgres"
        return cls(name, base / name, data.owner() if data.exists() else SERVER_USER)

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Passwords of this set by role, and the key of Django on this machine, made once."""
        path = self.root / "secrets.json"
        with self.locked("secrets"):
            if not path.exists():
                made = {role: secrets.token_hex(16) for role in SECRETS}
                draft = path.with_suffix(".new")
                with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    json.dump(made, file)
                draft.rename(path)
        return json.loads(path.read_text())

    @cached_property
    def sockets(self) -> Path:
        """The private folder of the unix sockets; in /tmp when the project's path is too long for one."""
        inside = self.root / "run"
        if len(bytes(inside / ".s.PGSQL.5432.lock")) < SOCKET_PATH_LIMIT:
            return inside
        return Path(tempfile.gettempdir()) / f"ksb-{os.geteuid()}-{_digest(str(self.root))}"

    def private_folder(self, path: Path) -> Path:
        """`path`, existing, owned by the servers' account and closed to everybody else."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.lstat().st_uid not in (self._owner, os.geteuid()) or path.is_symlink():
            raise EmbeddedServerError(f"{path} belongs to somebody else; remove it and start again.")
        os.chown(path, self._owner, -1)
        path.chmod(0o700)
        return path

    def private_file(self, path: Path, text: str) -> Path:
        """`path`, holding `text`, for the servers' account alone."""
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        os.chown(path, self._owner, -1)
        return path

    @property
    def _owner(self) -> int:
        return pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()

    def ensure_user(self) -> None:
        """Make the system account the servers run under, when root starts them."""
        if self.user is None:
            return
        with contextlib.suppress(KeyError):
            pwd.getpwnam(self.user)
            return
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", self.user]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise EmbeddedServerError(
                f"PostgreSQL does not run as root and the account {self.user} could not be made. "
                f"Run as an ordinary user, or make it: {' '.join(command)}"
            ) from error

    def program(self, base: Path, name: str, *needed: str) -> Path:
        """The program `name` below `base`; from a copy with the `needed` folders when our account cannot reach it."""
        program = base / name
        if self.user is None or _reachable_by_others(program.parent):
            return program
        made = (base / needed[0]).stat().st_mtime_ns
        copy = self.root.parent / f"programs-{_digest(f'{base / needed[0]} {made}')}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            for folder in needed:
                shutil.copytree(base / folder, draft / folder)
            draft.rename(copy)
        return copy / name

    def run(self, command: Sequence[str | Path], **options) -> subprocess.CompletedProcess[str]:
        """Run `command` as the servers' account, in a session of its own so that Ctrl-C does not reach it."""
        if self.user:
            account = pwd.getpwnam(self.user)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            text=True,
            stdin=options.pop("stdin", subprocess.DEVNULL) if "input" not in options else None,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"} | options.pop("environment", {}),
            start_new_session=True,
            check=False,
            **options,
        )

    def drop(self) -> None:
        """Delete the folder, and with the last set in /var/lib the copied programs. The servers are stopped."""
        shutil.rmtree(self.root, ignore_errors=True)
        outside = self.root.parent
        if outside != PROJECT / "var" and all(folder.name.startswith("programs-") for folder in outside.glob("*")):
            shutil.rmtree(outside, ignore_errors=True)

    @contextlib.contextmanager
    def locked(self, what: str) -> Iterator[None]:
        """Hold the lock `what` of this home: two commands that start a server at once start it once."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / f"{what}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def answers(path: Path) -> bool:
    """Whether something listens on the unix socket `path`."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def processes_in(folder: Path) -> list[int]:
    """Pids whose working directory is `folder`: each server process works in its own data folder and nothing else does."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.readlink(entry / "cwd") == str(folder):
                    found.append(int(entry.name))
    return found


def signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _reachable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))
