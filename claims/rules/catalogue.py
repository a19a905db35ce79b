"""The catalogue: every rule of claims, once, in the order of domain.md part D."""

from claims.rules import administrative, clinical, eligibility, episodes, patterns, referral, row, tariff

# Judged on the rows of a file, before there are claims; and judged on claims, at intake and at every later check.
ON_ROWS = row.RULES
ON_CLAIMS = (
    *administrative.RULES,
    *eligibility.RULES,
    *referral.RULES,
    *tariff.RULES,
    *clinical.RULES,
    *episodes.RULES,
)
# Looked for by the night over all claims (``claims.signals``, ``verification.signals``).
PATTERNS = patterns.RULES
_SERIES = ("HOS", "PAY", "ADM", "ELG", "REF", "CTR", "TRF", "CLN", "DUP", "FRD")
CATALOGUE = tuple(sorted((*ON_ROWS, *ON_CLAIMS, *PATTERNS), key=lambda rule: (_SERIES.index(rule.code[:3]), rule.code)))
BY_CODE = {rule.code: rule for rule in CATALOGUE}
