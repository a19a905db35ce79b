"""Refuse to start half-configured, once, with everything that is missing."""

from django.core.exceptions import ImproperlyConfigured


def require(env, variables: dict[str, str]) -> None:
    """Raise ImproperlyConfigured naming every variable of `variables` (name: what it is for) that is unset or empty."""
    missing = {name: purpose for name, purpose in variables.items() if not env(name, default="").strip()}
    if missing:
        lines = "\n".join(f"  {name}: {purpose}" for name, purpose in missing.items())
        raise ImproperlyConfigured(f"KSB does not start: {len(missing)} settings are missing.\n{lines}")
