"""The demonstration city's past: its files through the real pipelines, its letters, stays and claims through the real services.

Nothing is written past a service, so what the demonstration shows is what the programme does.
"""

import csv
import datetime
import functools
from collections import Counter
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from django.utils.timezone import localdate

from budget import payments
from claims import batches, completeness
from claims.enums import ClaimState
from claims.intake import take_in
from claims.models import ClaimBatch
from facilities.enums import Role
from facilities.models import Diagnosis, Facility, Membership, Specialty, User
from facilities.reference import load_reference
from ksb.core import journal, outbox
from ksb.core.errors import Refused
from ksb.demo import aftercare, cards, desks, grounds, mistakes, papers, prices, questions, rules, verification
from ksb.demo.applications import live_through_applications
from ksb.demo.births import live_births
from ksb.demo.emergencies import live_emergencies
from ksb.demo.endings import live_endings
from ksb.demo.kinds import live_kinds
from ksb.demo.money import live_through_money
from ksb.demo.network import live_through_network
from ksb.demo.people import create_demo
from participants import runs
from participants.dukcapil import sync as registry
from participants.eligibility import city
from participants.enums import SyncState
from participants.jkn import sync as jkn
from participants.models import Resident
from referrals import hospital as desk
from referrals import issuing
from referrals.enums import Condition, IdentityCheck
from reports import leakage
from reports.rollup import roll_up
from verification import assignment, minutes

CHART_DAYS = 14
TO_SIGN, HANDED_IN, RETURNED, COMPLETE = "to sign", "handed in", "returned", "complete"
# In the newest month these hospitals, in the order of their codes, have not come as far as the others.
STOPS = {1: TO_SIGN, 2: HANDED_IN, 3: RETURNED}


def load_city(folder, *, on, say=lambda line: None):
    """Load the files of ``make_city`` in ``folder`` and live through the months they tell of, up to the day ``on``."""
    folder = Path(folder)
    load_reference()
    say("registry, JKN lists, members")
    snapshots = sorted(folder.glob("registry-*.csv"))
    _take_snapshot(snapshots[0])
    create_demo(at=timezone.now())
    for snapshot in snapshots[1:]:
        _take_snapshot(snapshot)
    lists = sorted([*folder.glob("pbi-*.csv"), *folder.glob("bpjs-*.csv")])
    lists = questions.with_lost_niks(lists, sorted(folder.glob("demand-*.csv")))
    jkn.run(paths=lists, actor=None, at=timezone.now())
    _import_members(folder / "members.csv")
    city.reevaluate(on=on, at=timezone.now())
    live_through_applications(at=timezone.now())
    cards.live_through(operator=_demo("dinkes.peserta"), approver=_demo("dinkes.kartu"), at=timezone.now())
    mistakes.report(at=timezone.now())
    grounds.prepare(at=timezone.now())
    say("letters and stays")
    letters = Counter()
    for demand in sorted(folder.glob("demand-*.csv")):
        letters += _live_through(demand)
    aftercare.go_on(at=timezone.now())
    live_births(on=on, at=timezone.now())
    live_kinds(on=on, at=timezone.now())
    live_emergencies(on=on, at=timezone.now())
    live_endings(on=on, at=timezone.now())
    questions.judge(at=timezone.now())
    outbox.drain(limit=10**6)
    live_through_network(actor=_demo("dinkes.layanan"), at=timezone.now())
    say("claims, decisions, payments")
    prices.load(proposer=_demo("dinkes.layanan"), approver=_demo("dinkes.klaim"), at=timezone.now())
    for month in _months(folder):
        _claim_month(folder, month)
    rules.change(coordinator=_demo("koordinator"), officer=_demo("dinkes.layanan"), at=timezone.now())
    live_through_money(at=timezone.now())
    for days in range(CHART_DAYS, 0, -1):
        roll_up(day=on - datetime.timedelta(days=days), measures=["sjp_issued"])
    roll_up(day=on)
    leakage.roll_up()
    outbox.drain(limit=10**6)
    desks.clear_the_past(at=timezone.now())
    desks.count_referrals(doctor=_demo("dokter"), on=on, at=timezone.now())
    journal.seal()
    return letters


def _take_snapshot(path):
    """In a very small city one night changes so much that the run waits for two people, as it should."""
    run = registry.run(path=path, actor=None, at=timezone.now())
    if run.state == SyncState.WAITING_APPROVAL:
        for username in ("dinkes.peserta", "dukcapil"):
            run = runs.approve(run=run, actor=_demo(username), at=timezone.now())
        registry.resume(run=run, actor=_demo("dukcapil"), at=timezone.now())


def _import_members(path):
    """The list holds a few wrong lines on purpose: the command ends with 1 and the rest is in."""
    try:
        call_command("import_members", str(path), verbosity=0)
    except SystemExit:
        return


# Letters and stays


def _live_through(path):
    """Issue every letter of a demand file, admit and discharge. Counts letters, stays and refusals by rule."""
    found = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                sjp = _issue(row)
            except Refused as refusal:
                found[f"refused {refusal.code or row['EXPECT']}"] += 1
                continue
            found["letters"] += 1
            if row["ADMITTED"]:
                found["stays"] += 1
                _stay(sjp, row)
    return found


def _issue(row):
    puskesmas = _facility(row["PUSKESMAS"])
    return issuing.issue(
        resident=Resident.objects.get(nik=row["NIK"]),
        actor=_officer(puskesmas, Role.PUSKESMAS_CLERK),
        at=_moment(row["REQUESTED_AT"]),
        puskesmas=puskesmas,
        hospital=_facility(row["HOSPITAL"]),
        specialty=_specialty(row["SPECIALTY"]),
        service=row["SERVICE"],
        diagnosis=_diagnosis(row["ICD10"]),
        reason=row["REASON"],
        pass_over_reason=row["PASS_OVER"],
        complaint="Keluhan sesuai diagnosis kerja, tidak membaik dengan terapi di Puskesmas.",
        findings="Keadaan umum sedang, tanda vital stabil.",
        therapy="Terapi simtomatik.",
        doctor_name="dr. Bayu Pratama",
        known_at=timezone.now(),
    )


def _stay(sjp, row):
    officer = _officer(sjp.hospital, Role.HOSPITAL_DESK)
    admitted = _moment(row["ADMITTED"])
    episode = desk.admit(
        sjp=sjp, actor=officer, at=admitted, identity_check=IdentityCheck.KTP_SEEN, medical_record=f"{sjp.pk:06d}"
    )
    if row["DISCHARGED"]:
        moment = max(_moment(row["DISCHARGED"]), admitted) + datetime.timedelta(hours=3)
        now = timezone.now()
        episode = desk.discharge(
            episode=episode,
            actor=officer,
            at=moment,
            status=int(row["DISCHARGE_STATUS"]),
            condition=Condition.IMPROVED,
            next_step=aftercare.next_step(sjp, moment, at=now),
            follow_up="Kontrol ke Puskesmas.",
        )
        aftercare.follow(episode, actor=officer, at=moment, now=now)


# Claims of the past months: the older ones decided and paid, the newest waiting for a verifier


def _months(folder):
    return sorted({path.stem.rpartition("-")[2] for path in folder.glob("eklaim-*.txt")})


def _claim_month(folder, month):
    newest = month == _months(folder)[-1]
    handed_in = _after(month, day=5)
    for n, path in enumerate(sorted(folder.glob(f"eklaim-*-{month}.txt"))):
        hospital = _facility(path.stem.split("-")[1])
        biller = _officer(hospital, Role.HOSPITAL_BILLER)
        with path.open("rb") as file:
            result = take_in(file=file, file_name=path.name, hospital=hospital, actor=biller, at=handed_in)
        if result.batch and result.batch.claims.filter(state=ClaimState.READY).exists():
            if newest:
                papers.scan_claims(result.batch, actor=biller, at=handed_in)
            batch = batches.submit(batch=result.batch, actor=biller, at=handed_in)
            for part in batch.family():
                _hand_in(part, at=handed_in, until=STOPS.get(n, COMPLETE) if newest else COMPLETE)
    assignment.assign_waiting(at=_after(month, day=6))
    for n, batch in enumerate(verification.open_batches()):
        if newest:
            verification.begin(batch, at=_after(month, day=9), asks=n % 2 == 0)
            continue
        verification.decide(batch, at=_after(month, day=9), refuses=n % 3 == 1)
        verifier = batch.assignments.get(stage="ADMIN", ended_at__isnull=True).verifier
        bahv = minutes.draw(batch=batch, actor=verifier, at=_after(month, day=9))
        if n % 3 == 1:
            verification.dispute(batch, at=_after(month, day=10), ruled=n % 2 == 1)
            bahv.refresh_from_db()
        _sign(bahv, at=_after(month, day=11))
        if n % 3:
            _pay(batch, at=_after(month, day=12), number=n)


def _hand_in(batch, *, at, until):
    """Signed, and looked at by Dinkes, as far as ``until``."""
    if until == TO_SIGN:
        return
    batch = batches.sign(batch=batch, actor=_officer(batch.hospital, Role.HOSPITAL_DIRECTOR), at=at)
    looked = {"batch": batch, "actor": _demo("dinkes.klaim"), "at": at}
    if until == COMPLETE:
        completeness.find_complete(**looked)
    elif until == RETURNED:
        completeness.return_(**looked, incomplete=1, lacking=["Baris 2: resume medis belum ditandatangani DPJP"])


def _sign(bahv, *, at):
    director = _officer(bahv.batch.hospital, Role.HOSPITAL_DIRECTOR)
    bahv = minutes.sign_hospital(bahv=bahv, actor=director, at=at)
    bahv = minutes.sign_verifier(bahv=bahv, actor=bahv.drawn_by, at=at)
    minutes.approve(bahv=bahv, actor=_demo("dinkes.layanan"), at=at)


def _pay(batch, *, at, number):
    batch = ClaimBatch.objects.select_related("hospital").get(pk=batch.pk)
    if not batch.approved:
        return
    day = localdate(at)
    payment = payments.propose(
        bahvs=list(batch.bahvs.filter(state="APPROVED")),
        actor=_demo("dinkes.klaim"),
        at=at,
        receipt_number=f"{number:04d}/KW/{batch.hospital.code}/{day.year}",
        receipt_date=day,
    )
    name = f"{number:04d}/%s/1.02/{day.year}"
    payment = payments.issue_spp(payment=payment, number=name % "SPP", date=day, actor=_demo("bendahara"), at=at)
    payment = payments.issue_spm(payment=payment, number=name % "SPM", date=day, actor=_demo("kpa"), at=at)
    payments.issue_sp2d(payment=payment, number=name % "SP2D", date=day, actor=_demo("bud"), at=at)


# Who and where


def _moment(text):
    """The moment a file names; a day alone means ten in the morning."""
    moment = datetime.datetime.fromisoformat(text)
    if len(text) == len("2026-01-01"):
        moment = moment.replace(hour=10)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _after(month, *, day):
    """A working hour on ``day`` of the month after ``month`` (YYYYMM), but never in the future."""
    year, number = int(month[:4]), int(month[4:])
    moment = datetime.datetime(year + number // 12, number % 12 + 1, day, 14, tzinfo=timezone.get_current_timezone())
    return min(moment, timezone.now())


@functools.cache
def _facility(code):
    return Facility.objects.select_related("kecamatan").get(code=code)


@functools.cache
def _specialty(code):
    return Specialty.objects.get(pk=code)


@functools.cache
def _diagnosis(code):
    return Diagnosis.objects.get(pk=code)


@functools.cache
def _demo(username):
    return User.objects.get(username=username)


@functools.cache
def _officer(facility, role):
    """Somebody who works there in that role: a demo person, or an account nobody can log in with."""
    known = Membership.objects.in_force(localdate()).filter(facility=facility, role=role).select_related("user").first()
    if known:
        return known.user
    user = User(
        username=f"{role.lower()}.{facility.code}",
        first_name="Petugas",
        last_name=facility.name,
        nip=f"1990{facility.pk:014d}",
    )
    user.set_unusable_password()
    user.save()
    Membership.objects.create(
        user=user, role=role, facility=facility, valid_from=datetime.date(2020, 1, 1), granted_by=User.objects.system()
    )
    return user
