"""Who says that the registry is wrong opens a ticket; Disdukcapil corrects; the night that brings it closes the ticket."""

import csv
import datetime
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants import tickets
from participants.enums import ResidentStatus, SyncKind, TicketKind, TicketOutcome, TicketState
from participants.families import find_family
from participants.models import Household, QuarantinedRow, Resident, SyncRun, Ticket
from participants.workflow import TICKET
from tests.factories import NOW, TODAY, make_family, make_household, make_resident, make_run, make_user, system
from tests.participants.office import make_check, make_ticket
from tests.support.workflows import roles_that_may

pytestmark = pytest.mark.django_db
LIST = reverse("participants:tickets")
NIK = "3275015705900001"


def operator():
    return make_user(Role.REGISTRY_OPERATOR)


def page(name, thing):
    return reverse(f"participants:{name}", args=[thing.public_id])


def change(person, **values):
    Resident.objects.filter(pk=person.pk).update(**values)


def state(ticket):
    ticket.refresh_from_db()
    return (ticket.state, ticket.outcome)


CORRECTIONS = {
    TicketKind.NIK: {"status": ResidentStatus.DEACTIVATED},
    TicketKind.LIFE: {"status": ResidentStatus.DECEASED, "status_on": TODAY},
    TicketKind.NAME: {"name": "NAMA YANG BENAR"},
    TicketKind.BIRTH: {"birth_date": datetime.date(1991, 5, 17)},
    TicketKind.SEX: {"sex": 2},
    TicketKind.FAMILY: {"relation": 4},
    TicketKind.ADDRESS: {"city_code": "31.71"},
    TicketKind.EKTP: {"ektp_recorded": False},
    TicketKind.NOT_IN_REGISTRY: {"listed": False},
}


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_a_night_that_changes_the_column_in_question_closes_the_ticket(kind):
    person = make_resident()
    ticket = make_ticket(person, kind=kind)
    assert tickets.close_corrected(at=NOW) == 0
    change(person, **CORRECTIONS[kind])
    assert tickets.close_corrected(at=NOW) == 1
    assert state(ticket) == (TicketState.CLOSED, TicketOutcome.CORRECTED)


def test_a_change_of_another_column_closes_nothing():
    person = make_resident()
    ticket = make_ticket(person, kind="BIRTH")
    change(person, name="NAMA BARU")
    assert tickets.close_corrected(at=NOW) == 0
    assert state(ticket)[0] == TicketState.OPEN


def test_a_person_the_registry_did_not_know_closes_the_ticket_by_arriving():
    ticket = make_ticket(kind="NOT_IN_REGISTRY", nik=NIK)
    assert tickets.close_corrected(at=NOW) == 0
    make_resident(nik=NIK)
    assert tickets.close_corrected(at=NOW) == 1
    assert state(ticket) == (TicketState.CLOSED, TicketOutcome.CORRECTED)


def test_a_new_head_of_the_family_closes_the_ticket_about_the_card():
    household = make_family()
    ticket = make_ticket(kind="FAMILY", household=household)
    Household.objects.filter(pk=household.pk).update(head=household.residents.last())
    tickets.close_corrected(at=NOW)
    assert state(ticket)[0] == TicketState.CLOSED


def test_closed_by_the_night_names_the_system_and_the_journal_tells_every_step():
    person = make_resident()
    ticket = make_ticket(person, kind="NAME")
    tickets.send(tickets=Ticket.objects.all(), actor=operator(), at=NOW)
    tickets.answer(ticket=ticket, text="Diperbaiki malam ini", actor=operator(), at=NOW)
    change(person, name="NAMA BENAR")
    tickets.close_corrected(at=NOW)
    ticket.refresh_from_db()
    assert ticket.closed_by == system()
    assert [entry.verb for entry in JournalEntry.objects.about(ticket)] == [
        "ticket.open",
        "ticket.send",
        "ticket.answer",
        "ticket.close",
    ]


def test_the_search_for_corrections_takes_the_same_statements_for_any_number(django_assert_num_queries):
    for n in range(12):
        make_ticket(make_resident(), kind="NAME")
        make_ticket(kind="NOT_IN_REGISTRY", nik=f"32750157059010{n:02d}")
    with django_assert_num_queries(2):
        tickets.close_corrected(at=NOW)


def test_disdukcapil_is_asked_once_about_the_same():
    person = make_resident()
    first = make_ticket(person, kind="NAME")
    with pytest.raises(Refused, match=first.number):
        make_ticket(person, kind="NAME")
    make_ticket(person, kind="SEX")
    make_ticket(kind="NOT_IN_REGISTRY", nik=NIK)
    with pytest.raises(Refused):
        make_ticket(kind="NIK", nik=NIK)


def test_after_it_is_closed_it_can_be_asked_anew():
    person = make_resident()
    tickets.close(ticket=make_ticket(person), outcome="WITHDRAWN", actor=operator(), at=NOW)
    assert make_ticket(person).state == TicketState.OPEN


def test_a_residents_own_request_needs_no_account():
    household = make_family()
    ticket = tickets.open_ticket(household=household, kind="NAME", text="Nama salah eja", actor=None, at=NOW)
    assert ticket.created_by == system()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOSPITAL_DESK, Role.SYSTEM_ADMIN])
def test_who_only_reads_opens_nothing(role):
    with pytest.raises(NotAllowed):
        make_ticket(make_resident(), actor=make_user(role))


def test_a_ticket_says_what_is_wrong():
    with pytest.raises(Refused):
        make_ticket(make_resident(), text="  ")


def test_a_ticket_about_nobody_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_ticket(kind="NAME")


@pytest.mark.parametrize("move", ["send", "answer", "ask_again"])
def test_only_the_operators_of_both_offices_work_on_tickets(move):
    ticket = make_ticket(make_resident())
    assert roles_that_may(TICKET, TICKET[move], ticket) == {Role.REGISTRY_OPERATOR, Role.DINKES_MEMBERSHIP}


def test_a_closed_ticket_is_not_answered():
    ticket = make_ticket(make_resident())
    tickets.close(ticket=ticket, outcome="CONFIRMED", actor=operator(), at=NOW)
    with pytest.raises(WrongState):
        tickets.answer(ticket=ticket, text="Terlambat", actor=operator(), at=NOW)


def test_an_answer_that_settles_nothing_is_asked_again():
    ticket = make_ticket(make_resident())
    tickets.send(tickets=Ticket.objects.all(), actor=operator(), at=NOW)
    ticket.refresh_from_db()
    tickets.answer(ticket=ticket, text="Mana buktinya?", actor=operator(), at=NOW)
    again = tickets.ask_again(ticket=ticket, actor=operator(), at=NOW)
    assert (again.state, again.sent_at) == (TicketState.OPEN, None)


# Screens


def test_from_the_family_to_the_closed_ticket(client):
    household = make_family()
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    opening = page("ticket_of_family", household)
    assert opening in client.get(page("family", household)).content.decode()
    assert client.post(opening, {"resident": "FAMILY", "kind": "", "text": ""}).status_code == 200
    child = household.residents.last()
    client.post(opening, {"resident": child.pk, "kind": "NAME", "text": "Kurang satu huruf"})
    ticket = Ticket.objects.get()
    assert (ticket.resident, ticket.household, ticket.kind) == (child, household, "NAME")
    assert page("ticket", ticket) in client.get(page("family", household)).content.decode()
    client.post(reverse("participants:send_tickets"), {"newest": ticket.pk})
    client.post(page("answer_ticket", ticket), {"text": "Sudah diperbaiki"})
    assert "Sudah diperbaiki" in client.get(page("ticket", ticket)).content.decode()
    client.post(page("close_ticket", ticket), {"outcome": "CORRECTED"})
    assert state(ticket) == (TicketState.CLOSED, "CORRECTED")
    assert page("ticket", ticket) not in client.get(LIST).content.decode()
    assert page("ticket", ticket) in client.get(f"{LIST}?state=CLOSED").content.decode()


def test_the_family_as_a_whole(client):
    household = make_family()
    clerk = make_user(Role.REGISTRATION_CLERK)
    client.force_login(clerk)
    find_family(number=household.kk_number, actor=clerk, at=NOW)
    client.post(
        page("ticket_of_family", household), {"resident": "FAMILY", "kind": "ADDRESS", "text": "Sudah pindah RT"}
    )
    assert Ticket.objects.get().resident is None
    other = make_ticket(make_resident())
    assert client.get(page("ticket", other)).status_code == 404
    assert other.number not in client.get(LIST).content.decode()


def test_from_an_answer_of_dukcapil(client):
    clerk = make_user(Role.REGISTRATION_CLERK)
    client.force_login(clerk)
    check = make_check(clerk, nik=NIK)
    client.post(page("ticket_of_answer", check), {"kind": "NOT_IN_REGISTRY", "text": "KTP ada, data tidak ada"})
    assert (Ticket.objects.get().nik, Ticket.objects.get().resident) == (NIK, None)


def test_from_a_line_that_was_not_taken(client):
    client.force_login(operator())
    person, run = make_resident(), make_run(SyncKind.REGISTRY)
    QuarantinedRow.objects.create(
        run=run, line_number=7, reason="NAME_MISSING", raw=f"{person.household.kk_number},{person.nik},,1"
    )
    SyncRun.objects.filter(pk=run.pk).update(counters={"quarantined_by_reason": {"NAME_MISSING": 1}})
    opening = reverse("participants:ticket_of_line", args=[run.pk])
    assert f"{opening}?baris=7" in client.get(reverse("participants:run_quarantine", args=[run.pk])).content.decode()
    assert 'value="7"' in client.get(f"{opening}?baris=7").content.decode()
    assert client.post(opening, {"line_number": 8, "text": "x"}).context["form"].errors["line_number"]
    client.post(opening, {"line_number": 7, "text": "Nama kosong"})
    ticket = Ticket.objects.get()
    assert (ticket.resident, ticket.run, ticket.line_number) == (person, run, 7)
    assert person.nik not in client.get(page("ticket", ticket)).content.decode().split("<code>")[1].split("</code>")[0]
    assert client.post(opening, {"line_number": 7, "text": "Lagi"}).status_code == 200


def test_a_line_about_somebody_unknown_closes_when_the_person_arrives():
    run, kk = make_run(SyncKind.REGISTRY), make_household().kk_number
    row = QuarantinedRow.objects.create(run=run, line_number=3, reason="BAD_SEX", raw=f"{kk},{NIK},SITI,9")
    ticket = tickets.open_for_line(row=row, text="Jenis kelamin", actor=operator(), at=NOW)
    assert ticket.nik == NIK
    make_resident(nik=NIK)
    assert tickets.close_corrected(at=NOW) == 1


def test_the_file_for_disdukcapil_has_every_open_ticket_with_numbers_no_spreadsheet_rounds(client):
    client.force_login(operator())
    person = make_resident(name="=HYPERLINK(1)")
    make_ticket(person, text="Salah\nbaris dua")
    make_ticket(kind="NOT_IN_REGISTRY", nik=NIK)
    tickets.close(ticket=make_ticket(make_resident()), outcome="WITHDRAWN", actor=operator(), at=NOW)
    response = client.get(reverse("participants:export_tickets"))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
    assert rows[2][3] == "3275 0157 0590 0001"
    assert rows[1][4] == "'=HYPERLINK(1)"
    assert Ticket.objects.filter(state=TicketState.OPEN).count() == 2


def test_only_what_was_in_the_file_is_marked_as_sent(client):
    client.force_login(operator())
    first, second = make_ticket(make_resident()), make_ticket(make_resident())
    client.post(reverse("participants:send_tickets"), {"newest": first.pk})
    assert (state(first)[0], state(second)[0]) == (TicketState.SENT, TicketState.OPEN)


def test_the_list_costs_the_same_for_every_number_of_tickets(client, query_count):
    client.force_login(operator())
    for _ in range(9):
        make_ticket(make_resident())
    with query_count("participants.tickets"):
        client.get(LIST)


def test_an_override_is_proposed_from_the_ticket_and_decided_by_the_other_office(client):
    person = make_resident(status=ResidentStatus.DECEASED, status_on=TODAY)
    ticket = make_ticket(person)
    first, second = make_user(Role.DINKES_MEMBERSHIP), make_user(Role.DINKES_SERVICES)
    client.force_login(first)
    propose = page("propose_override", ticket)
    assert propose in client.get(page("ticket", ticket)).content.decode()
    answers = {"rules": ["C03"], "reason": "Warga hidup", "evidence": "Surat Disdukcapil", "valid_until": "30-12-2026"}
    assert client.post(propose, answers).context["form"].errors["valid_until"]
    client.post(propose, answers | {"valid_until": "10-12-2026"})
    proposed = person.overrides.get()
    assert client.post(page("approve_override", proposed)).status_code == 403
    client.force_login(second)
    assert page("override", proposed) in client.get(reverse("participants:overrides")).content.decode()
    client.post(page("approve_override", proposed))
    assert page("override", proposed) in client.get(page("family", person.household)).content.decode()
    assert client.post(page("revoke_override", proposed), {"reason": ""}).status_code == 200
    client.post(page("revoke_override", proposed), {"reason": "Sudah diperbaiki"})
    proposed.refresh_from_db()
    assert proposed.state == "REVOKED"
    assert page("override", proposed) not in client.get(reverse("participants:overrides")).content.decode()
    assert page("override", proposed) in client.get(reverse("participants:overrides") + "?all=1").content.decode()
