"""The verifier's queue, the claim side by side with everything known about it, and the minutes."""
