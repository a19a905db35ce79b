"""The catalogue: every rule of claims, once, in the order of domain.md part D."""

from claims.rules import administrative, clinical, eligibility, episodes, referral, row_rules, tariff

CATALOGUE = tuple(
    sorted(
        (
            *row_rules.RULES,
            *administrative.RULES,
            *eligibility.RULES,
            *referral.RULES,
            *tariff.RULES,
            *clinical.RULES,
            *episodes.RULES,
        ),
        key=lambda rule: (
            ("HOS", "PAY", "ADM", "ELG", "REF", "CTR", "TRF", "CLN", "DUP", "FRD").index(rule.code[:3]),
            rule.code,
        ),
    )
)
BY_CODE = {rule.code: rule for rule in CATALOGUE}
ON_CLAIM = tuple(rule for rule in CATALOGUE if not rule.on_row)
