"""Every test runs in a data folder of its own, on a database of its own."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

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
import pytest  # noqa: E402
from django.db import connection  # noqa: E402

django.setup()

from tests import quick  # noqa: E402

quick.be_quick()

# One browser for the whole run: a second one cannot be driven from the same thread.
from tests.browser import browser  # noqa: E402
from tests.stories.living import Bureau  # noqa: E402
from tests.stories.shared import bureau  # noqa: E402
from wayhome.bureau.matches.bridge import INDEXES  # noqa: E402
from wayhome.lib.spark import why_missing  # noqa: E402

# The browser's driver keeps a loop in this thread, beside which the records are made.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

__all__ = ["browser", "bureau"]
MOST_LINES = 5
# Begun first, so that one of them does not run alone when the others are done.
LONG = (
    "tests/web/test_every_page.py",
    "tests/stories/",
    "tests/web/portal/test_in_a_browser.py",
    "tests/web/test_access_matrix.py",
    "tests/cores/names/test_index.py",
    "tests/config/test_demo.py",
    "tests/config/test_processes.py",
    "tests/web/console/test_in_a_browser.py",
    "tests/web/test_p4.py",
)
NOT_RUN = ("skipped", "xfailed", "xpassed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files come first. What only root, or only Spark, can ask is left out."""
    items.sort(key=_turn)
    left_out = ["root"] if os.geteuid() != 0 else []
    left_out += ["spark"] if why_missing() else []
    out = [item for item in items if any(item.get_closest_marker(x) for x in left_out)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def _turn(item: pytest.Item) -> int:
    """The place of a test's file among the long ones, or behind them."""
    return next((n for n, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """With these, other processes of a run would read the settings before their folder is made."""
    for name in ("DJANGO_SETTINGS_MODULE", "WAYHOME_DATA_DIR"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of this process, whose name is known now, begins as the migrated one."""
    database.copy_of_the_template(connection.settings_dict["TEST"]["NAME"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """With a failed story comes what its bureau's processes logged."""
    report = yield
    living = getattr(item, "funcargs", {}).get("bureau")
    if report.failed and isinstance(living, Bureau):
        report.sections.append(("the bureau's processes", living.logged()))
    return report


@pytest.fixture
def fresh_indexes() -> None:
    """Nothing of the test before is in an index."""
    for index in INDEXES:
        index.forget()


def pytest_report_header() -> str:
    """Say what is not asked here, and why."""
    return f"spark: {why_missing() or 'installed'}"


def pytest_sessionfinish(session: Any, exitstatus: int) -> None:
    """Under CI a test that was skipped, or expected to fail, is one that did not run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return
    if any(reporter.stats.get(kind) for kind in NOT_RUN) and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests of damage hit, and others counted: a proof says how much it rests on."""
    passed = terminalreporter.stats.get("passed", [])
    counted = [(one.nodeid, line) for one in passed for line in _counted(one.capstdout)]
    if os.environ.get("CI") == "true" and any(terminalreporter.stats.get(k) for k in NOT_RUN):
        terminalreporter.line("a test was skipped or expected to fail: the run has failed")
    if counted:
        terminalreporter.section("what was hit and counted")
    for nodeid, line in counted:
        terminalreporter.write_line(f"{nodeid.partition('::')[2]}: {line}")


def _counted(printed: str) -> list[str]:
    lines = [line.strip() for line in printed.splitlines()]
    return [line for line in lines if re.search(r"\d", line)][:MOST_LINES]
