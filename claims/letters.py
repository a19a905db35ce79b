"""The hospital's covering letter with recapitulation (L11 of domain.md part E)."""

from django.db.models import Count, Sum
from django.utils.timezone import localdate

from facilities.enums import CareType, Role
from facilities.models import Contract, Membership
from ksb.core.formats import terbilang
from ksb.core.letters import Letter, Signatory

KINDS = {CareType.INPATIENT: "Rawat inap", CareType.OUTPATIENT: "Rawat jalan"}
# A longer list is the file itself, named by its checksum: nobody reads a thousand rows on paper.
LISTED = 300
LEFT_OUT = ("BLOCKED", "WITHDRAWN")


def recap_letter(batch):
    """The covering letter of ``batch`` as a Letter: cases and rupiah by kind, account, list of claims or the file's checksum."""
    claims = batch.claims.exclude(state__in=LEFT_OUT)
    groups = claims.values("care_type").annotate(cases=Count("pk"), sum=Sum("claimed")).order_by("care_type")
    kinds = [(KINDS[group["care_type"]], group["cases"], group["sum"]) for group in groups]
    cases = sum(count for _kind, count, _sum in kinds)
    dated = localdate(batch.submitted_at or batch.created_at)
    contract = Contract.objects.filter(facility=batch.hospital, valid__contains=dated).first()
    rows = claims.order_by("line_number").values_list("line_number", "reference", "inacbg", "claimed")
    facts = {
        "hospital": batch.hospital.name,
        "hospital_code": batch.hospital.code,
        "address": batch.hospital.address,
        "service_month": batch.service_month,
        "kinds": kinds,
        "cases": cases,
        "claimed": batch.claimed,
        "in_words": terbilang(batch.claimed),
        "contract": contract.number if contract else "",
        "bank": f"{contract.bank_name} {contract.bank_account} a.n. {contract.bank_holder}" if contract else "",
        "tax_number": contract.tax_number if contract else "",
        "file": batch.file_name,
        "sha256": f"{batch.sha256[:32]} {batch.sha256[32:]}",  # in two, to fit its line
        "list": [list(row) for row in rows] if cases <= LISTED else [],
    }
    director = _director(batch.hospital, dated)
    return Letter(
        template="claims/letters/recap.html",
        title="Surat pengajuan klaim dan rekapitulasi",
        number=batch.number,
        dated=dated,
        facts=facts,
        signatories=(
            Signatory(
                capacity="Direktur,",
                name=str(director) if director else "........................................",
                nip=director.nip if director else "",
            ),
        ),
    )


def _director(hospital, day):
    found = Membership.objects.in_force(day).filter(role=Role.HOSPITAL_DIRECTOR, facility=hospital)
    membership = found.select_related("user").order_by("valid_from", "pk").first()
    return membership.user if membership else None
