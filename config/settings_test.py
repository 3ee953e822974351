"""Settings of the test suite: those of production with quick passwords and nothing that leaves."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

# Before the settings are read: a suite must not touch anybody's home, nor need a key or a proxy.
_HOME = Path(tempfile.mkdtemp(prefix="orime-test-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["ORIME_HOME"] = str(_HOME)
# WhiteNoise warns where no static files have been gathered.
(_HOME / "static").mkdir()
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 4)
os.environ |= {"DEBUG": "false", "ORIME_HTTPS": "false", "ORIME_DEMO": "false"}
# Named by hand to run on other servers; a developer's .env must not.
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_HOME / 'orime.sqlite3'}")
os.environ.setdefault("REDIS_URL", "")

from config.settings import *  # noqa: E402, F403  the environment above comes first; all names are wanted
from config.settings import BROKER_URLS, DATABASES, STORAGES  # noqa: E402  as above

# The real hashers are slow on purpose and took most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if os.environ["REDIS_URL"]:
    # Each process of the suite empties its cache after every test: a database for each.
    _PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    _URL = urlsplit(BROKER_URLS.cache)
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _URL._replace(path=f"/{int(_URL.path.strip('/')) + _PROCESS}").geturl(),
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # In a file, as in production: in memory, a second writer is refused instead of waiting.
    DATABASES["default"]["TEST"] = {"NAME": str(_HOME / "suite.sqlite3")}
# No collectstatic before a test: names without their hashes.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests call tasks themselves; a message that one sends by accident stays in this process.
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
