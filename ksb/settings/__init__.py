"""Settings by place: `dev` (also the demonstration), `test`, `production`; what they share is in `base`."""
