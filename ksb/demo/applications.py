"""The demonstration's applications: families that apply on line, one at each step of the way, and what looks like a broker."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from facilities.models import User
from ksb.core.errors import Refused
from participants import enrolment, field_checks, self_service, signals
from participants.documents import NEEDED
from participants.models import Household

FAMILIES = 14
SAME_PHONE = 4  # the first families gave one number: a signal to look at
BROKERS_PHONE = "081290000001"


def live_through_applications(*, at):
    """Let unregistered families apply on line as of now and bring each a different way along. Returns how many applied."""
    free = Household.objects.filter(dissolved_on__isnull=True, head__isnull=False, enrolments__isnull=True)
    applied = 0
    for n, household in enumerate(free.order_by("pk")[:FAMILIES]):
        try:
            _STEPS[n % len(_STEPS)](_hand_in(household, n, at), at)
            applied += 1
        except Refused:
            continue  # nobody of this family lives in the city any more
    signals.refresh(on=timezone.localdate(at))
    return applied


def _hand_in(household, n, at):
    phone = BROKERS_PHONE if n < SAME_PHONE else f"0812900001{n:02d}"
    draft = self_service.begin(household=household, phone=phone, email="", device="", at=at)
    for kind in NEEDED:
        self_service.attach(enrolment=draft, kind=kind, file=_sample(kind, n), at=at)
    return self_service.hand_in(application=draft, at=at)


def _sample(kind, n):
    """A picture that says that it is none: no document of anybody, not even an invented one."""
    image = Image.new("RGB", (900, 560), "#eef3f0")
    ImageDraw.Draw(image).text(
        (60, 240), f"CONTOH {kind.value} {n + 1}: bukan dokumen asli", fill="#064e3b", font_size=36
    )
    out = io.BytesIO()
    image.save(out, "JPEG")
    return SimpleUploadedFile("contoh.jpg", out.getvalue())


def _officer(username):
    return User.objects.get(username=username)


def _wait(application, at):
    """It stays where the registry's check has left it."""


def _compare(application, at):
    enrolment.compare(enrolment=application, findings={}, actor=_officer("verifikator.peserta"), at=at)


def _order_visit(application, at):
    enrolment.order_field_check(enrolment=application, actor=_officer("verifikator.peserta"), at=at)


def _visit(application, at):
    _order_visit(application, at)
    field_checks.record(
        enrolment=application,
        answers=dict.fromkeys(("found", "met", "identity", "belongings"), field_checks.YES),
        lives_here=True,
        note="Dijumpai kepala keluarga; rumah kontrakan, dihuni.",
        visited_on=timezone.localdate(at),
        actor=_officer("dukcapil"),
        at=at,
    )


def _send_back(application, at):
    enrolment.send_back(
        enrolment=application,
        reason_code="DOCUMENTS_MISSING",
        reason="Foto KTP tidak terbaca. Kirim ulang.",
        actor=_officer("verifikator.peserta"),
        at=at,
    )


def _reject(application, at):
    enrolment.reject(
        enrolment=application,
        reason_code="NOT_LIVING_HERE",
        reason="Keluarga tidak ditemukan di alamat yang tercatat.",
        actor=_officer("verifikator.peserta"),
        at=at,
    )


_STEPS = (_wait, _compare, _order_visit, _visit, _send_back, _reject, _wait)
