"""The network of the demonstration: contracts of every kind, rosters, and what Dinkes changed of late."""

import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from facilities import accounts, standings, suspensions
from facilities.enums import AccountState, Service, WardType
from facilities.models import AccountChange, Contract, ContractTerms, Doctor, Facility, Suspension, User

DAY = datetime.timedelta(days=1)
ENDING_SOON = {3: 25, 7: 55, 11: 85}  # place by code: days left
QUOTA = {2: (120, None), 5: (60, 900_000_000)}  # letters a month, rupiah a year
ADDENDUM, SUSPENDED, RISING = 9, 17, 6  # places by code; none where a demo account works
FIRST_NAMES = (
    "Andi",
    "Citra",
    "Dian",
    "Eka",
    "Farah",
    "Gilang",
    "Hesti",
    "Indra",
    "Kartika",
    "Lukman",
    "Mira",
    "Nanda",
)
LAST_NAMES = ("Prasetya", "Hapsari", "Nugroho", "Maharani", "Siregar", "Wibowo", "Utami")
TITLES = {"INT": "Sp.PD", "ANA": "Sp.A", "OBG": "Sp.OG", "BED": "Sp.B", "SAR": "Sp.N", "MAT": "Sp.M", "JAN": "Sp.JP"}


def create_network(today):
    """Contracts with every hospital that has none, and with them all that hangs on contracts. May be repeated."""
    without = list(Facility.objects.hospitals().filter(contracts__isnull=True).order_by("code"))
    if not without:
        return
    author = User.objects.system()
    contracts = Contract.objects.bulk_create(
        _contract(n, hospital, today, author) for n, hospital in enumerate(without, 1)
    )
    ContractTerms.objects.bulk_create(
        terms for n, contract in enumerate(contracts, 1) for terms in _terms(n, contract, today, author)
    )
    _services(without)
    _doctors(without, today, author)


def _contract(n, hospital, today, author):
    first = datetime.date(today.year - 1, 1, 1)
    until = today + (ENDING_SOON[n] + 1) * DAY if n in ENDING_SOON else datetime.date(today.year + 2, 1, 1)
    return Contract(
        facility=hospital,
        number=f"440/{n:03d}/PKS-JAMKESDA/{first.year}",
        signed_on=first - 14 * DAY,
        signed_by_dinkes="dr. Sri Rahayu, Kepala Bidang Pelayanan Kesehatan",
        signed_by_facility=f"Direktur {hospital.name}",
        valid=DateRange(first, until),
        bank_name="Bank BJB",
        bank_account=f"00{hospital.code}{n:03d}",
        bank_holder=hospital.name,
        tax_number=f"01.{n:03d}.{n * 37 % 1000:03d}.4-407.000",
        created_by=author,
    )


def approve_accounts(*, at):
    """Every account was entered by one person of Dinkes and approved by another, or nobody would be paid."""
    contracts = Contract.objects.exclude(bank_account="").filter(account_changes__isnull=True)
    people = {user.username: user for user in User.objects.filter(username__in=["dinkes.layanan", "dinkes.klaim"])}
    AccountChange.objects.bulk_create(
        AccountChange(
            contract=contract,
            state=AccountState.APPROVED,
            **{name: getattr(contract, name) for name in accounts.FIELDS},
            evidence=f"01/RS/{contract.valid.lower.year}",
            created_by=people["dinkes.layanan"],
            approved_at=at,
            approved_by=people["dinkes.klaim"],
        )
        for contract in contracts
    )


def _terms(n, contract, today, author):
    """One set of terms, or two where an addendum took haemodialysis in this year."""
    letters, rupiah = QUOTA.get(n, (None, None))
    common = {
        "contract": contract,
        "tariff_annex": "INA-CBG regional 1, Permenkes 3/2023",
        "quota_letters": letters,
        "quota_rupiah": rupiah,
        "created_by": author,
    }
    period, changed = contract.valid, datetime.date(today.year, 1, 1)
    if n != ADDENDUM:
        return [ContractTerms(valid=period, services=list(Service), **common)]
    fewer = [service for service in Service if service != Service.HAEMODIALYSIS]
    return [
        ContractTerms(valid=DateRange(period.lower, changed), services=fewer, **common),
        ContractTerms(
            valid=DateRange(changed, period.upper),
            services=list(Service),
            addendum=f"440/{n:03d}/ADD-1/{changed.year}",
            signed_on=changed - 10 * DAY,
            summary="Penambahan layanan hemodialisis",
            **common,
        ),
    ]


def _services(hospitals):
    """What each hospital says it can give: haemodialysis where it has the specialty."""
    offering = set(Facility.objects.filter(specialties="HDL").values_list("pk", flat=True))
    for hospital in hospitals:
        without = () if hospital.pk in offering else (Service.HAEMODIALYSIS,)
        hospital.services = [service for service in Service if service not in without]
        hospital.wards = [WardType.CLASS_3, WardType.EMERGENCY, WardType.ISOLATION, WardType.MATERNITY]
        if hospital.hospital_class in ("A", "B"):
            hospital.wards += [WardType.ICU, WardType.ICCU, WardType.PICU, WardType.NICU]
        hospital.phone = f"021 88{int(hospital.code) % 100_000:05d}"
        hospital.email = f"pendaftaran.{hospital.code}@rs.example"
    Facility.objects.bulk_update(hospitals, ["services", "wards", "phone", "email"])


def _doctors(hospitals, today, author):
    """A specialist for each specialty with a title, at every hospital that offers it."""
    since = DateRange(datetime.date(today.year - 1, 1, 1), None)
    offered = Facility.specialties.through.objects.filter(facility__in=hospitals, specialty__in=TITLES)
    Doctor.objects.bulk_create(
        Doctor(
            facility_id=place,
            name=f"dr. {FIRST_NAMES[n % 12]} {LAST_NAMES[n % 7]}, {TITLES[specialty]}",
            registration=f"503/{n:04d}/SIP-DR/{since.lower.year}",
            specialty_id=specialty,
            valid=since,
            created_by=author,
        )
        for n, (place, specialty) in enumerate(offered.order_by("pk").values_list("facility", "specialty"), 1)
    )


def live_through_network(*, actor, at):
    """What Dinkes did of late: one hospital gets no new patients for a month, another rises by one class, an account waits."""
    hospitals, today = list(Facility.objects.hospitals().order_by("code")), localdate(at)
    if len(hospitals) < SUSPENDED or Suspension.objects.exists():
        return
    suspensions.suspend(
        facility=hospitals[SUSPENDED - 1],
        starts=today,
        ends=today + 30 * DAY,
        letter=f"440/512/Dinkes/{today.year}",
        reason="Pasien Jamkesda diminta membayar obat; teguran kedua",
        actor=actor,
        at=at,
    )
    rising = hospitals[RISING - 1]
    higher = {"D": "C", "C": "B"}.get(rising.hospital_class, "A")
    standings.change(
        facility=rising,
        day=(today.replace(day=1) + 32 * DAY).replace(day=1),
        values={"hospital_class": higher, "tariff_code": higher + rising.tariff_code[1:]},
        decree=f"Keputusan DPMPTSP 503/{today.year}",
        actor=actor,
        at=at,
    )
    contract = hospitals[ADDENDUM - 1].contracts.order_by("-valid").first()
    accounts.propose(
        contract=contract,
        bank_name="Bank Mandiri",
        bank_account=f"156{contract.bank_account}",
        bank_holder=contract.bank_holder,
        tax_number=contract.tax_number,
        evidence=f"12/RS/{today.year}",
        actor=actor,
    )
