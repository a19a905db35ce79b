"""Screens of the registration counter, the approver and the card desk."""
