"""Which letters Dinkes decides on before they are issued, as the scheme's parameters ask (domain.md B8 step 7, B11, C18)."""

from facilities.enums import Service
from participants.enums import Decision
from referrals.enums import ApprovalGround, SjpState
from referrals.models import Sjp

NOT_COUNTED = (SjpState.CANCELLED, SjpState.EXPIRED, SjpState.DECLINED, SjpState.REVOKED)


def beyond(sjp, parameters, *, on):
    """The ApprovalGrounds of ``sjp`` (decided and estimated, not saved) on the day ``on``; none for most letters.

    An emergency waits for nobody.
    """
    if sjp.emergency or sjp.service == Service.EMERGENCY:
        return []
    asked = {
        ApprovalGround.OUT_OF_CITY: parameters.approval_out_of_city and not sjp.hospital.in_city,
        ApprovalGround.HIGH_COST: sjp.estimate >= parameters.high_cost,
        ApprovalGround.MANY_LETTERS: _has_many(sjp, parameters.approval_after_letters, on),
        ApprovalGround.SPECIAL: parameters.approval_special and _decided(sjp, Decision.COVERED_SPECIAL),
        ApprovalGround.COMPLEMENT: _decided(sjp, Decision.COVERED_COMPLEMENTARY),
    }
    return [ground.value for ground, applies in asked.items() if applies]


def _decided(sjp, decision):
    return sjp.decision["decision"] == decision


def _has_many(sjp, most, on):
    return most is not None and letters_of_the_year(sjp, on=on) >= most


def letters_of_the_year(sjp, *, on):
    """How many other letters of the patient began in the year of ``on`` and were not given back."""
    others = Sjp.objects.of_patient(**{**sjp.holders, "newborn": sjp.child})
    return others.exclude(pk=sjp.pk).filter(valid_from__year=on.year).exclude(state__in=NOT_COUNTED).count()
