"""A real Celery worker on the real broker, for the tests that ask for one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from ksb.embedded.home import PROJECT

START_SECONDS = 30


class Worker:
    """A worker process over the suite's database."""

    def __init__(self, process: subprocess.Popen):
        self.process = process

    def kill(self) -> None:
        """End it and its children at once, as a lost machine would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @staticmethod
    def wait_until(condition: Callable[[], object], *, seconds: float = 20) -> None:
        """Return when `condition()` holds; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"The worker did not bring it about within {seconds} s.")
            time.sleep(0.05)


@pytest.fixture
def worker(transactional_db, tmp_path):
    """Started for one test over an empty queue and ended with it."""
    from django.conf import settings
    from django.db import connection

    from ksb.celery import app

    app.control.purge()
    parameters = connection.get_connection_params()
    url = (
        f"postgresql://{parameters['user']}:{parameters['password']}@/{parameters['dbname']}?host={parameters['host']}"
    )
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    log = tmp_path / "worker.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "ksb", "worker", "--concurrency=1", "--loglevel=INFO"],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while " ready" not in log.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The worker did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield Worker(process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
