"""Letters for hospital systems: the own hospital's, newest first, numbers as text."""

import pytest

from ksb.core.models import JournalEntry
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
LIST = "/api/v1/sjp/"


def test_a_hospital_reads_its_own_letters_newest_first_with_masked_numbers(client):
    to = r.contracted()
    first, second = r.issue(to=to), r.issue(to=to)
    r.issue(to=r.contracted(1))
    client.force_login(r.desk(to))
    body = client.get(LIST).json()
    assert [row["number"] for row in body["results"]] == [second.number, first.number]
    assert "count" not in body
    assert first.resident.nik not in str(body)


def test_one_letter_in_full_leaves_a_trace(client):
    sjp = r.issue()
    desk = r.desk(sjp.hospital)
    client.force_login(desk)
    row = client.get(f"{LIST}{sjp.public_id}/").json()
    assert (row["nik"], row["diagnosis"], row["state"], row["decision"]) == (
        sjp.resident.nik,
        "J18.9",
        "ISSUED",
        "COVERED",
    )
    assert JournalEntry.objects.filter(verb="sjp.read", object_id=sjp.pk, actor=desk).count() == 1


def test_a_foreign_letter_does_not_exist(client):
    foreign = r.issue(to=r.contracted(1))
    client.force_login(r.desk(r.contracted()))
    assert client.get(f"{LIST}{foreign.public_id}/").status_code == 404


@pytest.mark.parametrize("role", ["PUSKESMAS_CLERK", "DINKES_SERVICES", "TREASURER", "SYSTEM_ADMIN"])
def test_other_roles_are_refused(client, role):
    client.force_login(f.make_user(role))
    assert client.get(LIST).status_code == 403


def test_without_log_in_nothing(client):
    assert client.get(LIST).status_code in (401, 403)


def test_it_is_filtered_and_read_only(client):
    to = r.contracted()
    used = r.issue(to=to)
    r.issue(to=to)
    desk = r.desk(to)
    r.admit(used, desk)
    client.force_login(desk)
    assert [row["number"] for row in client.get(LIST, {"state": "USED"}).json()["results"]] == [used.number]
    assert client.get(LIST, {"state": "x"}).status_code == 400
    assert client.post(LIST, {}).status_code == 405
    assert client.get(f"{LIST}not-a-uuid/").status_code == 404


def test_queries_do_not_grow_with_rows(client, django_assert_max_num_queries):
    to, clerk = r.contracted(), r.clerk()
    r.issue(clerk, to=to)
    client.force_login(r.desk(to))
    with django_assert_max_num_queries(6) as few:
        client.get(LIST)
    for _ in range(5):
        r.issue(clerk, to=to)
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(LIST).json()["results"]) == 6
