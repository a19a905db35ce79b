"""A program of its own: takes files in again and again, each time struck down at another statement.

    python -m tests.participants.interrupted registry|jkn client|backend FILE... -- POINT...

``client`` kills the process with SIGKILL before its n-th statement, ``backend`` ends its database session there. Prints for each
point ``died``, or ``done`` when the work was over before the point came, or what else went wrong.
"""

import os
import signal
import sys
import time

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.utils import timezone  # noqa: E402

from ksb.core import copy  # noqa: E402
from ksb.core.errors import Refused  # noqa: E402
from participants.dukcapil import sync as registry  # noqa: E402
from participants.jkn import sync as jkn  # noqa: E402

DONE, LOST = 0, 3


def strike_at(point, way):
    """From now on the ``point``-th statement of this process is its last."""
    seen = [0]

    def counted(function):
        def run(*args, **kwargs):
            seen[0] += 1
            if seen[0] == point:
                end(way)
            return function(*args, **kwargs)

        return run

    CursorWrapper.execute = counted(CursorWrapper.execute)
    copy._copy = counted(copy._copy)


def end(way):
    if way == "client":
        os.kill(os.getpid(), signal.SIGKILL)
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def work(kind, files):
    """Take the files in, once the session of the last one struck down is gone."""
    for _attempt in range(100):
        try:
            if kind == "registry":
                return registry.run(path=files[0], actor=None, at=timezone.now())
            return jkn.run(paths=files, actor=None, at=timezone.now())
        except Refused as refusal:
            if refusal.code != "busy":
                raise
            time.sleep(0.05)
    raise TimeoutError


def main():
    kind, way, *rest = sys.argv[1:]
    files, points = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    for point in map(int, points):
        child = os.fork()
        if child == 0:
            strike_at(point, way)
            try:
                work(kind, files)
            except (OperationalError, InterfaceError):
                os._exit(LOST)
            os._exit(DONE)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print({-signal.SIGKILL: "died", LOST: "died", DONE: "done"}.get(code, code), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
