"""Who the patient is: told at once by the NIK, or found out later for one who came without a name."""

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import Facility
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from referrals.emergency import letter
from referrals.models import EmergencyNotice
from referrals.workflow import SERVICES
from referrals.workflow.who import speaks_for


def home_puskesmas(household):
    """The Puskesmas that looks after a family: the one of its kelurahan, else the first of its kecamatan, else of the city."""
    everywhere = Facility.objects.puskesmas().filter(active=True).order_by("code")
    kelurahan = household.kelurahan
    if kelurahan is None:
        return everywhere.first()
    near = everywhere.filter(kecamatan=kelurahan.parent_id)
    return near.filter(name__iendswith=kelurahan.name).first() or near.first() or everywhere.first()


def near_puskesmas(hospital):
    """The Puskesmas that looks after somebody without an address: that of the hospital's kecamatan, else the first."""
    everywhere = Facility.objects.puskesmas().filter(active=True).order_by("code")
    return everywhere.filter(kecamatan=hospital.kecamatan_id).first() or everywhere.first()


def identify(*, notice, identity_check, actor, at, resident=None, special=None, lookup=None):
    """The unknown patient is ``resident``, as ``actor`` found. Until the decision a wrong answer can be replaced.

    Somebody without NIK whom Dinsos recommends is known by ``special``, the SpecialCover.

    The description stays, so that whoever decides can compare. Raises NotAllowed, WrongState, Refused (sex, told twice).
    """
    twice = {"one_open_notice_per_person_and_hospital": _("Your hospital has reported this patient already.")}
    with transaction.atomic():
        notice = (
            EmergencyNotice.objects.select_for_update(no_key=True, of=("self",))
            .select_related("hospital")
            .get(pk=notice.pk)
        )
        if not actor.has_role(*SERVICES) and not speaks_for(notice, actor):
            raise NotAllowed(_("Only the desk that reported this emergency or Dinkes says who the patient is."))
        if not notice.marks:
            raise WrongState(_("This patient was reported by the NIK."))
        if not notice.is_open:
            raise WrongState(_("This notice is decided already."))
        if (resident or special).sex != notice.sex:
            raise Refused(_("The person with this number is of the other sex than the patient who was reported."))
        notice.resident, notice.special = resident, special
        notice.puskesmas = home_puskesmas(resident.household) if resident else near_puskesmas(notice.hospital)
        notice.identity_check, notice.identified_at, notice.identified_by = identity_check, at, actor
        letter.write_anew(notice)
        with refusing(twice):
            notice.save(
                update_fields=[
                    *("resident", "special", "puskesmas", "identity_check", "identified_at", "identified_by", "letter"),
                ]
            )
        journal.record("emergency.identify", notice, actor=actor, lookup=str(lookup.pk) if lookup else None)
    return notice
