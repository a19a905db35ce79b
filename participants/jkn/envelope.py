"""How BPJS seals its exchanges: signed headers on the way there, an encrypted and packed answer on the way back.

Signature: HMAC-SHA256 of ``consId&timestamp`` with the secret, base64. Answer: AES-256-CBC under SHA-256 of
``consId + secret + timestamp``, whose first 16 bytes are the initial vector; then LZ-String; then JSON.
"""

import base64
import hashlib
import hmac
import json

from participants.jkn.lzstring import decompress

BLOCK = 16


def headers(*, cons_id, secret, user_key, timestamp):
    """The headers that prove who asks. ``timestamp`` is in seconds since 1970 (UTC)."""
    signature = hmac.digest(secret.encode(), f"{cons_id}&{timestamp}".encode(), "sha256")
    return {
        "X-cons-id": cons_id,
        "X-timestamp": str(timestamp),
        "X-signature": base64.b64encode(signature).decode(),
        "user_key": user_key,
        "Accept": "application/json",
    }


def opened(sealed, *, cons_id, secret, timestamp):
    """The value within the ``response`` text of an answer. Raises ValueError when the seal is not ours."""
    # Only installations that ask BPJS pay for loading the library.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = hashlib.sha256(f"{cons_id}{secret}{timestamp}".encode()).digest()
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:BLOCK])).decryptor()
    padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    padding = padded[-1] if padded else 0
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise ValueError("the padding is wrong: another key, or not an answer")
    return json.loads(decompress(padded[:-padding].decode("ascii")))
