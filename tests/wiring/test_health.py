"""The health page tells machines and people the same, and nothing else."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from ksb import broker
from ksb.core.models import Job

ADDRESS = reverse("health")


@pytest.fixture
def no_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    broker._client.cache_clear()
    yield
    broker._client.cache_clear()


def test_it_answers_without_a_log_in(client, db):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["broker"]["ok"]


def test_a_worker_is_alive_while_its_sign_of_life_is_fresh(client, db):
    broker.leave_heartbeat()
    assert client.get(ADDRESS).json()["worker"] == {"ok": True, "age_seconds": 0}
    broker._client().set(broker.HEARTBEAT_KEY, time.time() - 300)
    worker = client.get(ADDRESS).json()["worker"]
    assert not worker["ok"]
    assert worker["age_seconds"] >= 300


def test_a_night_longer_ago_than_a_day_and_a_morning_is_late(client, db):
    assert client.get(ADDRESS).json()["night"] == {"ok": None, "age_seconds": None}
    night = Job.objects.create(
        name="night", day=timezone.localdate(), state="DONE", finished=timezone.now() - timedelta(hours=8)
    )
    assert client.get(ADDRESS).json()["night"]["ok"]
    night.finished -= timedelta(hours=24)
    night.save()
    assert not client.get(ADDRESS).json()["night"]["ok"]


def test_without_the_broker_pages_stay_up(client, db, no_broker):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert not answer.json()["broker"]["ok"]
    assert answer.json()["worker"]["ok"] is None


def test_without_the_database_it_says_so_with_503(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection to server at 10.0.0.7 failed")

    for accepted in ("application/json", "text/html"):
        with monkeypatch.context() as outage:
            outage.setattr(connection, "cursor", refuse)
            answer = client.get(ADDRESS, headers={"accept": accepted})
        assert answer.status_code == 503
        assert b"10.0.0.7" not in answer.content


def test_a_person_reads_it_as_a_page(page, audit):
    page.goto(ADDRESS)
    assert page.locator("h1").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.k-tag')).display") != "inline", (
        "styles are not applied"
    )
    audit(page)


def test_the_page_needs_no_script(page_without_javascript, audit):
    page_without_javascript.goto(ADDRESS)
    assert page_without_javascript.locator(".k-list li").count() == 8
    audit(page_without_javascript)
