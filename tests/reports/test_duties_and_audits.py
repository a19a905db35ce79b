"""Nobody broke the separation of duties, and the report would say so; an audit is bound to its letter."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from budget.models import Payment
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry
from reports import audits, duties
from reports.audit_models import Audit
from reports.workflow import AUDIT_FINDING
from tests import factories as f
from tests.budget import factories as b
from tests.support.workflows import roles_that_may
from tests.verification import factories as v

pytestmark = pytest.mark.django_db


def broken():
    return {duty.number for duty, rows in duties.report() if rows}


class TestDuties:
    def test_a_line_of_money_from_claim_to_bank_breaks_none_of_the_twelve(self, capsys):
        b.recovery()
        b.document()
        with pytest.raises(SystemExit) as done:
            call_command("check_duties", "--json")
        assert done.value.code == 0
        assert json.loads(capsys.readouterr().out) == {"rules": 12, "broken": [], "missing_guards": []}

    def test_what_breaks_a_rule_past_the_program_is_found(self):
        payment = b.paid(b.propose([v.approved_bahv()]))
        bahv = payment.parts.get().bahv
        submitter = bahv.batch.submitted_by_id
        f.make_user("VERIFIER_ADMIN", "TREASURER")
        f.make_user("VERIFIER_MEDICAL", "HOSPITAL_DESK")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE verification_bahv DISABLE TRIGGER USER")
            cursor.execute("UPDATE verification_bahv SET hospital_signed_by_id = %s", [submitter])
            cursor.execute("ALTER TABLE verification_bahv ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE budget_payment DISABLE TRIGGER bahv_approved_by_is_not_spp_by")
        assert duties.missing_guards() == ["bahv_approved_by_is_not_spp_by"]
        Payment.objects.update(spp_by=bahv.approved_by)
        assert broken() == {2, 3, 5, 6}

    def test_a_guard_that_is_gone_is_missed(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE budget_payment DROP CONSTRAINT payment_spp_by_is_not_spm_by")
        assert duties.missing_guards() == ["payment_spp_by_is_not_spm_by"]

    def test_who_holds_roles_that_should_not_meet_is_listed(self, client):
        both = f.make_user("TREASURER", "BUD")
        f.make_user("TREASURER")
        assert [user for user, _roles in duties.combinations(f.TODAY)] == [both]
        client.force_login(f.make_user("AUDITOR"))
        assert str(both) in client.get(reverse("reports:duties")).content.decode()


class TestAudits:
    def test_a_sample_is_drawn_again_from_its_seed_and_cannot_be_changed(self):
        v_claims = [b.disbursed(b.propose([v.approved_bahv()])) for _n in range(3)]
        audit = b.audit()
        sample = audits.draw(audit=audit, subject="PAYMENTS", size=2, actor=audit.auditor, at=f.NOW)
        again = audits.draw(audit=audit, subject="PAYMENTS", size=2, actor=audit.auditor, at=f.NOW)
        assert (sample.population, len(sample.keys)) == (len(v_claims), 2)
        assert audits.drawn(audit, sample.subject, sample.seed, 2) == (sample.keys, 3)
        assert again.seed != sample.seed
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            type(sample).objects.filter(pk=sample.pk).update(seed="x")

    def test_outside_the_days_of_the_letter_nothing_is_drawn_and_nobody_opens_an_audit_for_oneself(self):
        audit = b.audit()
        later = f.NOW + datetime.timedelta(days=30)
        for actor, at in ((audit.auditor, later), (f.make_user("AUDITOR"), f.NOW)):
            with pytest.raises(NotAllowed):
                audits.draw(audit=audit, subject="CLAIMS", size=1, actor=actor, at=at)
        both = f.make_user("AUDITOR", "BUDGET_USER")
        with pytest.raises(Refused):
            b.audit(both, opener=both)

    def test_an_auditor_sees_what_the_letter_opens_while_it_is_in_force_and_nothing_else(self, client):
        payment = b.paid(b.propose([v.approved_bahv()]))
        bahv = payment.parts.get().bahv
        claim, auditor = bahv.batch.claims.get(), f.make_user("AUDITOR")
        things = (claim, bahv.batch, bahv, payment, payment.parts.get())
        day = datetime.timedelta(days=1)

        def seen(**letter):
            Audit.objects.filter(auditor=auditor).update(**letter)
            actor = type(auditor).objects.get(pk=auditor.pk)
            return [type(one).objects.visible_to(actor).filter(pk=one.pk).exists() for one in things]

        assert seen() == [True] * 5
        assert seen(scope=(claim.discharged_on, claim.discharged_on + day)) == [True, True, True, False, False]
        assert seen(scope=(payment.sp2d_date, payment.sp2d_date + day)) == [False, False, False, True, True]
        assert seen(scope=f.ALWAYS, valid=(f.TODAY - day, f.TODAY)) == [False] * 5
        things = (b.recovery(claim=claim), b.reconciliation(payment.hospital))
        always = {"valid": (f.TODAY, f.TODAY + day)}
        assert seen(scope=(claim.discharged_on, claim.discharged_on + day), **always)[0]
        assert seen(scope=f.ALWAYS) == [True, True]
        assert seen(scope=(datetime.date(2020, 1, 1), datetime.date(2021, 1, 1))) == [False, False]
        Audit.objects.filter(auditor=auditor).update(scope=f.ALWAYS, valid=(f.TODAY - day, f.TODAY))
        client.force_login(auditor)
        assert client.get(reverse("claims:batches")).status_code == 403

    def test_a_finding_is_answered_and_closed_and_only_about_what_was_drawn(self):
        finding = b.finding(b.audit())
        with pytest.raises(Refused):
            audits.find(
                **{"audit": finding.audit, "number": "X", "amount": 0, "rule": "R", "text": "T"},
                actor=finding.audit.auditor,
                at=f.NOW,
            )
        finding = audits.reply(finding=finding, text="Disetor", actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
        finding = audits.ask_again(finding=finding, actor=finding.audit.auditor, at=f.NOW)
        finding = audits.reply(finding=finding, text="STS 1", actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
        assert audits.close(finding=finding, actor=finding.audit.auditor, at=f.NOW).state == "CLOSED"

    @pytest.mark.parametrize("move", AUDIT_FINDING.transitions, ids=lambda m: m.name)
    def test_each_step_belongs_to_its_role(self, move):
        assert roles_that_may(AUDIT_FINDING, move, b.finding(b.audit())) == set(move.roles)

    def test_the_auditor_works_on_the_screens_and_every_look_is_journalled(self, client):
        finding = b.finding(b.audit())
        audit = finding.audit
        client.force_login(audit.auditor)
        page = client.get(reverse("reports:audit", args=[audit.public_id]))
        assert finding.claim.reference in page.content.decode()
        table = client.get(reverse("reports:audit_csv", args=[audit.public_id])).content.decode()
        assert str(audit.auditor) in table.splitlines()[0]
        assert audit.purpose in table.splitlines()[0]
        assert set(JournalEntry.objects.about(audit).values_list("verb", flat=True)) >= {"audit.view", "audit.export"}
        client.force_login(f.make_user("DINKES_CLAIMS"))
        address = reverse("reports:finding", args=[finding.public_id])
        assert client.post(address, {"text": "Sudah disetor"}).status_code == 302
        client.force_login(audit.auditor)
        client.post(address, {"close": ""})
        finding.refresh_from_db()
        assert finding.state == "CLOSED"

    def test_the_budget_user_opens_an_audit_on_the_screen(self, client):
        auditor = f.make_user("AUDITOR")
        client.force_login(f.make_user("BUDGET_USER"))
        days = {"valid_first": "01-11-2026", "valid_last": "30-11-2026", "scope_first": "01-01-2026"}
        sent = {"auditor": auditor.pk, "letter": "ST/9", "purpose": "Kinerja", "scope_last": "31-10-2026", **days}
        client.post(reverse("reports:new_audit"), sent)
        assert auditor.audits.filter(letter="ST/9").exists()
        assert client.get(reverse("reports:audits")).status_code == 200
