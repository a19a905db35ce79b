"""Births of the last weeks at the demo hospital: some wait for an SJP, some for a NIK, twins for a person to tell them apart."""

import datetime

from django.utils import timezone

from facilities.models import Diagnosis, Facility, Specialty, User
from ksb.core import outbox
from ksb.core.errors import Refused
from ksb.demo.people import PUSKESMAS, RSUD
from participants import newborns as register
from participants.enums import ResidentStatus, Sex
from participants.models import Resident
from referrals import newborns

YOUNGEST, OLDEST = 20, 40  # years
# days ago, whether the child needs care of its own, whether the SJP was issued
BIRTHS = ((0, True, False), (1, True, True), (2, False, False), (8, False, False), (16, True, True), (23, False, False))
REGISTERED_DAYS = 50
YEAR = 365


def live_births(*, on, at):
    """Record births of the last weeks at the RSUD of the demonstration; the night then finds who is registered."""
    desk, clerk = User.objects.get(username="rsud.daftar"), User.objects.get(username="puskesmas")
    for mother, (days, ill, issued) in zip(_covered_mothers(on), BIRTHS, strict=False):
        moment = at - datetime.timedelta(days=days, hours=3)
        child = _record(desk, mother, moment, at=at)
        if ill:
            _ask(child, desk, clerk if issued else None, at=at)
    for person, mother in _registered_children(on):
        moment = datetime.datetime.combine(person.birth_date, datetime.time(5), tzinfo=timezone.get_current_timezone())
        for order in (1, 2):
            _record(desk, mother, moment, at=at, children=2, birth_order=order, sex=person.sex)
    register.follow(on=on, at=at)
    outbox.drain()


def _covered_mothers(on):
    women = Resident.objects.filter(
        sex=Sex.FEMALE,
        status=ResidentStatus.ACTIVE,
        coverage_status__decision="COVERED",
        birth_date__range=(
            on - datetime.timedelta(days=OLDEST * YEAR),
            on - datetime.timedelta(days=YOUNGEST * YEAR),
        ),
    )
    return women.order_by("pk")[: len(BIRTHS)]


def _registered_children(on):
    """One child the registry has already: a second one of the same birth makes its match a question."""
    young = Resident.objects.filter(birth_date__gte=on - datetime.timedelta(days=REGISTERED_DAYS), status=0)
    for person in young.exclude(mother_nik="").order_by("pk"):
        mother = Resident.objects.filter(nik=person.mother_nik).first()
        if mother:
            return [(person, mother)]
    return []


def _record(desk, mother, moment, *, at, **values):
    facts = {
        "sex": Sex.FEMALE,
        "weight": 3050,
        "place": desk.facility.name,
        "certificate": f"SKL/{mother.pk % 1000:03d}",
    }
    return register.record(
        actor=desk,
        at=at,
        facility=desk.facility,
        puskesmas=Facility.objects.get(code=PUSKESMAS),
        mother=mother,
        father=None,
        birth_time=moment,
        doctor_name="dr. Anita Rahmawati, Sp.A",
        **{**facts, **values},
    )


def _ask(child, desk, clerk, *, at):
    """The request, and the letter where ``clerk`` has issued it."""
    try:
        asked = newborns.request(
            newborn=child,
            actor=desk,
            at=at,
            hospital=Facility.objects.get(code=RSUD),
            specialty=Specialty.objects.get(pk="ANA"),
            diagnosis=Diagnosis.objects.get(pk="P22.0"),
            complaint="Sesak napas sejak lahir.",
            findings="Apgar 6/8, napas 68 kali per menit, SpO2 90%.",
            doctor_name=child.doctor_name,
            late_reason="Dirujuk setelah rawat gabung." if newborns.is_late(child, at=at) else "",
        )
        if clerk is not None:
            newborns.issue(asked=asked, actor=clerk, at=at)
    except Refused:
        return
