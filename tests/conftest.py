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
