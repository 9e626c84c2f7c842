"""Settings, read from the environment; every default is safe for one machine and closed to the outside.

CITESLAB_HOME   the data folder (default: `.citeslab` in the checkout, which git ignores)
DATABASE_URL    a PostgreSQL server, 15 or later (default: the embedded server of CITESLAB_HOME)
CITESLAB_IDLE_MINUTES  after which a session that shows no sign of life closes (default: 120)
CITESLAB_JOURNAL_DAYS  after which lines of the journal go (default: three years)
CITESLAB_HTTPS  set behind a proxy of ours that speaks TLS, and writes X-Forwarded-Proto and X-Forwarded-For
                (default: off)
CITESLAB_TRUSTED_PROXIES  how many proxies of ours write X-Forwarded-For (default: one with CITESLAB_HTTPS; without it
                none, and the header is not believed)
CITESLAB_OIDC_ISSUER   an identity provider; with it _CLIENT_ID, _CLIENT_SECRET; maybe _NAME, _SCOPES, _TWO_FACTORS
CITESLAB_ADDRESS_URL  an address service of the national shape (default: none)
CITESLAB_SNAPSHOTS  where the facts are put each night (default: `snapshots` in the data folder), _KEPT of them (7)
CITESLAB_SCAN_COMMAND  scans a document for viruses, as `clamdscan --no-summary -` does (default: none)
CITESLAB_CONTACT  the e-mail address that the public agenda gives to who finds nothing (default: none)
CITESLAB_PUBLISHER  who answers for the public site (default: none); with it _ADDRESS, _PHONE, and
                CITESLAB_PUBLICATION_DIRECTOR, _HOSTED_BY, _PRIVACY_CONTACT, _PRESS_CONTACT, _PRESS_PHONE
CITESLAB_MODE   "production" (default) or "demo": only "demo" offers one-click accounts, on invented people
"""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env.str("CITESLAB_HOME", str(BASE_DIR / ".citeslab"))).expanduser().resolve()
MODE = env.str("CITESLAB_MODE", "production", validate=lambda mode: mode in {"production", "demo"})
DEMO = MODE == "demo"
DEBUG = env.bool("CITESLAB_DEBUG", False)


def kept_secret() -> str:
    """The signing key of this data folder, made at the first start and readable by its owner alone."""
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # the first process wins; a second one reads the same key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("CITESLAB_SECRET_KEY", "") or kept_secret()
ALLOWED_HOSTS = env.list("CITESLAB_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CITESLAB_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
    "citeslab.core",
    "citeslab.ui",
    "citeslab.audit",
    "citeslab.accounts",
    "citeslab.territories",
    "citeslab.files",
    "citeslab.notifications",
    "citeslab.network",
    "citeslab.partners",
    "citeslab.people",
    "citeslab.projects",
    "citeslab.followup",
    "citeslab.animation",
    "citeslab.funding",
    "citeslab.workshops",
    "citeslab.referrals",
    "citeslab.agenda",
    "citeslab.intake",
    "citeslab.duplicates",
    "citeslab.rights",
    "citeslab.figures",
    "citeslab.desk",
    "citeslab.website",
    "citeslab.demo",
    # After our rooms: a page of ours is found before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "citeslab.accounts.middleware.IdleSessions",
    "citeslab.accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "citeslab.core.middleware.ReadOnlyPages",
    "citeslab.core.middleware.PrivatePages",
    "allauth.account.middleware.AccountMiddleware",
    "citeslab.network.middleware.HourOfHerSite",
    "citeslab.network.middleware.SecondFactorForNames",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["citeslab.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "citeslab.ui.context_processors.addresses",
                "citeslab.desk.context_processors.frame",
                "citeslab.demo.context_processors.demonstration",
            ],
        },
    },
]
FORM_RENDERER = "citeslab.ui.forms.Renderer"

if env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.embedded.backend",
            "NAME": "citeslab",
            "HOME": HOME,
            "PG_SETTINGS": env.list("CITESLAB_PG_SETTINGS", []),  # tests say "fsync=off"
        }
    }
DATABASES["default"] |= {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": True,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database: what is counted (attempts, codes used once) must be the same for every process that serves.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_kept",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # What a public page says to everyone, kept by each process for as long as its pages (`PAGES_AT_HAND`).
    "at_hand": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500}},
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"OPTIONS": {"min_length": 14}},
        "CommonPasswordValidator": {},
    }.items()
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

SECURE = env.bool("CITESLAB_HTTPS", False)  # behind a proxy that speaks TLS
# Where a request comes from is what the first of so many saw: limits of attempts are counted by it, everywhere.
TRUSTED_PROXIES = env.int("CITESLAB_TRUSTED_PROXIES", 1 if SECURE else 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_ENGINE = "citeslab.accounts.models"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_IDLE_SECONDS = env.int("CITESLAB_IDLE_MINUTES", 120) * 60
SESSION_COOKIE_HTTPONLY = True
PASSWORD_RESET_TIMEOUT = 2 * 3600

# The sign-in library: its flows, with our pages and our words. Nobody signs up: accounts come from invitations.
ACCOUNT_ADAPTER = "citeslab.accounts.receivers.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None  # a session's end is set when it opens
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/h/ip,3/h/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "citeslab.accounts.receivers.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "CitésLab"
MFA_TOTP_TOLERANCE = 1  # phones' clocks lie by half a minute
MFA_RECOVERY_CODE_COUNT = 10

# An identity provider that speaks OpenID Connect, as ProConnect does; none unless it is named.
IDENTITY: dict[str, Any] = {}
if env.str("CITESLAB_OIDC_ISSUER", ""):
    IDENTITY = {
        "name": env.str("CITESLAB_OIDC_NAME", "ProConnect"),
        "issuer": env.str("CITESLAB_OIDC_ISSUER"),
        "client_id": env.str("CITESLAB_OIDC_CLIENT_ID"),
        "client_secret": env.str("CITESLAB_OIDC_CLIENT_SECRET"),
        "scopes": env.str("CITESLAB_OIDC_SCOPES", "openid given_name usual_name email"),
        # Levels ("acr") that say two factors; "mfa" among the methods ("amr") says it too.
        "two_factors": env.list("CITESLAB_OIDC_TWO_FACTORS", ["eidas2", "eidas3"]),
    }
CSRF_USE_SESSIONS = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# Not "no-referrer", even where an address is a secret: a browser then hides the origin of its forms, which are refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
IDENTITY_ORIGIN = env.str("CITESLAB_OIDC_ORIGIN", "") or "/".join(env.str("CITESLAB_OIDC_ISSUER", "").split("/")[:3])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that leads to the identity provider is answered by a redirection, which the policy follows too.
        "form-action": [SELF, *([IDENTITY_ORIGIN] if IDENTITY_ORIGIN else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Mail: without a server, each message is a file of the data folder that one can read.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if env.str("CITESLAB_MAIL_URL", ""):
    for name, value in env.dj_email_url("CITESLAB_MAIL_URL").items():
        globals()[name] = value
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.str("CITESLAB_MAIL_FROM", "CitésLab <ne-pas-repondre@citeslab.invalid>")
# Where the public pages say that one may write; none by default.
CONTACT = env.str("CITESLAB_CONTACT", "")
# Who answers for the public site, as the law asks its pages to say. What is left empty is told to be so.
PUBLISHER = {
    "name": env.str("CITESLAB_PUBLISHER", ""),
    "address": env.str("CITESLAB_PUBLISHER_ADDRESS", ""),
    "phone": env.str("CITESLAB_PUBLISHER_PHONE", ""),
    "director": env.str("CITESLAB_PUBLICATION_DIRECTOR", ""),
    "host": env.str("CITESLAB_HOSTED_BY", ""),  # name, address and telephone
    "privacy": env.str("CITESLAB_PRIVACY_CONTACT", ""),
    "press": env.str("CITESLAB_PRESS_CONTACT", ""),
    "press_phone": env.str("CITESLAB_PRESS_PHONE", ""),
}
# The address that links in messages begin with.
PUBLIC_URL = env.str("CITESLAB_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
# A class of `notifications.gateways`, or another one of the same shape: how text messages leave.
SMS_GATEWAY = env.str("CITESLAB_SMS_GATEWAY", "citeslab.notifications.gateways.TextFiles")

# Where the `search` of an address service is (the national one, or an Addok of one's own). None by default: no address
# leaves.
ADDRESS_URL = env.str("CITESLAB_ADDRESS_URL", "")
ADDRESS_SECONDS = env.float("CITESLAB_ADDRESS_SECONDS", 2.0)

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
AUDIT_KEPT_DAYS = env.int("CITESLAB_JOURNAL_DAYS", 3 * 365)
INTAKE_MAX_BYTES = env.int("CITESLAB_INTAKE_MAX_BYTES", 25 * 1024 * 1024)
# Documents: how large one may be; what scans it for viruses, and for how long it may.
FILES_MAX_BYTES = env.int("CITESLAB_FILES_MAX_BYTES", 10 * 1024 * 1024)
SCAN_COMMAND = env.str("CITESLAB_SCAN_COMMAND", "")
SCAN_SECONDS = env.float("CITESLAB_SCAN_SECONDS", 20.0)
# Registrations on the public pages, from one origin: a whole room may share one.
REGISTRATIONS_AN_HOUR = env.int("CITESLAB_REGISTRATIONS_AN_HOUR", 60)
# Seconds that a process hands out a page of the public site as it made it; 0 makes each one anew.
PAGES_AT_HAND = env.int("CITESLAB_PAGES_AT_HAND", 60)
# What one origin may send on the public pages: first contacts, and times booked.
CONTACTS_AN_HOUR = env.int("CITESLAB_CONTACTS_AN_HOUR", 30)
# Where the facts are put for who reads the whole network, and how many nights of them are kept.
SNAPSHOTS = Path(env.str("CITESLAB_SNAPSHOTS", str(HOME / "snapshots"))).expanduser()
SNAPSHOTS_KEPT = env.int("CITESLAB_SNAPSHOTS_KEPT", 7)
# Files without news are announced and anonymised at night; the demonstration keeps its history to be looked at.
RETENTION = env.bool("CITESLAB_RETENTION", not DEMO)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
