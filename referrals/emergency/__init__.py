"""Emergencies without a referral: reported by the hospital, decided by Dinkes or the Puskesmas. Domain.md B10, SM6."""
