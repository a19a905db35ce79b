"""C21 to C25: newborns, people without NIK, outbreaks and disasters."""

from django.utils.translation import gettext_noop

from participants.eligibility.rules.rule import BLOCKS, GRANTS, INFORMS, LKM, PERDA, PERPRES, TECHNICAL, Rule, Source
from participants.enums import Decision

RULES = (
    Rule(
        code="C21",
        effect=GRANTS,
        decision=Decision.COVERED_NEWBORN,
        applies="is_newborn AND mother_known AND NOT mother_jkn_any",
        message=gettext_noop("The newborn is covered until %(newborn_until)s. See to birth certificate and KK soon."),
        law=f"{PERDA}; {PERPRES} ps. 16",
        source=Source.REGISTRY,
        changes="newborn_until + 1",
    ),
    Rule(
        code="C22",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBN,
        applies="is_newborn AND mother_pbi_apbn",
        unless="complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("The newborn of a PBI mother is a PBI member of JKN by law. Report the birth to BPJS."),
        law=f"{PERPRES} ps. 10",
        source=Source.JKN,
    ),
    Rule(
        code="C22",
        variant="APBD",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBD,
        applies="is_newborn AND mother_pbi_apbd",
        unless="complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("The newborn of a PBI mother is a PBI member of JKN by law. Report the birth to BPJS."),
        law=f"{PERPRES} ps. 10",
        source=Source.JKN,
    ),
    Rule(
        code="C23",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_JKN_AKTIF,
        applies="is_newborn AND mother_jkn",
        unless="complementary OR NOT jkn_blocks OR event_name IS NOT NULL",
        message=gettext_noop("Register the newborn with JKN within 28 days of birth."),
        law=f"{PERPRES} ps. 16",
        source=Source.JKN,
    ),
    Rule(
        code="C24",
        effect=GRANTS,
        decision=Decision.COVERED_SPECIAL,
        applies="special_until IS NOT NULL",
        message=gettext_noop("Guaranteed on the recommendation of Dinas Sosial until %(special_until)s."),
        law=f"LKM-NIK ({LKM}); {TECHNICAL}",
        source=Source.LETTER,
        changes="ground_turns_on",
    ),
    Rule(
        code="C25",
        effect=GRANTS,
        decision=Decision.COVERED_SPECIAL,
        applies="event_name IS NOT NULL",
        message=gettext_noop("Guaranteed during: %(event_name)s."),
        law=f"{PERPRES} ps. 52; {TECHNICAL}",
        source=Source.LETTER,
        changes="ground_turns_on",
    ),
    Rule(
        code="C25",
        variant="CENTRAL",
        effect=INFORMS,
        applies="central_event IS NOT NULL",
        message=gettext_noop("%(central_event)s: the central government pays first. The programme does not pay twice."),
        law=f"{PERPRES} ps. 52; {TECHNICAL}",
        source=Source.LETTER,
    ),
)
