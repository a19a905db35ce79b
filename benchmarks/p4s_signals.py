"""How well rules and signals find what ``make_city --fraud`` plants: recall and precision of each, printed.

The letters of the city are laid down as the Puskesmas and hospitals would have written them, every e-Klaim file goes through
the real intake, and the night looks for patterns. Recall counts planted cases found; precision how many of the findings were
planted. Hospitals of the ordinary city make mistakes of their own kinds, listed in ``truth.json``: they count as planted.
"""

import datetime
import json
from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.frame import DAY, City, Row
from claims import paid_elsewhere, signals, statistics
from claims.intake import take_in
from claims.models import Claim, Finding, FraudSignal, IntakeRow
from facilities.enums import Service
from facilities.models import Contract, Facility, User
from ksb.demo.city.fraud import BEDS, LETTERS, PAID, TRUTH
from participants.enums import SignalKind
from participants.models import Resident, Signal
from verification import signals as verifier_signals

RESIDENTS = 20_000
REACH = 0.8
VERIFIERS = 4

# Where only a day is told, it was ten in the morning.
_AT_TEN = "CASE WHEN length({}_text) > 10 THEN interval '0' ELSE interval '10 hours' END"
_LETTERS = """
    INSERT INTO referrals_referral (public_id, number, token, state, resident_id, puskesmas_id, issuing_hospital_id, direction,
           hospital_id, specialty_id, service, diagnosis_id, reason, pass_over_reason, complaint, findings, therapy,
           doctor_name, valid_from, valid_until, prints, issued_at, issued_by_id, refusal, letter)
    SELECT gen_random_uuid(), replace(t.number, '/SJP/', '/RUJ/'), md5('r' || t.number)::varchar(24), 'DONE', r.id,
           p.id, CASE q.kind WHEN 'HOSPITAL' THEN q.id END,
           CASE q.kind WHEN 'HOSPITAL' THEN 'LEVEL' ELSE '' END, h.id, t.specialty, t.service, t.diagnosis, t.reason,
           t.pass_over, '-', '-', '', '-', t.requested_at::date, t.requested_at::date + 89, 0, t.requested_at, {actor}, '', '{{}}'
      FROM told t JOIN participants_resident r ON r.nik = t.nik JOIN facilities_facility h ON h.code = t.hospital
      JOIN facilities_facility p ON p.code = split_part(t.number, '/', 3) JOIN facilities_facility q ON q.code = t.puskesmas
     WHERE t.number <> '';
    INSERT INTO referrals_sjp (public_id, number, token, state, service, referral_id, resident_id, puskesmas_id, hospital_id,
           specialty_id, diagnosis_id, scheme_id, decision, estimate, valid_from, valid_until, prints, issued_at, issued_by_id,
           reason, letter)
    SELECT gen_random_uuid(), replace(f.number, '/RUJ/', '/SJP/'), md5(f.number)::varchar(24),
           CASE WHEN t.admitted IS NULL THEN 'ISSUED' WHEN t.discharged IS NULL THEN 'USED' ELSE 'SERVICE_DONE' END, f.service,
           f.id, f.resident_id, f.puskesmas_id, f.hospital_id, f.specialty_id, f.diagnosis_id,
           (SELECT id FROM core_schemeversion WHERE valid @> f.valid_from), '{{"decision": "COVERED"}}', 0, f.valid_from,
           f.valid_from + 29, 0, f.issued_at, f.issued_by_id, '', '{{}}'
      FROM referrals_referral f JOIN told t ON t.number = replace(f.number, '/RUJ/', '/SJP/');
    INSERT INTO referrals_episode (public_id, sjp_id, resident_id, hospital_id, service, state, identity_check, medical_record,
           admitted_at, admitted_by_id, discharged_at, discharged_by_id, discharge_status, follow_up, decision)
    SELECT gen_random_uuid(), s.id, s.resident_id, s.hospital_id, s.service,
           CASE WHEN t.discharged IS NULL THEN 'IN_CARE' ELSE 'DISCHARGED' END, 'KTP_SEEN', '', t.admitted, {actor},
           CASE WHEN length(t.discharged_text) > 10 THEN t.discharged ELSE t.discharged + interval '3 hours' END,
           CASE WHEN t.discharged IS NOT NULL THEN {actor} END, t.status, '', '{{}}'
      FROM referrals_sjp s JOIN told t ON t.number = s.number WHERE t.admitted IS NOT NULL"""

_BED_REPORTS = """
    INSERT INTO facilities_bedcount (facility_id, ward, capacity, occupied, held, reported_at, reported_by_id)
    SELECT DISTINCT h.id, 'CLASS_3', 1000, 0, 0, %(at)s::timestamptz, %(actor)s::bigint
      FROM beds JOIN facilities_facility h ON h.code = beds.code;
    INSERT INTO facilities_bedreport (count_id, capacity, occupied, held, reported_at, reported_by_id)
    SELECT c.id, 1000, b.occupied, 0, (b.day + time '12:00') AT TIME ZONE 'Asia/Jakarta', %(actor)s
      FROM beds b JOIN facilities_facility h ON h.code = b.code JOIN facilities_bedcount c ON c.facility_id = h.id"""
# Signals that point at a hospital; the others at claims.
BY_HOSPITAL = {"FRD-01", "FRD-02", "FRD-04", "FRD-05", "FRD-06", "FRD-11", "FRD-12"}


def run(context):
    """Every rule and signal that something was planted for."""
    context.empty()
    city = _city(context)
    context.load_city(city)
    _lay_down(city, context)
    _hand_in(city, context)
    _verify(city, context)
    statistics.refresh(on=DAY)
    signals.refresh(on=DAY)
    verifier_signals.refresh(on=DAY)
    rows = _judge(city)
    context.empty()
    return rows


def _city(context):
    folder = settings.VAR_DIR / "bench" / f"fraud-{RESIDENTS}-{context.seed}"
    if not (folder / "truth.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with Path("/dev/null").open("w") as nowhere:
            options = {"residents": RESIDENTS, "seed": context.seed, "on": DAY, "next_month": True, "fraud": True}
            call_command("make_city", out=folder, stdout=nowhere, stderr=nowhere, **options)
    return City(folder)


def _lay_down(city, context):
    """Letters, stays, beds, telephones and other payers, set-based: they are not what is measured."""
    always = {"valid": (datetime.date(2020, 1, 1), None), "created_by": context.actor}
    for hospital in Facility.objects.hospitals():
        contract = Contract.objects.create(number=f"P4S/{hospital.code}", facility=hospital, **always)
        contract.terms.create(services=list(Service), **always)
    for path in [*sorted(city.folder.glob("demand-*.csv")), city.folder / LETTERS]:
        _letters(path, context)
    _beds(city.folder / BEDS, context)
    for n, kks in enumerate(_planted(city)["phones"]):
        households = list(
            Resident.objects.filter(household__kk_number__in=kks).values_list("household_id", flat=True).distinct()
        )
        Signal.objects.create(
            kind=SignalKind.SAME_PHONE,
            key=str(n),
            households=households,
            count=len(households),
            **dict.fromkeys(("first_on", "last_on", "noticed_on"), DAY),
        )
    for source in ("SEP", "PROVINCE"):
        part = city.folder / f"paid-{source}.csv"
        lines = (city.folder / PAID).read_text().splitlines()
        part.write_text("\n".join([lines[0], *(line for line in lines if line.endswith(source))]) + "\n")
        paid_elsewhere.load(path=part, source=source, actor=None, at=context.at)
        part.unlink()


def _letters(path, context):
    columns = (
        "nik text, puskesmas text, requested_at timestamptz, diagnosis text, reason text, specialty text, service text, "
        "hospital text, pass_over text, admitted_text text, discharged_text text, status integer, number text, expect text"
    )
    with connection.cursor() as cursor, path.open() as file:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.told")
        cursor.execute(f"CREATE TEMPORARY TABLE told ({columns})")
        cursor.copy_expert(
            "COPY told FROM STDIN WITH (FORMAT csv, HEADER true, FORCE_NOT_NULL (number, pass_over))", file
        )
        cursor.execute("ALTER TABLE told ADD admitted timestamptz, ADD discharged timestamptz")
        for name in ("admitted", "discharged"):
            cursor.execute(f"UPDATE told SET {name} = {name}_text::timestamptz + {_AT_TEN.format(name)}")
        cursor.execute(_LETTERS.format(actor=int(context.actor.pk)))
        cursor.execute("ANALYZE referrals_referral, referrals_sjp, referrals_episode")


def _beds(path, context):
    with connection.cursor() as cursor, path.open() as file:
        cursor.execute("CREATE TEMPORARY TABLE beds (code text, day date, occupied integer)")
        cursor.copy_expert("COPY beds FROM STDIN WITH (FORMAT csv, HEADER true)", file)
        cursor.execute(_BED_REPORTS, {"actor": context.actor.pk, "at": context.at})


def _hand_in(city, context):
    """Each month's files on the fifth of the month after it."""
    for path in sorted(city.claims, key=lambda path: path.stem[-6:]):
        year, month = int(path.stem[-6:-2]), int(path.stem[-2:])
        at = datetime.datetime(year + month // 12, month % 12 + 1, 5, 9, tzinfo=timezone.get_default_timezone())
        with path.open("rb") as file:
            hospital = Facility.objects.get(code=path.stem.split("-")[1])
            take_in(file=file, file_name=path.name, hospital=hospital, actor=None, at=at)


# One in five claims is questioned, whoever reads; the first verifier lets everything of the planted hospital pass.
_REVIEWS = """
    INSERT INTO verification_review (claim_id, stage, verifier_id, outcome, code, reason, rule, approved, lines, in_bulk,
           decided_at, decided_by_id)
    SELECT c.id, 'ADMIN', who.id, CASE WHEN asked THEN 'PEND' ELSE 'APPROVE' END, '', CASE WHEN asked THEN '-' ELSE '' END, '',
           0, '[]', false, %(at)s + c.place * interval '4 minutes', who.id
      FROM (SELECT c.id, h.code, row_number() OVER (ORDER BY c.id) AS place,
                   row_number() OVER (PARTITION BY c.hospital_id ORDER BY md5(c.reference)) AS turn
              FROM claims_claim c JOIN facilities_facility h ON h.id = c.hospital_id) c
      JOIN unnest(%(people)s::bigint[]) WITH ORDINALITY who (id, n) ON who.n = c.turn %% %(count)s + 1
     CROSS JOIN LATERAL (SELECT c.place %% 5 = 0 AND NOT (who.n = 1 AND c.code = %(hospital)s)) honest (asked)"""


def _verify(city, context):
    people = [User(username=f"p4s-{n}", nip=f"{n:018d}") for n in range(1, VERIFIERS + 1)]
    people = [user.pk for user in User.objects.bulk_create(people)]
    (pair,) = (case["hospital"] for case in _planted(city)["cases"] if "FRD-12" in case["rules"])
    at = context.at - datetime.timedelta(days=10)
    with connection.cursor() as cursor:
        cursor.execute(_REVIEWS, {"people": people, "count": VERIFIERS, "hospital": pair, "at": at})


# What was found against what was planted


def _planted(city):
    return json.loads((city.folder / TRUTH).read_text())


def _judge(city):
    found = _found()
    cases = defaultdict(list)
    for case in _planted(city)["cases"]:
        claims = {tuple(claim) for claim in case["claims"]}
        for rule in case["rules"]:
            cases[rule].append({case["hospital"]} if "hospital" in case else claims)
    for wrong in city.truth["claims"]["anomalies"]:
        cases[wrong["rule"]].append({(wrong["file"].split("-")[1], wrong["sjp"])})
    cases["TRF-02"] += cases["CTR-02"]  # a higher class costs more than class III may
    return [_row(rule, cases[rule], found[rule]) for rule in sorted(cases)]


def _row(rule, cases, found):
    """``found`` are sets of what a finding points at: (hospital, SEP) of its claims, or the hospital of a signal."""
    hit = sum(any(case & seen for seen in found) for case in cases)
    right = sum(any(case & seen for case in cases) for seen in found)
    recall, precision = hit / len(cases), right / len(found) if found else 0
    detail = f"recall {recall:.2f} ({hit} of {len(cases)} cases), precision {precision:.2f} ({right} of {len(found)} findings)"
    return Row(rule, "lower of recall and precision", "-", min(recall, precision), at_least=REACH, detail=detail)


def _found():
    """``{rule: [what each finding points at]}``."""
    found = defaultdict(list)
    for rule, code, sep in Finding.objects.values_list("rule", "claim__hospital__code", "claim__reference"):
        found[rule].append({(code, sep)})
    for code, sep, findings in IntakeRow.objects.values_list("batch__hospital__code", "reference", "findings"):
        for one in findings:
            found[one["rule"]].append({(code, sep)})
    claims = {
        pk: (code, sep) for pk, code, sep in Claim.objects.values_list("pk", "hospital__code", "reference").iterator()
    }
    for rule, code, seen in FraudSignal.objects.values_list("rule", "hospital__code", "claims"):
        found[rule].append({code} if rule in BY_HOSPITAL else {claims[pk] for pk in seen})
    return found
