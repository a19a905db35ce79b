"""Coverage at the desks of this station: the refusal that carries its evaluation, and what the clerk can do then."""

from django.utils.translation import gettext_lazy as _

from ksb.core.errors import Refused
from participants.enums import Decision as D


class NotCovered(Refused):
    """The person is not covered for this service on this day. ``evaluation`` holds every reason."""

    def __init__(self, evaluation):
        super().__init__(evaluation.headline.message, code=evaluation.headline_rule)
        self.evaluation = evaluation


JKN = _("Serve the patient with the JKN/KIS card. A referral goes through BPJS (P-Care), not through an SJP.")
REGISTRY = _("Send the family to Disdukcapil with KTP and KK. The status here follows the next night's data.")
MEMBERSHIP = _("Send the family to the registration counter with KK and KTP. Treatment at the Puskesmas goes on.")
DINKES = _("The family can ask Dinkes for the reason and object to it there.")

BY_JKN = (D.EXCLUDED_PBI_APBN, D.EXCLUDED_PBI_APBD, D.EXCLUDED_JKN_AKTIF)
ADVICE = {
    D.EXCLUDED_PBI_APBN: JKN,
    D.EXCLUDED_PBI_APBD: JKN,
    D.EXCLUDED_JKN_AKTIF: JKN,
    D.EXCLUDED_ASURANSI_LAIN: _("The other insurance pays. Ask the patient for its card or letter."),
    D.EXCLUDED_BUKAN_WARGA: _("The patient uses the insurance of the own city, JKN, or pays as a general patient."),
    D.EXCLUDED_MASA_TUNGGU: _("Until the waiting period ends the patient uses JKN or pays as a general patient."),
    D.EXCLUDED_BELUM_EKTP: REGISTRY,
    D.EXCLUDED_MENINGGAL: REGISTRY,
    D.EXCLUDED_NIK_GANDA: REGISTRY,
    D.EXCLUDED_NIK_TIDAK_DITEMUKAN: REGISTRY,
    D.EXCLUDED_SANKSI: DINKES,
    D.EXCLUDED_PROGRAM_BERHENTI: DINKES,
    D.EXCLUDED_BELUM_TERDAFTAR: MEMBERSHIP,
    D.UNKNOWN: _("Try again when the data have been renewed. In an emergency send the patient to a hospital at once."),
}


def advice(evaluation):
    """What to tell the patient and do next, for a person who is not covered; nothing for one who is."""
    return ADVICE.get(evaluation.decision, "")
