"""The suite: strict where production is forgiving, fast where nothing is proved by slowness."""

import os

from ksb import embedded

os.environ.update(embedded.servers(embedded.TEST).environment())
os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]  # the suite makes and drops its own databases

from .base import *  # noqa: F403
from .base import DATABASES, INSTALLED_APPS, TEMPLATES, VAR_DIR, env

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "ksb.demo"]

# Several developers share one test server: each takes a suffix of their own.
TEST_SUFFIX = env("KSB_TEST_SUFFIX", default="")
DATABASES["default"]["TEST"] = {"NAME": f"test_ksb{TEST_SUFFIX}"}
MEDIA_ROOT = VAR_DIR / f"test-media{TEST_SUFFIX}"
INBOX_DIR = VAR_DIR / f"test-inbox{TEST_SUFFIX}"

# An unknown variable in a template is a mistake, not an empty string.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "UNKNOWN TEMPLATE VARIABLE %s"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Manifest storage would serve the live server's pages without their styles.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
