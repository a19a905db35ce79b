"""People, families and facilities for tests. Reference facts (regions, facilities, codes, schemes) are in every test database.

Each function takes what the test is about and makes up the rest.
"""

import datetime
import itertools

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from facilities.enums import FacilityKind, Role, Service
from facilities.models import Contract, ContractTerms, Doctor, Facility, Membership, Suspension, User
from participants.enums import Channel, CoverageSource, EnrolmentState, Relation, SyncKind, SyncState
from participants.models import Enrolment, Household, JknCandidate, OtherCoverage, Resident, SyncRun
from reports.audit_models import Audit

_count = itertools.count(1)
_niks = itertools.count(1)
KELURAHAN = "32.75.01.1001"
CITY = "32.75"
# Scheme P6 is in force; a Sunday is as good as any day.
TODAY = datetime.date(2026, 11, 22)
ALWAYS = DateRange(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
NOW = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=timezone.get_default_timezone())


def system():
    return User.objects.system()


def puskesmas(number=0):
    return Facility.objects.puskesmas().order_by("code")[number]


def hospital(number=0, *, public=None):
    """The n-th hospital by code; ``public`` narrows to RSUD (True) or private ones (False)."""
    found = Facility.objects.hospitals().order_by("code")
    if public is not None:
        found = found.filter(ownership="PUBLIC" if public else "PRIVATE")
    return found[number]


def make_user(*roles, facility=None, username=None, since=datetime.date(2020, 1, 1)):
    """A user with these roles today. Roles of a facility get ``facility``, or the first that fits."""
    n = next(_count)
    user = User(username=username or f"user{n}", first_name="Nama", last_name=f"Petugas {n}", nip=f"{n:018d}")
    user.set_unusable_password()
    user.is_staff = any(role.startswith(("DINKES", "SYSTEM", "AUDITOR")) for role in roles)
    user.save()
    for role in roles:
        place = facility
        if place is None and role.startswith("HOSPITAL"):
            place = hospital()
        if place is None and role.startswith("PUSKESMAS"):
            place = puskesmas()
        Membership.objects.create(
            **{"user": user, "role": Role(role), "facility": place, "decree": f"SK/{n}"},
            valid_from=since,
            granted_by=system(),
        )
    if Role.AUDITOR in roles:
        letter_of_audit(user)
    return user


def letter_of_audit(auditor, *, scope=ALWAYS, valid=ALWAYS):
    """The letter without which an auditor sees nothing; for all services unless said."""
    return Audit.objects.create(
        auditor=auditor,
        letter=f"ST/{next(_count)}/{auditor.username}",
        purpose="Pemeriksaan",
        valid=valid,
        scope=scope,
        opened_at=NOW,
        opened_by=system(),
    )


def make_facility(**values):
    n = next(_count)
    return Facility.objects.create(
        **{"code": f"99{n:05d}", "name": f"RS Uji {n}", "kind": FacilityKind.HOSPITAL, "tariff_code": "CS", **values}
    )


def make_contract(
    facility, *, services=tuple(Service), since=datetime.date(2025, 1, 1), until=datetime.date(2028, 1, 1), **terms
):
    """A contract of which ``services`` and further ``terms``, a quota for instance, hold from its first day to its last."""
    contract = Contract.objects.create(
        facility=facility,
        number=f"PKS/{next(_count)}",
        valid=DateRange(since, until),
        bank_name="Bank Uji",
        bank_account=f"{next(_count):010d}",
        bank_holder=facility.name,
        created_by=system(),
    )
    ContractTerms.objects.create(
        contract=contract, valid=contract.valid, services=list(services), created_by=system(), **terms
    )
    return contract


def amend(contract, *, since, **terms):
    """An addendum from a day on, whatever day it is; what ``terms`` do not name stays."""
    before = contract.terms.order_by("-valid").first()
    ContractTerms.objects.filter(pk=before.pk).update(valid=DateRange(before.valid.lower, since))
    kept = {name: getattr(before, name) for name in ("services", "quota_letters", "quota_rupiah", "quota_blocks")}
    return ContractTerms.objects.create(
        contract=contract,
        addendum=f"ADD/{next(_count)}",
        valid=DateRange(since, before.valid.upper),
        created_by=system(),
        **kept | terms,
    )


def suspend(facility, *, since, until=None):
    """No new letters to ``facility`` from a day on, whatever day it is."""
    return Suspension.objects.create(
        facility=facility,
        starts=since,
        ends=until,
        letter=f"440/{next(_count)}",
        reason="Teguran kedua",
        suspended_at=NOW,
        suspended_by=system(),
    )


def make_doctor(facility, *, name="", specialty="INT", since=datetime.date(2024, 1, 1), until=None):
    n = next(_count)
    return Doctor.objects.create(
        facility=facility,
        name=name or f"dr. Uji {n}, Sp.PD",
        registration=f"SIP/{n:05d}/2024",
        specialty_id=specialty,
        valid=DateRange(since, until),
        created_by=system(),
    )


def make_nik(birth_date=datetime.date(1990, 5, 17), sex=1):
    day = birth_date.day + (40 if sex == 2 else 0)
    return f"327501{day:02d}{birth_date:%m%y}{next(_niks) % 10_000:04d}"


def make_household(**values):
    n = next(_count)
    return Household.objects.create(
        **{
            "kk_number": f"3275010101{n:06d}",
            "kelurahan_id": KELURAHAN,
            "address": f"Jl. Uji No. {n}",
            "rt": "001",
            "rw": "002",
            **values,
        }
    )


def make_resident(household=None, **values):
    """An adult resident who meets every condition of the scheme, unless ``values`` say otherwise."""
    household = household or make_household()
    birth_date = values.pop("birth_date", datetime.date(1990, 5, 17))
    sex = values.pop("sex", 1)
    first = not household.residents.exists()
    resident = Resident.objects.create(
        **{
            "nik": make_nik(birth_date, sex),
            "household": household,
            "name": f"WARGA {next(_count)}",
            "sex": sex,
            "birth_place": "BEKASI",
            "birth_date": birth_date,
            "relation": Relation.HEAD if first else Relation.CHILD,
            "marital_status": 1,
            "kelurahan_id": household.kelurahan_id,
            "city_code": CITY,
            "resident_since": datetime.date(2015, 1, 1),
            "ektp_recorded": True,
            **values,
        }
    )
    if first:
        Household.objects.filter(pk=household.pk).update(head=resident)
        household.head = resident
    return resident


def make_family(members=3):
    """A household of ``members``: the head, a wife, children."""
    household = make_household()
    make_resident(household, marital_status=2)
    for n in range(1, members):
        if n == 1:
            make_resident(
                household, sex=2, relation=Relation.WIFE, marital_status=2, birth_date=datetime.date(1992, 3, 4)
            )
        else:
            make_resident(household, birth_date=datetime.date(2012 + n, 6, 7), ektp_recorded=False)
    return household


def enrol(household, *, state=EnrolmentState.ACTIVE, registered_on=datetime.date(2024, 1, 1), **values):
    return Enrolment.objects.create(
        household=household,
        state=state,
        channel=Channel.LEGACY,
        registered_on=registered_on,
        created_by=system(),
        **values,
    )


def make_run(kind=SyncKind.REGISTRY, *, snapshot_date=TODAY, at=NOW):
    return SyncRun.objects.create(
        kind=kind,
        state=SyncState.APPLIED,
        file_name=f"{kind.lower()}-{snapshot_date:%Y%m%d}.csv",
        sha256=f"{next(_count):064d}",
        snapshot_date=snapshot_date,
        started_by=system(),
        applied_at=at,
        applied_by=system(),
    )


def fresh_sources(*, on=TODAY, at=NOW):
    """Registry and JKN lists as of ``on``, so that no decision is UNKNOWN for want of data."""
    return make_run(SyncKind.REGISTRY, snapshot_date=on, at=at), make_run(SyncKind.JKN, snapshot_date=on, at=at)


def cover_elsewhere(
    resident,
    *,
    segment=21,
    status=0,
    since=datetime.date(2020, 1, 1),
    until=None,
    source=None,
    known_from=NOW,
    run=None,
):
    """JKN (segment = jenisPeserta: 21 PBI APBN, 22 PBI APBD, 13 employee ...) or other insurance of a person."""
    source = source or (CoverageSource.PBI_LIST if segment in (21, 22) else CoverageSource.BPJS_LIST)
    return OtherCoverage.objects.create(
        resident=resident,
        source=source,
        segment=segment,
        status=status,
        valid_from=since,
        valid_to=until,
        known_from=known_from,
        run=run or make_run(SyncKind.JKN),
    )


def make_jkn_row(person, *, nik=None, source=CoverageSource.BPJS_LIST, run=None, **values):
    """A row of a JKN list about ``person`` with a wrong NIK, waiting for a reviewer."""
    n = next(_count)
    return JknCandidate.objects.create(
        **{
            "run": run or make_run(SyncKind.JKN),
            "line_number": n,
            "raw": "",
            "key": f"{source}:{n:013}",
            "source": source,
            "card_number": f"{n:013}",
            "nik": nik or f"{person.nik[:12]}{9999 - n % 1000:04d}",
            "name": person.name,
            "birth_date": person.birth_date,
            "segment": 13,
            "valid_from": datetime.date(2020, 1, 1),
            "seen_on": TODAY,
            "resident": person,
            **values,
        }
    )


def covered_person(**values):
    """A person of an enrolled family whom the programme covers today, with fresh sources."""
    resident = make_resident(**values)
    enrol(resident.household)
    fresh_sources()
    return resident
