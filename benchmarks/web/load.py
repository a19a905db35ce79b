"""A web server on loopback, and clients that keep their connections and ask one question after the other."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

CLIENTS = 4
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answers:
    """What clients saw: seconds for all requests, requests per second, 50th and 99th percentile in milliseconds; and the
    processor time of one request in milliseconds, web server and database together, which other work hardly disturbs."""

    wall: float
    per_second: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """A server that answers on ``port`` of loopback, from ``database``."""

    port: int
    pid: int
    database: str

    def seconds(self):
        """Processor time so far, of the web server's processes and of the sessions of the database; 0 without /proc."""
        return sum(_seconds(folder) for folder in Path("/proc").glob("[0-9]*") if self._is_ours(folder))

    def _is_ours(self, folder):
        try:
            title = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
        return self.pid in (int(folder.name), parent) or (
            title.startswith(b"postgres:") and f" {self.database} ".encode() in title
        )


def _seconds(folder):
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(database_url, database, workers=2):
    """Granian with ``workers`` processes on a free port; yields its Server once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", "8", "--log-level", "error", "ksb.wsgi:application"),
        ],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "benchmarks.web.settings"},
    )
    try:
        _wait_for(port, process)
        yield Server(port, process.pid, database)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The measured server did not start.") from None
            time.sleep(0.1)


def ask(server, requests):
    """Put ``requests``, tuples (method, path, body, headers), to the Server from CLIENTS threads. Returns Answers.

    Raises RuntimeError when an answer is not 200: a wrong answer is quick.
    """
    shares = [requests[i::CLIENTS] for i in range(CLIENTS)]
    taken = [[] for _ in shares]
    wrong = []
    threads = [
        threading.Thread(target=_client, args=arguments)
        for arguments in zip(repeat(server.port), shares, taken, repeat(wrong))
    ]
    worked, started = server.seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, worked = time.perf_counter() - started, server.seconds() - worked
    if wrong:
        raise RuntimeError(f"{len(wrong)} answers other than 200, the first: {wrong[0]}")
    cuts = statistics.quantiles([seconds for share in taken for seconds in share], n=100)
    return Answers(wall, len(requests) / wall, cuts[49] * 1000, cuts[98] * 1000, worked / len(requests) * 1000)


def _client(port, requests, taken, wrong):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for method, path, body, headers in requests:
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        taken.append(time.perf_counter() - started)
        if response.status != 200:
            wrong.append((response.status, text[:200]))
    connection.close()
