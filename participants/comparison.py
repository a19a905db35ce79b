"""What a comparison of scans and registry found, in words for staff and family."""

from django.utils.translation import gettext as _

from participants.enums import Difference, FamilyDifference


def differences_in_words(enrolment, check):
    """One line for each person and for the family card that differ, as kept with the application; empty when nothing does."""
    findings = enrolment.checklist.get("comparison") or {}
    names = {str(member.resident.pk): member.resident.name for member in check.members}
    lines = [
        f"{names.get(key, _('a former member'))}: {_list(Difference, codes)}"
        for key, codes in findings.get("members", {}).items()
    ]
    if findings.get("family"):
        lines.append(f"{_('family card')}: {_list(FamilyDifference, findings['family'])}")
    return lines


def covered_by_jkn_sentence():
    """What a family is told whose members are all PBI: nothing is wrong with it, and JKN is already there."""
    return _(
        "All members of your family are covered by JKN, paid by the government (PBI). Use the JKN/KIS card; "
        "you do not need to register."
    )


def _list(kind, codes):
    return ", ".join(str(kind(code).label) for code in codes)
