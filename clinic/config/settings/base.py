"""Settings shared by development, tests and production. What differs comes from the environment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from clinic.config import log
from clinic.config.settings.motion import motion_storage

BASE_DIR = Path(__file__).resolve().parents[3]
STATE_DIR = BASE_DIR / ".plumbline"

env = environ.Env()

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
AS_OWNER = env.bool("PLUMBLINE_AS_OWNER", default=False)
DEMO = env.bool("PLUMBLINE_DEMO", default=False)
# Servers and workers load what the assistant needs when they start, not with the first question.
WARM_UP = env.bool("PLUMBLINE_WARM_UP", default=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_vite",
    "django_structlog",
    "auditlog",
    "axes",
    "csp",
    "clinic",
    "patients",
    "prescriptions",
    "sessions",
    "notes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.config.headers.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "clinic.tenancy.middleware.IdleLogoffMiddleware",
    "clinic.tenancy.middleware.ClinicScopeMiddleware",
    "clinic.audit.middleware.AuditContextMiddleware",
    "clinic.pace.PagePaceMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "clinic.config.urls"
ASGI_APPLICATION = "clinic.config.asgi.application"

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
            ],
        },
    },
]

# Everyday work runs as the application's role, which cannot leave its clinic; migrations run as the owner.
_database_variable = "DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"
DATABASES = {
    "default": {
        **env.db(_database_variable, default="postgresql://plumbline_app@127.0.0.1:5432/plumbline"),
        "ENGINE": "clinic.tenancy.backend",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "plumbline",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "plumbline"},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200}
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "clinic: seal the audit trail": {
        "task": "clinic.seal_audit_chains",
        "schedule": 3600.0,
        "options": {"queue": "default"},
    },
    "sessions: close what was left open": {
        "task": "sessions.close_forgotten_everywhere",
        "schedule": 300.0,
        "options": {"queue": "default"},
    },
    "sessions: delete analysed videos": {
        "task": "sessions.delete_videos_everywhere",
        "schedule": 600.0,
        "options": {"queue": "default"},
    },
    "sessions: review every patient's movement": {
        "task": "sessions.review_trends_everywhere",
        "schedule": 21600.0,
        "options": {"queue": "default"},
    },
    "sessions: go on with safety runs that stand still": {
        "task": "sessions.continue_safety_runs_everywhere",
        "schedule": 120.0,
        "options": {"queue": "default"},
    },
    "sessions: delete the words of old conversations": {
        "task": "sessions.delete_old_conversations_everywhere",
        "schedule": 21600.0,
        "options": {"queue": "default"},
    },
    "notes: look for drafts that nobody signed": {
        "task": "notes.review_unsigned_everywhere",
        "schedule": 1800.0,
        "options": {"queue": "default"},
    },
    "notes: read what was left unread": {
        "task": "notes.read_left_everywhere",
        "schedule": 120.0,
        "options": {"queue": "default"},
    },
    "prescriptions: decide after sessions that no decision followed": {
        "task": "prescriptions.propose_left_everywhere",
        "schedule": 600.0,
        "options": {"queue": "default"},
    },
    "prescriptions: learn from what came of decisions": {
        "task": "prescriptions.learn_everywhere",
        "schedule": 21600.0,
        "options": {"queue": "default"},
    },
    "patients: review every caseload": {
        "task": "patients.review_caseload_everywhere",
        "schedule": 21600.0,
        "options": {"queue": "default"},
    },
}

AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "clinic.sign_in.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Failed tries of one person from one address are counted by axes below; this slows tries from many addresses,
# and guessing at the six digits of a second step, which axes does not see.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,10/5m/key"}
# An account is made by invitation only, so nobody can lock another person's address behind a second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "clinic.sign_in.attempted_email"
AXES_CLIENT_IP_CALLABLE = "clinic.sign_in.address_of"
AXES_LOCKOUT_CALLABLE = "clinic.sign_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# Field changes carry clinic and patient; chain heads are signed with a key that the database never holds.
AUDITLOG_LOGENTRY_MODEL = "clinic.FieldChange"
# Its migrations would create a table beside ours that nobody reads and no policy closes.
MIGRATION_MODULES = {"auditlog": None}
AUDIT_SIGNING_KEY = env("AUDIT_SIGNING_KEY", default="")
# Seal the keys of model providers: the first seals, every one opens.
PLUMBLINE_SEALING_KEYS: list[str] = env.list("PLUMBLINE_SEALING_KEYS", default=[])
# Hosts of language models that may be reached without TLS or at a private address, such as one in this house.
PLUMBLINE_MODEL_HOSTS: list[str] = env.list("PLUMBLINE_MODEL_HOSTS", default=[])
PLUMBLINE_APP_ROLE = env("PLUMBLINE_APP_ROLE", default="plumbline_app")
# Addresses of our own proxies. Without them X-Forwarded-For, which anybody may send, is not believed.
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])

# Django's default writes the page's notices into a cookie, which outlives the sign-out.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# MediaPipe compiles WebAssembly, hence wasm-unsafe-eval; nothing inline is allowed, neither script nor style.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {
    "camera": ["self"],
    "microphone": [],
    "geolocation": [],
    "accelerometer": ["self"],
    "gyroscope": ["self"],
    "payment": [],
    "usb": [],
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [path for path in [BASE_DIR / "build" / "static"] if path.is_dir()]
# Vite puts a hash of the content into these names, so browsers may keep them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"
DJANGO_VITE = {
    "default": {
        "dev_mode": env.bool("VITE_DEV", default=False),
        "manifest_path": BASE_DIR / "build" / "static" / "manifest.json",
    }
}
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(STATE_DIR / "media")))
# Where a machine unpacks the models that clinics have trained.
PLUMBLINE_MODEL_CACHE = Path(env("PLUMBLINE_MODEL_CACHE", default=str(STATE_DIR / "model-cache")))
FILE_UPLOAD_PERMISSIONS = 0o600
MOTION_STORAGE = motion_storage(env)
MODEL_STORAGE: dict[str, object] = {
    "BACKEND": "clinic.private_storage.PrivateFolder",
    "OPTIONS": {"folder": "models"},
}
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "motion": MOTION_STORAGE,
    "models": MODEL_STORAGE,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Sensor files that somebody uploads together.
PLUMBLINE_LARGEST_MOVEMENT_BYTES = env.int("PLUMBLINE_LARGEST_MOVEMENT_BYTES", default=5_000_000_000)
DEVICE_BATCHES_A_MINUTE = env.int("DEVICE_BATCHES_A_MINUTE", default=240)

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["clinic.api.parsers.StrictJson"],
    "DEFAULT_PERMISSION_CLASSES": ["clinic.api.permissions.ByRole"],
    "EXCEPTION_HANDLER": "clinic.api.errors.answer_error",
    "DEFAULT_THROTTLE_CLASSES": ["clinic.api.throttles.PersonThrottle"],
    "DEFAULT_THROTTLE_RATES": {"person": "600/min"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "clinic.api.pagination.Pages",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Plumbline",
    "DESCRIPTION": "Physiotherapy with a webcam: what a clinic may read and write, one clinic at a time.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/c/[a-z0-9-]+/api",
    "ENUM_NAME_OVERRIDES": {
        "AlertState": "patients.models.Alert.State",
        "SessionState": "sessions.models.TherapySession.State",
        "SetState": "sessions.models.ExerciseSet.State",
    },
}

LOGGING = log.LOGGING
log.configure_structlog()
