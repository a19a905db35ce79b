"""Haemodialysis and other chronic care in sessions. Domain.md B13.

The first letter rests on a referral; from then on the hospital writes the next one itself, every ``sjp_hd_days``, with the
letter of the doctor in charge. Each session is an episode of its own under the letter in force, so that each is claimed by
itself; coverage is looked up at each, because JKN may have become active.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Service
from ksb.core import formats, journal, outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from ksb.core.scheme import scheme_on
from participants.eligibility import Effect, evaluate
from participants.enums import Decision
from referrals import guarantee, issuing, rules
from referrals.coverage import NotCovered
from referrals.enums import DischargeStatus, EpisodeState, IdentityCheck, ReferralState, SeriesKind, SjpState
from referrals.guarantee import Grounds
from referrals.models import Episode, Series, Session, Sjp
from referrals.workflow import DESK, EPISODE, REFERRAL, SJP

RENEW_FROM = timedelta(days=14)
KINDS = {
    Service.HAEMODIALYSIS: (SeriesKind.HAEMODIALYSIS,),
    Service.OUTPATIENT: (SeriesKind.THALASSAEMIA, SeriesKind.HAEMOPHILIA),
}
ONE_RUNNING = {
    "one_running_series_per_person_and_kind": gettext_lazy("This patient has a running series of this kind already.")
}
FULL = gettext_lazy("The sessions of this week are used up: the scheme pays %(most)d a week.")
AT_ONCE = {
    "one_session_a_day": gettext_lazy("A session of this day is registered already."),
    "one_session_per_slot": gettext_lazy("Another session of this week was registered at this moment. Try again."),
    "one_running_stay_per_person": gettext_lazy("This patient is still admitted to a hospital."),
    "one_running_episode_per_sjp": gettext_lazy("The patient of this SJP is already registered."),
}


def begin(*, sjp, actor, at, kind, diagnosis, doctor_name, weekdays, machine=""):
    """Open the programme on the first letter, which then holds for ``sjp_hd_days``; returns the Series."""
    _own(sjp, actor)
    if kind not in KINDS.get(sjp.service, ()):
        raise Refused(_("A letter for this service carries no series of this kind."))
    with refusing(ONE_RUNNING), transaction.atomic():
        sjp = _locked(sjp)
        if sjp.state not in (SjpState.ISSUED, SjpState.USED) or not sjp.patient_id:
            raise WrongState(_("A series is opened on a letter that can be used."))
        parameters = scheme_on(sjp.valid_from).parameters
        _check_schedule(kind, weekdays, parameters)
        series = Series.objects.create(
            kind=kind,
            resident=sjp.resident,
            hospital=sjp.hospital,
            puskesmas=sjp.puskesmas,
            diagnosis=diagnosis,
            doctor_name=doctor_name,
            weekdays=sorted(weekdays),
            machine=machine,
            started_at=at,
            started_by=actor,
        )
        sjp.series = series
        sjp.valid_until = max(sjp.valid_until, rules.last_session_day(sjp.valid_from, parameters))
        sjp.letter = {**sjp.letter, "until": formats.day(sjp.valid_until)}
        sjp.save(update_fields=["series", "valid_until", "letter"])
        journal.record("series.begin", series, actor=actor, sjp=sjp.number, kind=kind)
    return series


def may_begin(sjp, *, actor):
    """Whether the button makes sense."""
    return (
        sjp.service in KINDS
        and sjp.series_id is None
        and sjp.state in (SjpState.ISSUED, SjpState.USED)
        and not sjp.newborn_id
        and sjp.hospital_id in actor.facility_ids(*DESK)
    )


def _check_schedule(kind, weekdays, parameters):
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise Refused(_("Choose the days of the week."))
    if kind == SeriesKind.HAEMODIALYSIS and len(set(weekdays)) > parameters.hd_max_per_week:
        raise Refused(FULL % {"most": parameters.hd_max_per_week})


def current_letter(series):
    """The newest letter of the series that was not taken back."""
    dead = (SjpState.CANCELLED, SjpState.DECLINED, SjpState.REVOKED)
    return series.letters.exclude(state__in=dead).order_by("-pk").first()


# Sessions


def coverage_now(series, *, at):
    """The patient's evaluation today, for the desk to see before the session."""
    on = timezone.localdate(at)
    service = Service.HAEMODIALYSIS if series.kind == SeriesKind.HAEMODIALYSIS else Service.OUTPATIENT
    return evaluate(series.resident, on=on, service=service, facility=series.hospital, at=at)


def register(*, series, actor, at, identity_check, started_at, ended_at, medical_record=""):
    """Register one session that is over; returns its Episode, discharged.

    Raises NotCovered when the patient is not covered any more and the scheme stops sessions then; Refused outside the
    letter's days, above the sessions of a week, or during a stay, whose package pays the session.
    """
    if identity_check not in IdentityCheck.values:
        raise Refused(_("Say how the patient's identity was checked."))
    if not started_at <= ended_at <= at:
        raise Refused(_("A session ends after it begins, and not in the future."))
    on = timezone.localdate(started_at)
    sjp = _letter_on(series, on)
    _own(sjp, actor)
    parameters = (scheme_on(on) or scheme_on(sjp.valid_from)).parameters
    evaluation = evaluate(sjp.resident, on=on, service=sjp.service, facility=sjp.hospital, at=at)
    # What cannot be looked up today (stale lists) stops nobody's dialysis.
    if parameters.series_stops and not evaluation.covered and evaluation.decision != Decision.UNKNOWN:
        raise NotCovered(evaluation)
    with refusing(AT_ONCE), transaction.atomic():
        sjp = _use(_locked(sjp), actor=actor, at=at, started_at=started_at)
        _refuse_during_stay(sjp)
        episode = Episode.objects.create(
            sjp=sjp,
            resident=sjp.resident,
            hospital=sjp.hospital,
            service=sjp.service,
            medical_record=medical_record,
            identity_check=identity_check,
            decision=evaluation.as_json(),
            admitted_at=started_at,
            admitted_by=actor,
        )
        take_slot(episode, on=on, parameters=parameters)
        journal.record("series.session", episode, actor=actor, sjp=sjp.number, decision=evaluation.decision)
        status = {"discharge_status": DischargeStatus.BY_DOCTOR}
        return EPISODE.apply(episode, "discharge", actor=actor, at=ended_at, update=status)


def counts(sjp):
    """Whether a visit under this letter is a session, also one that an ordinary arrival registers."""
    return sjp.service == Service.HAEMODIALYSIS or sjp.series_id is not None


def take_slot(episode, *, on, parameters):
    """Count the visit ``episode`` of the day ``on`` as a session of its week. Inside the caller's transaction."""
    most, week = parameters.hd_max_per_week, rules.monday(on)
    taken = Session.objects.filter(resident=episode.resident, week=week).aggregate(last=Max("slot"))["last"] or 0
    if taken >= most:
        raise Refused(FULL % {"most": most}, code="hd_max_per_week")
    with refusing(AT_ONCE):
        return Session.objects.create(
            episode=episode,
            sjp=episode.sjp,
            resident=episode.resident,
            day=on,
            week=week,
            slot=taken + 1,
            most=most,
        )


def _letter_on(series, on):
    if not series.is_running:
        raise WrongState(_("This series has ended."))
    letters = series.letters.filter(state__in=[SjpState.ISSUED, SjpState.USED], valid_from__lte=on, valid_until__gte=on)
    sjp = letters.select_related("resident", "hospital").order_by("pk").first()
    if sjp is None:
        raise Refused(
            _("No letter of this series holds on %(day)s. Write the next one first.") % {"day": formats.day(on)}
        )
    return sjp


def _use(sjp, *, actor, at, started_at):
    """The letter in use. The first session uses it and finishes the one before."""
    if sjp.state == SjpState.USED:
        return sjp
    if sjp.parent_id and sjp.parent.state == SjpState.USED and sjp.parent.hospital_id == sjp.hospital_id:
        SJP.apply(sjp.parent, "finish", actor=actor, at=at)
    sjp = SJP.apply(sjp, "use", actor=actor, at=started_at)
    if sjp.referral_id and sjp.referral.state in (ReferralState.ISSUED, ReferralState.ACCEPTED):
        REFERRAL.apply(sjp.referral, "use", actor=actor, at=at)
    return sjp


def _refuse_during_stay(sjp):
    stay = (
        Episode.objects.filter(resident=sjp.resident, state=EpisodeState.IN_CARE, service__in=rules.STAYS)
        .select_related("hospital")
        .first()
    )
    if stay:
        raise Refused(
            _("The patient is admitted to %(hospital)s since %(moment)s. Sessions during a stay are in its package.")
            % {"hospital": stay.hospital, "moment": formats.moment(stay.admitted_at)}
        )


# The next letter, and the end


def may_renew(sjp, *, on):
    """Whether it is time for the letter after ``sjp``."""
    return (
        sjp is not None and sjp.state not in (SjpState.WAITING, SjpState.ISSUED) and on > sjp.valid_until - RENEW_FROM
    )


def renew(*, series, actor, at, doctor_name, doctor_letter):
    """The next letter of a running series, written by the hospital with the letter of the doctor in charge; returns it.

    It begins on the day after the last one's last day, or today. Raises NotCovered or Refused as the first one would.
    """
    on = timezone.localdate(at)
    with transaction.atomic():
        series = Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)
        _own(series, actor)
        last = current_letter(series)
        if not series.is_running:
            raise WrongState(_("This series has ended."))
        if not may_renew(last, on=on):
            raise Refused(_("The letter in force still holds. The next one is written in its last fourteen days."))
        evaluation = evaluate(series.resident, on=on, service=last.service, facility=series.hospital, at=at)
        if not evaluation.covered:
            raise NotCovered(evaluation)
        if not evaluation.guaranteed:
            raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
        parameters = scheme_on(on).parameters
        series.doctor_name = doctor_name
        series.save(update_fields=["doctor_name"])
        sjp = Sjp(
            parent=last,
            series=series,
            resident=series.resident,
            puskesmas=series.puskesmas,
            hospital=series.hospital,
            issuing_hospital=series.hospital,
            specialty=last.specialty,
            service=last.service,
            diagnosis=series.diagnosis,
        )
        grounds = Grounds(parameters=parameters, decision=evaluation.as_json(), scheme_id=evaluation.scheme_id)
        begins = max(on, last.valid_until + timedelta(days=1))
        sjp = guarantee.write(sjp, grounds, actor=actor, on=on, at=at, begins=begins)
        journal.record("series.renew", series, actor=actor, sjp=sjp.number, doctor_letter=doctor_letter)
    return sjp


def end(*, series, actor, at, reason):
    """The programme is over: the letter in use is finished, the next one, if the hospital has written it already, taken back.

    What either still reserves in the budget is given back.
    """
    with transaction.atomic():
        series = Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)
        _own(series, actor)
        if not series.is_running:
            raise WrongState(_("This series has ended."))
        series.ended_at, series.ended_by, series.end_reason = at, actor, reason
        series.save(update_fields=["ended_at", "ended_by", "end_reason"])
        for sjp in series.letters.filter(state=SjpState.USED):
            SJP.apply(sjp, "finish", actor=actor, at=at)
            outbox.emit("sjp.released", sjp, why="series_end")
        for sjp in series.letters.filter(state=SjpState.ISSUED, issuing_hospital=series.hospital):
            issuing.withdraw(sjp=sjp, actor=actor, at=at, reason=_("The series has ended."))
        journal.record("series.end", series, actor=actor, reason=reason)
    return series


def _own(thing, actor):
    if thing.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))


def _locked(sjp):
    return Sjp.objects.select_for_update(no_key=True, of=("self",)).select_related("parent", "resident").get(pk=sjp.pk)
