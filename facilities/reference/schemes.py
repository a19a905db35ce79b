"""The programme's versions since 2014. Dates and numbers that no regulation at hand settles are defaults Dinkes can change."""

import datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from facilities.reference.files import save
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters

D = datetime.date

BEFORE_KS = Parameters(
    min_residence_months=0,
    referral_required=False,
    rsud_first=False,
    pbi_blocks=False,
    ktp_el_required=False,
    other_insurance_blocks=False,
    special_groups=False,
)
POOR = Parameters(
    min_residence_months=0, referral_required=False, rsud_first=False, ktp_el_required=False, special_groups=False
)
UNIVERSAL = Parameters(
    min_residence_months=0,
    referral_required=False,
    rsud_first=False,
    pbi_blocks=True,
    other_insurance_blocks=False,
    special_groups=False,
)
REFERRED = Parameters(min_residence_months=0, other_insurance_blocks=False, special_groups=False)
LKM = Parameters(registration_open=False, registration_required=False, print_policy="CLOSED", special_groups=False)
RSUD_CENTRED = Parameters(registration_open=False, registration_required=False, print_policy="CLOSED")
TODAY = Parameters()

PERDA = "Perda Kota Bekasi 9/2018"
# code, first day, Indonesian name, English name, legal source, parameters
VERSIONS = (
    ("P0", D(2014, 1, 1), "Kartu Bekasi Sehat / SKTM", "Poverty-letter scheme", "Perwal Bekasi 75/2013", BEFORE_KS),
    (
        "P1",
        D(2017, 1, 16),
        "Kartu Sehat keluarga tidak mampu",
        "Kartu Sehat for poor families",
        "Kepwal 460/Kep.346.A-Dinsos/VII/2017",
        POOR,
    ),
    (
        "P2",
        D(2017, 7, 26),
        "Kartu Sehat berbasis NIK",
        "Kartu Sehat based on NIK",
        "Perwal 27.A/2017; Perwal 110/2017",
        UNIVERSAL,
    ),
    (
        "P3",
        D(2018, 11, 1),
        "Kartu Sehat dengan rujukan wajib",
        "Kartu Sehat with mandatory referral",
        f"{PERDA}; Perwal 27.A/2017",
        REFERRED,
    ),
    (
        "P4",
        D(2020, 1, 1),
        "LKM-NIK (KS-NIK dihentikan sementara)",
        "LKM-NIK (KS-NIK suspended)",
        "SE Wali Kota 440/7894/DINKES; Perpres 82/2018",
        LKM,
    ),
    (
        "P5",
        D(2022, 4, 1),
        "LKM-NIK berpusat di RSUD",
        "LKM-NIK centred on the RSUD",
        f"{PERDA}; Perpres 82/2018",
        RSUD_CENTRED,
    ),
    ("P6", D(2025, 1, 1), "Aturan bawaan KSB", "KSB default rules", f"{PERDA}; Perwal 27.A/2017", TODAY),
)


def load_schemes():
    """Add the versions that are not there. A version Dinkes has changed is left as it is."""
    known = set(SchemeVersion.objects.values_list("code", flat=True))
    ends = [start for _, start, *_ in VERSIONS[1:]] + [None]
    new = [
        SchemeVersion(
            code=code,
            name_id=name_id,
            name_en=name_en,
            valid=DateRange(start, end),
            legal_source=law,
            parameters=parameters.as_json(),
        )
        for (code, start, name_id, name_en, law, parameters), end in zip(VERSIONS, ends, strict=True)
        if code not in known
    ]
    return save(SchemeVersion, new, key=("code",)) if new else 0
