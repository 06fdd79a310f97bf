"""Where the private cluster lies and who runs it: PostgreSQL refuses root, and wants a short socket path."""

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

# The kernel takes 107 bytes for a socket's path; its file name comes behind the folder.
_SOCKET_FOLDER_LIMIT_BYTES = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class ClusterOwner:
    """The system user as whom PostgreSQL runs, and to whom its files belong."""

    name: str
    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, out of reach of the terminal's Ctrl-C; `stdout` has all it said."""
        is_me = self.uid == os.geteuid()
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
            user=None if is_me else self.uid,
            group=None if is_me else self.gid,
            extra_groups=None if is_me else [],
        )

    def make_folder(self, folder: Path) -> None:
        """A folder of this user alone, made where it is missing."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Whether this user may write there; a folder under a private home such as /root is out of reach."""
        return self.run(["test", "-w", folder, "-a", "-x", folder]).returncode == 0


def find_owner(home: Path) -> ClusterOwner:
    """As whom the cluster at `home` runs: whoever made it; a new one as ourselves, or for root as `postgres`.

    Raises: CannotStart when it is somebody else's, or when root has no user to hand it to.
    """
    cluster = home / "data"
    me = os.geteuid()
    uid = cluster.stat().st_uid if cluster.exists() else me
    if me not in (0, uid):
        raise CannotStart(
            f"The database in {home} was made by the user {_name_of(uid)}; you are {_name_of(me)}. Start the "
            f'register as that user (or root), or make it yours: sudo chown -R "$USER" {home.resolve()}'
        )
    try:
        user = pwd.getpwnam("postgres") if uid == 0 else pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            "PostgreSQL refuses to run as root and there is no user `postgres` to run it as. "
            "Make one (useradd --system postgres) or start the register as an ordinary user."
        ) from None
    return ClusterOwner(user.pw_name, user.pw_uid, user.pw_gid)


def prepare_home(home: Path, owner: ClusterOwner) -> Path:
    """The cluster's own folder, which its owner can reach.

    Where `home` is out of the owner's reach, it becomes a link to a folder under /var/lib.
    Raises: CannotStart when the folder cannot be made.
    """
    try:
        home_itself = home.resolve()
        owner.make_folder(home_itself)
        if not owner.reaches(home_itself):
            elsewhere = Path("/var/lib", f"sensor-register-{_fingerprint(home)}")
            owner.make_folder(elsewhere)
            home.rmdir()
            home.symlink_to(elsewhere)
            _log.warning("PostgreSQL may not enter %s, so the database is kept in %s.", home, elsewhere)
    except OSError as error:
        raise CannotStart(
            f"The database cannot be kept in {home}: {error.strerror} ({error.filename}). "
            "Choose a folder you may write in, or name an existing server in REGISTER_DATABASE_URL."
        ) from error
    return home.resolve()


def prepare_socket_folder(home: Path, owner: ClusterOwner) -> Path:
    """The folder of the unix socket: in the cluster's own folder, or where that path is too long, in /tmp.

    Only its owner and root can enter it: that is what keeps others out, and why no password is asked.
    Raises: CannotStart when somebody else sits in the place in /tmp.
    """
    folder = home / "socket"
    # A comma in a host would separate two hosts.
    if len(os.fsencode(folder)) > _SOCKET_FOLDER_LIMIT_BYTES or "," in str(folder):
        folder = Path("/tmp", f"sensor-register-{_fingerprint(home)}")  # noqa: S108 - a path must be short for a socket; the folder made in it is private
    try:
        owner.make_folder(folder)
        state = folder.lstat()
    except OSError as error:
        raise CannotStart(f"The folder {folder} for the database's socket: {error.strerror}.") from error
    if folder.is_symlink() or state.st_uid != owner.uid or state.st_mode & 0o077:
        raise CannotStart(f"{folder} is not a private folder of {owner.name}; remove it and start again.")
    return folder


def _fingerprint(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:8]


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
