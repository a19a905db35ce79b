"""`python -m ksb.demo.runner`: a whole installation under one foreground process, for looking and trying.

Servers, tables, a city the first time, then web server, worker and timetable, until Ctrl-C. A second start keeps the
data and takes seconds. One run at a time: a lock held for its whole life tells a living run from the remains of a
killed one, whose processes are found by their mark and ended.
"""

import argparse
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass

from ksb import embedded
from ksb.demo import supervisor
from ksb.demo.bpjs import CONS_ID, SECRET, USER_KEY
from ksb.demo.offices import CUSTOMER, LOGIN
from ksb.demo.supervisor import MARK, GaveUp, Service
from ksb.embedded.home import PROJECT

VAR = PROJECT / "var"
LOCK = VAR / "demo.lock"
RUN = VAR / "demo.json"
LOGS = VAR / "log"
READY_SECONDS = 90
INTERRUPTED_LOAD = 3  # exit status of `load_demo`


class Refused(Exception):
    """The demonstration cannot start; the message is a sentence for the person at the terminal."""


@dataclass
class Run:
    """What a later command must know of this one; on disk while it lives."""

    pid: int
    mark: str
    url: str
    started_servers: bool = False

    def write(self) -> None:
        RUN.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls) -> "Run | None":
        try:
            return cls(**json.loads(RUN.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ksb.demo.runner", description=__doc__.partition("\n")[0])
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--stop", action="store_true", help="stop a running demonstration, or the remains of one")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        servers = embedded.servers(embedded.DEMO)
        LOGS.mkdir(parents=True, exist_ok=True)
        return stop() if options.stop else demonstrate(servers, options)
    except (Refused, GaveUp, embedded.EmbeddedServerError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def demonstrate(servers: embedded.Servers, options: argparse.Namespace) -> int:
    if not 0 < options.port < 65536:
        raise Refused(f"{options.port} is no port. Choose one from 1024 to 65535: make demo PORT=8001")
    with LOCK.open("w") as lock:
        if not _take(lock):
            earlier = Run.read()
            place = f" at {earlier.url}" if earlier else ""
            raise Refused(f"The demonstration runs already{place}. `make stop` ends it.")
        run = Run(os.getpid(), secrets.token_hex(8), f"http://{options.host}:{options.port}/")
        run.started_servers = clear_remains()
        claim_port(options.host, options.port)
        run.write()
        services = []
        try:
            print("3/6 Database and broker", flush=True)
            run.started_servers |= servers.start()
            run.write()
            prepare(servers, run, options)
            services = start_services(run, options)
            watch(services, servers)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            print("\nStopping ...", end=" ", flush=True)
            supervisor.end(services, run.mark)
            if run.started_servers:
                servers.stop()
            RUN.unlink(missing_ok=True)
            print("stopped. The data are kept; `make demo` goes on with them.")
    return 0


def stop() -> int:
    """End a living run as Ctrl-C would; else what a killed one left."""
    run = Run.read()
    with LOCK.open("w") as lock:
        if not _take(lock):
            if run is not None:
                os.kill(run.pid, signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
            print("The demonstration was stopped.")
        elif run is not None:
            clear_remains()
            RUN.unlink(missing_ok=True)
    return 0


def clear_remains() -> bool:
    """End what an earlier, killed run has left; whether that run had started the servers, so that they are ours to stop."""
    earlier = Run.read()
    if earlier is None:
        return False
    count = supervisor.end_marked(earlier.mark)
    if count:
        print(f"      an earlier run ended badly; {count} processes it left behind were stopped")
    return earlier.started_servers


def claim_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Refused(f"Port {port} needs root. Choose one above 1023: make demo PORT=8000") from error
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == 99:
                raise Refused(f"{host} is no address of this machine. HOST=127.0.0.1 or HOST=0.0.0.0") from error
            raise Refused(
                f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}"
            ) from error


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody uses now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def offices_at(dukcapil: int, bpjs: int) -> dict[str, str]:
    """The environment under which the desks ask the played offices."""
    return {
        "DUKCAPIL_URL": f"http://127.0.0.1:{dukcapil}",
        "DUKCAPIL_CUSTOMER": CUSTOMER,
        "DUKCAPIL_USER": LOGIN["user_id"],
        "DUKCAPIL_PASSWORD": LOGIN["password"],
        "VCLAIM_URL": f"http://127.0.0.1:{bpjs}/vclaim-rest",
        "VCLAIM_CONS_ID": CONS_ID,
        "VCLAIM_SECRET": SECRET,
        "VCLAIM_USER_KEY": USER_KEY,
    }


def prepare(servers: embedded.Servers, run: Run, options: argparse.Namespace) -> None:
    """Tables and, the first time, a city. A load that was interrupted is begun again on an empty database."""
    load = ["load_demo", "--skip-checks", f"--residents={options.residents}", f"--seed={options.seed}"]
    print("4/6 Tables", flush=True)
    _manage(run, "migrate", "--verbosity=0", "--skip-checks")
    print("5/6 City", flush=True)
    status = _manage(run, *load, allowed=(0, INTERRUPTED_LOAD))
    if status == INTERRUPTED_LOAD:
        if not servers.has_own_database:
            raise Refused(
                "The loading of the city was interrupted. Empty the database of DATABASE_URL and start again."
            )
        print("      the last loading was interrupted; it begins again")
        servers.postgres.recreate_database()
        _manage(run, "migrate", "--verbosity=0", "--skip-checks")
        _manage(run, *load)


def start_services(run: Run, options: argparse.Namespace) -> list[Service]:
    print("6/6 Web server, worker, timetable", flush=True)
    local = options.host in {"127.0.0.1", "localhost", "::1"}
    # Worker and timetable would each import every page to check it, which the web server does anyway.
    environment = (
        _environment(run) | {"DEBUG": "0", "CELERY_SKIP_CHECKS": "1"} | ({} if local else {"ALLOWED_HOSTS": "*"})
    )
    ports = free_ports(2)
    environment |= offices_at(*ports)
    python = sys.executable
    web = ["granian", "--interface=wsgi", f"--host={options.host}", f"--port={options.port}", "--workers=2"]
    web += ["--blocking-threads=4", "--respawn-failed-workers", "--no-ws", "ksb.wsgi:application"]
    commands = {
        "web": [python, "-m", *web],
        "worker": [python, "-m", "celery", "-A", "ksb", "worker", "--loglevel=INFO", "--without-mingle"],
        "beat": [python, "-m", "celery", "-A", "ksb", "beat", "--loglevel=INFO"],
        "offices": [
            python,
            "manage.py",
            "play_offices",
            f"--dukcapil={ports[0]}",
            f"--bpjs={ports[1]}",
            "--skip-checks",
        ],
    }
    services = [
        Service(name, command, LOGS / f"{name}.log", environment, PROJECT) for name, command in commands.items()
    ]
    for service in services:
        service.start()
    try:
        _wait_until_ready(services, options)
    except BaseException:
        supervisor.end(services, run.mark)
        raise
    print(f"\nKSB runs at {run.url}  (logs in {LOGS.relative_to(PROJECT)}/, Ctrl-C stops it)", flush=True)
    return services


def watch(services: list[Service], servers: embedded.Servers) -> None:
    """Start again what has ended, servers included, until Ctrl-C."""
    while True:
        time.sleep(1)
        if servers.start():
            print("the database or the broker had ended and was started again", flush=True)
        for service in services:
            status = service.revive()
            if status is not None:
                print(f"{service.name} ended with status {status} and was started again; see {service.log}", flush=True)


def _wait_until_ready(services: list[Service], options: argparse.Namespace) -> None:
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104
    deadline = time.monotonic() + READY_SECONDS
    while not _is_healthy(f"http://{host}:{options.port}/health/"):
        for service in services:
            service.revive()
        if time.monotonic() > deadline:
            raise GaveUp(f"The web server does not answer. {services[0].log} ends with:\n{services[0].tail()}")
        time.sleep(0.2)


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            state = json.load(answer)
    except (OSError, ValueError):
        return False
    return bool(state["database"]["ok"] and state["worker"]["ok"])


def _manage(run: Run, *command: str, allowed: tuple[int, ...] = (0,)) -> int:
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=_environment(run), start_new_session=True
    )
    status = process.wait()
    if status not in allowed:
        raise Refused(f"`manage.py {command[0]}` ended with status {status}; what it says stands above.")
    return status


def _environment(run: Run) -> dict[str, str]:
    return os.environ | {MARK: run.mark, "DJANGO_SETTINGS_MODULE": "ksb.settings.dev", "PYTHONUNBUFFERED": "1"}


def _take(lock) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
