"""Changing the rules of the programme (B22): two people, from a day on, what was given out is honoured."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import Job, JournalEntry, SchemeVersion
from ksb.core.scheme import Parameters, scheme_on
from participants import enrolment, schemes
from participants.eligibility import Complement
from participants.eligibility.city import reevaluate
from participants.enums import Decision
from participants.models import CoverageChange, CoverageStatus, SchemeProposal
from participants.scheme_grounds import GROUNDS
from participants.scheme_labels import LABELS
from participants.tasks import judge_city
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    enrol,
    fresh_sources,
    make_contract,
    make_facility,
    make_family,
    make_resident,
    make_user,
)
from tests.participants.factories import DOCUMENTS, clerk, keeper, make_special_cover, propose_scheme
from tests.participants.test_eligibility_rules import applying, decided, judge

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = datetime.timedelta(days=1)
SUSPENDED = {"open": False, "registration_open": False}


def head():
    return make_user(Role.BUDGET_USER)


def put_in_force(**values):
    return schemes.approve(proposal=propose_scheme(**values), actor=head(), at=NOW)


def test_new_rules_end_the_ones_before_on_their_first_day():
    done = put_in_force(starts=TODAY + 10 * DAY, min_residence_months=12)
    assert scheme_on(TODAY + 9 * DAY).code == "P6"
    assert scheme_on(TODAY + 10 * DAY).code == "P7"
    assert scheme_on(TODAY + 10 * DAY).parameters.min_residence_months == 12
    assert done.version.valid.upper is None
    assert JournalEntry.objects.filter(verb="scheme.approve").exists()


def test_rules_between_two_versions_last_until_the_later_one():
    put_in_force(code="P8", starts=TODAY + 20 * DAY)
    done = put_in_force(code="P7", starts=TODAY + 10 * DAY)
    assert done.version.valid.upper == TODAY + 20 * DAY


def test_who_enters_rules_does_not_put_them_in_force():
    officer = make_user(Role.DINKES_SERVICES)
    proposal = propose_scheme(actor=officer)
    with pytest.raises(NotAllowed):
        schemes.approve(proposal=proposal, actor=officer, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeProposal.objects.filter(pk=proposal.pk).update(approved_by=officer, approved_at=NOW)
    with pytest.raises(NotAllowed):
        schemes.approve(proposal=proposal, actor=make_user(Role.DINKES_CLAIMS), at=NOW)
    assert scheme_on(TODAY).code == "P6"


def test_rules_never_take_effect_for_days_that_are_over():
    with pytest.raises(Refused) as refusal:
        propose_scheme(starts=TODAY - DAY)
    assert refusal.value.code == "starts"
    proposal = propose_scheme(starts=TODAY)
    with pytest.raises(Refused) as refusal:
        schemes.approve(proposal=proposal, actor=head(), at=NOW + DAY)
    assert refusal.value.code == "starts"


def test_neither_two_versions_on_one_day_nor_of_one_code():
    put_in_force()
    with pytest.raises(Refused) as refusal:
        propose_scheme(code="P8")
    assert refusal.value.code == "starts"
    with pytest.raises(Refused) as refusal:
        propose_scheme(starts=TODAY + DAY)
    assert refusal.value.code == "code"


def test_refused_rules_are_never_in_force():
    proposal = propose_scheme()
    schemes.refuse(proposal=proposal, reason="Belum ada SE", actor=head(), at=NOW)
    with pytest.raises(WrongState):
        schemes.approve(proposal=proposal, actor=head(), at=NOW)


# Suspension


def test_a_suspended_programme_covers_nobody_new_registers_nobody_and_still_answers():
    person, family = covered_person(), make_family()
    put_in_force(**SUSPENDED)
    assert decided(judge(person)) == (Decision.EXCLUDED_PROGRAM_BERHENTI, "C01")
    assert "22 November 2026" in judge(person).headline.message_en
    assert judge(person, on=TODAY - DAY).covered
    assert judge(person, running_since=TODAY - DAY).covered
    with pytest.raises(Refused):
        enrolment.register(household=family, documents=DOCUMENTS, phone="0812", actor=clerk(), at=NOW)
    assert schemes.suspension(TODAY).since == TODAY
    assert schemes.suspension(TODAY - DAY) is None
    assert schemes.suspension(D(2013, 1, 1)).since is None


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.DINKES_SERVICES, "reports:dashboard"),
        (Role.PUSKESMAS_CLERK, "referrals:search"),
        (Role.REGISTRATION_CLERK, "participants:families"),
    ],
)
def test_the_desks_see_since_when_and_by_what_the_programme_is_suspended(client, time_machine, role, name):
    time_machine.move_to(NOW, tick=False)
    client.force_login(make_user(role))
    assert "SE Wali Kota 440/1/DINKES" not in client.get(reverse(name)).content.decode()
    put_in_force(**SUSPENDED)
    page = client.get(reverse(name)).content.decode()
    assert "SE Wali Kota 440/1/DINKES" in page
    assert "22 November 2026" in page


def test_everybody_is_judged_anew_on_the_day_with_progress(time_machine):
    time_machine.move_to(NOW, tick=False)
    people = [covered_person() for _ in range(3)]
    reevaluate(on=TODAY, at=NOW)
    put_in_force(**SUSPENDED)
    judge_city(head().pk)
    assert {s.decision for s in CoverageStatus.objects.all()} == {"EXCLUDED_PROGRAM_BERHENTI"}
    assert CoverageChange.objects.filter(rule="C01").count() == len(people)
    job = Job.objects.get(name="coverage")
    assert job.state == "DONE"
    assert job.result["written"] == 3
    assert job.result["done"] == job.result["of"] >= 3


# The history of the programme (domain.md 0.2)


def test_the_history_of_the_programme_is_walked_day_by_day():
    """Each step of the history turns one thing, on its day and not the day before."""
    fresh_sources()
    long_here = {"resident_since": D(2010, 1, 1)}
    poor = make_resident(**long_here)
    enrol(poor.household, registered_on=D(2014, 6, 1))
    stranger = make_resident(**long_here)
    pbi, insured, paperless = (make_resident(**long_here) for _ in range(3))
    for person in (pbi, insured, paperless):
        enrol(person.household, registered_on=D(2014, 6, 1))
    cover_elsewhere(pbi, segment=21, since=D(2014, 1, 1))
    cover_elsewhere(insured, segment=0, source="DECLARED", since=D(2014, 1, 1))
    type(paperless).objects.filter(pk=paperless.pk).update(ektp_recorded=False)
    make_contract(place := make_facility(), since=D(2014, 1, 1))

    def says(person, day, **asked):
        return judge(person, on=day, **asked).headline_rule

    # P0: the programme did not exist before; PBI members used it.
    assert says(poor, D(2013, 12, 31)) == "C01"
    assert says(poor, D(2014, 6, 1)) == "C34"
    assert says(pbi, D(2017, 1, 15)) == "C34"
    # P1, 16 January 2017: who has JKN or other insurance cannot get the card.
    assert says(pbi, D(2017, 1, 16)) == "C12"
    assert says(insured, D(2017, 1, 16)) == "C17"
    assert says(paperless, D(2017, 7, 25)) == "C34"
    # P2, 26 July 2017: everybody who registers and has KTP-el recorded; other insurance only warns.
    assert says(paperless, D(2017, 7, 26)) == "C10"
    assert says(insured, D(2017, 7, 26)) == "C34"
    assert says(stranger, D(2017, 7, 26)) == "C08"
    assert judge(poor, on=D(2018, 10, 31), facility=place, referred=False).guaranteed
    # P3, 1 November 2018: a referral is needed.
    assert not judge(poor, on=D(2018, 11, 1), facility=place, referred=False).guaranteed
    newcomer = make_resident(resident_since=D(2019, 10, 1))
    enrol(newcomer.household, registered_on=D(2019, 10, 5))
    assert says(newcomer, D(2019, 12, 31)) == "C34"
    # P4, 1 January 2020: KS-NIK suspended, LKM-NIK: six months in the city, no other insurance, no registration needed.
    assert says(newcomer, D(2020, 1, 1)) == "C07"
    assert says(newcomer, D(2020, 4, 1)) == "C34"
    assert says(insured, D(2020, 1, 1)) == "C17"
    assert says(stranger, D(2020, 1, 1)) == "C34"
    assert judge(newcomer, on=D(2020, 1, 5), running_since=D(2019, 12, 30)).covered
    assert not scheme_on(D(2020, 1, 1)).parameters.registration_open
    # P5, 1 April 2022: ODGJ and other special groups.
    waiting = make_resident(resident_since=D(2022, 3, 1))
    make_special_cover(resident=waiting, since=D(2022, 3, 1), days=90, state="APPROVED")
    assert says(waiting, D(2022, 3, 31)) == "C07"
    assert says(waiting, D(2022, 4, 1)) == "C24"
    # P6, 1 January 2025: families register again.
    assert says(stranger, D(2024, 12, 31)) == "C34"
    assert says(stranger, D(2025, 1, 1)) == "C08"
    complement = judge(pbi, on=D(2026, 1, 1), complement=Complement.ASSAULT)
    assert applying(complement)[-1] != "C12"
    assert complement.decision == Decision.COVERED_COMPLEMENTARY


# Screens


def form_of(**changed):
    """What the browser would send of the form as it stands, with ``changed``."""
    from participants.scheme_forms import PREFIX, SchemeForm

    sent = {
        "code": "P7",
        "name_id": "Aturan baru",
        "name_en": "New rules",
        "starts": "22-11-2026",
        "legal_source": "SE 1",
    }
    for name, field in SchemeForm(base=Parameters()).fields.items():
        if name.startswith(PREFIX) and field.initial is not None and field.initial is not False:
            sent[name] = list(field.initial) if isinstance(field.initial, tuple) else field.initial
    sent |= changed
    return {name: value for name, value in sent.items() if value is not None}


@pytest.mark.parametrize(("name", "last"), [("p_claim_due_day", 28), ("p_year_end_due_day", 31)])
def test_a_last_day_is_a_day_its_month_has(name, last):
    from participants.scheme_forms import SchemeForm

    wrong = {day: SchemeForm(form_of(**{name: day}), base=Parameters()).errors for day in (0, 1, last, last + 1)}
    assert [day for day, errors in wrong.items() if name in errors] == [0, last + 1]


def test_rules_are_entered_read_and_put_in_force_on_screens(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(make_user(Role.DINKES_SERVICES))
    told = form_of(p_open=None, p_registration_open=None, p_min_residence_months="12")
    answer = client.post(reverse("participants:new_scheme"), told)
    proposal = SchemeProposal.objects.get()
    assert answer.url == reverse("participants:scheme_proposal", args=[proposal.public_id])
    assert proposal.parameters == {"open": False, "registration_open": False, "min_residence_months": 12}
    page = client.get(answer.url)
    assert [(c.before, c.after) for c in page.context["changes"]][-1] == ("6", "12")
    approve = reverse("participants:approve_scheme", args=[proposal.public_id])
    assert client.post(approve).status_code == 403
    client.force_login(head())
    assert client.post(approve).status_code == 302
    assert not scheme_on(TODAY).parameters.open
    assert "SE 1" in client.get(reverse("participants:scheme_versions")).content.decode()


def test_what_is_wrong_with_new_rules_is_said_beside_the_field(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(make_user(Role.DINKES_SERVICES))
    wrong = form_of(code="p 7", starts="21-11-2026", p_referral_valid_days="-1", p_benefit_cap="banyak")
    errors = client.post(reverse("participants:new_scheme"), wrong).context["form"].errors
    assert set(errors) == {"code", "p_referral_valid_days", "p_benefit_cap"}
    late = client.post(reverse("participants:new_scheme"), form_of(starts="21-11-2026")).context["form"].errors
    assert set(late) == {"starts"}
    assert not SchemeProposal.objects.exists()


def test_each_parameter_has_a_name_for_people():
    from dataclasses import fields

    assert [f.name for f in fields(Parameters)] == list(schemes.LABELS)


def test_versions_say_what_each_changed(client):
    client.force_login(keeper())
    rows = client.get(reverse("participants:scheme_versions")).context["versions"]
    assert [version.code for version, _running, _changes in rows][:2] == ["P6", "P5"]
    assert rows[0][1]
    assert SchemeVersion.objects.count() == len(rows)


def test_what_no_regulation_settles_stands_with_its_reason_on_the_page_and_in_the_form(client):
    client.force_login(make_user(Role.DINKES_SERVICES))
    page = client.get(reverse("participants:scheme_versions"))
    asked = client.get(reverse("participants:new_scheme")).context["form"]
    for name in ("rs_response_minutes", "resume_days", "approval_after_letters", "sla_approval"):
        assert str(GROUNDS[name]) in {str(own.ground) for own in page.context["own_defaults"]}
        assert str(GROUNDS[name]) in str(asked[f"p_{name}"].help_text)
    assert set(GROUNDS) <= set(LABELS)
