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
    """What clients saw: seconds for all requests, requests per second, 50th and 99th percentile in milliseconds."""

    wall: float
    per_second: float
    p50: float
    p99: float


@contextmanager
def server(database_url, workers=2):
    """Granian with ``workers`` processes on a free port; yields the port once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(workers), "--log-level", "error", "ksb.wsgi:application"),
        ],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "benchmarks.web.settings"},
    )
    try:
        _wait_for(port, process)
        yield port
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


def ask(port, requests):
    """Put ``requests``, tuples (method, path, body, headers), to the server from CLIENTS threads. Returns Answers.

    Raises RuntimeError when an answer is not 200: a wrong answer is quick.
    """
    shares = [requests[i::CLIENTS] for i in range(CLIENTS)]
    taken = [[] for _ in shares]
    wrong = []
    threads = [
        threading.Thread(target=_client, args=arguments)
        for arguments in zip(repeat(port), shares, taken, repeat(wrong))
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - started
    if wrong:
        raise RuntimeError(f"{len(wrong)} answers other than 200, the first: {wrong[0]}")
    cuts = statistics.quantiles([seconds for share in taken for seconds in share], n=100)
    return Answers(wall, len(requests) / wall, cuts[49] * 1000, cuts[98] * 1000)


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
