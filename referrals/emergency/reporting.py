"""The hospital's acts: report an emergency, answer what the officer asks, say that the patient is stable."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Contract
from ksb.core import formats, journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from referrals import guarantee
from referrals.coverage import NotCovered
from referrals.emergency import clock, elsewhere, letter
from referrals.emergency.cover import evaluation_of
from referrals.emergency.patients import home_puskesmas
from referrals.enums import EpisodeState, NoticeState
from referrals.models import EmergencyNotice, Episode
from referrals.workflow import DESK, EMERGENCY

ONE_OPEN = "one_open_notice_per_person_and_hospital"
SAID_TWICE = {ONE_OPEN: gettext_lazy("Your hospital has reported this patient already.")}
# What the hospital may correct with an answer.
CORRECTED = ("criterion", "diagnosis", "findings", "statement", "doctor_name", "room")


def report(*, hospital, actor, at, resident=None, **facts):
    """Report an emergency at ``hospital``; returns the EmergencyNotice. ``facts`` are its fields as the desk knows them.

    Without ``resident`` the patient is described. A patient whom this hospital has reported and nobody has decided on yet is
    not reported twice: that notice is returned. After its deadline a report begins as late and needs ``late_reason``.
    With ``informant`` a Puskesmas or Dinkes reports for a hospital without an account.
    Raises NotAllowed, NotCovered, or Refused with the sentence.
    """
    if facts.get("informant"):
        facts["reporting_puskesmas"] = elsewhere.check_reporter(hospital, actor=actor, on=timezone.localdate(at))
    elif hospital.pk not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the desk of this hospital reports its emergencies."))
    notice = EmergencyNotice(
        hospital=hospital,
        resident=resident,
        **facts,
        admitted_by=actor,
        reported_at=at,
        reported_by=actor,
    )
    _check_times(notice, at=at)
    if resident is not None:
        if running := EmergencyNotice.objects.open().filter(resident=resident, hospital=hospital).first():
            return running
        _refuse_patient_in_care(notice)
        check_cover(notice, at=at)
        notice.puskesmas = home_puskesmas(resident.household)
    _time(notice, at=at)
    with refusing(SAID_TWICE), transaction.atomic():
        notice.number = guarantee.number("LGD", hospital, timezone.localdate(at))
        notice.letter = letter.facts_of(notice)
        notice.save()
        journal.record("emergency.report", notice, actor=actor, number=notice.number, late=notice.late)
    return notice


def check_cover(notice, *, at):
    """Raise NotCovered unless the programme would cover the patient. A first payer may still answer after the report."""
    evaluation = evaluation_of(notice, at=at, unpaid_elsewhere=True)
    if not evaluation.covered:
        raise NotCovered(evaluation)
    return evaluation


def _check_times(notice, *, at):
    if notice.admitted_at > at:
        raise Refused(_("The arrival lies in the future."))
    if notice.departure and not notice.admitted_at <= notice.departure <= at:
        raise Refused(_("The patient left after the arrival and not in the future."))


def _time(notice, *, at):
    """Both deadlines, and what follows when the first has passed."""
    parameters = clock.parameters_of(notice.admitted_at)
    notice.deadline = clock.report_deadline(notice.admitted_at, parameters=parameters, departure=notice.departure)
    notice.due = clock.decision_due(at, parameters=parameters)
    notice.late = at > notice.deadline
    if not notice.late:
        notice.late_reason = ""
        return
    notice.state = NoticeState.LATE
    notice.late_reason = notice.late_reason.strip()
    if not notice.late_reason:
        raise Refused(
            _(
                "The report was due until %(moment)s. Write down why it comes so late; Dinkes decides on a special permit."
            )
            % {"moment": formats.moment(notice.deadline)},
            code="late",
        )


def _refuse_patient_in_care(notice):
    """The same stay needs no second letter. A stay elsewhere has to end before the letter is issued, not before the report."""
    running = Episode.objects.of_patient(resident=notice.resident).filter(
        state=EpisodeState.IN_CARE, hospital=notice.hospital, sjp__emergency=True
    )
    if episode := running.select_related("sjp").first():
        raise Refused(
            _("This patient is in care at your hospital since %(moment)s under SJP %(number)s. No report is needed.")
            % {"moment": formats.moment(episode.admitted_at), "number": episode.sjp.number}
        )


def answer(*, notice, text, actor, at, **corrections):
    """Answer the officer's open question; ``corrections`` are fields of CORRECTED. What stood there before is kept."""
    if not text.strip():
        raise Refused(_("Write down the answer."))
    with transaction.atomic():
        notice = EMERGENCY.apply(notice, "answer", actor=actor, at=at)
        question = notice.questions.get(answered_at__isnull=True)
        question.answer, question.answered_at, question.answered_by = text.strip(), at, actor
        question.changed = _correct(notice, corrections)
        question.save(update_fields=["answer", "changed", "answered_at", "answered_by"])
    return notice


def _correct(notice, corrections):
    """Write the corrections; returns ``{field: value before}``."""
    columns = {"diagnosis": "diagnosis_id"}
    before = {}
    for name in CORRECTED:
        if name not in corrections:
            continue
        column = columns.get(name, name)
        old = getattr(notice, column)
        setattr(notice, name, corrections[name])
        if getattr(notice, column) != old:
            before[name] = old
    if before:
        letter.write_anew(notice)
        notice.save(update_fields=[*before, "letter"])
    return before


def needs_move(notice, *, on):
    """Whether the hospital has no contract on the day ``on``: a stable patient is then moved to one that has (B10 step 6)."""
    return not Contract.objects.in_force(on).filter(facility=notice.hospital_id).exists()


def mark_stable(*, notice, actor, at):
    """The patient can be moved. Only where the hospital has no contract; asked again, nothing changes."""
    with transaction.atomic():
        notice = EmergencyNotice.objects.select_for_update(no_key=True, of=("self",)).get(pk=notice.pk)
        if notice.hospital_id not in actor.facility_ids(*DESK):
            raise NotAllowed(_("Only the desk of this hospital says so."))
        if notice.stable_at:
            return notice
        if notice.state != NoticeState.APPROVED:
            raise WrongState(_("The notice is not approved: there is no letter to go on from."))
        if not needs_move(notice, on=timezone.localdate(at)):
            raise Refused(_("Your hospital has an agreement: the patient stays where they are."))
        notice.stable_at, notice.stable_by = at, actor
        notice.save(update_fields=["stable_at", "stable_by"])
        journal.record("emergency.stable", notice, actor=actor)
    return notice
