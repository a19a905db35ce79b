"""How far a run has come, told while it runs.

Written over a session of its own, because the run's is busy with a COPY or inside its one transaction. A run of a moment tells
nothing: the session is opened once the run has lasted ``PATIENCE`` seconds.
"""

import logging
import socket
import time
from contextlib import contextmanager
from itertools import islice

from django.db import DatabaseError, connection

from participants.enums import SyncStage

logger = logging.getLogger(__name__)
PATIENCE, PAUSE = 0.5, 1.0
CHUNK = 20_000

_TELL = """
INSERT INTO participants_syncprogress (run_id, stage, done, total, session, machine, started, updated)
VALUES (%s, %s, %s, %s, %s, %s, now(), now())
ON CONFLICT (run_id) DO UPDATE
   SET stage = excluded.stage, done = excluded.done, total = excluded.total, session = excluded.session,
       machine = excluded.machine, updated = now(),
       started = CASE WHEN participants_syncprogress.session = excluded.session
                      THEN participants_syncprogress.started ELSE excluded.started END
"""


class Progress:
    """The account of one run (``run_id`` None: a rehearsal, told to ``say`` alone).

    ``say(stage, done, total)`` hears of every step as well, for a terminal.
    """

    def __init__(self, run_id, say=None):
        self.run_id = run_id
        self.say = say
        self._other = None
        self._next = time.monotonic() + PATIENCE
        self._stage, self._total = SyncStage.READING, 0

    def stage(self, stage, total=0):
        """The run begins ``stage``, of ``total`` lines where that is known."""
        self._stage, self._total = stage, total
        self._tell(0)

    def watch(self, lines):
        """The same lines; now and then it is told how many have been read."""
        lines, done = iter(lines), 0
        while chunk := list(islice(lines, CHUNK)):
            yield from chunk
            done += len(chunk)
            if time.monotonic() >= self._next:
                self._tell(done)

    def _tell(self, done):
        if self.say:
            self.say(self._stage, done, self._total)
        if self.run_id is None or (self._other is None and time.monotonic() < self._next):
            return
        self._next = time.monotonic() + PAUSE
        session = connection.connection.info.backend_pid
        values = [self.run_id, self._stage, done, self._total, session, socket.gethostname()[:120]]
        try:
            with self._session().cursor() as cursor:
                cursor.execute(_TELL, values)
        except DatabaseError:
            # No run fails because nobody can be told of it.
            logger.warning("progress of run %s could not be written", self.run_id, exc_info=True)
            self.run_id = None

    def _session(self):
        if self._other is None:
            self._other = connection.copy()
            with self._other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
        return self._other

    def close(self):
        if self._other is not None:
            self._other.close()


@contextmanager
def progress_of(run_id, say=None):
    """The Progress of a run for the block."""
    progress = Progress(run_id, say)
    try:
        yield progress
    finally:
        progress.close()
