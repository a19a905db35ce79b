"""The ways out, pluggable by the setting NOTICE_SENDERS: ``{channel: {"SENDER": dotted path, ...options}}``.

A sender is made of its options; ``ready`` says whether it is set up, ``send(message)`` returns the provider's number of the
message. No error tells the address.
"""

import json
import smtplib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from ksb.core.notices.enums import Channel
from ksb.core.remote import Unreachable, exchange

REPEATABLE_STATUS = (408, 425, 429)


class NotNow(Exception):
    """It did not go out; another try may."""


class Never(Exception):
    """It will not go out however often it is tried: the address, or what we say, is not accepted."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """``key`` is the same at every try of this message."""

    key: str
    channel: str
    address: str
    subject: str
    text: str


class Mail:
    """E-mail by the mail server of the installation. The key is the Message-ID, so that mailboxes can drop a repeat."""

    ready = True

    def __init__(self, **options):
        self.options = options

    def send(self, message):
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        headers = {"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(message.subject, message.text, to=[message.address], headers=headers)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise (Never if code >= 500 else NotNow)(f"SMTP {code}: recipient refused") from None
        except smtplib.SMTPResponseException as answer:
            raise NotNow(f"SMTP {answer.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from None
        return headers["Message-ID"]


class Gateway:
    """SMS or WhatsApp by a gateway that takes JSON: ``POST URL {"id", "channel", "to", "text"}``, answer ``{"id"}``.

    The key stands in ``id`` and in the header ``Idempotency-Key``; the token in ``Authorization: Bearer``.
    """

    def __init__(self, *, URL="", TOKEN="", CONNECT_SECONDS=3, SECONDS=8):
        self.url, self.token, self.connect_seconds, self.seconds = URL, TOKEN, CONNECT_SECONDS, SECONDS

    @property
    def ready(self):
        return bool(self.url)

    def send(self, message):
        body = {"id": message.key, "channel": message.channel, "to": message.address, "text": message.text}
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": message.key,
        }
        try:
            reply = exchange(
                "POST",
                self.url,
                "",
                headers=headers,
                body=json.dumps(body).encode(),
                connect_seconds=self.connect_seconds,
                seconds=self.seconds,
            )
        except Unreachable as fault:
            raise NotNow(fault.fault) from None
        return _number(reply)


def _number(reply):
    if reply.status >= 500 or reply.status in REPEATABLE_STATUS:
        raise NotNow(f"HTTP {reply.status}")
    if not 200 <= reply.status < 300:
        raise Never(f"HTTP {reply.status}")
    try:
        return str(json.loads(reply.body)["id"])[:120]
    except (ValueError, KeyError, TypeError):
        # Not the gateway but something on the way to it answered: whether the message went out is not known.
        raise NotNow("the answer names no message") from None


def sender_of(channel):
    """The sender of ``channel``, or None where the installation has none."""
    options = settings.NOTICE_SENDERS.get(channel)
    return _made(json.dumps(options, sort_keys=True)) if options else None


@cache
def _made(options):
    options = json.loads(options)
    return import_string(options.pop("SENDER"))(**options)


def is_ready(channel):
    """Whether messages can leave by ``channel``."""
    sender = sender_of(channel)
    return sender is not None and sender.ready


def telephone_channel():
    """The way to a telephone: WhatsApp where it is set up, else SMS, else None."""
    return next((channel for channel in (Channel.WHATSAPP, Channel.SMS) if is_ready(channel)), None)


def addresses(*, phone="", email=""):
    """The ways to somebody who left a telephone number, an e-mail address, or both."""
    channel = telephone_channel()
    ways = [(channel, phone)] if phone and channel else []
    return [*ways, (Channel.EMAIL, email)] if email else ways
