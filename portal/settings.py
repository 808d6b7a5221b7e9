"""Settings, all from the environment. A value that can't be read stops the start with a clear sentence."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from environs import Env

from portal import values
from portal.logs import logging_config

# Lets classes such as `ModelAdmin[Desk]` be written as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)

PUBLIC_URL = env.str("PUBLIC_URL", "http://localhost:8000", validate=values.web_address)
DEMO = env.bool("DEMO", False)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
BACKUP_DIR = Path(env.str("BACKUP_DIR", str(DATA_DIR / "backups"))).resolve()
SECRET_KEY = env.str("SECRET_KEY", "only-for-this-machine")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'naoberplek.sqlite3'}")
REDIS_URL = env.str("REDIS_URL", "", validate=values.redis_server)
env.str("EMAIL_URL", "", validate=values.mail_server)
EMAIL = env.dj_email_url("EMAIL_URL", "dummymail:")
MAIL_FROM = env.str("MAIL_FROM", "", validate=values.mail_address)
BIND = env.str("BIND", "127.0.0.1")
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [], str.strip, validate=values.proxies)
METRICS_FROM: list[str] = env.list("METRICS_FROM", ["127.0.0.1", "::1"], str.strip, validate=values.networks)
EXTRA_HOSTS: list[str] = env.list("EXTRA_HOSTS", [], str.strip)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=values.log_level)
SENTRY_DSN = env.str("SENTRY_DSN", "", validate=values.sentry)
TEST_DATABASE_FILE = env.str("TEST_DATABASE_FILE", "")
env.seal()

PUBLIC_URL = PUBLIC_URL.rstrip("/")
IS_HTTPS = PUBLIC_URL.startswith("https://")
PUBLIC_HOST = PUBLIC_URL.split("//", 1)[-1].split("/")[0].rsplit(":", 1)[0]
IS_LOCAL = PUBLIC_HOST in ("localhost", "127.0.0.1") and not IS_HTTPS

DEBUG = False
ALLOWED_HOSTS = [PUBLIC_HOST, *EXTRA_HOSTS, *(["localhost", "127.0.0.1"] if IS_LOCAL else [])]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "base.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

INSTALLED_APPS = [
    # First: what it registers in the Django admin is replaced by ours.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal",
    "bookings",
    "villages",
    "portal.base",
    "portal.base.admin_app.PortalAdmin",  # instead of django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "phonenumber_field",
    "csp",
]

MIDDLEWARE = [
    "portal.metrics.measure",
    "portal.base.middleware.log_requests",
    "portal.base.middleware.speak_language",
    "django.middleware.security.SecurityMiddleware",
    # Static files are no pages: they pass here, without the headers of pages (a third of a kB each).
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.base.middleware.page_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.base.accounts.sessions.note_last_seen",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.errors.dress_not_allowed",
]

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
                "portal.context.page",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "portal.base.templatetags.elements",
                "django.templatetags.i18n",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------

IS_SQLITE = DATABASE["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # Every transaction begins as a writer: with Django's default (DEFERRED) two that read first and
    # write later fail with "database is locked" instead of waiting for each other.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    if TEST_DATABASE_FILE:
        DATABASE["TEST"] = {"NAME": TEST_DATABASE_FILE}
else:
    DATABASE["CONN_MAX_AGE"] = 60
    DATABASE["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    # What is counted here must go on without Redis: then each process counts for itself.
    CACHES = {
        "default": {
            "BACKEND": "portal.base.cache.SteadyRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Rendered pages of houses (bookings/guest/kept.py), some 40 kB each: in each process, with and without Redis.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 400},
}

# --- Work in the background -------------------------------------------------------------------------------

CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BEAT_SCHEDULER = "portal.beat.HeardScheduler"
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The broker may be away for a day: with Celery's hundred tries the worker and beat would end after an hour.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A child that grew is replaced after its task (kB).
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 180_000
# A guest doesn't wait for a dead broker: whatever is queued is also found by a sweep.
CELERY_TASK_PUBLISH_RETRY = False
if REDIS_URL:
    CELERY_BROKER_URL = "redis+socket://" + REDIS_URL.removeprefix("unix://") if "unix:" in REDIS_URL else REDIS_URL
    # One that hangs costs a guest no more than one that is gone.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | int] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "max_retries": 0,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker"),
        "data_folder_out": str(DATA_DIR / "broker"),
        "processed_folder": str(DATA_DIR / "broker-done"),
        "control_folder": str(DATA_DIR / "broker-control"),
    }

# --- Mail -------------------------------------------------------------------------------------------------

EMAIL_BACKEND = EMAIL.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST = EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = EMAIL.get("EMAIL_TIMEOUT") or 10
DEFAULT_FROM_EMAIL = f"Naoberplek <{MAIL_FROM or 'post@' + PUBLIC_HOST}>"

# --- Language and time ------------------------------------------------------------------------------------

# The texts are Dutch; `locale/` holds the English. A browser's Accept-Language is never read: a language is chosen.
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
# Administrators have Django's own pages, with words of ours that are Dutch only: no mixture.
DUTCH_PATHS = ("/admin/",)
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "NL"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- Files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Safety -----------------------------------------------------------------------------------------------

# Who logs in gets a code by mail, or shows a passkey; there is no page to sign up, and none for a password.
ACCOUNT_ADAPTER = "portal.base.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # who has the code, has the address
# Per network address generous: the Wi-Fi of a house is one. Per e-mail address: `key`.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "60/h/ip,5/10m/key,20/d/key",
    "login_failed": "60/h/ip,5/10m/key,20/d/key",
    "passkey": "120/10m/ip",
}
MFA_ADAPTER = "portal.base.accounts.factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Naoberplek"
MFA_TOTP_TOLERANCE = 1  # half a minute: the clock of a phone may be off
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Whether a request came over TLS says gunicorn, which believes only the proxies of TRUSTED_PROXIES.
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# HSTS is for this address alone: its neighbours and the browsers' preload list are not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Nobody keeps these, no search engine shows them, no other site hears their address.
PRIVATE_PATHS = (
    "/boeking/",
    "/vaste-plek/",
    "/wachtlijst/",
    "/mijn/",
    "/beheer/",
    "/bokd/",
    "/uitnodiging/",
    "/gemist/",
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING_CONFIG = None
logging_config(LOG_LEVEL.upper())
if SENTRY_DSN:
    from portal.sentry import report_to

    report_to(SENTRY_DSN, PUBLIC_HOST)
