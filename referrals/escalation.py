"""When the ordinary way finds no hospital, the duty officer of Dinkes looks for one (S108; domain.md B8, B11).

A case comes here after several refusals, when a request for intensive care stays unanswered past its clock, and when no
suitable hospital has a bed. Locks are taken in one order: referral, escalation.
"""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Service
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import constraint_of, refusing
from ksb.core.scheme import Parameters, scheme_on
from ksb.core.workflow import system_user
from referrals import bed_holds, cases, rules
from referrals.enums import EscalationCause, EscalationState, ReferralState, UnmetReason
from referrals.models import Escalation, Referral
from referrals.models.patient import HOLDERS
from referrals.workflow import CLERK, ESCALATION, REFERRAL

# What nobody answered a day ago is no longer a patient waiting for a bed; after an outage the minute does not drown in it.
LATEST = timedelta(days=1)
ALREADY = ("one_running_escalation_per_case", "one_running_escalation_per_draft")
_FACTS = (*HOLDERS, "puskesmas", "specialty", "service", "ward", "diagnosis", "complaint", "findings")


# How a case gets here


def after_refusal(referral, *, actor, at):
    """Open an escalation when the case of the refused ``referral`` has met too many refusals. Returns it, or None."""
    scheme = scheme_on(timezone.localdate(at))
    parameters = scheme.parameters if scheme else Parameters()
    first = cases.first_of(referral)
    if cases.refusals_of(first) < parameters.escalate_after_refusals:
        return None
    facts = {name: getattr(referral, name) for name in _FACTS}
    try:
        with transaction.atomic():
            return _open(EscalationCause.REFUSED, actor=actor, at=at, referral=referral, first_id=first, **facts)
    except IntegrityError as violation:
        if constraint_of(violation) not in ALREADY:
            raise
        return None


def ask(*, draft, actor, at, **facts):
    """A clerk finds no hospital with a bed for what the ``draft`` says. ``facts`` are the fields of the case.

    Raises Refused when the duty officer has the case already.
    """
    if facts["puskesmas"].pk not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only a clerk of this Puskesmas issues its letters."))
    earlier = draft.earlier
    known = {"draft": draft}
    if earlier:
        known |= {"referral": earlier, "first_id": cases.first_of(earlier)}
    with refusing(dict.fromkeys(ALREADY, _("The duty officer knows of this case already."))):
        return _open(EscalationCause.NO_BED, actor=actor, at=at, **known, **facts)


def _open(cause, *, actor, at, **facts):
    opened = Escalation.objects.create(cause=cause, opened_at=at, opened_by=actor, **facts)
    journal.record("escalation.open", opened, actor=actor, cause=str(cause))
    return opened


_OVERDUE = f"""
    WITH overdue AS (
        SELECT r.* FROM referrals_referral r
         WHERE r.state = 'ISSUED' AND r.service = '{Service.INTENSIVE}' AND r.answer_due < %(at)s AND r.answer_due > %(oldest)s
           AND EXISTS (SELECT FROM referrals_sjp s WHERE s.referral_id = r.id AND s.state = 'ISSUED')
           FOR NO KEY UPDATE SKIP LOCKED)
    INSERT INTO referrals_escalation
           (public_id, state, cause, referral_id, first_id, resident_id, newborn_id, special_id, puskesmas_id, specialty_id,
            service, ward, diagnosis_id, complaint, findings, opened_at, opened_by_id, accepted_by_name, unmet_reason, note)
    SELECT gen_random_uuid(), 'OPEN', '{EscalationCause.UNANSWERED}', id, coalesce(first_id, id), resident_id, newborn_id,
           special_id, puskesmas_id, specialty_id, service, ward, diagnosis_id, complaint, findings, %(at)s, %(system)s,
           '', '', ''
      FROM overdue
    ON CONFLICT DO NOTHING
    RETURNING id"""


def open_overdue(*, at):
    """Open one escalation for each request for intensive care nobody answered in time. Returns how many; safe to repeat.

    One statement. A referral a hospital is answering at this moment is passed over and looked at again the next minute.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_OVERDUE, {"at": at, "oldest": at - LATEST, "system": system_user().pk})
        opened = [Escalation(pk=pk) for (pk,) in cursor.fetchall()]
        journal.record_many("escalation.open", opened, actor=None, cause=EscalationCause.UNANSWERED)
    return len(opened)


# What the duty officer does


def take(*, escalation, actor, at):
    """The officer looks for a hospital. Of two who press at once, one has the case; the other is told."""
    return ESCALATION.apply(escalation, "take", actor=actor, at=at)


def take_over(*, escalation, actor, at):
    """A colleague goes on with the case: the shift changes."""
    return ESCALATION.apply(escalation, "take_over", actor=actor, at=at)


def settle(*, escalation, hospital, accepted_by_name, actor, at, note=""):
    """A hospital takes the patient: ``accepted_by_name`` said so by telephone. Returns the Escalation.

    Where the case's letter is addressed to this hospital, it is accepted with it; else the Puskesmas writes the letter to
    the hospital named, which is accepted from the start.
    """
    if not accepted_by_name.strip():
        raise Refused(_("Write down who accepted the patient at the hospital."))
    found = {"hospital": hospital, "accepted_by_name": accepted_by_name.strip(), "note": note.strip()}
    with transaction.atomic():
        waiting = _waiting_letter(escalation, hospital)
        settled = ESCALATION.apply(escalation, "settle", actor=actor, at=at, update=found)
        if waiting is not None:
            _accept(waiting, actor=actor, by=actor, answered=at, at=at)
    return settled


def _waiting_letter(escalation, hospital):
    """The case's unanswered referral to ``hospital``, locked, or None."""
    if escalation.first_id is None:
        return None
    asked = cases.referrals_of(escalation.first_id).filter(state=ReferralState.ISSUED, hospital=hospital)
    return asked.select_for_update(no_key=True, of=("self",)).last()


def accept_as_found(referral, *, found, at):
    """The letter to the hospital the duty officer has ``found`` is accepted from the start, in the officer's name."""
    _accept(referral, actor=None, by=found.ended_by, answered=found.ended_at, at=at)


def _accept(referral, *, actor, by, answered, at):
    answer = {"answered_at": answered, "answered_by": by}
    REFERRAL.apply(referral, "accept_by_telephone", actor=actor, at=at, update=answer)
    try:
        bed_holds.keep(referral, actor=actor, at=at)
    except Refused as full:
        # What was said by telephone counts more than the hospital's last count.
        if full.code != bed_holds.NO_BED:
            raise


def give_up(*, escalation, reason, note, actor, at):
    """No hospital was found; counted with its reason. Returns the Escalation."""
    if reason not in UnmetReason.values:
        raise Refused(_("Say why no hospital was found."))
    if not note.strip():
        raise Refused(_("Write down what was tried and what the patient was told."))
    return ESCALATION.apply(
        escalation, "give_up", actor=actor, at=at, update={"unmet_reason": reason, "note": note.strip()}
    )


# How it ends by itself


def withdraw(*, escalation, note, actor, at):
    """The Puskesmas no longer needs a hospital for this patient."""
    if not note.strip():
        raise Refused(_("Write down the reason."))
    return ESCALATION.apply(escalation, "withdraw", actor=actor, at=at, update={"note": note.strip()})


def answered(referral, *, at):
    """The hospital has accepted after all, or the patient has arrived: nobody needs to look any longer."""
    running = Escalation.objects.running().filter(first=cases.first_of(referral)).first()
    if running is not None:
        ESCALATION.apply(running, "answered", actor=None, at=at, update={"hospital": referral.hospital})
    return running


# Back to the Puskesmas


def take_back(referral, *, actor, at):
    """Cancel the unanswered letter of a case whose patient goes to the hospital the officer found."""
    from referrals import issuing

    reason = _("The duty officer found another hospital.")
    for sjp in referral.sjps.unused():
        issuing.cancel(sjp=sjp, actor=actor, at=at, reason=reason)


def answers_of(escalation):
    """The answers a case that never had a letter begins with."""
    begun = escalation.draft.answers if escalation.draft else {}
    facts = {name: getattr(escalation, name) for name in ("complaint", "findings", "service")}
    codes = {"diagnosis": escalation.diagnosis_id, "specialty": escalation.specialty_id}
    return {**begun, **facts, **codes, "ward": rules.said_ward(escalation.ward)}


def goes_on_in(escalation, draft):
    """A case without a letter is known by its draft: the new one."""
    if escalation.first_id is None:
        Escalation.objects.filter(pk=escalation.pk).update(draft=draft)


# Reading


def figures(visible, *, month):
    """How the cases opened since the first of ``month`` stand: pairs of a label and a number, the unmet by their reason."""
    opened = visible.filter(opened_at__date__gte=month).order_by().values_list("state", "unmet_reason")
    rows = opened.annotate(cases=Count("pk")).order_by("state", "unmet_reason")
    return [
        (f"{EscalationState(state).label}: {UnmetReason(why).label}" if why else EscalationState(state).label, number)
        for state, why, number in rows
    ]


def current(referral):
    """The newest escalation of the case of ``referral``, running or over, or None."""
    return (
        Escalation.objects.filter(first=cases.first_of(referral))
        .select_related("hospital", "taken_by")
        .order_by("-pk")
        .first()
    )


def letters_of(escalation):
    """What each hospital answered, the first asked first."""
    if escalation.first_id is None:
        return Referral.objects.none()
    return cases.referrals_of(escalation.first_id).select_related("hospital")
