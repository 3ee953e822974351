"""Settings of Orime, all from the environment; every name is explained in .env.example."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.broker import broker_urls
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

# --- where things live -------------------------------------------------------------------
ORIME_HOME = Path(env.str("ORIME_HOME", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
# Plain HTTP is for the loopback address only, a demo or Django's own server (which cannot do more:
# it answers no redirect to https, and drops secure cookies); everything else speaks HTTPS.
HTTPS = env.bool("ORIME_HTTPS", default=not DEBUG)
# The demo shows its sign-ins on the sign-in page; `make run` turns it on for demo data only.
DEMO = env.bool("ORIME_DEMO", default=False)


def _secret_key() -> str:
    key = str(env.str("SECRET_KEY", default=""))
    file = ORIME_HOME / "secret_key"
    if not key and file.is_file():
        key = file.read_text().strip()
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set SECRET_KEY or SECRET_KEY_FILE, or start with `make run`, "
            "which writes one to ORIME_HOME/secret_key."
        )
    return key


SECRET_KEY = _secret_key()
# What was signed or sealed before the key was changed stays readable with the former ones.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# What signs the printed papers: an RSA key and its certificate with the chain above it, as PEM. Where
# none is given a trial key is made in ORIME_HOME/signing, and every page says so.
SIGNING_KEY = env.str("SIGNING_KEY", default="")
SIGNING_KEY_PASSWORD = env.str("SIGNING_KEY_PASSWORD", default="")
SIGNING_CERTIFICATES = env.str("SIGNING_CERTIFICATES", default="")
# After a change of the key: those by which papers were signed before.
SIGNING_FORMER_CERTIFICATES = env.str("SIGNING_FORMER_CERTIFICATES", default="")

# --- what is installed -------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.OrimeAdminConfig",
    "reports",
    "audits",
    "audits.auditors",
    "audits.standards",
    "suppliers",
    "accounts",
    "ui",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "template_partials",
    "django_structlog",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Before anything looks the session or the person up.
    "config.middleware.NulMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "accounts.middleware.UserLanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.CounterDownMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "ui.renderers.OrimeRenderer"

# --- data --------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{ORIME_HOME / 'orime.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions take the write lock at once, so that two writers queue
    # instead of failing half-way with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without REDIS_URL: the private broker that `make run` starts below ORIME_HOME.
BROKER_URLS = broker_urls(ORIME_HOME, env.str("REDIS_URL", default=""))
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": BROKER_URLS.cache,
        # One that accepts and says nothing would hold every sign-in until the web server gives up.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

MEDIA_ROOT = ORIME_HOME / "files"
# Who sends files of evidence: the application itself, nginx in front of it (X-Accel-Redirect), or
# the S3-compatible store (an address signed for a minute).
FILES_SENT_BY = env.str("FILES_SENT_BY", default="application")
FILES_INTERNAL_PREFIX = env.str("FILES_INTERNAL_PREFIX", default="/files-internal/")
FILES_BUCKET = env.str("FILES_BUCKET", default="")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
STATIC_URL = "/static/"
STATIC_ROOT = ORIME_HOME / "static"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes half a minute and is of no use on the loopback address.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("COMPRESS_STATIC", default=True)
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}

if FILES_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        # Keys come from the environment as boto3 reads it.
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.str("FILES_ENDPOINT", default="") or None,
            "region_name": env.str("FILES_REGION", default="") or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "signature_version": "s3v4",
        },
    }

# --- who ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# E-mail addresses are unique whatever their case, by a constraint on Lower("email").
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PasswordBackend",
    "accounts.backends.SignInBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by an organisation, nobody signs up
ACCOUNT_PREVENT_ENUMERATION = True
# The mail to an address that nobody has would offer a sign-up that does not exist.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Who changed a password or the second step of a sign-in is told: it may have been somebody else.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# For how long the link of an invitation opens an account.
ORIME_INVITATION_DAYS = env.int("ORIME_INVITATION_DAYS", default=14)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False

# --- languages and time ------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# --- security ----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Attempts are counted by address: without this, all people would share the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600  # an auditor's tablet stays signed in over a visit
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- jobs --------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URLS.celery
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than any task may run, or a second worker would start the same task again.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    # A worker empties its queues in the order in which it was given them, instead of in turns.
    "queue_order_strategy": "priority",
}
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# How long a job belongs to a worker that says nothing; longer than its longest step.
JOB_LEASE = timedelta(seconds=env.int("JOB_LEASE_SECONDS", default=60))
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "reports.tasks.render*": {"queue": "pdf"},
    "reports.tasks.remake*": {"queue": "pdf-again"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep-jobs": {"task": "reports.tasks.sweep_jobs", "schedule": timedelta(seconds=30)},
    "mail-notices": {"task": "accounts.tasks.mail_notices", "schedule": timedelta(seconds=30)},
    "sweep-thumbnails": {
        "task": "audits.tasks.sweep_thumbnails",
        "schedule": timedelta(seconds=60),
    },
    "sweep-uploads": {"task": "audits.tasks.sweep_uploads", "schedule": timedelta(hours=1)},
    "sweep-orphans": {"task": "audits.tasks.sweep_orphans", "schedule": timedelta(days=1)},
    "sweep-searches": {"task": "audits.tasks.sweep_searches", "schedule": timedelta(minutes=5)},
    # At night each printed paper is read once, in slices.
    "check-papers": {
        "task": "reports.tasks.check_papers",
        "schedule": crontab(hour="1-5", minute="*/5"),
    },
    # At night each place of the figures is compared with the answers once a week.
    "check-figures": {"task": "reports.tasks.check_figures", "schedule": crontab(hour=3, minute=7)},
    "run-clocks": {"task": "audits.tasks.run_clocks", "schedule": timedelta(minutes=10)},
}

# --- mail, API, logs ---------------------------------------------------------------------
globals().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="orime@localhost")
EMAIL_TIMEOUT = 30
# Between two mails of notices to one person, unless something is urgent; several go out in one mail.
MAIL_PAUSE_MINUTES = env.int("MAIL_PAUSE_MINUTES", default=10)
# The hour, in Japan, at which those who want one mail a day get it.
MAIL_DIGEST_HOUR = env.int("MAIL_DIGEST_HOUR", default=8)
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.ServiceTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "reports.api.problems.exception_handler",
    # `?format=` is no parameter of the export.
    "URL_FORMAT_OVERRIDE": None,
}
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=600)
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "TOKEN_TTL": timedelta(days=365),
    "AUTO_REFRESH": False,
    "TOKEN_PREFIX": "orime_",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Orime export API",
    "DESCRIPTION": "What suppliers share of their audits under JASTI, for brands. Read-only JSON. "
    "An audit states what was found at one site; where `official` is false, the grade was computed by "
    "provisional criteria and `criteria_notice` has to be shown with it.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "TAGS": [
        {"name": "sites", "description": "Sites that suppliers share with you."},
        {"name": "results", "description": "Results, findings and corrective actions."},
        {"name": "reports", "description": "Issued reports, as PDF and as data."},
        {"name": "standard", "description": "The requirements that audits are made by."},
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No badge of a validator elsewhere; nothing of the token is kept in the browser.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "validatorUrl": None,
        "persistAuthorization": False,
        "defaultModelsExpandDepth": 0,
    },
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # With `fields=` only the id is certain.
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "GradeEnum": "audits.terms.GradeLetter",
        "ResultStatusEnum": "audits.terms.ResultStatus",
        "CorrectionStatusEnum": "audits.terms.CorrectionStatus",
        "SeverityEnum": "audits.terms.Severity",
        "ConditionEnum": "audits.standards.terms.Condition",
        "ProvenanceEnum": "audits.standards.terms.Provenance",
        "JudgementEnum": "audits.terms.Judgement",
        "LevelEnum": "suppliers.terms.Level",
    },
}
LOGGING = logging_config(
    json=env.bool("LOG_JSON", default=not DEBUG), level=env.str("LOG_LEVEL", default="INFO")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# One line a request, at its end; the start only for whoever asks for everything.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
