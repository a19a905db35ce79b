"""An interrupted night loses nothing (QUALITY.md R3): struck down at random moments, run again, compared with an undisturbed one.

    python -m tests.drills.night --blows 200

Each blow falls on a fresh copy of a small city, at a random moment of the run: the client dies by SIGKILL, its database session
is ended, or the session's process dies by SIGKILL, which takes the whole server down and through recovery. Then the same file
is run again. Everything the night writes must be what an undisturbed run writes, each effect once.
"""

import argparse
import contextlib
import datetime
import itertools
import logging
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

DAY = datetime.date(2026, 11, 22)
AT = datetime.datetime(2026, 11, 22, 2, 30, tzinfo=datetime.UTC)
WAYS = ("client", "session", "server")
PATIENCE = 60
EFFECTS = {
    "memberships": """
        SELECT h.kk_number, e.state, e.reason_code, e.ended_on
          FROM participants_enrolment e JOIN participants_household h ON h.id = e.household_id""",
    "cards": """
        SELECT h.kk_number, c.number, c.state
          FROM participants_card c JOIN participants_household h ON h.id = c.household_id""",
    "aliases": """
        SELECT h.kk_number, s.kk_number FROM participants_household h JOIN participants_household s ON s.id = h.successor_id""",
    "outbox": """
        SELECT kind, count(*) FROM core_outboxevent WHERE kind !~ 'sync[.](again|stage|fail)$' GROUP BY kind""",
    "journal": """
        SELECT verb, count(*) FROM core_journalentry WHERE verb !~ '^sync[.](again|stage|fail)$' GROUP BY verb""",
}


class Drill:
    """A loaded city, the file of its next night, and what an undisturbed run makes of them."""

    def __init__(self, residents, seed):
        from django.conf import settings

        from benchmarks.database import Database

        self.database = Database()
        self.folder = Path(settings.VAR_DIR) / "drill" / f"{residents}-{seed}"
        self.residents, self.seed = residents, seed
        self.draw = random.Random(seed)

    def prepare(self):
        from django.core.management import call_command

        from benchmarks.database import TEMPLATE, use
        from ksb.demo.city.build import Order, make_city

        self.database.create()
        order = Order(residents=self.residents, seed=self.seed, on=DAY, out=self.folder)
        registry = make_city(order)["registry"]
        self.file = self.folder / registry["second"]["file"]
        use(TEMPLATE)
        self._sync(self.folder / registry["first"]["file"])
        # The list holds a few wrong lines on purpose.
        with contextlib.suppress(SystemExit):
            call_command("import_members", str(self.folder / "members.csv"), verbosity=0)
        self.seconds = min(self._undisturbed() for _ in range(3))
        self.expected = self._state()

    def _undisturbed(self):
        self.database.restore()
        started = time.monotonic()
        self._sync(self.file)
        return time.monotonic() - started

    def blow(self, way):
        """One blow, and the run afterwards. Returns how it ended: ``struck`` or ``over``, with the seconds of the second run."""
        self.database.restore()
        moment = self.draw.uniform(0, self.seconds)
        struck = self._strike(way, moment)
        started = time.monotonic()
        self.patiently(lambda: self._sync(self.file))
        taken = time.monotonic() - started
        found = self._state()
        if found != self.expected:
            wrong = [name for name in found if found[name] != self.expected[name]]
            raise AssertionError(f"{way} at {moment:.3f} s: {', '.join(wrong)} differ")
        return struck, taken

    def _strike(self, way, moment):
        from django.db import connection

        connection.close()
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            self._be_struck(tell)
        os.close(tell)
        session = int(os.read(told, 20) or 0)
        os.close(told)
        time.sleep(moment)
        if way == "client":
            os.kill(child, signal.SIGKILL)
        elif way == "server":
            with contextlib.suppress(ProcessLookupError):
                os.kill(session, signal.SIGKILL)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [session])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.close()
        return "over" if code == 0 else "struck"

    def _be_struck(self, tell):
        """The client: ends without a word however it ends."""
        from django.db import connection

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        try:
            connection.ensure_connection()
            os.write(tell, str(connection.connection.info.backend_pid).encode())
            os.close(tell)
            self._sync(self.file)
        except BaseException:
            os._exit(1)
        os._exit(0)

    @staticmethod
    def _sync(path):
        from participants.dukcapil import sync

        return sync.run(path=path, actor=None, at=AT)

    @staticmethod
    def patiently(work):
        """The session of a dead client lives on for a moment; a server that fell needs some to recover."""
        from django.db import DatabaseError, InterfaceError, connection

        from ksb.core.errors import Refused

        until = time.monotonic() + PATIENCE
        while True:
            try:
                return work()
            except (DatabaseError, InterfaceError, Refused) as error:
                if time.monotonic() > until or (isinstance(error, Refused) and error.code != "busy"):
                    raise
                connection.close()
                time.sleep(0.1)

    @staticmethod
    def _state():
        from django.db import connection

        from tests.participants.snapshots import state

        found = state()
        with connection.cursor() as cursor:
            for name, select in EFFECTS.items():
                cursor.execute(select)
                found[name] = sorted(map(str, cursor.fetchall()))
        return found


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.drills.night", description=__doc__.splitlines()[0])
    parser.add_argument("--blows", type=int, default=200)
    parser.add_argument("--residents", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _prepare()
    drill = Drill(options.residents, options.seed)
    ends, longest = Counter(), 0.0
    try:
        drill.prepare()
        for way in itertools.cycle(WAYS):
            end, taken = drill.blow(way)
            ends[way, end] += 1
            longest = max(longest, taken)
            struck = sum(count for (_way, end), count in ends.items() if end == "struck")
            if struck == options.blows:
                break
    finally:
        drill.patiently(drill.database.drop)
    _say(f"City of {options.residents:,} residents, seed {options.seed}, a night of {drill.seconds:.2f} s")
    for way in WAYS:
        _say(f"  {way:8} struck {ends[way, 'struck']:4}   over before the blow {ends[way, 'over']:4}")
    _say(f"{struck} nights struck down, all ended as if undisturbed; the longest second run took {longest:.1f} s")


def _say(text):
    sys.stdout.write(f"{text}\n")


def _prepare():
    """Django on the server of the tests, in databases of its own; the city's files and the archive under var/drill."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.dev")
    from ksb import embedded

    servers = embedded.servers(embedded.TEST)
    servers.start()
    os.environ.update(servers.environment())
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    os.environ.setdefault("DEBUG", "false")
    os.environ["MEDIA_ROOT"] = str(Path(__file__).resolve().parents[2] / "var" / "drill" / "media")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)


if __name__ == "__main__":
    main()
