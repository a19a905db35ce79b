"""C26 to C34: the service asked for, how sure the data are, and what holds when nothing stands in the way."""

from django.utils.translation import gettext_noop

from participants.eligibility.rules.rule import (
    BLOCKS,
    GRANTS,
    GUIDE,
    INFORMS,
    PERDA,
    PERPRES,
    TECHNICAL,
    WARNS,
    WITHHOLDS,
    Rule,
    Source,
)
from participants.enums import Decision

RULES = (
    Rule(
        code="C26",
        effect=WITHHOLDS,
        applies="at_hospital AND referral_required AND NOT referred",
        unless="emergency",
        message=gettext_noop("A referral from the Puskesmas is needed."),
        law=GUIDE,
        source=Source.CASE,
    ),
    Rule(
        code="C27",
        effect=INFORMS,
        applies="emergency AND criterion = ''",
        message=gettext_noop(
            "Emergency: treated at once without referral; the hospital reports within %(emergency_report_hours)s hours."
        ),
        law=f"Permenkes 47/2018; {PERPRES} ps. 63",
        source=Source.CASE,
    ),
    Rule(
        code="C27",
        variant="NAMED",
        effect=INFORMS,
        applies="emergency AND criterion <> ''",
        message=gettext_noop(
            "Emergency (%(criterion)s): treated at once without referral; the hospital reports within "
            "%(emergency_report_hours)s hours."
        ),
        law=f"Permenkes 47/2018; {PERPRES} ps. 63",
        source=Source.CASE,
    ),
    Rule(
        code="C28",
        effect=WITHHOLDS,
        applies="at_hospital AND NOT contracted",
        unless="emergency",
        message=gettext_noop("The hospital has no agreement for this service on this date."),
        law=f"Perwal Bekasi 110/2017; {PERPRES} ps. 52",
        source=Source.FACILITIES,
    ),
    Rule(
        code="C29",
        effect=WITHHOLDS,
        applies="care_class < class_allowed",
        message=gettext_noop(
            "KSB covers class III only. Who moves up a class pays for the whole stay; the guarantee ends."
        ),
        law=GUIDE,
        source=Source.CASE,
    ),
    Rule(
        code="C30",
        effect=WITHHOLDS,
        applies="generally_excluded",
        message=gettext_noop("This service is not guaranteed: %(exclusion)s."),
        law=f"{PERPRES} ps. 52",
        source=Source.CASE,
    ),
    Rule(
        code="C31",
        effect=WARNS,
        applies="spent_episode > benefit_cap_episode",
        message=gettext_noop("Above the ceiling of %(benefit_cap_episode)s a treatment. The rest is not guaranteed."),
        law=TECHNICAL,
        source=Source.CASE,
    ),
    Rule(
        code="C31",
        variant="YEAR",
        effect=WARNS,
        applies="spent_year > benefit_cap",
        message=gettext_noop("Above the ceiling of %(benefit_cap)s a year. The rest is not guaranteed."),
        law=TECHNICAL,
        source=Source.CASE,
    ),
    Rule(
        code="C32",
        effect=BLOCKS,
        decision=Decision.UNKNOWN,
        applies="registry_is_stale",
        unless="emergency OR unverified",
        message=gettext_noop(
            "The data cannot be verified now (registry as of %(registry_date)s); handled with a remark."
        ),
        law=TECHNICAL,
        source=Source.REGISTRY,
    ),
    Rule(
        code="C32",
        variant="JKN",
        effect=BLOCKS,
        decision=Decision.UNKNOWN,
        applies="jkn_is_stale AND NOT jkn_asked",
        unless="emergency OR unverified",
        message=gettext_noop("The data cannot be verified now (JKN lists as of %(jkn_date)s); handled with a remark."),
        law=TECHNICAL,
        source=Source.JKN,
    ),
    Rule(
        code="C33",
        effect=INFORMS,
        when_covered=True,
        applies="NOT has_card",
        message=gettext_noop("No card is needed: KTP and KK of Kota Bekasi are enough."),
        law=GUIDE,
        source=Source.MEMBERSHIP,
    ),
    Rule(
        code="C34",
        effect=GRANTS,
        decision=Decision.COVERED,
        applies="true",
        message=gettext_noop("Covered by KSB as long as the data do not change; valid today."),
        law=PERDA,
        source=Source.SCHEME,
    ),
)
