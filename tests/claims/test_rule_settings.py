"""How a rule is applied: proposed by one person, put in force by another, from a service day on; findings set aside."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims import overrides, rejudging, rule_settings
from claims.models import ClinicalCode, RuleSetting
from claims.rules.catalogue import BY_CODE, CATALOGUE
from claims.rules.words import ABOUT
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants.models import Resident
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db
LONG = "Sudah diperiksa dengan berkas asli"


def test_the_catalogue_has_the_rules_of_the_book_and_words_for_each():
    assert set(ABOUT) == set(BY_CODE)
    assert len(CATALOGUE) == len(BY_CODE)


def test_the_lists_come_with_the_tables():
    assert set(ClinicalCode.objects.values_list("kind", flat=True)) >= {"FEMALE", "ONCE", "INDICATION", "PRIMARY_CARE"}
    assert not ClinicalCode.objects.filter(source="").exists()


def test_a_change_is_put_in_force_by_another_person_only():
    proposer = f.make_user("VERIFIER_COORDINATOR")
    setting = c.proposed_setting("REF-02", by=proposer)
    with pytest.raises(NotAllowed):
        rule_settings.approve(setting=setting, actor=proposer, at=f.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(setting).objects.filter(pk=setting.pk).update(state="IN_FORCE", approved_by=proposer, approved_at=f.NOW)
    assert rule_settings.approve(setting=setting, actor=f.make_user("DINKES_SERVICES"), at=f.NOW).state == "IN_FORCE"
    assert JournalEntry.objects.filter(verb__in=["rule_setting.propose", "rule_setting.approve"]).count() == 2


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("TRF-07", {}),  # fixed
        ("ADM-02", {}),
        ("TRF-03", {"thresholds": {"percent": 101}}),
        ("TRF-03", {"thresholds": {"percent": "40"}}),
        ("TRF-03", {"thresholds": {"percentage": 40}}),
        ("TRF-03", {"starts": f.TODAY - datetime.timedelta(days=1)}),
    ],
)
def test_a_change_out_of_bounds_is_refused(rule, values):
    with pytest.raises(Refused):
        c.proposed_setting(rule, **values)


def test_one_change_of_a_rule_waits_at_a_time():
    c.proposed_setting("REF-02")
    with pytest.raises(Refused):
        c.proposed_setting("REF-02")


def test_a_biller_changes_no_rule():
    with pytest.raises(NotAllowed):
        c.proposed_setting("REF-02", by=c.biller())


def _days_around(setting):
    """Findings of TRF-03 on two claims, one of the day before the setting begins and one of its first day."""
    found = []
    for days in (-1, 0):
        sjp = c.letter(since=setting.starts + datetime.timedelta(days=days))
        at = f.NOW + datetime.timedelta(days=40)
        result = c.take([c.row(sjp, TARIF_RS="5000", OBAT="5000", KONSULTASI="0")], place=sjp.hospital, at=at)
        found.append(next((x.severity for x in result.lines[0].findings if x.rule == "TRF-03"), None))
    return found


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ({"active": False}, None),
        ({"active": True, "severity": "R"}, "R"),
        ({"active": True, "thresholds": {"percent": 1}}, None),
    ],
)
def test_the_setting_of_the_service_day_counts(values, after):
    starts = f.TODAY + datetime.timedelta(days=5)
    assert _days_around(c.in_force("TRF-03", starts=starts, **values)) == ["P", after]


def test_a_later_setting_ends_the_one_before():
    c.in_force("TRF-03", starts=f.TODAY, active=False)
    assert _days_around(c.in_force("TRF-03", starts=f.TODAY + datetime.timedelta(days=5), active=True)) == [None, "P"]


def test_a_rule_put_in_force_judges_what_nobody_has_decided():
    sjp = c.letter(since=f.TODAY)
    at = f.NOW + datetime.timedelta(hours=1)
    claim = c.take(
        [c.row(sjp, TARIF_RS="5000", OBAT="5000", KONSULTASI="0")], place=sjp.hospital, at=at
    ).batch.claims.get()
    assert claim.state == "READY"
    c.in_force("TRF-03", active=True, severity="R")
    outbox.drain()
    claim.refresh_from_db()
    assert claim.state == "BLOCKED"


def test_the_night_finds_a_death_that_became_known_and_undoes_a_mistake():
    claim = c.claimed()
    Resident.objects.filter(pk=claim.resident_id).update(status=1, status_on=c.DAY - datetime.timedelta(days=2))
    assert rejudging.rejudge_all(at=c.AT)["blocked"] == 1
    Resident.objects.filter(pk=claim.resident_id).update(status=0, status_on=None)
    assert rejudging.rejudge_all(at=c.AT)["cleared"] == 1
    claim.refresh_from_db()
    assert claim.state == "READY"


def test_the_night_tells_the_verifier_of_a_submitted_claim_and_leaves_its_state():
    claim = c.claimed(submitted=True)
    f.cover_elsewhere(claim.resident)
    rejudging.rejudge_all(at=c.AT)
    claim.refresh_from_db()
    assert claim.state == "SUBMITTED"
    assert claim.findings.filter(rule="ELG-02").exists()


@pytest.fixture
def blocked():
    return c.claimed(KELAS_RAWAT="2")


def test_a_refusal_set_aside_makes_the_claim_ready_and_stays_aside(blocked):
    finding = blocked.findings.get(rule="CTR-02")
    overrides.override(finding=finding, reason=LONG, actor=f.make_user("VERIFIER_COORDINATOR"), at=c.AT)
    rejudging.rejudge_all(at=c.AT)
    blocked.refresh_from_db()
    assert blocked.state == "READY"
    ((row),) = overrides.counts(since=c.AT.date())
    assert (row["rule"], row["count"], row["claimed"]) == ("CTR-02", 1, blocked.claimed)


@pytest.mark.parametrize("role", ["VERIFIER_ADMIN", "DINKES_CLAIMS", "AUDITOR"])
def test_a_refusal_is_set_aside_only_by_who_keeps_the_rules(blocked, role):
    with pytest.raises(NotAllowed):
        overrides.override(finding=blocked.findings.get(), reason=LONG, actor=f.make_user(role), at=c.AT)


def test_a_finding_is_set_aside_once_and_with_a_reason(blocked):
    keeper, finding = f.make_user("DINKES_SERVICES"), blocked.findings.get()
    with pytest.raises(Refused):
        overrides.override(finding=finding, reason="ok", actor=keeper, at=c.AT)
    overrides.override(finding=finding, reason=LONG, actor=keeper, at=c.AT)
    with pytest.raises(WrongState):
        overrides.override(finding=finding, reason=LONG, actor=keeper, at=c.AT)


def test_what_guards_the_letter_is_never_set_aside():
    sjp = c.letter()
    claim = c.take([c.row(sjp, SEP="3216174ICC26100001")], place=sjp.hospital).batch.claims.get()
    with pytest.raises(NotAllowed):
        overrides.override(
            finding=claim.findings.get(rule="ADM-02"), reason=LONG, actor=f.make_user("DINKES_SERVICES"), at=c.AT
        )


def test_a_rule_is_found_proposed_and_put_in_force_on_the_screen(client):
    one, two = f.make_user("VERIFIER_COORDINATOR"), f.make_user("DINKES_SERVICES")
    client.force_login(one)
    page = client.get(reverse("claims:rules"), {"words": "trf-03"}).content.decode()
    assert "TRF-03" in page
    assert "TRF-02" not in page
    wrong = client.post(
        reverse("claims:propose_rule", args=["TRF-03"]), {"active": "yes", "severity": "P", "t_percent": "999"}
    )
    assert wrong.status_code == 200
    typed = {"active": "no", "severity": "P", "t_percent": "40", "starts": f"{f.TODAY:%d/%m/%Y}", "reason": "Rapat"}
    assert client.post(reverse("claims:propose_rule", args=["TRF-03"]), typed).status_code == 302
    setting = RuleSetting.objects.get()
    assert client.post(reverse("claims:approve_setting", args=[setting.public_id])).status_code == 403
    client.force_login(two)
    assert client.post(reverse("claims:approve_setting", args=[setting.public_id])).status_code == 302
    assert client.get(reverse("claims:rule", args=["TRF-03"])).status_code == 200
