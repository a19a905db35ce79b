"""Each message leaves the house at least once: past faults of gateways, several workers, and a killed process."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from ksb.core.models import Delivery
from ksb.core.notices import delivery, senders
from ksb.core.notices.enums import Channel
from ksb.embedded.home import PROJECT
from tests import factories as f
from tests.notices import factories as n
from tests.support.gateway import MessageGateway
from tests.support.mail_server import MailServer
from tests.support.worker_fixtures import Worker

LATER = f.NOW + timedelta(minutes=30)


@pytest.fixture
def gateway(settings):
    with MessageGateway() as office:
        settings.NOTICE_SENDERS = settings.NOTICE_SENDERS | {"SMS": office.setting}
        yield office


@pytest.fixture
def mail_server(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
        yield server


def sms(number="7"):
    return n.send_out(number=number, addresses=[(Channel.SMS, "081200000001")]).deliveries.get()


def mail():
    return n.send_out(addresses=[(Channel.EMAIL, "warga@contoh.id")]).deliveries.get()


@pytest.mark.django_db
class TestGateway:
    def test_a_message_goes_out_once_with_its_key(self, gateway):
        message = sms()
        assert delivery.deliver(at=f.NOW) == 1
        assert delivery.deliver(at=LATER) == 0
        message.refresh_from_db()
        assert (message.state, message.provider_id, message.tries) == ("SENT", "gw-1", 1)
        taken = gateway.taken[0]
        assert taken["id"] == str(message.public_id)
        assert (taken["to"], taken["channel"]) == ("081200000001", "SMS")
        assert taken["text"].startswith("Nomor 7, 22 ")

    @pytest.mark.parametrize(
        "fault", ["slow", "drip", "drop", "refuse", "status", "html", "malformed", "huge", "empty", "null"]
    )
    def test_a_fault_puts_the_message_off_and_the_next_try_has_the_same_key(self, gateway, fault):
        message = sms()
        gateway.fault, gateway.stumbles = fault, 1
        assert delivery.deliver(at=f.NOW) == 0
        message.refresh_from_db()
        assert (message.state, message.next_try) == ("FAILED", f.NOW + timedelta(minutes=1))
        assert message.error
        assert message.address not in message.error
        assert delivery.deliver(at=f.NOW) == 0
        assert delivery.deliver(at=LATER) == 1
        assert {taken["id"] for taken in gateway.taken} == {str(message.public_id)}

    def test_what_the_gateway_will_never_take_is_given_up(self, gateway):
        message, gateway.refused = sms(), 422
        delivery.deliver(at=f.NOW)
        message.refresh_from_db()
        assert (message.state, message.error, message.next_try) == ("GIVEN_UP", "HTTP 422", None)

    def test_a_gateway_that_asks_for_patience_is_asked_again(self, gateway):
        message, gateway.refused = sms(), 429
        delivery.deliver(at=f.NOW)
        message.refresh_from_db()
        assert message.state == "FAILED"

    def test_after_two_days_of_faults_a_message_is_given_up(self, gateway):
        message, gateway.refused, at = sms(), 503, f.NOW
        for _try in range(len(delivery.BACK_OFF) + 1):
            delivery.deliver(at=at)
            message.refresh_from_db()
            at = message.next_try or at
        assert message.state == "GIVEN_UP"
        assert timedelta(days=1) < message.finished - message.queued < timedelta(days=3)

    def test_a_message_that_cannot_be_written_holds_up_no_other(self, gateway, monkeypatch, caplog):
        broken, fine = sms("1"), sms("2")
        broken.notice.params = {}
        broken.notice.save()
        assert delivery.deliver(at=f.NOW) == 1
        broken.refresh_from_db()
        fine.refresh_from_db()
        assert (broken.state, broken.error, fine.state) == ("FAILED", "KeyError", "SENT")

    def test_a_gateway_taken_away_leaves_messages_waiting(self, gateway, settings):
        message = sms()
        settings.NOTICE_SENDERS = {}
        delivery.deliver(at=f.NOW)
        message.refresh_from_db()
        assert message.state == "FAILED"

    def test_a_slow_process_does_not_undo_what_another_one_found(self, gateway):
        sms()
        slow = delivery.claim(at=f.NOW)[0]
        assert delivery.deliver(at=f.NOW + delivery.LEASE) == 1
        gateway.refused = 422
        delivery.attempt(slow, at=LATER)
        assert Delivery.objects.get().state == "SENT"

    def test_whatsapp_is_the_way_to_a_telephone_where_it_is_set_up(self, gateway, settings):
        assert senders.addresses(phone="0812", email="") == [(Channel.SMS, "0812")]
        settings.NOTICE_SENDERS = settings.NOTICE_SENDERS | {"WHATSAPP": gateway.setting}
        assert senders.addresses(phone="0812", email="a@b.id") == [
            (Channel.WHATSAPP, "0812"),
            (Channel.EMAIL, "a@b.id"),
        ]


@pytest.mark.django_db
class TestMail:
    def test_a_mail_goes_out_with_its_key_as_message_id(self, mail_server):
        message = mail()
        assert delivery.deliver(at=f.NOW) == 1
        sent = mail_server.mails[0]
        assert str(message.public_id) in sent["Message-ID"]
        assert sent["To"] == "warga@contoh.id"
        assert "Nomor 7" in sent.get_payload(decode=True).decode()

    @pytest.mark.parametrize(
        ("fault", "state"), [("busy", "FAILED"), ("hang_up", "FAILED"), ("refuse_recipient", "GIVEN_UP")]
    )
    def test_a_fault_of_the_mail_server(self, mail_server, fault, state):
        message, mail_server.fault = mail(), fault
        assert delivery.deliver(at=f.NOW) == 0
        message.refresh_from_db()
        assert message.state == state
        assert "contoh" not in message.error

    def test_a_mail_that_was_taken_unheard_comes_again_under_the_same_id(self, mail_server):
        mail()
        mail_server.fault = "hang_up"
        delivery.deliver(at=f.NOW)
        mail_server.fault = ""
        assert delivery.deliver(at=LATER) == 1
        assert len({sent["Message-ID"] for sent in mail_server.mails}) == 1
        assert len(mail_server.mails) == 2

    def test_without_a_mail_server_the_mail_waits(self, mail_server):
        message = mail()
        mail_server.__exit__()
        assert delivery.deliver(at=f.NOW) == 0
        message.refresh_from_db()
        assert (message.state, message.error) == ("FAILED", "ConnectionRefusedError")


@pytest.mark.django_db(transaction=True)
class TestSeveralWorkers:
    def test_each_message_is_claimed_by_one(self, gateway):
        for number in range(24):
            sms(str(number))
        sent = []

        def work():
            try:
                sent.append(delivery.deliver(at=f.NOW))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(sent) == 24
        assert len(gateway.taken) == len({taken["id"] for taken in gateway.taken}) == 24

    @pytest.mark.parametrize("fault", ["drip", "slow"])
    def test_a_process_killed_between_sending_and_marking_loses_nothing(self, gateway, fault):
        """``drip``: the gateway has taken the message and the process dies before it knows; ``slow``: before that."""
        message = sms()
        gateway.fault = fault
        _deliver_and_die(gateway, heard=gateway.taken if fault == "drip" else gateway.requests)
        message.refresh_from_db()
        assert (message.state, message.tries) == ("SENDING", 1)
        gateway.fault = ""
        assert delivery.deliver(at=f.NOW) == 0  # the claim still holds
        assert delivery.deliver(at=f.NOW + delivery.LEASE) == 1
        message.refresh_from_db()
        assert (message.state, message.tries) == ("SENT", 2)
        asked = [body for _method, _path, _headers, body in gateway.requests]
        assert len(asked) == 2
        assert asked[0] == asked[1]


SCRIPT = """
import django
django.setup()
from datetime import datetime
from django.conf import settings
settings.NOTICE_SENDERS = {{"SMS": {setting!r}}}
import tests.notices.factories
from ksb.core.notices import delivery
delivery.deliver(at=datetime.fromisoformat({at!r}))
"""


def _deliver_and_die(gateway, *, heard):
    """A process of its own delivers and is ended with ``kill -9`` as soon as ``heard`` holds something."""
    parameters = connection.get_connection_params()
    url = (
        f"postgresql://{parameters['user']}:{parameters['password']}@/{parameters['dbname']}?host={parameters['host']}"
    )
    code = SCRIPT.format(setting=gateway.setting | {"SECONDS": 30}, at=f.NOW.isoformat())
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url},
    )
    Worker.wait_until(lambda: heard, seconds=60)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
