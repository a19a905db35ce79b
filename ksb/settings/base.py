"""What every installation shares. Values that differ by place come from the environment (docs/operations.md)."""

from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

# --- People and programs -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "ksb.admin_config.KsbAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "ksb.core",
    "facilities",
    "participants",
    "referrals",
    "claims",
    "budget",
    "verification",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ksb.core.security.ContentSecurityPolicyMiddleware",
    "ksb.core.security.ClientAddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ksb.core.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ksb.core.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "ksb.urls"
WSGI_APPLICATION = "ksb.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ksb.navigation.navigation",
            ],
        },
    },
]

# --- Data ----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default="postgresql:///ksb")}
# A connection kept open is worth five times the requests; the health check survives a restart of the server.
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing that must survive or be shared lives in the cache, so that pages stay up while Redis is down.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Uploaded and produced documents, handed out by views that check the perimeter, never by their address.
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
# Where the night looks for the files of Disdukcapil and BPJS.
INBOX_DIR = Path(env("INBOX_DIR", default=str(VAR_DIR / "inbox")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_SCANNER = env(
    "UPLOAD_SCANNER", default=""
)  # clamd:///run/clamd.sock, clamd://host:3310 or a command; off when empty

# Other offices' servers, asked on line by the desks. Without a URL nobody is asked and the desks work with the night's data.
ONLINE = {
    "DUKCAPIL": {
        "URL": env("DUKCAPIL_URL", default=""),
        "CUSTOMER": env("DUKCAPIL_CUSTOMER", default=""),
        "USER": env("DUKCAPIL_USER", default=""),
        "PASSWORD": env("DUKCAPIL_PASSWORD", default=""),
        "IP_USER": env("DUKCAPIL_IP_USER", default="127.0.0.1"),
        "DAILY_QUOTA": env.int("DUKCAPIL_DAILY_QUOTA", default=5_000),
        "CONNECT_SECONDS": 3,
        "SECONDS": 8,
    },
    "JKN": {
        "URL": env("VCLAIM_URL", default=""),
        "CONS_ID": env("VCLAIM_CONS_ID", default=""),
        "SECRET": env("VCLAIM_SECRET", default=""),
        "USER_KEY": env("VCLAIM_USER_KEY", default=""),
        "DAILY_QUOTA": env.int("VCLAIM_DAILY_QUOTA", default=20_000),
        "CONNECT_SECONDS": 3,
        "SECONDS": 8,
    },
}

# --- Sign-in and sessions ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "facilities.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# scrypt costs an attacker as much and us half the processor time of the default.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())  # one shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "ksb_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "ksb_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- What a browser may do -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PROXIES = env.int("PROXIES", default=0)  # reverse proxies between the visitor and us
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "static/root"  # favicon.ico and robots.txt, which browsers and robots ask for at the top

# --- Letters and screens -------------------------------------------------------------------------------------------

PUBLIC_ADDRESS = env("PUBLIC_ADDRESS", default="http://127.0.0.1:8000")  # what QR codes on paper point to
HELP_PHONE = env("HELP_PHONE", default="119")
LETTER_PAGE = env("LETTER_PAGE", default="F4")  # F4 (215 x 330 mm) or A4
LETTER_FONT = env("LETTER_FONT", default="Liberation Sans")  # has the widths of Arial
LETTER_PLACE = env("LETTER_PLACE", default="Bekasi")

# --- Language and time ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "ksb_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
# Off: identifiers, years and table ids must never be grouped. Money and counts are formatted where they are shown.
USE_THOUSAND_SEPARATOR = False
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- Mail, interfaces, background work -----------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="ksb@localhost")
EMAIL_TIMEOUT = 8  # seconds

# The ways messages leave the house. A channel without a sender, or a gateway without an address, is not used: what it would
# have said stands in the program only. `SENDER` may be any class that keeps the promises of ksb/core/notices/senders.py.
_GATEWAY = "ksb.core.notices.senders.Gateway"
NOTICE_SENDERS = {
    "EMAIL": {"SENDER": "ksb.core.notices.senders.Mail"},
    "SMS": {
        "SENDER": env("SMS_SENDER", default=_GATEWAY),
        "URL": env("SMS_GATEWAY_URL", default=""),
        "TOKEN": env("SMS_GATEWAY_TOKEN", default=""),
    },
    "WHATSAPP": {
        "SENDER": env("WHATSAPP_SENDER", default=_GATEWAY),
        "URL": env("WHATSAPP_GATEWAY_URL", default=""),
        "TOKEN": env("WHATSAPP_GATEWAY_TOKEN", default=""),
    },
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # Programs of hospitals send a token (`manage.py drf_create_token USER`), the own pages the session. Token first: it also
    # tells a program that sends nothing to log in (401).
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "EXCEPTION_HANDLER": "ksb.core.refusals.for_programs",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ksb.core.programs.PlainJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KSB",
    "VERSION": "1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"SjpState": "referrals.enums.SjpState", "ClaimState": "claims.enums.ClaimState"},
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
# Measured: without the rejection a task whose child is killed is lost; without the short time-out a task of a killed
# worker comes back after an hour. Tasks therefore work in pieces of less than a minute and may run twice.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
    # A request that queues work while Redis is down gives up at once; the sweeper finds the work in PostgreSQL.
    "retry_policy": {"timeout": 1},
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- Log -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "ksb.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Named, because Django's own handler would mail a whole request, form fields included, to ADMINS.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}
