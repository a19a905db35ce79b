"""The hospital's claims: hand in a file, see what every row became, submit, follow each claim to its payment."""
