"""Settings by place: production starts whole or not at all, and every installation is strict by default."""

import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from ksb.celery import app
from ksb.embedded.home import PROJECT
from ksb.logs import MaskingFormatter

COMPLETE = {
    "SECRET_KEY": "k3jX-0aQ7mT2uVb9wRz4LcY6nPe1sHdG8fJo5iUqKxZ_yWvBtMr",
    "DATABASE_URL": "postgresql://ksb@localhost/ksb",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://localhost:25",
    "ALLOWED_HOSTS": "ksb.example",
    "PUBLIC_ADDRESS": "https://ksb.example",
    "CSRF_TRUSTED_ORIGINS": "https://ksb.example",
    "MEDIA_ROOT": "/srv/ksb/media",
    "INBOX_DIR": "/srv/ksb/inbox",
}


def in_production(environment, *command):
    base = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=base | {"DJANGO_SETTINGS_MODULE": "ksb.settings.production"} | environment,
        capture_output=True,
        text=True,
    )


def test_production_refuses_to_start_half_configured_and_names_everything_that_is_missing():
    result = in_production({"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "  "}, "check")
    assert result.returncode != 0
    assert "8 settings are missing" in result.stderr
    for name in COMPLETE.keys() - {"SECRET_KEY"}:
        assert f"  {name}: " in result.stderr


def test_a_complete_production_environment_passes_the_deployment_check():
    result = in_production(COMPLETE, "check", "--deploy", "--fail-level=WARNING")
    assert result.returncode == 0, result.stderr


def test_production_carries_no_demonstration():
    result = in_production(COMPLETE, "create_demo")
    assert result.returncode != 0
    assert "Unknown command" in result.stderr


def test_every_timetable_entry_is_a_task_a_worker_knows():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_a_task_of_a_killed_worker_comes_back_within_minutes():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options["visibility_timeout"] <= 120


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("seen 3275010101900001 today", "seen [16 digits] today"),
        ("KK=3275010101900001,NIK=3275010101900002", "KK=[16 digits],NIK=[16 digits]"),
        ("SJP 32750200001/2026/00012", "SJP 32750200001/2026/00012"),
        ("id 12345678901234567", "id 12345678901234567"),
    ],
)
def test_identity_numbers_are_masked_in_the_log(message, written):
    assert MaskingFormatter("{message}", style="{").format(logging.makeLogRecord({"msg": message})) == written


def test_identity_numbers_are_masked_in_tracebacks_and_arguments():
    try:
        raise ValueError("no such person: 3275010101900001")
    except ValueError:
        record = logging.makeLogRecord(
            {"msg": "looked for %s", "args": ("3275010101900002",), "exc_info": sys.exc_info()}
        )
    text = MaskingFormatter("{message}", style="{").format(record)
    assert "Traceback" in text
    assert "32750101019" not in text


def test_every_answer_carries_the_content_policy(client, db):
    for path in (reverse("login"), reverse("health"), reverse("admin:login"), "/no-such-page/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy


def test_a_page_needs_a_log_in_unless_it_says_otherwise():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert "rest_framework.permissions.IsAuthenticated" in settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"]


def test_a_staff_session_ends_with_the_shift_or_the_browser():
    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
