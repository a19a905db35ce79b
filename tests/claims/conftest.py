import threading

import pytest
from django.db import connections

from ksb.core.errors import Refused


@pytest.fixture
def in_threads():
    """Run ``act(n)`` in several threads at the same moment. Returns what each returned, or the Refused it raised."""

    def run(count, act):
        start, answers = threading.Barrier(count), [None] * count

        def work(n):
            start.wait()
            try:
                answers[n] = act(n)
            except Refused as no:
                answers[n] = no
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    return run
