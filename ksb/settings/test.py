"""The suite: strict where production is forgiving, fast where nothing is proved by slowness."""

import os
from zlib import crc32

from ksb import embedded

# Several developers share one pair of test servers, and a suite runs in several processes: each has its own databases.
TEST_SUFFIX = os.environ.get("KSB_TEST_SUFFIX", "") + os.environ.get("PYTEST_XDIST_WORKER", "")

os.environ.update(embedded.servers(embedded.TEST).environment())
os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]  # the suite makes and drops databases
os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("db=0", f"db={crc32(TEST_SUFFIX.encode()) % 16}")

from .base import *  # noqa: E402, F403
from .base import DATABASES, INSTALLED_APPS, VAR_DIR  # noqa: E402

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
INSTALLED_APPS = [*INSTALLED_APPS, "ksb.demo"]

DATABASES["default"]["TEST"] = {"NAME": f"test_ksb{TEST_SUFFIX}"}
MEDIA_ROOT = VAR_DIR / f"test-media{TEST_SUFFIX}"
INBOX_DIR = VAR_DIR / f"test-inbox{TEST_SUFFIX}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Manifest storage would serve the live server's pages without their styles.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
