"""The letters about claims (domain.md part E): L10 one claim in detail, L11 the hospital's covering letter, L12 completeness."""

from django.db.models import Count, Sum
from django.utils.timezone import localdate

from claims.enums import CompletenessOutcome
from claims.intake.columns import COSTS
from facilities.enums import CareType, Role
from facilities.models import Contract, Membership
from ksb.core.formats import mask_identity, terbilang
from ksb.core.letters import Letter, Signatory

KINDS = {"RI": "Rawat inap", "RJ": "Rawat jalan", "HD": "Hemodialisis", "AMB": "Ambulans"}
DISCHARGES = {1: "atas persetujuan dokter", 2: "dirujuk", 3: "atas permintaan sendiri", 4: "meninggal", 5: "lain-lain"}
PARTS = {
    "INACBG": "Paket INA-CBG",
    "SUBACUTE": "Sub acute",
    "CHRONIC": "Chronic",
    "SP": "Special procedure",
    "SR": "Special prosthesis",
    "SI": "Special investigation",
    "SD": "Special drug",
    "SESSION": "Sesi",
    "TRIP": "Perjalanan ambulans",
    "ITEM": "Daftar harga",
}
# A longer list is the file itself, named by its checksum: nobody reads a thousand rows on paper.
LISTED = 300
LEFT_OUT = ("BLOCKED", "WITHDRAWN")
NOBODY = "........................................"


def by_kind(claims):
    """Cases and rupiah of ``claims`` by kind of service, as ``(kind, cases, rupiah)`` in the order of KINDS. One query."""
    return [(KINDS[kind], *found) for kind, found in claims.by_kind().items()]


def recap_letter(batch):
    """The covering letter of ``batch`` as a Letter: cases and rupiah by kind, account, list of claims or the file's checksum.

    It carries the director's name once signed. Claims taken back since are named beside, and count no more.
    """
    claims = batch.claims.exclude(state__in=LEFT_OUT)
    withdrawn = batch.claims.filter(state="WITHDRAWN").aggregate(cases=Count("pk"), sum=Sum("claimed"))
    kinds = by_kind(claims)
    cases = sum(count for _kind, count, _sum in kinds)
    dated = localdate(batch.signed_at or batch.submitted_at or batch.created_at)
    contract = Contract.objects.filter(facility=batch.hospital, valid__contains=dated).first()
    rows = claims.order_by("line_number").values_list("line_number", "reference", "inacbg", "claimed")
    facts = {
        "hospital": batch.hospital.name,
        "hospital_code": batch.hospital.code,
        "address": batch.hospital.address,
        "service_month": batch.service_month,
        "late": batch.late,
        "kinds": kinds,
        "cases": cases,
        "withdrawn": [withdrawn["cases"], withdrawn["sum"] or 0],
        "claimed": batch.claimed,
        "in_words": terbilang(batch.claimed),
        "contract": contract.number if contract else "",
        "bank": f"{contract.bank_name} {contract.bank_account} a.n. {contract.bank_holder}" if contract else "",
        "tax_number": contract.tax_number if contract else "",
        "file": batch.file_name,
        "sha256": f"{batch.sha256[:32]} {batch.sha256[32:]}",  # in two, to fit its line
        "signed": batch.signed_at,
        "list": [list(row) for row in rows] if cases <= LISTED else [],
    }
    return Letter(
        template="claims/letters/recap.html",
        title="Surat pengajuan klaim dan rekapitulasi",
        number=batch.number,
        dated=dated,
        facts=facts,
        signatories=(_person("Direktur,", batch.signed_by or _director(batch.hospital, dated)),),
    )


def completeness_letter(check):
    """BA kelengkapan or BA pengembalian berkas as a Letter: what came when, how much of it is complete, what lacks."""
    batch = check.batch
    returned = check.outcome == CompletenessOutcome.RETURNED
    facts = {
        "hospital": batch.hospital.name,
        "hospital_code": batch.hospital.code,
        "batch": batch.number,
        "service_month": batch.service_month,
        "received": localdate(check.received),
        "claims": check.claims,
        "complete": check.claims - check.incomplete,
        "incomplete": check.incomplete,
        "claimed": check.claimed,
        "in_words": terbilang(check.claimed),
        "returned": returned,
        "silent": check.outcome == CompletenessOutcome.SILENT,
        "lacking": check.lacking,
        "due_on": check.due_on,
    }
    dated = localdate(check.checked_at)
    return Letter(
        template="claims/letters/completeness.html",
        title="Berita acara pengembalian berkas klaim" if returned else "Berita acara kelengkapan berkas klaim",
        number=check.number,
        dated=dated,
        facts=facts,
        signatories=(
            _person("Yang menyerahkan,", batch.signed_by or _director(batch.hospital, dated)),
            _person("Yang memeriksa,", check.checked_by),
        ),
    )


def claim_letter(claim):
    """Rincian klaim: one claim with its codes, the hospital's real costs and every step of its price (L10)."""
    facts = {
        "hospital": claim.hospital.name,
        "hospital_code": claim.hospital.code,
        "batch": claim.batch.number,
        "sjp": claim.sjp.number if claim.sjp else "",
        "reference": claim.reference,
        "patient": claim.patient_name,
        "nik": mask_identity(claim.resident.nik) if claim.resident else "",
        "birth_date": claim.birth_date,
        "sex": "Laki-laki" if claim.sex == 1 else "Perempuan",
        "medical_record": claim.medical_record,
        "care": "Rawat inap" if claim.care_type == CareType.INPATIENT else "Rawat jalan",
        "care_class": claim.care_class,
        "admitted_on": claim.admitted_on,
        "discharged_on": claim.discharged_on,
        "days": (claim.discharged_on - claim.admitted_on).days + 1,
        "discharge": DISCHARGES.get(claim.discharge_status, "–"),
        "doctor": claim.doctor,
        "diagnoses": claim.diagnoses,
        "procedures": claim.procedures,
        "group": claim.inacbg,
        "costs": _costs(claim),
        "bill": claim.hospital_bill,
        "lines": [
            [
                PARTS[line.kind],
                line.code,
                line.quantity,
                line.asked,
                line.tariff,
                line.adjusted,
                line.approved,
                line.reason,
            ]
            for line in claim.lines.all()
        ],
        "claimed": claim.claimed,
        "tariff": claim.tariff,
        "approved": claim.approved,
        "difference": None if claim.approved is None else claim.claimed - claim.approved,
    }
    return Letter(
        template="claims/letters/claim.html",
        title="Rincian klaim",
        number=f"{claim.batch.number} / {claim.line_number}",
        dated=localdate(claim.batch.handed_in_at or claim.batch.created_at),
        facts=facts,
        signatories=(_person("Direktur,", claim.batch.signed_by),),
    )


def _costs(claim):
    """The real costs of the hospital by column of the file, those above nought."""
    cells = ((name.replace("_", " ").capitalize(), claim.data.get(name, "")) for name in COSTS)
    return [(name, int(text)) for name, text in cells if text.isdigit() and int(text)]


def _director(hospital, day):
    found = Membership.objects.in_force(day).filter(role=Role.HOSPITAL_DIRECTOR, facility=hospital)
    membership = found.select_related("user").order_by("valid_from", "pk").first()
    return membership.user if membership else None


def _person(capacity, person):
    return Signatory(capacity=capacity, name=str(person) if person else NOBODY, nip=person.nip if person else "")
