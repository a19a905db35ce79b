"""The suite forgives nothing: what is only a warning elsewhere fails here."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.template import Context, Template
from django.template.loader import render_to_string

from ksb.core.models import Job
from tests.support.templates import UnknownVariable


def test_an_unknown_template_variable_is_an_error():
    with pytest.raises(UnknownVariable, match="nobody"):
        Template("{{ nobody.name }}").render(Context({}))
    with pytest.raises(UnknownVariable, match="nobody"):
        Template("{{ nobody|default:'-' }}").render(Context({}))


def test_templates_of_other_packages_keep_their_habits():
    assert "<form" in render_to_string("django_filters/rest_framework/form.html", {})


def test_a_page_of_an_unordered_list_is_an_error(db):
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(LogEntry.objects.order_by(), 10).page(1)


def test_a_time_without_a_zone_is_an_error(db):
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        Job.objects.filter(finished__lt=datetime.datetime(2026, 1, 1)).exists()  # noqa: DTZ001


def test_what_a_test_commits_is_gone_for_the_next(transactional_db):
    Job.objects.create(name="left behind", day=datetime.date(2026, 1, 1))


@pytest.mark.parametrize("again", [1, 2])
def test_the_database_is_as_migrated_after_a_test_that_committed(transactional_db, again):
    assert not Job.objects.filter(name="left behind").exists()
