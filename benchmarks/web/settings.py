"""The server of production, with one more address: the bare view that look-ups are measured against."""

from ksb.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.web.urls"
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
STATIC_ROOT = BASE_DIR / "static"  # noqa: F405  (WhiteNoise warns of a folder that is not there)
