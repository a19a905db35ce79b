"""The verifier's queue, the claim side by side with everything known about it, the hospital's side, and the minutes."""
