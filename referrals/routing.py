"""Which hospital: every hospital of the city in the order of the rule (domain.md B8 step 4), each with its reasons.

Order: contract in force for the service and specialty offered; RSUD before private hospitals; beds known to be free
before unknown ones before none; smaller class before larger; own kecamatan first; nearer before farther.
Five queries, whatever the number of hospitals, and one for the quotas where contracts have any.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from facilities.models import BedCount, ContractTerms, Facility, Suspension
from ksb.core import formats
from ksb.core.errors import Refused
from referrals import quota, rules
from referrals.enums import PassOverReason

FREE, UNKNOWN, FULL = range(3)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One hospital on the list. ``obstacles`` say why it cannot be chosen; ``reasons`` why it stands where it stands."""

    hospital: Facility
    obstacles: tuple[str, ...]
    reasons: tuple[str, ...]
    beds: int
    distance: float | None
    near: bool

    @property
    def suitable(self):
        return not self.obstacles


def options(*, specialty, service, puskesmas, on, at, parameters):
    """All active hospitals as Options, the suitable ones first and in order."""
    contracts = _contracts(on)
    suspended = {s.facility_id: s for s in Suspension.objects.on(on)}
    used = quota.used(contracts.values(), on=on)
    offering = set(specialty.facility_set.values_list("pk", flat=True))
    counts = _fresh_counts(service, at, parameters)
    found = []
    for hospital in _hospitals(on):
        terms, count = contracts.get(hospital.pk), counts.get(hospital.pk)
        distance = rules.distance_km(puskesmas.kecamatan, hospital.kecamatan)
        near = puskesmas.kecamatan_id is not None and hospital.kecamatan_id == puskesmas.kecamatan_id
        found.append(
            Option(
                hospital=hospital,
                obstacles=(
                    *_obstacles(terms, suspended.get(hospital.pk), service),
                    *_cannot(hospital, service, specialty, hospital.pk in offering),
                    *quota.obstacles(terms, used),
                ),
                reasons=(*_reasons(hospital, terms, count, near, distance), *quota.warnings(terms, used)),
                beds=UNKNOWN if count is None else FREE if count.free else FULL,
                distance=distance,
                near=near,
            )
        )
    return sorted(found, key=lambda option: _place(option, parameters))


def _contracts(on):
    """Terms of the agreements of that day by hospital, those of suspended hospitals included."""
    rows = ContractTerms.objects.filter(valid__contains=on).select_related("contract")
    return {terms.contract.facility_id: terms for terms in rows}


def _hospitals(on):
    return Facility.objects.hospitals().filter(active=True).as_of(on).select_related("kecamatan").order_by("name")


def _fresh_counts(service, at, parameters):
    ward = rules.WARDS.get(service)
    if ward is None:
        return {}
    fresh = BedCount.objects.fresh(at=at, minutes=parameters.bed_stale_minutes).filter(ward=ward, reported_at__lte=at)
    return {count.facility_id: count for count in fresh}


def _place(option, parameters):
    hospital = option.hospital
    return (
        not option.suitable,
        parameters.rsud_first and not hospital.is_public,
        option.beds,
        rules.tier(hospital.class_then),
        not option.near,
        option.distance is None,
        option.distance or 0,
        hospital.name,
    )


def _obstacles(terms, suspension, service):
    if terms is None:
        return [_("no contract in force")]
    found = []
    if suspension:
        found.append(_("suspended since %(day)s") % {"day": formats.day(suspension.starts)})
    if service not in terms.services:
        found.append(_("the contract does not include this service"))
    return found


def _cannot(hospital, service, specialty, offered):
    """What the hospital itself cannot do, whatever its contract says."""
    found = []
    if hospital.services and service not in hospital.services:
        found.append(_("does not give this service"))
    if not offered:
        found.append(_("does not offer %(specialty)s") % {"specialty": specialty})
    return found


def _reasons(hospital, terms, count, near, distance):
    found = ["RSUD" if hospital.is_public else _("private")]
    if hospital.class_then:
        found.append(_("class %(letter)s") % {"letter": hospital.class_then})
    if count is not None:
        found.append(
            _("%(free)d beds free (%(clock)s)") % {"free": count.free, "clock": formats.clock(count.reported_at)}
        )
    if near:
        found.append(_("same kecamatan"))
    elif distance is not None:
        found.append(_("about %(km)d km") % {"km": max(1, round(distance))})
    if terms is not None and terms.contract.valid.upper is not None:
        last = terms.contract.valid.upper - timedelta(days=1)
        found.append(_("contract until %(day)s") % {"day": formats.day_short(last)})
    return tuple(found)


def needs_reason(hospital, found, parameters):
    """Whether choosing ``hospital`` passes over an RSUD of the list that could take the patient."""
    if not parameters.rsud_first or hospital.is_public:
        return False
    return any(option.suitable and option.hospital.is_public for option in found)


def check(*, hospital, pass_over_reason, found, parameters):
    """The pass-over reason to write down for ``hospital``. Raises Refused when it cannot be chosen (rules C28, RSUD first)."""
    option = next((o for o in found if o.hospital.pk == hospital.pk), None)
    obstacles = option.obstacles if option else (_("no contract in force"),)
    if obstacles:
        raise Refused(
            _("%(hospital)s cannot be chosen: %(why)s. Choose another hospital.")
            % {"hospital": hospital, "why": "; ".join(obstacles)},
            code="C28",
        )
    if hospital.is_public or not parameters.rsud_first:
        return ""
    if not needs_reason(hospital, found, parameters):
        return PassOverReason.RSUD_CANNOT
    if not pass_over_reason:
        raise Refused(_("RSUD come first. Say why a private hospital is chosen."), code="RSUD_FIRST")
    return pass_over_reason
