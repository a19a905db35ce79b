"""Demo people for every role, their contracts, appointments and budget. For demonstrations only."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from budget import ledger
from budget.models import BudgetLine, FiscalYear
from facilities.enums import Role
from facilities.models import Facility, Membership, User
from ksb.core.errors import Refused
from ksb.demo.beds import report_beds
from ksb.demo.network import approve_accounts, create_network
from participants.models import Resident
from verification.models import Appointment, Conflict

PASSWORD = "kartu-sehat-demo"  # noqa: S105  printed by the demonstration itself
PUSKESMAS = "32750200001"
PRIVATE_HOSPITAL = "3275017"
RSUD = "3275013"
LEAST_CEILING = 500_000_000
CEILING_PER_RESIDENT = 40_000  # rupiah, on each of the two lines: what the demand of the made city needs in a year


@dataclass(frozen=True)
class Person:
    """A demo account. ``facility`` is a facility code for roles that belong to one."""

    username: str
    name: str
    role: Role
    facility: str = ""

    @property
    def is_staff(self):
        """Whether the administration opens for them."""
        return self.role in ADMINISTRATION


ADMINISTRATION = (
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.DINKES_CLAIMS,
    Role.VERIFIER_COORDINATOR,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
)

PEOPLE = (
    Person("pendaftaran", "Siti Aminah", Role.REGISTRATION_CLERK),
    Person("verifikator.peserta", "Dewi Lestari", Role.MEMBERSHIP_VERIFIER),
    Person("puskesmas", "Rina Wijaya", Role.PUSKESMAS_CLERK, PUSKESMAS),
    Person("dokter", "dr. Bayu Pratama", Role.PUSKESMAS_DOCTOR, PUSKESMAS),
    Person("rs.daftar", "Agus Salim", Role.HOSPITAL_DESK, PRIVATE_HOSPITAL),
    Person("rs.klaim", "Maya Sari", Role.HOSPITAL_BILLER, PRIVATE_HOSPITAL),
    Person("rs.direktur", "dr. Hendra Gunawan", Role.HOSPITAL_DIRECTOR, PRIVATE_HOSPITAL),
    Person("rsud.daftar", "Yuni Astuti", Role.HOSPITAL_DESK, RSUD),
    Person("rsud.klaim", "Tono Suharto", Role.HOSPITAL_BILLER, RSUD),
    Person("rsud.direktur", "dr. Kusuma Wardani", Role.HOSPITAL_DIRECTOR, RSUD),
    Person("verifikator", "Ratna Dewanti", Role.VERIFIER_ADMIN),
    Person("verifikator.medis", "dr. Iwan Setiawan", Role.VERIFIER_MEDICAL),
    Person("verifikator2", "Yuni Astuti", Role.VERIFIER_ADMIN),
    Person("verifikator.medis2", "dr. Lestari Handayani", Role.VERIFIER_MEDICAL),
    Person("koordinator", "Bambang Riyadi", Role.VERIFIER_COORDINATOR),
    Person("dinkes.peserta", "Nurul Hidayah", Role.DINKES_MEMBERSHIP),
    Person("dinkes.kartu", "Agus Hermawan", Role.DINKES_MEMBERSHIP),
    Person("dinkes.layanan", "dr. Sri Rahayu", Role.DINKES_SERVICES),
    Person("dinkes.klaim", "Joko Saputra", Role.DINKES_CLAIMS),
    Person("bendahara", "Fitri Handayani", Role.TREASURER),
    Person("kpa", "Rudi Hartono", Role.BUDGET_USER),
    Person("bud", "Endang Susilowati", Role.BUD),
    Person("bapeda", "Arif Rahman", Role.PLANNING_VIEWER),
    Person("auditor", "Lukman Hakim", Role.AUDITOR),
    Person("dukcapil", "Wulan Sari", Role.REGISTRY_OPERATOR),
    Person("admin", "Eko Prasetyo", Role.SYSTEM_ADMIN),
)


def create_demo(*, at):
    """Create accounts, contracts, appointments and this year's budget. May be repeated. Returns the people.

    Raises Refused on an installation that is not a demonstration: known passwords must never reach real data.
    """
    if not settings.DEBUG and User.objects.exclude(username=User.SYSTEM).exists():
        raise Refused(_("Demo people have a known password: they are refused where real accounts exist."))
    today = localdate(at)
    password = make_password(PASSWORD)  # hashed once: it is the same for all and known to everybody
    with transaction.atomic():
        for number, person in enumerate(PEOPLE, start=1):
            _account(person, number, password, today)
        create_network(today)
        approve_accounts(at=at)
        report_beds(at=at)
        _appointments(today)
        _budget(today.year, at)
    return PEOPLE


def _account(person, number, password, today):
    first, _space, last = person.name.partition(" ")
    user, _new = User.objects.get_or_create(
        username=person.username,
        defaults={
            "password": password,
            "first_name": first,
            "last_name": last,
            "nip": f"1985{number:02d}102010{number:02d}1{number:03d}",
            "is_staff": person.is_staff,
        },
    )
    Membership.objects.get_or_create(
        user=user,
        role=person.role,
        defaults={
            "facility": Facility.objects.get(code=person.facility) if person.facility else None,
            "valid_from": datetime.date(today.year - 1, 1, 1),
            "decree": f"Keputusan Wali Kota 800/Kep.{number:03d}-BKPSDM/{today.year - 1}",
            "granted_by": User.objects.system(),
        },
    )


def _appointments(today):
    """Two administrative and two medical verifiers are appointed by decree; one doctor has a tie to the private hospital."""
    valid = DateRange(datetime.date(today.year - 1, 1, 1), datetime.date(today.year + 1, 1, 1))
    kinds = {Role.VERIFIER_ADMIN: "ADMINISTRATIVE", Role.VERIFIER_MEDICAL: "MEDICAL"}
    appointed = [(person.username, kinds[person.role]) for person in PEOPLE if person.role in kinds]
    for username, kind in appointed:
        verifier = User.objects.get(username=username)
        if not verifier.appointments.exists():
            decree = f"Keputusan Wali Kota 440/Kep.{verifier.pk:03d}-Dinkes/{today.year - 1}"
            Appointment.objects.create(verifier=verifier, kind=kind, decree=decree, valid=valid)
    Conflict.objects.get_or_create(
        verifier=User.objects.get(username="verifikator.medis"),
        hospital=Facility.objects.get(code=PRIVATE_HOSPITAL),
        defaults={"reason": "Bekerja di rumah sakit ini sampai tahun lalu", "recorded_by": User.objects.system()},
    )


def _budget(year, at):
    """One line for public, one for private hospitals, as large as the city needs."""
    ceiling = max(LEAST_CEILING, Resident.objects.count() * CEILING_PER_RESIDENT)
    fiscal_year, _new = FiscalYear.objects.get_or_create(year=year, defaults={"document": f"DPA-SKPD 1.02/{year}"})
    for public in (True, False):
        line, new = BudgetLine.objects.get_or_create(
            year=fiscal_year,
            sub_activity="1.02.02.2.02.0026",
            account="5.1.02.02.02.0005",
            funding_source="APBD",
            for_public=public,
            defaults={"name": "Klaim Jamkesda RSUD" if public else "Klaim Jamkesda RS swasta"},
        )
        if new:
            ledger.allocate(
                line,
                ceiling,
                actor=None,
                at=at,
                note=fiscal_year.document,
                key=f"document:{line.pk}:{fiscal_year.document}",
            )
