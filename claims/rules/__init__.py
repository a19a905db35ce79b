"""Claim rules (domain.md part D): one catalogue, one condition a rule, every finding with its evidence in words."""
