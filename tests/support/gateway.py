"""A gateway for SMS and WhatsApp on loopback, as ``ksb.core.notices.senders.Gateway`` speaks to it."""

import json

from ksb.demo.offices import Office

TOKEN = "kunci-gateway"


class MessageGateway(Office):
    """``taken`` holds every message in the order it came, ``refused`` a status for all of them. Faults: those of Office."""

    def __init__(self, port=0):
        super().__init__(port)
        self.taken, self.refused = [], None

    def answer(self, method, path, headers, body):
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "token"}
        if self.refused:
            return self.refused, {"error": "refused"}
        message = json.loads(body)
        assert headers["Idempotency-Key"] == message["id"]
        self.taken.append(message)
        return 202, {"id": f"gw-{len(self.taken)}"}

    @property
    def setting(self):
        """The entry of NOTICE_SENDERS that leads here."""
        return {
            "SENDER": "ksb.core.notices.senders.Gateway",
            "URL": f"{self.url}/messages",
            "TOKEN": TOKEN,
            "CONNECT_SECONDS": 1,
            "SECONDS": 0.6,
        }
