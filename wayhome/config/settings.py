"""Settings of every Wayhome process; what differs between installations comes from the folder."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, SELF

from wayhome.config.folder import Folder

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = Folder.current()
DEMO = FOLDER.is_demo
TESTING = os.environ.get("WAYHOME_TESTING") == "1"
# owner migrates, web serves, worker works: each is its own database user with its own grants.
PROCESS = os.environ.get("WAYHOME_PROCESS", "owner")

SECRET_KEY = FOLDER.django_secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("WAYHOME_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    # Before allauth, whose pages it shows in our look.
    "wayhome.web.console",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "wayhome.bureau.journal",
    "wayhome.bureau.persons",
    "wayhome.bureau.staff",
    "wayhome.bureau.press",
    "wayhome.bureau.captives",
    "wayhome.bureau.inquests",
    "wayhome.bureau.remains",
    "wayhome.bureau.enquiries",
    "wayhome.bureau.matches",
    "wayhome.bureau.relations",
    "wayhome.bureau.prints",
    "wayhome.bureau.comparisons",
    "wayhome.bureau.bureaus",
    "wayhome.bureau.consents",
    "wayhome.bureau.concerns",
    "wayhome.bureau.statements",
    "wayhome.bureau.welfare",
    "wayhome.bureau.answers",
    "wayhome.bureau.yearly",
    "wayhome.bureau.lines",
    "wayhome.bureau.contact",
    "wayhome.bureau.contact.calls",
    "wayhome.bureau.identifications",
    "wayhome.bureau.repatriations",
    "wayhome.bureau.returns",
    "wayhome.bureau.journeys",
    "wayhome.bureau.handovers",
    "wayhome.bureau.exchange",
    "wayhome.bureau.oversight",
    "wayhome.web",
    "wayhome.web.portal",
    "wayhome.web.tablet",
    "wayhome.web.escort",
    "wayhome.web.calls",
]

MIDDLEWARE = [
    "wayhome.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the CSRF check, which reads the body: permission is asked first.
    "wayhome.web.access.AccessMiddleware",
    "wayhome.web.console.second_factor.SecondFactorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "wayhome.config.urls"
ASGI_APPLICATION = "wayhome.config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "wayhome.web.context.common",
                "wayhome.web.console.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "wayhome.web.forms.Renderer"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgres://wayhome_owner@127.0.0.1:5432/wayhome")
    )
}
_database: dict[str, Any] = DATABASES["default"]  # type: ignore[assignment]
_database["CONN_MAX_AGE"] = 0
# The first request after a restart of the database must not meet a dead connection.
_database["CONN_HEALTH_CHECKS"] = True
_database.setdefault("OPTIONS", {})
if PROCESS == "web":
    _database["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 20, "timeout": 20}
if TESTING:
    _database["TEST"] = {"NAME": f"test_wayhome_{os.environ.get('WAYHOME_TEST_DB', 'main')}"}
# Who the grants of each process go to; the launcher makes them (lib/cluster.py).
DATABASE_ROLES = {
    "web": os.environ.get("WAYHOME_DATABASE_ROLE_WEB", ""),
    "worker": os.environ.get("WAYHOME_DATABASE_ROLE_WORKER", ""),
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
    }
}

AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/console/account/login/"
LOGIN_REDIRECT_URL = "/console/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "wayhome.web.console.accounts.StaffAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/console/account/login/"
ACCOUNT_SESSION_REMEMBER = False
# The door opens for everybody, also for who is signed in as somebody else.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_RATE_LIMITS: dict[str, str] = {"login_failed": "10/m/ip,5/5m/key"}
if DEMO:  # whoever walks its access table opens the door for each role within a minute
    ACCOUNT_RATE_LIMITS["login"] = "600/m/ip"
MFA_ADAPTER = "wayhome.web.console.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp"]
MFA_TOTP_ISSUER = "Wayhome"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser, as all of ours
CSRF_FAILURE_VIEW = "wayhome.web.errors.csrf_failure"
HTTPS = os.environ.get("WAYHOME_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "uk"
LANGUAGES = [("uk", "Українська"), ("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "wayhome.web.formats"
USE_TZ = True
TIME_ZONE = os.environ.get("WAYHOME_TIME_ZONE", "Europe/Kyiv")

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

MEDIA_ROOT = FOLDER.media
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = FOLDER.tmp if FOLDER.tmp.exists() else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
LARGEST_UPLOAD_BYTES = 12_000_000

# Families' invitations; nothing connects anywhere unless configured.
SMTP_URL = os.environ.get("WAYHOME_SMTP_URL", "")
MAIL_FROM = os.environ.get("WAYHOME_MAIL_FROM", "")

# Written by the supervisor while the relay of calls runs (config/relay.py).
RELAY_FILE = FOLDER.tmp / "relay.json"

# Policy of the bureau. Each number has its source in docs/GLOSSARY.md.
WAR_BEGAN_ON = os.environ.get("WAYHOME_WAR_BEGAN_ON", "2022-02-24")
# Pairs of a sought person and a captive that reach people each day: two officers of eight hours,
# each pair read by both, eight minutes a reading.
PAIRS_A_DAY = int(os.environ.get("WAYHOME_PAIRS_A_DAY", "60"))
DEFAULT_SITE = "A"
QUICK_EXIT_URL = os.environ.get("WAYHOME_QUICK_EXIT_URL", "/leave/")
# Shown to families: the bureau's own telephone, and the Central Tracing Agency's beside it.
# A live folder shows none that was not set; those of a demo are nobody's, and marked "invented".
PHONE = os.environ.get("WAYHOME_PHONE", "+380 00 000 00 01" if DEMO else "")
# Where families write back: never a place of detention.
NOBODYS_BOX = "P.O. Box 00 (invented), Kyiv" if DEMO else ""
POSTAL_ADDRESS = os.environ.get("WAYHOME_POSTAL_ADDRESS", NOBODYS_BOX)
# Where families reach the portal, for the picture on leaflets; else as the browser called it.
PUBLIC_URL = os.environ.get("WAYHOME_PUBLIC_URL", "").rstrip("/")
# What belongs to one country: the name of a shipped profile, or the path of a file of your own.
PROFILE = os.environ.get("WAYHOME_PROFILE", "ua")
ICRC_PHONE = os.environ.get("WAYHOME_ICRC_PHONE", "+41 00 000 00 02" if DEMO else "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "wayhome.lib.wordless.Wordless",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "wayhome": {"level": "INFO"},
        # Django's own messages hold paths and bodies; ours hold numbers (web/errors.py).
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
