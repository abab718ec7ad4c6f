"""Django settings. Every value that differs between machines comes from tracker.env."""

from csp.constants import NONE, SELF

from tracker import copies, env, login
from tracker.answers import *  # noqa: F403 -- the settings of answers that are ready
from tracker.api import *  # noqa: F403 -- the settings of the API
from tracker.backups import *  # noqa: F403 -- the settings of backups
from tracker.copies import *  # noqa: F403 -- the settings of copies of evidence
from tracker.formats.en import formats
from tracker.login import *  # noqa: F403 -- the settings of the entrance, in a file of their own
from tracker.schedule import SWEEP_SECONDS  # noqa: F401 -- by it all tell whether one was missed
from tracker.watching import *  # noqa: F403 -- the settings of logs and figures

BASE_DIR = env.ROOT
IS_DEVELOPMENT = env.is_development()
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "")
SITE_URL = env.origin("SITE_URL", "http://127.0.0.1:8000" if IS_DEVELOPMENT else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]") + copies.HOSTS

INSTALLED_APPS = [
    # Before the desk, which takes their admin pages away: they show secrets.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "promises.desk",
    "promises.desk.admin_app.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "promises.accounts",
    "promises.editorial",
    "promises.ledger",
    "promises.outbox",
    "promises.officials",
    "promises.pledges",
    "promises.evidence",
    "promises.metrics",
    "promises.sources",
    "promises.record_requests",
    "promises.captures",
    "promises.updates",
    "promises.newsroom",
    "promises.suggestions",
    "promises.discovery",
    "promises.vocabulary",
    "promises.alerts",
    "promises.staleness",
    "promises.packages",
    "promises.webhooks",
    "promises.imports",
    "promises.backups",
    "promises.serving",
    "promises.api",
    "promises.site",
    "promises.watching",
]

MIDDLEWARE = [
    "promises.watching.requests.watching_requests",
    "django.middleware.security.SecurityMiddleware",
    "promises.serving.conditions.by_tags_alone",
    "promises.serving.behind.reading_nothing_older",
    "promises.site.headers.closing_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "promises.site.copies.CopiesDoor",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "promises.api.door.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "promises.site.languages.in_its_language",
    "promises.site.outages.refusing_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "promises.desk.requests.naming_the_request",
    "allauth.account.middleware.AccountMiddleware",
    "promises.desk.entrance.sessions.keeping_sessions",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [env.ROOT / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "promises.site.folding.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# PostgreSQL holds the truth.
DATABASES = {
    "default": {**env.database("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Redis may lose anything at any time: it carries wake-up calls and caches, never facts.
REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"serializer": "promises.common.json_cache.JsonSerializer"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A Redis that is gone is noticed at once: whoever rang the bell goes on without it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULER = "tracker.beat.OneBeat"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"
# By which function a worker is woken for a task, given its name.
BELL = "tracker.celery.ring"

# What else happens in the transaction of a write to pledges, in order: dotted paths of actions
# that take (pledge_ids, by, now). Lower steps of the staircase reach upper ones only here.
PLEDGE_EFFECTS = {
    # What hung on a draft becomes public with it, and goes into the ledger.
    "published": [
        "promises.evidence.actions.record_links_of",
        "promises.metrics.actions.record_metrics_of",
        "promises.record_requests.actions.record_requests_of",
    ],
    "changed": ["promises.staleness.actions.settle_flags"],
    # By a person who reviewed or rated them.
    "looked_at": ["promises.staleness.actions.settle_reviewed_flags"],
}
# The same for evidence, whose actions take (evidence_ids, by, now), and a reason when withdrawn.
EVIDENCE_EFFECTS = {
    "published": [
        "promises.captures.telling.record_captures_of",
        "promises.updates.actions.record_uses_of",
        "promises.record_requests.actions.record_documents_of",
    ],
    "retracted": [
        "promises.captures.telling.withdraw_captures_of",
        "promises.newsroom.reopening.reopen_statuses",
    ],
}
# The same where a login is closed; the actions take (person_id, by, now).
LOGIN_EFFECTS = {"closed": ["promises.webhooks.actions.close_endpoints_of"]}
# Whose rows the ledger is told of with a pledge, and with evidence: their `told_with` says which
# pledges they are about, to be locked first.
TOLD_WITH = {"pledge": "record_requests.RequestPledge", "evidence": "updates.Response"}
# Whose `edition` says how far the ledger reached: one that ends before was cut off (verify_ledger).
OF_AN_EDITION = ["pledges.Pledge", "alerts.Cursor", "webhooks.Cursor", "vocabulary.Reading"]
# From which hour on, in UTC, the day's digests of stale pledges go out, and the daily and weekly
# mails to followers.
DIGEST_HOUR = env.number("DIGEST_HOUR", 7, most=23)
# From which ports pages are fetched, and which networks may be visited although they are not
# public ("192.0.2.0/24,..."): none, unless a test or a mirror at home needs one.
FETCH_PORTS = env.ports("FETCH_PORTS", "80,443")
FETCH_ALLOWED_NETWORKS = env.networks("FETCH_ALLOWED_NETWORKS", "")
# By which function each kind of delivery leaves.
COURIERS = {"mail": "promises.outbox.mail.send"}
# By which function a mail is written at the moment it leaves, where its delivery names one.
MAIL_WRITERS = {
    "alert": "promises.alerts.letters.write_alert",
    "follow": "promises.alerts.letters.write_confirmation",
    "login": "promises.accounts.sending.write_letter",
}
# Where the fault tests kill processes, with what chance: "leased:0.1,sent:0.05". Never in earnest.
FAILPOINTS = env.chances("TRACKER_FAILPOINTS") if IS_DEVELOPMENT else {}
# Where the passwords of the logins of a development machine are kept (create_development_logins).
DEVELOPMENT_LOGINS = env.ROOT / ".local" / "development" / "logins"
# The document this record began with; its pledges open the home page.
FOUNDING_DOCUMENT = "ev-phl-seed-article"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [env.ROOT / "locale"]
FORMAT_MODULE_PATH = ["tracker.formats"]
DATE_FORMAT = formats.DATE_FORMAT  # of the log of the desk, which is written in no language
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [env.ROOT / "static"]
STATIC_ROOT = env.ROOT / ".local" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

IS_SECURE = SITE_URL.startswith("https://")
SESSION_ENGINE = "promises.accounts.session_store"
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if IS_SECURE else "device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_HSTS_SECONDS = 63072000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^internal/metrics$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_SECURE else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}

# Whether whoever enters the desk needs a second factor, whatever they logged in with before.
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR", ("required", "optional"), "optional" if IS_DEVELOPMENT else "required"
)
# A session ends after so many hours without a request, and after so many days anyway.
SESSION_COOKIE_AGE = 3600 * env.number("SESSION_IDLE_HOURS", 12, least=1)
SESSION_DAYS = env.number("SESSION_DAYS", 14, least=1)
MFA_TOTP_ISSUER = SITE_URL.partition("://")[2]
# Where mails go out, and as whose.
locals().update(
    login.mail(
        env.text("EMAIL_URL", "console:" if IS_DEVELOPMENT else "smtp://localhost:25?tls=no")
    )
)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"tracker@{MFA_TOTP_ISSUER.partition(':')[0]}")

# Addresses of proxies in front of us, which are believed about whom they speak for.
TRUSTED_PROXIES = env.addresses("TRUSTED_PROXIES", "")

# How many days editors have to answer a challenge before its pledge counts as out of date.
CHALLENGE_ANSWER_DAYS = env.number("CHALLENGE_ANSWER_DAYS", 14)
# How many days after a challenge was answered, or a suggestion decided, the sender's name and
# email are erased.
CHALLENGE_SENDER_KEPT_DAYS = env.number("CHALLENGE_SENDER_KEPT_DAYS", 30)
# How many challenges, and beside them how many suggestions, one network may send in 24 hours.
CHALLENGES_PER_DAY = env.number("CHALLENGES_PER_DAY", 10)

# How often one network may ask for mails in 24 hours.
FOLLOWS_PER_DAY = env.number("FOLLOWS_PER_DAY", 20)
# How many mails that ask for a confirmation one mailbox gets in 24 hours, whoever asks.
CONFIRMATIONS_PER_DAY = env.number("CONFIRMATIONS_PER_DAY", 3)
# After how many days what nobody confirmed is erased.
UNCONFIRMED_KEPT_DAYS = env.number("UNCONFIRMED_KEPT_DAYS", 3)

# What a backup says was set, by name.
ENVIRONMENT_SET = env.names_set()
