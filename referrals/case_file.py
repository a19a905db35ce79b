"""What this station knows of one letter, to read only: for whoever judges what was claimed under it (domain.md G2, R8 and R9)."""

from ksb.core import journal
from referrals import cases
from referrals.models import BackReferral, ControlLetter, EmergencyNotice, InternalReferral, Sjp


def of_letter(sjp_id, *, actor):
    """The referral with its case, the emergency notice, visits with their summaries, and what was written after them.

    The caller has found the letter by something the actor may read; the look is on record. A number of queries that does not
    grow with the visits.
    """
    sjp = (
        Sjp.objects.with_names()
        .select_related("parent__hospital", "newborn__mother", "newborn__father", "approved_by", "series")
        .get(pk=sjp_id)
    )
    journal.record("sjp.case_read", sjp, actor=actor)
    notice = EmergencyNotice.objects.with_names().filter(sjp=sjp).first()
    visits = sjp.episodes.select_related("specialty", "resume__diagnosis").order_by("admitted_at", "pk")
    return {
        "sjp": sjp,
        "referral": sjp.referral,
        "before": list(cases.before(sjp.referral)) if sjp.referral else [],
        "notice": notice,
        "questions": list(notice.questions.select_related("asked_by", "answered_by").order_by("pk")) if notice else [],
        "visits": [(visit, getattr(visit, "resume", None)) for visit in visits],
        "controls": ControlLetter.objects.filter(sjp=sjp).select_related("specialty").order_by("control_on", "pk"),
        "internal": InternalReferral.objects.filter(episode__sjp=sjp).select_related("specialty").order_by("pk"),
        "back_letters": BackReferral.objects.filter(sjp=sjp).select_related("puskesmas").order_by("pk"),
        "extensions": sjp.extensions.order_by("pk"),
        "children": sjp.children.select_related("hospital").order_by("pk"),
    }
