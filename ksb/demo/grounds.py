"""Special covers, an outbreak and rules on their way, so that their registers are not empty."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from facilities.enums import RegionLevel
from facilities.models import Region, User
from ksb.core.scheme import scheme_on
from participants import schemes
from participants.enums import Decision, EventSort, Funding, Sex, SpecialGroup
from participants.models import CoverageStatus
from participants.special import covers, events

VICTIMS = 5


def prepare(*, at):
    """Letters of Dinsos in force, one that waits, an outbreak with its list, and rules for next year that wait."""
    on = localdate(at)
    dinsos, dinkes, second = _user("dukcapil"), _user("dinkes.peserta"), _user("dinkes.layanan")
    rows = CoverageStatus.objects.filter(decision=Decision.EXCLUDED_BELUM_TERDAFTAR).select_related("resident")
    people = [row.resident for row in rows.order_by("pk")[: VICTIMS + 1]]
    if people:
        known = _propose(SpecialGroup.ODGJ, dinsos, on, at, nik=people[0].nik)
        covers.approve(special=known, actor=dinkes, at=at)
    stranger = _propose(SpecialGroup.NO_NIK, dinsos, on, at, name="PAK TUA (TIDAK DIKETAHUI)")
    covers.approve(special=stranger, actor=second, at=at)  # a Puskesmas may write letters by the number
    _propose(SpecialGroup.NO_NIK, dinsos, on, at, name="PAK TOPI (TIDAK DIKETAHUI)")
    _outbreak(people[1:], dinkes, second, on, at)
    scheme = scheme_on(on)
    if scheme:
        schemes.propose(
            code=f"R{on.year + 1}",
            name_id="Usulan aturan tahun depan",
            name_en="Proposed rules for next year",
            starts=date(on.year + 1, 1, 1),
            legal_source="Rancangan Perwal",
            parameters=scheme.parameters,
            actor=second,
            at=at,
        )


def _propose(group, actor, on, at, *, nik="", name=""):
    letter = {"letter_number": f"460/{group}/DINSOS", "letter_on": on, "letter_text": "Mohon dijamin selama perawatan."}
    return covers.propose(
        group=group,
        nik=nik,
        name=name,
        sex=Sex.MALE,
        birth_date=date(1960, 7, 1),
        letter=letter,
        valid_from=on,
        valid_until=on + timedelta(days=90),
        actor=actor,
        at=at,
    )


def _outbreak(people, actor, second, on, at):
    area = Region.objects.filter(level=RegionLevel.KELURAHAN).order_by("code").first()
    event = events.propose(
        sort=EventSort.OUTBREAK,
        name=f"KLB DBD {area.name} {on.year}",
        decree="440/Kep-KLB/DINKES",
        decree_on=on,
        funding=Funding.BTT,
        area=[area.code],
        whole_area=False,
        valid_from=on - timedelta(days=7),
        valid_until=None,
        actor=actor,
    )
    events.list_people(event=event, niks=[person.nik for person in people], actor=actor, at=at)
    events.approve(event=event, actor=second, at=at)


def _user(username):
    return User.objects.get(username=username)
