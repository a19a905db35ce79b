"""Letters of every kind at the demo hospital: a series with its sessions, a request to Dinkes, more days for a stay, a trip."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from PIL import Image

from facilities.enums import Service
from facilities.models import Diagnosis, Facility, Specialty, User
from ksb.core import outbox
from ksb.core.errors import Refused
from ksb.demo.people import PUSKESMAS, RSUD
from participants.models import Resident
from referrals import ambulance, complement, extension, issuing, series
from referrals.enums import EpisodeState, SeriesKind
from referrals.models import AmbulanceTariff, Episode, Sjp

PATIENTS = 3
SESSION = datetime.timedelta(hours=4)


def live_kinds(*, on, at):
    """Series, a complement, an extension and an ambulance trip, as far as the small city has patients for them."""
    desk, clerk = User.objects.get(username="rsud.daftar"), User.objects.get(username="puskesmas")
    _tariffs(on)
    people = Resident.objects.filter(coverage_status__decision="COVERED", status=0).order_by("-pk")[:PATIENTS]
    for act in (_dialysis, _complement, _longer, _trip):
        try:
            act(list(people), desk, clerk, at)
        except Refused:
            continue
    outbox.drain()


def _tariffs(on):
    first = DateRange(datetime.date(on.year, 1, 1), None)
    for emergency, price in ((False, 250_000), (True, 400_000)):
        AmbulanceTariff.objects.get_or_create(
            emergency=emergency,
            defaults={"per_trip": price, "included_km": 5, "per_km": 10_000, "valid": first, "source": "demonstration"},
        )


def letter(person, clerk, at, **values):
    """A referral with its SJP from the demo Puskesmas to the RSUD, or as ``values`` say."""
    return issuing.issue(
        **{
            "resident": person,
            "actor": clerk,
            "at": at,
            "known_at": timezone.now(),
            "puskesmas": Facility.objects.get(code=PUSKESMAS),
            "hospital": Facility.objects.get(code=RSUD),
            "specialty": Specialty.objects.get(pk="INT"),
            "reason": "EQUIPMENT",
            "complaint": "Lemas, bengkak kedua tungkai.",
            "findings": "TD 170/100, kreatinin 9,8 mg/dl.",
            "doctor_name": "dr. Bayu Pratama",
            **values,
        }
    )


def _dialysis(people, desk, clerk, at):
    """One patient with two sessions behind, the next one to come."""
    begun = at - datetime.timedelta(days=10)
    kidney = Diagnosis.objects.get(pk="N18.5")
    sjp = letter(people[0], clerk, begun, service=Service.HAEMODIALYSIS, diagnosis=kidney)
    programme = series.begin(
        sjp=sjp,
        actor=desk,
        at=begun,
        kind=SeriesKind.HAEMODIALYSIS,
        diagnosis=kidney,
        doctor_name="dr. Rahma Dewi, Sp.PD-KGH",
        weekdays=[1, 4],
        machine="HD-03",
    )
    for days in (9, 6, 2):
        start = at - datetime.timedelta(days=days, hours=5)
        series.register(
            series=programme,
            actor=desk,
            at=at,
            identity_check="KTP_SEEN",
            started_at=start,
            ended_at=start + SESSION,
            medical_record="HD0003",
        )


def _complement(people, desk, clerk, at):
    """A member of JKN, hurt by somebody: JKN does not pay, the programme asks Dinkes."""
    member = Resident.objects.filter(coverage_status__decision="EXCLUDED_JKN_AKTIF", status=0).order_by("pk").first()
    if member is None:
        return
    complement.request(
        resident=member,
        actor=clerk,
        at=at,
        puskesmas=Facility.objects.get(code=PUSKESMAS),
        category="ASSAULT",
        file=_photo(),
        proof_kind="POLICE_REPORT",
        proof_number=f"LP/B/118/{at.year}",
        proof_dated=timezone.localdate(at),
        hospital=Facility.objects.get(code=RSUD),
        service=Service.OUTPATIENT,
        specialty=Specialty.objects.get(pk="INT"),
        diagnosis=Diagnosis.objects.get(pk="S06.0"),
        reason="EQUIPMENT",
        complaint="Dipukul orang tak dikenal, sempat pingsan.",
        findings="GCS 15, luka robek pelipis kanan.",
        doctor_name="dr. Bayu Pratama",
    )


def _photo():
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "#e8e4d8").save(out, "JPEG")
    return SimpleUploadedFile("laporan.jpg", out.getvalue(), content_type="image/jpeg")


def _longer(people, desk, clerk, at):
    """A patient who lies at the RSUD and has to stay."""
    stays = Episode.objects.filter(hospital__code=RSUD, state=EpisodeState.IN_CARE, service=Service.INPATIENT)
    stay = stays.filter(sjp__valid_until__gte=timezone.localdate(at)).select_related("sjp").order_by("pk").first()
    if stay is not None:
        extension.request(
            sjp=stay.sjp,
            actor=desk,
            at=at,
            doctor_name="dr. Rahma Dewi, Sp.PD",
            reason="Pneumonia berat, antibiotik intravena belum selesai, masih memerlukan oksigen.",
        )


def _trip(people, desk, clerk, at):
    """A patient fetched from the Puskesmas by the ambulance of the RSUD."""
    sjp = Sjp.objects.filter(hospital__code=RSUD, state="ISSUED", service=Service.OUTPATIENT).order_by("-pk").first()
    if sjp is not None:
        ambulance.request(
            for_sjp=sjp,
            actor=desk,
            at=at,
            provider=sjp.hospital,
            origin="FACILITY",
            origin_place=str(sjp.puskesmas),
            destination=sjp.hospital,
            emergency=False,
            expected_km=9,
        )
