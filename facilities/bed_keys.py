"""Keys of hospitals' programs, and the signature of V-Claim: ``X-cons-id``, ``X-timestamp`` (seconds, UTC) and ``X-signature``,

base64 of HMAC-SHA256 over ``cons_id & timestamp``. No secret is stored: it is derived from the server's ``SECRET_KEY``, so a
copy of the database signs nothing. ``SECRET_KEY_FALLBACKS`` keep the hospitals' secrets good while the server's key changes.
The signature does not cover the body (so does BPJS's own): a request is taken once, for five minutes, over TLS.
"""

import base64
import datetime
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from facilities.models import BedKey, SeenRequest
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.ratelimit import hit

SKEW = datetime.timedelta(minutes=5)
REQUESTS, BAD_SIGNATURES, SECONDS = 600, 30, 60
_DIGITS = 10


class Rejected(Refused):
    """A program's request that is not taken in, with the HTTP ``status`` that says why."""

    def __init__(self, status, message):
        super().__init__(message, code=str(status))
        self.status = status


def issue(*, facility, actor, at, ppk_code=""):
    """A new key for ``facility``; the one before ends at once. Returns the BedKey and its secret, which is shown only now."""
    with transaction.atomic():
        type(facility).objects.select_for_update(no_key=True).get(pk=facility.pk)
        for old in facility.bed_keys.living():
            revoke(key=old, actor=actor, at=at)
        key = BedKey.objects.create(
            facility=facility,
            cons_id=str(10 ** (_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_DIGITS - 1))),
            nonce=secrets.token_hex(16),
            ppk_code=ppk_code.strip().upper(),
            issued_at=at,
            issued_by=actor,
        )
        journal.record("bed_key.issue", key, actor=actor, facility=facility.code)
    return key, secret_of(key)


def revoke(*, key, actor, at):
    """End ``key``; what it signs from now on is refused. Ending it twice is ending it once."""
    with transaction.atomic():
        if BedKey.objects.living().filter(pk=key.pk).update(revoked_at=at, revoked_by=actor):
            journal.record("bed_key.revoke", key, actor=actor)


def secret_of(key, server_key=None):
    """The secret of ``key`` under ``server_key``, by default today's: 43 characters without blanks or slashes."""
    told = salted_hmac("facilities.bed_keys", f"{key.cons_id}:{key.nonce}", secret=server_key, algorithm="sha256")
    return base64.urlsafe_b64encode(told.digest()).decode().rstrip("=")


def signature(cons_id, secret, timestamp):
    """What a program puts into X-signature."""
    told = hmac.new(secret.encode(), f"{cons_id}&{timestamp}".encode(), hashlib.sha256)
    return base64.b64encode(told.digest()).decode()


def authenticate(request, *, at):
    """The BedKey that signed ``request`` and the moment it says. Raises Rejected or TooMany.

    The moment is the signed one, never later than ``at``: a message that comes late is as old as it says.
    """
    cons_id, timestamp, signed = (
        request.headers.get(f"X-{name}", "") for name in ("cons-id", "timestamp", "signature")
    )
    if not (cons_id and timestamp and signed):
        raise Rejected(401, _("Send X-cons-id, X-timestamp and X-signature."))
    said = _moment(timestamp)
    if said is None or abs(said - at) > SKEW:
        raise Rejected(
            401,
            _("X-timestamp is not within 5 minutes of our clock (%(seconds)d). Set the clock of your server.")
            % {"seconds": int(at.timestamp())},
        )
    key = BedKey.objects.living().filter(cons_id=cons_id[:12]).select_related("facility").first()
    if not _is_signed(key, cons_id, timestamp, signed):
        hit("beds.signature", request.META["REMOTE_ADDR"], limit=BAD_SIGNATURES, seconds=SECONDS, now=at)
        raise Rejected(401, _("The signature does not fit this cons-id. Check the secret."))
    hit("beds.push", key.pk, limit=REQUESTS, seconds=SECONDS, now=at)
    return key, min(said, at)


def _moment(timestamp):
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10):
        return None
    return datetime.datetime.fromtimestamp(int(timestamp), tz=datetime.UTC)


def _is_signed(key, cons_id, timestamp, signed):
    """Whoever asks with an unknown cons-id waits as long as with a known one."""
    asked = key or BedKey(cons_id=cons_id, nonce="")
    good = False
    for server_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        expected = signature(cons_id, secret_of(asked, server_key), timestamp)
        good |= hmac.compare_digest(expected.encode(), signed.encode())
    return good and key is not None


def take_once(request, key, *, at):
    """Remember a signed request that changes something. Raises Rejected when it was taken in before."""
    parts = (request.method, request.path, request.headers["X-timestamp"], request.body)
    digest = hashlib.sha256(b"\n".join(p if isinstance(p, bytes) else p.encode() for p in parts)).hexdigest()
    again = Rejected(409, _("This request was already taken in. Sign it with a new X-timestamp."))
    with refusing({"a_signed_request_is_taken_once": again.message}, error=lambda message, code: again):
        SeenRequest.objects.create(key=key, digest=digest, seen=at)


def forget(*, at):
    """Delete remembered requests whose time stamp would not be believed any more. Returns their number."""
    return SeenRequest.objects.filter(seen__lt=at - 2 * SKEW).delete()[0]
