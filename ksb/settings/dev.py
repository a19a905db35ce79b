"""A developer's machine and the demonstration: embedded servers unless the environment names others."""

import os

from ksb import embedded

os.environ.update(embedded.servers(embedded.DEMO).environment())

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY")  # made once for this machine
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
INSTALLED_APPS = [*INSTALLED_APPS, "ksb.demo"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Styles and scripts straight from their folders; nothing is collected on a developer's machine.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
