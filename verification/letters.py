"""The BAHV on paper (L13)."""

from django.urls import reverse
from django.utils.timezone import localdate

from facilities.enums import CareType
from ksb.core.formats import terbilang
from ksb.core.letters import Letter, Signatory
from verification.minutes import annex
from verification.models import Appointment, Bahv

ROW_NAMES = {
    "claimed": "Diajukan",
    "approved": "Disetujui",
    "adjusted": "Disetujui sebagian",
    "rejected": "Ditolak",
    "returned": "Dikembalikan",
}
DECISIONS = {
    "approved": "disetujui",
    "adjusted": "disetujui sebagian",
    "rejected": "ditolak",
    "returned": "dikembalikan",
}
CARE_TYPES = {CareType.INPATIENT: "Rawat inap", CareType.OUTPATIENT: "Rawat jalan"}


def bahv_letter(bahv: Bahv) -> Letter:
    """The BAHV as a Letter with its table, the amount in words, and the annex the hash covers."""
    batch = bahv.batch
    appointment = Appointment.objects.filter(verifier=bahv.drawn_by, valid__contains=localdate(bahv.drawn_at)).first()
    facts = {
        "hospital": batch.hospital.name,
        "hospital_code": batch.hospital.code,
        "batch": batch.number,
        "service_month": batch.service_month,
        "decree": appointment.decree if appointment else "",
        "tables": [(CARE_TYPES[int(kind)], _table(rows)) for kind, rows in sorted(bahv.totals.items())],
        "claimed": batch.claimed,
        "approved": batch.approved,
        "in_words": terbilang(batch.approved),
        "annex_sha256": bahv.annex_sha256,
        "annex": [
            (
                row["line_number"],
                row["reference"],
                row["inacbg"],
                row["claimed"],
                row["approved"],
                DECISIONS[row["decision"]],
            )
            for row in annex(batch)
        ],
        "signed": [
            ("Rumah sakit", bahv.hospital_signed_at),
            ("Verifikator independen", bahv.verifier_signed_at),
            ("Dinas Kesehatan", bahv.approved_at),
        ],
    }
    return Letter(
        template="letters/bahv.html",
        title="Berita Acara Hasil Verifikasi",
        number=bahv.number,
        dated=localdate(bahv.drawn_at),
        facts=facts,
        signatories=(
            _signatory("Direktur rumah sakit", bahv.hospital_signed_by),
            _signatory("Verifikator independen", bahv.verifier_signed_by),
            _signatory("Dinas Kesehatan", bahv.approved_by),
        ),
        validity_path=reverse("verification:bahv_validity", args=[bahv.token]),
    )


def _table(rows):
    # The database returns the keys of a JSON object in an order of its own.
    found = [(label, rows[name]) for name, label in ROW_NAMES.items()]
    return [(label, row["cases"], row["claimed"], row["approved"]) for label, row in found]


def _signatory(capacity, person):
    if person is None:
        return Signatory(capacity=capacity, name="(belum ditandatangani)")
    return Signatory(capacity=capacity, name=str(person), nip=person.nip)
