"""Whether the programme covers an emergency: the person on the day of arrival, with what the hospital says of the case."""

from django.utils import timezone

from facilities.enums import Service
from participants.eligibility import Cause, Complement, evaluate
from referrals.enums import EmergencyCause

_CAUSES = {
    EmergencyCause.TRAFFIC_ACCIDENT: Cause.TRAFFIC_ACCIDENT,
    EmergencyCause.WORK_ACCIDENT: Cause.WORK_ACCIDENT,
}


def evaluation_of(notice, *, at, unpaid_elsewhere=None):
    """The Evaluation of the notice's patient, under the rules of the day of arrival.

    Judged as emergency care whatever ward it leads to. ``unpaid_elsewhere`` set to True asks what would be if the first
    payer had attested that it does not pay: its answer comes after the report.
    """
    return evaluate(
        notice.person,
        on=timezone.localdate(notice.admitted_at),
        service=Service.EMERGENCY,
        facility=notice.hospital,
        at=at,
        referred=False,
        criterion=notice.criterion,
        cause=_CAUSES.get(notice.cause, ""),
        unpaid_elsewhere=notice.unpaid_elsewhere if unpaid_elsewhere is None else unpaid_elsewhere,
        complement=Complement.ASSAULT if notice.cause == EmergencyCause.CRIME else "",
    )
