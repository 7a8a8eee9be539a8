"""Where the embedded servers live and as whom they run.

PostgreSQL refuses to run as root. As root its files belong to ``nobody`` and lie where that user can reach
them: inside the checkout when every folder above it is open to others, else below /var/tmp in a folder named
after the checkout. No folder above ours ever changes its mode.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED_USER = "nobody"


@dataclass(frozen=True)
class Account:
    """The system user that runs the servers; ``name`` is None for "as we are"."""

    name: str | None
    uid: int
    gid: int


def server_account() -> Account:
    """The user for the servers: nobody when we are root, else ourselves."""
    if os.geteuid() != 0:
        return Account(name=None, uid=os.geteuid(), gid=os.getegid())
    entry = pwd.getpwnam(UNPRIVILEGED_USER)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def is_reachable(path: Path) -> bool:
    """True when any user may walk down to ``path`` (the path itself included, when it exists)."""
    resolved = path.resolve()
    chain = [folder for folder in (resolved, *resolved.parents) if folder.is_dir()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in chain)


def reachable_home(preferred: Path) -> Path:
    """``preferred`` when the servers' user can reach it, else a folder below /var/tmp for this very path."""
    if server_account().name is None or is_reachable(preferred.parent):
        return preferred
    key = hashlib.sha256(str(preferred.resolve()).encode()).hexdigest()[:16]
    return Path("/var/tmp") / f"plumbline-{key}"  # noqa: S108 - not predictable by content, and checked for its owner


def make_private_folder(path: Path) -> Path:
    """Create ``path`` (0700) for the servers' user; refuses one that belongs to somebody else."""
    account = server_account()
    path.mkdir(parents=True, exist_ok=True, mode=0o755)
    owner = path.lstat()
    if path.is_symlink() or owner.st_uid not in {os.geteuid(), account.uid}:
        raise FolderOfAnotherUser(path, owner.st_uid)
    if owner.st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def give_to_servers(path: Path) -> None:
    """Hand one private file (0600) to the servers' user."""
    account = server_account()
    os.chown(path, account.uid, account.gid)
    path.chmod(0o600)


def reachable_binaries(package: Path, *, home: Path, parts: tuple[str, ...]) -> Path:
    """A folder with ``parts`` of site-packages that the servers' user can reach; copies only if it must."""
    if server_account().name is None or is_reachable(package):
        return package
    copies = home.with_name(home.name + "-bin")
    copies.mkdir(mode=0o755, exist_ok=True)
    if copies.is_symlink() or copies.lstat().st_uid != os.geteuid():
        raise FolderOfAnotherUser(copies, copies.lstat().st_uid)
    copies.chmod(0o755)
    for part in parts:
        if not (copies / part).exists():
            shutil.copytree(package / part, copies / (part + ".new"), dirs_exist_ok=True)
            (copies / (part + ".new")).rename(copies / part)
    return copies


def temporary_home(name: str) -> Path:
    """A new, private, reachable folder for one run of the tests; the caller removes it."""
    base = Path(tempfile.gettempdir())
    if server_account().name is not None and not is_reachable(base):
        base = Path("/var/tmp")  # noqa: S108 - mkdtemp makes an unpredictable name
    return make_private_folder(Path(tempfile.mkdtemp(prefix=f"{name}-", dir=base)))


class FolderOfAnotherUser(Exception):
    """A folder that the servers would use belongs to somebody else."""

    def __init__(self, path: Path, uid: int) -> None:
        super().__init__(f"{path} belongs to user {uid}; move it away and start again")
        self.path = path
        self.uid = uid
