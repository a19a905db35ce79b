"""The papers of verification: BAHV (L13), question (L14), decision (L15), ruling on a dispute (L16)."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from claims.letters import KINDS
from facilities.enums import Role
from facilities.models import Membership
from ksb.core.formats import ROMAN_MONTHS, terbilang
from ksb.core.letters import PAPER_LANGUAGE, Letter, Signatory
from verification.decisions import WRITTEN
from verification.disputes import last_day
from verification.enums import Reason, Ruling, Wanted
from verification.minutes import annex
from verification.models import Appointment, Bahv

ROW_NAMES = {
    "claimed": "Diajukan",
    "approved": "Disetujui",
    "adjusted": "Disetujui sebagian (disesuaikan)",
    "rejected": "Ditolak",
    "returned": "Dikembalikan",
    "pending": "Tertunda atau sengketa",
}
DECISIONS = {"approved": "disetujui", "adjusted": "disetujui sebagian", "rejected": "ditolak"}
UNSIGNED = "(belum ditandatangani)"


def bahv_letter(bahv: Bahv) -> Letter:
    """The BAHV as a Letter with its table, the amount in words, and the annex the hash covers."""
    batch = bahv.batch
    facts = {
        "hospital": batch.hospital.name,
        "hospital_code": batch.hospital.code,
        "batch": batch.number,
        "service_month": batch.service_month,
        "supplementary": bahv.sequence - 1,
        "decree": _decree(bahv.drawn_by, localdate(bahv.drawn_at)),
        "verifier": str(bahv.drawn_by),
        "tables": [(KINDS[kind], _table(bahv.totals[kind])) for kind in KINDS if kind in bahv.totals],
        "claimed": bahv.total_claimed,
        "approved": bahv.total_approved,
        "in_words": terbilang(bahv.total_approved),
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
            for row in annex(bahv)
        ],
        "signed": [
            ("Rumah sakit", bahv.hospital_signed_at),
            ("Verifikator independen", bahv.verifier_signed_at),
            ("Dinas Kesehatan", bahv.approved_at),
        ],
    }
    return Letter(
        template="letters/bahv.html",
        title="Berita Acara Hasil Verifikasi" + (" Susulan" if bahv.is_supplementary else ""),
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


def _decree(verifier, day):
    appointment = Appointment.objects.in_force(day).filter(verifier=verifier).order_by("pk").first()
    return appointment.decree if appointment else ""


def _table(rows):
    # The database returns the keys of a JSON object in an order of its own.
    found = [(label, rows[name]) for name, label in ROW_NAMES.items() if name in rows]
    return [(label, row["cases"], row["claimed"], row["approved"]) for label, row in found]


def _signatory(capacity, person):
    if person is None:
        return Signatory(capacity=capacity, name=UNSIGNED)
    return Signatory(capacity=capacity, name=str(person), nip=person.nip)


def question_letter(question) -> Letter:
    """L14: what the hospital is asked about one claim, which documents, and until when."""
    claim = question.claim
    with override(PAPER_LANGUAGE):
        reason = str(Reason(question.code).label)
        wanted = [str(Wanted(code).label) for code in question.wanted]
    return Letter(
        template="letters/question.html",
        title="Permintaan Penjelasan Klaim",
        number=question.number,
        dated=localdate(question.asked_at),
        facts={
            "hospital": claim.hospital.name,
            **_claim_facts(claim),
            "reason": reason,
            "text": question.text,
            "wanted": wanted,
            "due_on": question.due_on,
        },
        signatories=(_signatory("Verifikator independen", question.asked_by),),
        validity_path=reverse("verification:paper_validity", args=[question.token]),
    )


def decision_letter(claim) -> Letter:
    """L15: a rejection or an approval in part, with rule, evidence, and how and until when it may be disputed."""
    review = claim.reviews.filter(outcome__in=WRITTEN).select_related("decided_by").latest("pk")
    with override(PAPER_LANGUAGE):
        reason = str(Reason(review.code).label) if review.code else ""
        evidence = [(finding.rule, finding.message) for finding in claim.findings.filter(severity__in=["R", "P"])]
        lines = [
            {
                "part": f"{line.get_kind_display()} {line.code}".strip(),
                "asked": line.asked,
                "asked_units": _units(line, line.asked_units),
                "approved": line.approved or 0,
                "approved_units": _units(line, line.approved_units),
                "reason": line.reason,
            }
            for line in claim.lines.all()
        ]
    rejected = claim.approved is None
    return Letter(
        template="letters/decision.html",
        title="Penolakan Klaim" if rejected else "Penyesuaian Klaim",
        number=decision_number(review),
        dated=localdate(review.decided_at),
        facts={
            "hospital": claim.hospital.name,
            **_claim_facts(claim),
            "approved": claim.approved or 0,
            "difference": claim.claimed - (claim.approved or 0),
            "reason": reason,
            "text": review.reason,
            "rule": review.rule,
            "evidence": evidence,
            "lines": lines,
            "dispute_until": last_day(claim),
        },
        signatories=(_signatory("Verifikator independen", review.decided_by),),
        validity_path=reverse("verification:paper_validity", args=[review.token]) if review.token else "",
    )


def decision_number(review):
    """The number of the letter about ``review``: its own, the hospital's code, month and year of the decision.

    Of the review, not of the claim: a ruling decides the claim anew, the letter written before keeps its number and day.
    """
    day = localdate(review.decided_at)
    return f"{review.pk:06d}/KEPUTUSAN/{review.claim.hospital.code}/{ROMAN_MONTHS[day.month - 1]}/{day.year}"


def _units(line, units):
    """Quantity and unit price for the paper; a part asked for as a sum has none."""
    return list(units) if units and line.unit_price is not None else None


def dispute_letter(dispute) -> Letter:
    """L16: the parties, the subject, the ruling and its value."""
    claim = dispute.claim
    with override(PAPER_LANGUAGE):
        ruling = str(Ruling(dispute.ruling).label) if dispute.ruling else ""
    return Letter(
        template="letters/dispute.html",
        title="Berita Acara Penyelesaian Sengketa",
        number=dispute.number,
        dated=localdate(dispute.decided_at or dispute.filed_at),
        facts={
            "hospital": claim.hospital.name,
            **_claim_facts(claim),
            "filed_on": localdate(dispute.filed_at),
            "argument": dispute.argument,
            "before": dispute.before,
            "ruling": ruling,
            "grounds": dispute.grounds,
            "approved": dispute.approved,
            "in_words": terbilang(dispute.approved) if dispute.approved is not None else "",
            "decided": dispute.decided_at is not None,
        },
        signatories=(
            Signatory(capacity="Rumah sakit", name=_director(claim.hospital, localdate(dispute.filed_at))),
            _signatory("Dokter panel", dispute.ruled_by),
            _signatory("Dinas Kesehatan", dispute.decided_by),
        ),
        validity_path=reverse("verification:paper_validity", args=[dispute.token]),
    )


def _claim_facts(claim):
    return {
        "batch": claim.batch.number,
        "line": claim.line_number,
        "reference": claim.reference,
        "patient": claim.patient_name,
        "admitted_on": claim.admitted_on,
        "discharged_on": claim.discharged_on,
        "claimed": claim.claimed,
    }


def _director(hospital, day):
    found = Membership.objects.in_force(day).filter(role=Role.HOSPITAL_DIRECTOR, facility=hospital)
    membership = found.select_related("user").order_by("valid_from", "pk").first()
    return str(membership.user) if membership else "........................................"
