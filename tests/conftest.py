"""Every test runs in a data folder of its own, on a database of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["WAYHOME_TESTING"] = "1"
# Named here and not in pyproject.toml: there the settings would be read before the folder is made.
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"
_root = tempfile.mkdtemp(prefix="wayhome-tests-")
os.environ["WAYHOME_DATA_DIR"] = _root
atexit.register(shutil.rmtree, _root, ignore_errors=True)

from tests import database  # noqa: E402
from wayhome.config.folder import Folder  # noqa: E402

Folder(Path(_root)).create("live")
database.ensure()

import django  # noqa: E402

django.setup()

# One browser for the whole run: a second one cannot be driven from the same thread.
from tests.browser import browser  # noqa: E402
from tests.stories.shared import bureau  # noqa: E402

# The browser's driver keeps a loop in this thread, beside which the records are made.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

__all__ = ["browser", "bureau"]
