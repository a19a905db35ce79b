"""The status of a hospital's claims in the shape of BPJS V-Claim's ``Monitoring/Klaim``: a SIMRS asks us as it asks BPJS.

The SIMRS of hospitals keep exactly these fields (for instance SIMRS Khanza, ``inacbg_klaim_umpanbalik``). Amounts are text there.
"""

import datetime

from claims.models import Claim, ClaimBatch

# What V-Claim knows: being verified, pending, claimed. A refusal is an answer too: claimed, with nothing approved.
IN_PROCESS, PENDING, CLAIMED = 1, 2, 3
NOT_HANDED_IN = ("READY", "BLOCKED", "WITHDRAWN")
STATES = {
    PENDING: ("RETURNED", "PENDED", "DISPUTED"),
    CLAIMED: ("APPROVED", "PARTLY_APPROVED", "REJECTED", "PAID"),
}


def claims_of(hospital, *, discharged_on, care_type, status):
    """Claims of ``hospital`` that ended on the day, of the care type and V-Claim status 1, 2 or 3, as rows of ``klaim``."""
    # By the batches that can hold the day, which an index serves; a late claim stands in a later batch.
    first = discharged_on.replace(day=1) - datetime.timedelta(days=1)
    batches = ClaimBatch.objects.filter(hospital=hospital, service_month__gte=first.replace(day=1))
    rows = Claim.objects.filter(batch__in=list(batches.values_list("pk", flat=True)), care_type=care_type)
    rows = rows.filter(discharged_on=discharged_on).exclude(state__in=NOT_HANDED_IN)
    if status == IN_PROCESS:
        rows = rows.exclude(state__in=(*STATES[PENDING], *STATES[CLAIMED]))
    else:
        rows = rows.filter(state__in=STATES[status])
    rows = rows.select_related("batch", "sjp__specialty").prefetch_related("lines").order_by("batch", "line_number")
    return [_row(claim) for claim in rows]


def _row(claim):
    lines = list(claim.lines.all())
    package = next((line for line in lines if line.kind == "INACBG"), None)
    top_up = sum(line.asked for line in lines if line.kind != "INACBG")
    return {
        "Inacbg": {"kode": claim.inacbg, "nama": package.description if package else ""},
        "biaya": {
            "byPengajuan": str(claim.claimed),
            "bySetujui": str(claim.approved or 0),
            "byTarifGruper": str(claim.tariff or 0),
            "byTarifRS": str(claim.hospital_bill),
            "byTopup": str(top_up),
        },
        "kelasRawat": str(claim.care_class),
        "noFPK": claim.batch.number,
        "noSEP": claim.reference,
        "peserta": {"nama": claim.patient_name, "noKartu": claim.card_number, "noMR": claim.medical_record},
        "poli": claim.sjp.specialty.name_id if claim.sjp else "",
        "status": str(claim.get_state_display()),
        "tglPulang": claim.discharged_on.isoformat(),
        "tglSep": claim.admitted_on.isoformat(),
    }
