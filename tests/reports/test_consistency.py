"""``check_data`` is quiet on sound data and names the row of each thing that was bent."""

import pytest
from django.core.management import call_command
from django.db import connection

from claims.models import ClaimBatch
from participants.models import Household
from reports.consistency import CHECKS, disagreements
from tests import factories as f
from tests.budget.test_payments import approved_batch

pytestmark = pytest.mark.django_db


def found():
    return {check.name: keys for check, keys in disagreements()}


def test_sound_data_agree(capsys):
    approved_batch()
    assert found() == {}
    with pytest.raises(SystemExit) as done:
        call_command("check_data", "--json")
    assert done.value.code == 0


def test_a_total_bent_past_the_services_is_named():
    batch = approved_batch()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_claimbatch DISABLE TRIGGER USER")
    ClaimBatch.objects.filter(pk=batch.pk).update(approved=1)
    assert found() == {"batch_totals": [batch.pk]}


def test_a_family_headed_by_a_stranger_is_named():
    household = f.make_family(2)
    Household.objects.filter(pk=household.pk).update(head=f.make_resident())
    assert found() == {"head_lives_in_family": [household.pk]}


def test_every_check_has_a_sentence_and_a_name_of_its_own():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(check.sentence.endswith(".") for check in CHECKS)
