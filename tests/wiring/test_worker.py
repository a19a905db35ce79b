"""Background work on a real worker and a real broker."""

import time

from ksb import broker
from ksb.celery import app


def test_a_worker_does_what_is_queued_and_leaves_a_sign_of_life(worker):
    asked = time.time()
    app.send_task("ksb.core.tasks.seal_journal")
    worker.wait_until(lambda: not app.connection_for_read().default_channel.client.llen("celery"))
    worker.wait_until(lambda: (broker.last_heartbeat() or 0) > asked)
