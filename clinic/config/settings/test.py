"""Settings of the test run; tests/servers.py sets the addresses of its private servers first."""

from clinic.config.settings.base import *  # noqa: F403
from clinic.config.settings.base import MODEL_STORAGE, env

SECRET_KEY = "test-key-test-key-test-key-test-key-test-key-test-key-0123456789"
PLUMBLINE_SEALING_KEYS = ["seal-key-seal-key-seal-key-seal-key-seal-key-seal-key-9876543210"]
WARM_UP = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = env("REDIS_URL", default="memory://")
STORAGES = {
    "models": MODEL_STORAGE,
    "motion": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
