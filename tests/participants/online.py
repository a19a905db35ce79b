"""Other offices' servers for tests: a row of Dukcapil as the service sends it, and settings that point to a played server."""

import pytest

from ksb.demo import offices
from ksb.demo.bpjs import CONS_ID, SECRET, USER_KEY, Bpjs


def dukcapil_row(nik, **values):
    """A person as CALL_NIK tells: labels are words, what is unknown is missing."""
    return {
        "NIK": nik,
        "NO_KK": "3275010101260001",
        "NAMA_LGKP": "SITI AMINAH",
        "TMPT_LHR": "BEKASI",
        "TGL_LHR": "1990-05-17",
        "JENIS_KLMIN": "PEREMPUAN",
        "AGAMA": "ISLAM",
        "STAT_HBKEL": "KEPALA KELUARGA",
        "JENIS_PKRJN": "WIRASWASTA",
        "NAMA_LGKP_IBU": "IBU RAHASIA",
        "ALAMAT": "JL. UJI NO. 1",
        "NO_PROP": 32,
        "PROP_NAME": "JAWA BARAT",
        "NO_KAB": 75,
        "KAB_NAME": "KOTA BEKASI",
        "NO_KEC": 1,
        "KEC_NAME": "BEKASI TIMUR",
        "NO_KEL": 1001,
        "KEL_NAME": "MARGAHAYU",
        "EKTP_STATUS": "SUDAH",
        **values,
    }


@pytest.fixture
def dukcapil(settings):
    """A played Dukcapil; ``people`` maps NIK to row or code."""
    people = {}
    with offices.Dukcapil(people.get) as office:
        office.register = people
        settings.ONLINE = settings.ONLINE | {
            "DUKCAPIL": settings.ONLINE["DUKCAPIL"]
            | {
                "URL": office.url,
                "CUSTOMER": offices.CUSTOMER,
                "USER": offices.LOGIN["user_id"],
                "PASSWORD": offices.LOGIN["password"],
                "CONNECT_SECONDS": 1,
                "SECONDS": 0.6,
            }
        }
        yield office


@pytest.fixture
def bpjs(settings):
    """A played BPJS; ``register`` maps NIK to ``peserta``."""
    people = {}
    with Bpjs(lambda nik, day: people.get(nik)) as office:
        office.register, office.skew_seconds = people, 10**8
        settings.ONLINE = settings.ONLINE | {
            "JKN": settings.ONLINE["JKN"]
            | {
                "URL": f"{office.url}/vclaim-rest",
                "CONS_ID": CONS_ID,
                "SECRET": SECRET,
                "USER_KEY": USER_KEY,
                "CONNECT_SECONDS": 1,
                "SECONDS": 0.6,
            }
        }
        yield office
