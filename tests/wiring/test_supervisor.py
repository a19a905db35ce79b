"""The demonstration's processes: revived when they fall, ended together, found again after their parent was killed."""

import os
import secrets
import sys
import time

import pytest

from ksb.demo.supervisor import MARK, GaveUp, Service, end, end_marked, marked_processes

PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
time.sleep(99)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(99)
"""


def service(tmp_path, mark, code):
    command = [sys.executable, "-c", code]
    return Service("clock", command, tmp_path / "clock.log", os.environ | {MARK: mark}, tmp_path)


def test_all_end_together_with_what_they_started(tmp_path):
    mark = secrets.token_hex(8)
    services = [service(tmp_path, mark, PARENT), service(tmp_path, mark, PARENT)]
    for one in services:
        one.start()
    _wait_until(lambda: len(marked_processes(mark)) == 4)
    end(services, mark)
    assert marked_processes(mark) == []


def test_processes_of_a_killed_run_are_found_by_their_mark_and_others_left_alone(tmp_path):
    mark, other = secrets.token_hex(8), secrets.token_hex(8)
    ours, theirs = (service(tmp_path, which, "import time; time.sleep(99)") for which in (mark, other))
    ours.start()
    theirs.start()
    _wait_until(lambda: marked_processes(mark) and marked_processes(other))
    assert end_marked(mark) == 1
    assert ours.process.wait(5) != 0
    assert theirs.process.poll() is None
    end([theirs], other)


def test_a_process_that_does_not_listen_is_ended_by_force(tmp_path):
    mark = secrets.token_hex(8)
    deaf = service(tmp_path, mark, DEAF)
    deaf.start()
    _wait_until(lambda: "deaf" in deaf.tail())
    assert end_marked(mark, seconds=0.2) == 1
    assert deaf.process.wait(5) == -9


def test_one_that_falls_is_started_again_and_given_up_when_it_keeps_falling(tmp_path):
    falling = service(tmp_path, secrets.token_hex(8), "print('no such table'); raise SystemExit(7)")
    falling.start()
    for _ in range(3):
        falling.process.wait(5)
        assert falling.revive() == 7
    falling.process.wait(5)
    with pytest.raises(GaveUp, match="no such table"):
        falling.revive()


def _wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
