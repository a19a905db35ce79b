"""What the played offices know: the people of the demonstration city, and for any other NIK something to look at.

The last digit of a NIK the city does not know decides: 0 or 1 nobody, 2 deceased, 3 double, 4 inactive, 5 lives in Bogor, else
came to Bekasi today and is known here with one of the next nights.
"""

from django.db import close_old_connections
from django.db.models import Q
from django.utils import timezone

from ksb.demo import bpjs
from participants.enums import CoverageSource, Sex
from participants.models import OtherCoverage, Resident

BY_LAST_DIGIT = {"0": "13", "1": "13", "2": "11", "3": "12", "4": "14"}
BOGOR = {"NO_KAB": 71, "KAB_NAME": "KOTA BOGOR", "KEC_NAME": "BOGOR TENGAH", "KEL_NAME": "PABATON"}
RELATIONS = {1: "KEPALA KELUARGA", 2: "SUAMI", 3: "ISTRI", 4: "ANAK"}


def person(nik):
    """The row of ``nik`` as CALL_NIK tells it, or a code."""
    close_old_connections()
    known = Resident.objects.filter(nik=nik).select_related("household", "kelurahan__parent").first()
    if known is None:
        return BY_LAST_DIGIT.get(nik[-1]) or _stranger(nik)
    return {1: "11", 3: "12", 9: "13"}.get(known.status) or _row(known)


def family(nik):
    """The rows of everybody on the KK of ``nik``."""
    known = Resident.objects.filter(nik=nik).first()
    if known is None:
        return [person(nik)]
    members = Resident.objects.filter(household=known.household_id).select_related("household", "kelurahan__parent")
    return [_row(member) for member in members.order_by("relation", "birth_date")]


def member(nik, day):
    """The ``peserta`` of ``nik`` on ``day``, from the lists the city has; None for nobody."""
    close_old_connections()
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    told = (
        OtherCoverage.objects.filter(in_force, resident__nik=nik, valid_from__lte=day, known_to=None)
        .exclude(source__in=(CoverageSource.DECLARED, CoverageSource.ONLINE))
        .order_by("status", "-valid_from")
        .first()
    )
    if told is None:
        return None
    status = "AKTIF" if told.status == 0 else "NON AKTIF"
    return bpjs.member(
        nik,
        noKartu=told.card_number,
        tglTMT=f"{told.valid_from}",
        tglTAT=f"{told.valid_to}" if told.valid_to else None,
        jenisPeserta={"kode": str(told.segment), "keterangan": f"JENIS {told.segment}"},
        statusPeserta={"kode": str(told.status), "keterangan": status},
    )


def _row(known):
    kelurahan = known.kelurahan
    province, city = known.city_code.split(".")
    return {
        "NIK": known.nik,
        "NO_KK": known.household.kk_number,
        "NAMA_LGKP": known.name,
        "TMPT_LHR": known.birth_place,
        "TGL_LHR": f"{known.birth_date}",
        "JENIS_KLMIN": "LAKI-LAKI" if known.sex == Sex.MALE else "PEREMPUAN",
        "STAT_HBKEL": RELATIONS.get(known.relation, "LAINNYA"),
        "ALAMAT": known.household.address,
        "NO_PROP": int(province),
        "PROP_NAME": "JAWA BARAT",
        "NO_KAB": int(city),
        "KAB_NAME": "KOTA BEKASI" if known.city_code == "32.75" else "KOTA LAIN",
        "KEC_NAME": kelurahan.parent.name.upper() if kelurahan else "",
        "KEL_NAME": kelurahan.name.upper() if kelurahan else "",
        "EKTP_STATUS": "SUDAH" if known.ektp_recorded else "BELUM",
    }


def _stranger(nik):
    day = int(nik[6:8]) % 40 or 1
    year = timezone.localdate().year - 30
    here = {"NO_KAB": 75, "KAB_NAME": "KOTA BEKASI", "KEC_NAME": "BEKASI TIMUR", "KEL_NAME": "MARGAHAYU"}
    return {
        "NIK": nik,
        "NO_KK": f"{nik[:12]}0001",
        "NAMA_LGKP": "PENDATANG BARU",
        "TGL_LHR": f"{year}-01-{min(day, 28):02d}",
        "JENIS_KLMIN": "PEREMPUAN" if int(nik[6:8]) > 40 else "LAKI-LAKI",
        "STAT_HBKEL": "KEPALA KELUARGA",
        "NO_PROP": 32,
        "PROP_NAME": "JAWA BARAT",
        "EKTP_STATUS": "SUDAH",
        **(BOGOR if nik[-1] == "5" else here),
    }
