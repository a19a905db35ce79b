"""The demonstration's tickets and overrides come about through the real services, whoever lives in the city."""

import pytest

from facilities.enums import Role
from ksb.demo import mistakes
from participants.enums import OverrideState, ResidentStatus, SyncKind, TicketState
from participants.models import Override, QuarantinedRow, Ticket
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    for username, role in {
        "pendaftaran": Role.REGISTRATION_CLERK,
        "dinkes.peserta": Role.DINKES_MEMBERSHIP,
        "dinkes.layanan": Role.DINKES_SERVICES,
        "dukcapil": Role.REGISTRY_OPERATOR,
    }.items():
        f.make_user(role, username=username)


def test_every_state_of_a_screen_has_something_to_show(people):
    for status in (ResidentStatus.DECEASED, ResidentStatus.DEACTIVATED, ResidentStatus.MOVED_OUT):
        f.make_resident(status=status, status_on=f.TODAY)
    QuarantinedRow.objects.create(run=f.make_run(SyncKind.REGISTRY), line_number=9, reason="BAD_SEX", raw="x")
    mistakes.report(at=f.NOW)
    assert {ticket.state for ticket in Ticket.objects.all()} == {TicketState.OPEN, TicketState.SENT}
    assert Ticket.objects.count() == 4
    assert {lifted.state for lifted in Override.objects.all()} == {OverrideState.ACTIVE, OverrideState.PROPOSED}


def test_a_city_without_mistakes_has_none(people):
    mistakes.report(at=f.NOW)
    assert not Ticket.objects.exists()
