"""Rules of referral and guarantee letters, pure: days and parameters come in, answers and sentences go out."""

import math
from datetime import timedelta

from django.utils.translation import gettext as _

from facilities.enums import CareType, Service, WardType
from ksb.core import formats
from referrals.enums import Condition, FollowUp, ReferralReason

# After these a letter stays in use: the patient comes back under it.
COMES_BACK = (FollowUp.CONTROL, FollowUp.EXAMINATION)
STAYS = (Service.INPATIENT, Service.INTENSIVE, Service.NEWBORN)
# What a Puskesmas clerk can write a letter for. Newborns and ambulance trips have ways of their own (domain.md B4, B26).
PUSKESMAS_SERVICES = (
    Service.OUTPATIENT,
    Service.INPATIENT,
    Service.HAEMODIALYSIS,
    Service.EMERGENCY,
    Service.INTENSIVE,
)
# Kinds of beds a service may ask for, the usual one first; a service that is missing needs no bed.
WARDS = {
    Service.INPATIENT: (WardType.CLASS_3, WardType.ISOLATION, WardType.MATERNITY),
    Service.INTENSIVE: (WardType.ICU, WardType.HCU, WardType.ICCU, WardType.PICU, WardType.NICU),
    Service.EMERGENCY: (WardType.EMERGENCY,),
    Service.HAEMODIALYSIS: (WardType.HAEMODIALYSIS,),
}
SPECIAL_WARDS = tuple(ward for wards in WARDS.values() for ward in wards[1:])
URGENT = (Service.INTENSIVE, Service.EMERGENCY)
# Referral climbs by class: the smallest hospital that can do it comes first (domain.md B8).
TIERS = "DCBA"
EARTH_KM = 6371


def last_day(service, start, parameters):
    """Last day on which an SJP that starts on ``start`` can be used, the first day counted."""
    return start + timedelta(days=days(service, parameters) - 1)


def days(service, parameters):
    """How many days an SJP for ``service`` holds."""
    if service == Service.HAEMODIALYSIS:
        return parameters.sjp_hd_days
    if service in STAYS or service == Service.EMERGENCY:
        return parameters.sjp_ri_days
    return parameters.sjp_rj_days


def last_session_day(start, parameters):
    """Last day of a letter for a series of sessions, whatever the service."""
    return start + timedelta(days=parameters.sjp_hd_days - 1)


def sessions_at_most(parameters):
    """How many sessions a letter for haemodialysis can come to."""
    return math.ceil(parameters.sjp_hd_days / 7) * parameters.hd_max_per_week


def monday(day):
    """The first day of the ISO week of ``day``: sessions are counted by week."""
    return day - timedelta(days=day.weekday())


def referral_last_day(start, parameters):
    """Last day of a referral; a new SJP may follow from it until then."""
    return start + timedelta(days=parameters.referral_valid_days - 1)


def several_visits(service):
    """Whether a letter of this kind is for visits: it stays in use from one to the next, for each its own episode."""
    return service in (Service.OUTPATIENT, Service.HAEMODIALYSIS)


def last_visit_day(sjp, parameters):
    """The last day of visits under a letter in use: of its referral, else as long as a referral would be valid."""
    if sjp.referral_id:
        return max(sjp.referral.valid_until, sjp.valid_until)
    return max(referral_last_day(sjp.valid_from, parameters), sjp.valid_until)


def condition_of_death(admitted_at, death_time):
    """Hospitals count deaths before and after 48 hours apart."""
    return Condition.DIED_EARLY if death_time - admitted_at < timedelta(hours=48) else Condition.DIED_LATE


def resume_due(left_on, parameters):
    """The last day to complete the medical summary of a patient who left on ``left_on``."""
    return left_on + timedelta(days=parameters.resume_days)


def ward_for(service, ward=""):
    """The kind of bed asked for: ``ward`` where it fits the service, else the usual one; empty where none is needed."""
    fitting = WARDS.get(service, ())
    return ward if ward in fitting else next(iter(fitting), "")


def said_ward(ward):
    """What the clerk said to ask for ``ward``: nothing where it is the usual one of its service."""
    return ward if ward in SPECIAL_WARDS else ""


def is_urgent(service, reason):
    """Whether the hospital's answer cannot wait."""
    return service in URGENT or reason == ReferralReason.EMERGENCY


def answer_due(service, reason, at, parameters):
    """Until when the hospital answers a referral issued ``at``."""
    urgent = is_urgent(service, reason)
    minutes = parameters.rs_response_minutes_urgent if urgent else parameters.rs_response_minutes
    return at + timedelta(minutes=minutes)


def care_type(service):
    """How e-Klaim counts the service."""
    return CareType.INPATIENT if service in STAYS else CareType.OUTPATIENT


def tier(hospital_class):
    """0 for the class nearest to the Puskesmas; unknown classes come last."""
    return TIERS.find(hospital_class) if hospital_class in tuple(TIERS) else len(TIERS)


def distance_km(one, other):
    """Great-circle distance of two regions, or None when a coordinate is missing."""
    if one is None or other is None or None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def why_not_on(sjp, day):
    """Why the letter cannot be used on ``day``: a sentence, or nothing when it can."""
    if day < sjp.valid_from:
        return _("This SJP is valid from %(day)s.") % {"day": formats.day(sjp.valid_from)}
    if day > sjp.valid_until:
        return _(
            "This SJP was valid until %(day)s. Ask the Puskesmas for a new one; the referral may still be valid."
        ) % {"day": formats.day(sjp.valid_until)}
    return ""


def why_not_class(care_class, parameters):
    """Rule C29: a class above the one the programme pays ends the guarantee (classes count downwards: 1 is above 3)."""
    if care_class < parameters.class_allowed:
        return _(
            "The programme pays class III only. A patient who chooses a higher class becomes a general patient "
            "and the guarantee ends."
        )
    return ""


def age_on(birth_date, day):
    """(years, months, days) lived on ``day``: only the largest that is not zero matters to a reader."""
    months = (day.year - birth_date.year) * 12 + day.month - birth_date.month - (day.day < birth_date.day)
    return months // 12, months % 12, (day - birth_date).days
