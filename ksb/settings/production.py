"""A server. Starts only when everything it needs is named in the environment (docs/operations.md has the table)."""

from .base import *  # noqa: F403
from .base import env
from .required import require

require(
    env,
    {
        "SECRET_KEY": "signs sessions and links; 50 or more random characters, kept out of git",
        "DATABASE_URL": "the PostgreSQL database, postgresql://user:password@host:5432/ksb",
        "REDIS_URL": "the broker of background work, redis://:password@host:6379/0",
        "ALLOWED_HOSTS": "host names this installation answers to, separated by commas",
        "CSRF_TRUSTED_ORIGINS": "addresses forms may be sent from, https://ksb.example.go.id",
        "PUBLIC_ADDRESS": "what QR codes on cards and letters point to, https://ksb.example.go.id",
        "EMAIL_URL": "the mail server, smtp+tls://user:password@host:587",
        "MEDIA_ROOT": "folder of uploaded and produced documents, on a disk that is backed up",
        "INBOX_DIR": "folder into which Disdukcapil and BPJS files are put for the night",
    },
)

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS")
vars().update(env.email_url("EMAIL_URL"))

PROXIES = env.int("PROXIES", default=1)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the proxy and the container ask from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
