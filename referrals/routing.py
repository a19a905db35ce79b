"""Which hospital: every hospital of the city in the order of the rule (domain.md B8 step 4), each with its reasons.

Order: contract in force for the service and specialty offered; the hospital the duty officer has found; hospitals of the
city; those not known to be full; RSUD before private hospitals; beds known to be free before unknown ones; smaller class
before larger; own kecamatan first; nearer before farther. Five queries, whatever the number of hospitals, and one for the
quotas where contracts have any.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.models import BedCount, ContractTerms, Facility, Suspension
from ksb.core import formats
from ksb.core.errors import Refused
from referrals import quota, rules
from referrals.cases import History
from referrals.enums import PassOverReason

FREE, UNKNOWN, FULL = range(3)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One hospital on the list. ``obstacles`` say why it cannot be chosen; ``reasons`` why it stands where it stands.

    ``count`` is the latest report of the beds asked for, or None; ``beds`` what it is worth: FREE, UNKNOWN (also when it is
    too old) or FULL.
    """

    hospital: Facility
    obstacles: tuple[str, ...]
    reasons: tuple[str, ...]
    beds: int
    count: BedCount | None
    distance: float | None
    near: bool
    named: bool = False

    @property
    def suitable(self):
        return not self.obstacles

    @property
    def bed_tag(self):
        """The beds in a word and its colour; nothing where no bed is asked for or none was ever reported."""
        if self.count is None:
            return None
        if self.beds == UNKNOWN:
            return "mute", _("bed count too old")
        return ("ok", _("bed free")) if self.beds == FREE else ("bad", _("full"))


def options(*, specialty, service, puskesmas, on, at, parameters, ward="", history=None):
    """All active hospitals as Options, the suitable ones first and in order. ``history`` is what the case has been through."""
    history = history or History()
    contracts = _contracts(on)
    suspended = {s.facility_id: s for s in Suspension.objects.on(on)}
    used = quota.used(contracts.values(), on=on)
    offering = set(specialty.facility_set.values_list("pk", flat=True))
    counts = _counts(rules.ward_for(service, ward), at)
    oldest = at - timedelta(minutes=parameters.bed_stale_minutes)
    found = []
    for hospital in _hospitals(on):
        terms, count = contracts.get(hospital.pk), counts.get(hospital.pk)
        distance = rules.distance_km(puskesmas.kecamatan, hospital.kecamatan)
        near = puskesmas.kecamatan_id is not None and hospital.kecamatan_id == puskesmas.kecamatan_id
        known = count is not None and count.reported_at >= oldest
        named = hospital.pk == history.named
        refused = "" if named else history.refused.get(hospital.pk, "")
        found.append(
            Option(
                hospital=hospital,
                obstacles=(
                    *_obstacles(terms, suspended.get(hospital.pk), service),
                    *_cannot(hospital, service, specialty, hospital.pk in offering),
                    *quota.obstacles(terms, used),
                    *([refused] if refused else ()),
                ),
                reasons=(
                    *_reasons(hospital, terms, count, near, distance, at=at, known=known, named=named),
                    *quota.warnings(terms, used),
                ),
                beds=UNKNOWN if not known else FREE if count.free > 0 else FULL,
                count=count,
                distance=distance,
                near=near,
                named=named,
            )
        )
    return sorted(found, key=lambda option: _place(option, parameters))


def _contracts(on):
    """Terms of the agreements of that day by hospital, those of suspended hospitals included."""
    rows = ContractTerms.objects.filter(valid__contains=on).select_related("contract")
    return {terms.contract.facility_id: terms for terms in rows}


def _hospitals(on):
    return Facility.objects.hospitals().filter(active=True).as_of(on).select_related("kecamatan").order_by("name")


def _counts(ward, at):
    reported = BedCount.objects.filter(ward=ward, reported_at__lte=at) if ward else BedCount.objects.none()
    return {count.facility_id: count for count in reported}


def _place(option, parameters):
    hospital = option.hospital
    return (
        not option.suitable,
        not option.named,
        not hospital.in_city,
        option.beds == FULL,
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


def _reasons(hospital, terms, count, near, distance, *, at, known, named):
    found = [_("found by the duty officer")] if named else []
    found.append("RSUD" if hospital.is_public else _("private"))
    if hospital.class_then:
        found.append(_("class %(letter)s") % {"letter": hospital.class_then})
    if not hospital.in_city:
        found.append(_("outside the city"))
    if count is not None:
        found.append(_beds(count, at=at, known=known))
    if near:
        found.append(_("same kecamatan"))
    elif distance is not None:
        found.append(_("about %(km)d km") % {"km": max(1, round(distance))})
    if terms is not None and terms.contract.valid.upper is not None:
        last = terms.contract.valid.upper - timedelta(days=1)
        found.append(_("contract until %(day)s") % {"day": formats.day_short(last)})
    return tuple(found)


def _beds(count, *, at, known):
    if not known:
        return _("bed count of %(moment)s, too old to go by") % {"moment": formats.moment(count.reported_at)}
    free = max(0, count.free)
    said = ngettext("%(free)d bed free (%(clock)s, %(ago)s)", "%(free)d beds free (%(clock)s, %(ago)s)", free)
    return said % {
        "free": free,
        "clock": formats.clock(count.reported_at),
        "ago": formats.ago(count.reported_at, at),
    }


def needs_reason(hospital, found, parameters):
    """Whether choosing ``hospital`` passes over an RSUD of the list that could take the patient."""
    if not parameters.rsud_first or hospital.is_public or any(o.named and o.hospital == hospital for o in found):
        return False
    return any(option.suitable and option.beds != FULL for option in _public(found))


def _public(found):
    return [option for option in found if option.hospital.is_public]


def check(*, hospital, pass_over_reason, found, parameters, history=None):
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
    if option.named:
        return PassOverReason.DUTY_OFFICER
    if not needs_reason(hospital, found, parameters):
        return _why_no_public_one(found, history or History())
    if not pass_over_reason:
        raise Refused(_("RSUD come first. Say why a private hospital is chosen."), code="RSUD_FIRST")
    if pass_over_reason == PassOverReason.OWN_REQUEST:
        raise Refused(own_request(), code="OWN_REQUEST")
    return pass_over_reason


def _why_no_public_one(found, history):
    """Known to the program itself: the clerk is not asked."""
    if any(option.suitable for option in _public(found)):
        return PassOverReason.RSUD_FULL
    refused = any(option.hospital.pk in history.refused for option in _public(found))
    return PassOverReason.RSUD_REFUSED if refused else PassOverReason.RSUD_CANNOT


def own_request():
    """What the patient who does not want the RSUD is told (domain.md B8)."""
    return _(
        "Who does not want the RSUD is not guaranteed: no SJP is written, the patient pays as a general patient. Tell the "
        "patient, then choose an RSUD or another reason."
    )
