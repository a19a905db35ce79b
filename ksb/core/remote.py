"""One HTTP exchange with another office's server: bounded in time and size, never repeated here, nothing logged.

Addresses of such servers may hold a person's number (BPJS asks by address), so no error and no log line repeats them.
"""

import http.client
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 1 << 20
PIECE = 1 << 16


class Unreachable(Exception):
    """There is no answer. ``fault`` says why in a word; ``repeatable`` whether asking again makes sense at once."""

    def __init__(self, fault, *, repeatable):
        super().__init__(fault)
        self.fault, self.repeatable = fault, repeatable


@dataclass(frozen=True)
class Reply:
    """What came back, whatever the status."""

    status: int
    body: bytes


def exchange(method, base, path, *, headers, body=None, connect_seconds, seconds):
    """Send one request to ``base`` + ``path`` and read the whole answer within ``seconds``. Returns a Reply.

    Raises Unreachable: no connection or one that breaks off may be repeated, a time that is over may not: the person at
    the desk has waited long enough, and the question may have been counted.
    """
    place = urlsplit(base)
    deadline = time.monotonic() + seconds
    connection = _connection(place, timeout=connect_seconds)
    try:
        _connect(connection)
        _allow(connection, deadline)
        connection.request(method, place.path.rstrip("/") + path, body=body, headers=headers)
        response = connection.getresponse()
        return Reply(response.status, _read(connection, response, deadline))
    except TimeoutError:
        raise Unreachable("time-out", repeatable=False) from None
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"connection broken ({type(error).__name__})", repeatable=True) from None
    finally:
        connection.close()


def _connection(place, *, timeout):
    if place.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(place.hostname, place.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(place.hostname, place.port, timeout=timeout)


def _connect(connection):
    try:
        connection.connect()
    except ssl.SSLError:
        raise Unreachable("certificate not accepted", repeatable=False) from None
    except TimeoutError:
        raise Unreachable("no connection in time", repeatable=False) from None
    except OSError as error:
        raise Unreachable(f"no connection ({type(error).__name__})", repeatable=True) from None


def _allow(connection, deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if connection.sock is not None:  # http.client gives the socket away once the answer says that it ends with it
        connection.sock.settimeout(left)


def _read(connection, response, deadline):
    pieces, size = [], 0
    while True:
        _allow(connection, deadline)
        piece = response.read1(PIECE)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > LONGEST:
            raise Unreachable("answer too long", repeatable=False)
    if response.length:
        raise http.client.IncompleteRead(b"")
    return b"".join(pieces)
