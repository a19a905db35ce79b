"""What a resident does next, in a sentence for each decision. Staff have their own advice at their stations."""

from django.utils.translation import gettext_lazy as _

from participants.enums import Decision as D
from participants.enums import EnrolmentState as E

_USE_JKN = _("When ill, use the JKN/KIS card at the Puskesmas or clinic where you are registered with BPJS Kesehatan.")
_DISDUKCAPIL = _(
    "Go to Disdukcapil or the kecamatan with KTP and KK. Here the data change the night after the correction."
)
_REGISTER = _("Register the family on this page or, with KK and KTP, at the registration counter; it is free.")
_DINKES = _("Ask at the Dinas Kesehatan; bring KTP, KK and the card.")

# Who is covered has nothing to do but to go to the Puskesmas when ill, as the page says below.
NEXT_STEP = {
    D.COVERED: "",
    D.COVERED_COMPLEMENTARY: "",
    D.COVERED_NEWBORN: _("See to the birth certificate and the new KK at Disdukcapil within 60 days."),
    D.COVERED_SPECIAL: "",
    D.EXCLUDED_PBI_APBN: _USE_JKN,
    D.EXCLUDED_PBI_APBD: _USE_JKN,
    D.EXCLUDED_JKN_AKTIF: _USE_JKN,
    D.EXCLUDED_ASURANSI_LAIN: _(
        "Use the other insurance first. If it has ended, bring the proof to the Dinas Kesehatan."
    ),
    D.EXCLUDED_BUKAN_WARGA: _(
        "If you live in Kota Bekasi, move your KK here at Disdukcapil; otherwise ask your own city."
    ),
    D.EXCLUDED_MASA_TUNGGU: _("Nothing needs to be done. The cover begins when the waiting period is over."),
    D.EXCLUDED_BELUM_EKTP: _("Have the KTP-el recorded at the kecamatan or Disdukcapil; it takes minutes and is free."),
    D.EXCLUDED_MENINGGAL: _DISDUKCAPIL,
    D.EXCLUDED_NIK_GANDA: _DISDUKCAPIL,
    D.EXCLUDED_NIK_TIDAK_DITEMUKAN: _DISDUKCAPIL,
    D.EXCLUDED_SANKSI: _DINKES,
    D.EXCLUDED_PROGRAM_BERHENTI: _("The programme is closed at present. In an emergency every hospital must help."),
    D.EXCLUDED_BELUM_TERDAFTAR: _REGISTER,
    D.UNKNOWN: _("The data are being renewed. Try again tomorrow; when ill, go to the Puskesmas with KTP or KK."),
}

# What a family that has applied does next, for each state of its application.
NEXT_FOR_APPLICATION = {
    E.DRAFT: _("You have begun and not handed in yet. Go on below; what was begun is kept for 30 days."),
    E.SUBMITTED: _(
        "Nothing needs to be done. The population registry's data are being renewed; it is checked tomorrow."
    ),
    E.CHECKING: _("Nothing needs to be done. An officer compares your documents, another one decides."),
    E.FIELD_CHECK: _(
        "Somebody from the kelurahan or Dinas Sosial visits you. Have KK and KTP ready. The visit is free."
    ),
    E.WAITING: _("Nothing needs to be done. The application goes on by itself on the day below."),
    E.NEEDS_CORRECTION: _("Settle what is written below, then hand the application in again."),
    E.REJECTED: _("You may object in writing here or at the counter, and apply anew at any time."),
    E.ACTIVE: _(
        "The family is a member. You are told when the card can be collected; KTP and KK are enough until then."
    ),
    E.SUSPENDED: _DINKES,
    E.ENDED: _REGISTER,
}
