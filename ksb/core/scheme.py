"""The scheme is data: typed parameters of a version, and the versions the project ships (changed by Dinkes, never by code)."""

import dataclasses
import datetime
from dataclasses import dataclass

from ksb.core.models import SchemeVersion


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What a regulation can change. Days are calendar days (``sla_*`` working days, hours of an emergency), money is rupiah.

    Defaults are those of version P6.
    """

    open: bool = True
    registration_open: bool = True
    registration_required: bool = True
    min_residence_months: int = 6
    referral_required: bool = True
    referral_valid_days: int = 90
    resume_days: int = 7
    prb_days: int = 14
    sjp_ri_days: int = 14
    sjp_rj_days: int = 30
    sjp_hd_days: int = 90
    emergency_report_hours: int = 72
    emergency_clock: str = "calendar"
    sla_emergency: int = 24
    newborn_cover_days: int = 28
    newborn_sjp_hours: int = 72
    claim_due_day: int = 10
    completeness_days: int = 10
    verify_days: int = 10
    pay_days: int = 15
    claim_expiry_months: int = 6
    year_end_due_day: int = 15
    pend_days: int = 14
    dispute_days: int = 14
    max_resubmit: int = 2
    readmission_days: int = 30
    high_cost: int = 50_000_000
    approval_out_of_city: bool = True
    approval_special: bool = True
    approval_after_letters: int | None = 12
    sla_approval: int = 2
    max_extension: int = 2
    sjp_extend_base: str = "admission"
    estimate_outpatient: int = 300_000
    estimate_inpatient: int = 4_000_000
    audit_sample_pct: int = 5
    medical_stage: str = "NEEDED"
    pend_reminder_days: int = 3
    ruling_days: int = 30
    pbi_blocks: bool = True
    jkn_blocks: bool = True
    other_insurance_blocks: bool = True
    complement_categories: tuple[str, ...] = (
        "ASSAULT",
        "DISASTER",
        "OUTBREAK",
        "DRUG_DEPENDENCE",
        "SELF_HARM",
        "AMBULANCE_HOME",
    )
    special_groups: bool = True
    ktp_el_required: bool = True
    ktp_el_age: int = 17
    ktp_grace_days: int = 0
    tat_inclusive: bool = True
    honour_issued: bool = True
    split_grace_days: int = 30
    transition_days: int = 30
    rsud_first: bool = True
    class_allowed: int = 3
    general_exclusions: tuple[str, ...] = (
        "COSMETIC",
        "INFERTILITY",
        "ORTHODONTICS",
        "ABROAD",
        "EXPERIMENTAL",
        "NON_FORMULARY",
    )
    benefit_cap: int | None = None
    benefit_cap_episode: int | None = None
    bridge_max: int | None = None
    bridge_blocks: bool = False
    bed_stale_minutes: int = 120
    bed_hold_hours: int = 2
    rs_response_minutes: int = 60
    rs_response_minutes_urgent: int = 15
    escalate_after_refusals: int = 3
    jkn_max_age_days: int = 35
    dukcapil_max_age_hours: int = 36
    sync_guard_pct: float = 2.0
    newcomer_alert_days: int = 90
    hd_max_per_week: int = 3
    series_stops: bool = True
    ambulance_guaranteed: bool = True
    ambulance_from_home: bool = False
    public_cell_min: int = 5
    print_policy: str = "NORMAL"
    card_collect_days: int = 30
    sla_verify: int = 3
    sla_survey: int = 5
    draft_ttl: int = 30
    same_contact_alert: int = 3
    same_address_alert: int = 5
    new_members_alert: int = 4
    above_tariff: str = "refuse"
    payors: tuple[str, ...] = ("5;001",)

    def as_json(self):
        """Only what differs from the defaults is stored, so that a version reads like its regulation."""
        default = Parameters()
        pairs = dataclasses.asdict(self).items()
        return {k: list(v) if isinstance(v, tuple) else v for k, v in pairs if v != getattr(default, k)}

    @classmethod
    def from_json(cls, data):
        """Raises TypeError on a name no rule knows: a misspelt parameter must not be silently without effect."""
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})


@dataclass(frozen=True)
class Scheme:
    """A version as rules want it: code, dates, typed parameters."""

    pk: int
    code: str
    starts: datetime.date
    parameters: Parameters


def scheme_on(day):
    """The Scheme in force on ``day``, or None when the programme did not exist."""
    version = SchemeVersion.objects.on(day)
    if version is None:
        return None
    return Scheme(version.pk, version.code, version.valid.lower, Parameters.from_json(version.parameters))
