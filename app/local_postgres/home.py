"""Folder and system user of the private cluster: PostgreSQL refuses root, and needs a short socket path."""

import hashlib
import logging
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap.cannot_start import CannotStart

_log = logging.getLogger(__name__)

# The kernel accepts 107 bytes for a socket's path, including its file name.
_SOCKET_FOLDER_LIMIT_BYTES = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class ClusterOwner:
    """System user that runs PostgreSQL and owns its files."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a session that Ctrl-C does not reach; `stdout` also has stderr."""
        is_current_user = self.uid == os.geteuid()
        return subprocess.run(
            [str(word) for word in command],
            cwd="/",
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            start_new_session=True,
            user=None if is_current_user else self.uid,
            group=None if is_current_user else self.gid,
            extra_groups=None if is_current_user else [],
        )

    def make_folder(self, folder: Path) -> None:
        """Create a folder that only this user can enter, where it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)

    def can_write(self, folder: Path) -> bool:
        """Whether this user may write in a folder, also where a parent such as /root is private."""
        return self.run(["test", "-w", folder, "-a", "-x", folder]).returncode == 0


def find_owner(home: Path) -> ClusterOwner:
    """Owner of the cluster at `home`: the user who created it; for a new one the current user, for root `postgres`.

    Raises: CannotStart when another user owns it, or when root finds no user `postgres`.
    """
    cluster = home / "data"
    current = os.geteuid()
    uid = cluster.stat().st_uid if cluster.exists() else current
    if current not in (0, uid):
        raise CannotStart(
            f"The database in {home} was created by the user {_name_of(uid)}; you are {_name_of(current)}. Start the "
            f'register as that user (or root), or make it yours: sudo chown -R "$USER" {home.resolve()}',
            f"De database in {home} is gemaakt door de gebruiker {_name_of(uid)}; u bent {_name_of(current)}. Start "
            f'het register als die gebruiker (of root), of maak hem van u: sudo chown -R "$USER" {home.resolve()}',
        )
    try:
        user = pwd.getpwnam("postgres") if uid == 0 else pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            "PostgreSQL refuses to run as root and there is no user `postgres` to run it as. "
            "Create one (useradd --system postgres) or start the register as an ordinary user.",
            "PostgreSQL weigert als root te draaien en er is geen gebruiker `postgres`. "
            "Maak die (useradd --system postgres) of start het register als gewone gebruiker.",
        ) from None
    return ClusterOwner(user.pw_name, user.pw_uid, user.pw_gid)


def prepare_home(home: Path, owner: ClusterOwner) -> Path:
    """Create the cluster's folder, in which its owner can write, and return its real path.

    Where the owner cannot write in `home`, it becomes a link to a folder under /var/lib.
    Raises: CannotStart when the folder cannot be created.
    """
    try:
        real_home = home.resolve()
        owner.make_folder(real_home)
        if not owner.can_write(real_home):
            elsewhere = Path("/var/lib", f"sensor-register-{_fingerprint(home)}")
            owner.make_folder(elsewhere)
            home.rmdir()
            home.symlink_to(elsewhere)
            _log.warning("PostgreSQL may not enter %s; the database is in %s.", home, elsewhere)
    except OSError as error:
        raise CannotStart(
            f"The database cannot be stored in {home}: {error.strerror} ({error.filename}). "
            "Choose a folder you may write in, or name an existing server in REGISTER_DATABASE_URL.",
            f"De database kan niet bewaard worden in {home}: {error.strerror} ({error.filename}). "
            "Kies een map waarin u mag schrijven, of noem een bestaande server in REGISTER_DATABASE_URL.",
        ) from error
    return home.resolve()


def prepare_socket_folder(home: Path, owner: ClusterOwner) -> Path:
    """Create the folder of the unix socket: in the cluster's folder, or in /tmp where that path is too long.

    Only its owner and root can enter it, so no password is needed.
    Raises: CannotStart when another user owns the folder in /tmp.
    """
    folder = home / "socket"
    # A comma in a host would separate two hosts.
    if len(os.fsencode(folder)) > _SOCKET_FOLDER_LIMIT_BYTES or "," in str(folder):
        folder = Path("/tmp", f"sensor-register-{_fingerprint(home)}")  # noqa: S108 - a socket needs a short path; the folder is private
    try:
        owner.make_folder(folder)
        state = folder.lstat()
    except OSError as error:
        raise CannotStart(
            f"The folder {folder} for the database's socket cannot be created: {error.strerror}.",
            f"De map {folder} voor de socket van de database kan niet gemaakt worden: {error.strerror}.",
        ) from error
    if folder.is_symlink() or state.st_uid != owner.uid or state.st_mode & 0o077:
        raise CannotStart(
            f"{folder} is not a private folder of {owner.name}; remove it and start again.",
            f"{folder} is geen eigen map van {owner.name}; verwijder die en start opnieuw.",
        )
    return folder


def _fingerprint(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:8]


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
