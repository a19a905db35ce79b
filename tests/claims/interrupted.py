"""A worker of its own that dies while the claims of a delivery are written, before anything is committed.

python -m tests.claims.interrupted DELIVERY MOMENT FOLDER
"""

import datetime
import os
import signal
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402

from claims import deliveries  # noqa: E402
from claims.intake import loading  # noqa: E402

settings.MEDIA_ROOT = sys.argv[3]
loading.block = lambda *_args, **_kwargs: os.kill(os.getpid(), signal.SIGKILL)
deliveries.take(delivery_id=int(sys.argv[1]), at=datetime.datetime.fromisoformat(sys.argv[2]))
