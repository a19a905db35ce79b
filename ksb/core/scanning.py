"""The virus scanner of this installation, if it has one (setting UPLOAD_SCANNER).

``clamd:///run/clamav/clamd.ctl`` and ``clamd://host:3310`` speak to a clamd daemon; anything else is a command that reads the
file from its standard input and ends with 0 for clean and 1 for infected. Without a scanner a file is recorded as not scanned.
"""

import shlex
import socket
import struct
import subprocess
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import Refused

SECONDS = 30
CHUNK = 64 * 1024


class Scan(models.TextChoices):
    """What is known of a stored file. An infected one is never stored."""

    CLEAN = "CLEAN", gettext_lazy("scanned, clean")
    NOT_SCANNED = "NOT_SCANNED", gettext_lazy("not scanned")


def scan(content):
    """Ask the scanner about ``content``; returns a Scan. Raises Refused when it is infected or the scanner does not answer."""
    scanner = settings.UPLOAD_SCANNER
    if not scanner:
        return Scan.NOT_SCANNED
    try:
        clean = _clamd(scanner, content) if scanner.startswith("clamd://") else _command(scanner, content)
    except (OSError, subprocess.TimeoutExpired, ValueError) as silence:
        raise Refused(
            _("Files cannot be checked for viruses at the moment. Try again in a few minutes."), code="scanner_down"
        ) from silence
    if not clean:
        raise Refused(_("The virus scanner found harmful software in this file. It was not kept."), code="infected")
    return Scan.CLEAN


def _command(command, content):
    done = subprocess.run(shlex.split(command), input=content, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise ValueError(f"the scanner ended with {done.returncode}")
    return done.returncode == 0


def _clamd(address, content):
    """INSTREAM of the clamd protocol: chunks with their length before them, an empty one at the end, one line as answer."""
    with _connected(urlsplit(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        answer = connection.recv(4096).rstrip(b"\0\n")
    if answer.endswith(b"OK"):
        return True
    if answer.endswith(b"FOUND"):
        return False
    raise ValueError("clamd gave no verdict")


def _connected(url):
    if url.hostname:
        return socket.create_connection((url.hostname, url.port or 3310), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(SECONDS)
        connection.connect(url.path)
    except OSError:
        connection.close()
        raise
    return connection
