"""The unprivileged system user that a server runs as when we are root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class ServiceUserError(Exception):
    """There is no such system user and none can be made."""


class RunAs(TypedDict, total=False):
    """Arguments of subprocess that drop privileges; empty if there are none to drop."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServiceUser:
    """A user of this computer, by name and numbers."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> RunAs:
        """Arguments for subprocess that run a program as this user."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_traverse(self, path: Path) -> bool:
        """Whether this user can reach what lies in `path`, which need not exist yet."""
        real = path.resolve()
        return all(self._may_enter(one) for one in (real, *real.parents) if one.exists())

    def _may_enter(self, directory: Path) -> bool:
        status = directory.stat()
        if self.uid in (0, status.st_uid):
            return bool(status.st_mode & stat.S_IXUSR) or self.uid == 0
        if self.gid == status.st_gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def service_user(name: str) -> ServiceUser:
    """Who runs the server: ourselves, or under root the system user `name`, made if need be.

    Raises ServiceUserError if that user is missing and cannot be made.
    """
    if os.geteuid() != 0:
        return _known(pwd.getpwuid(os.geteuid()))
    try:
        return _known(pwd.getpwnam(name))
    except KeyError:
        _add(name)
    return _known(pwd.getpwnam(name))


def _known(entry: pwd.struct_passwd) -> ServiceUser:
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _add(name: str) -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise ServiceUserError(f"The system user {name} is missing, and there is no useradd.")
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode != 0:
        raise ServiceUserError(f"The system user {name} cannot be made: {made.stderr.strip()}")
