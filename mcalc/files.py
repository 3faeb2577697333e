"""The one way a file is opened to be read: nothing waits for ever, no device is taken for a file. And private files."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import time
from contextlib import suppress

from mcalc.errors import Mistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


LONGEST_NAME = 400
"""Characters of a name that are shown."""
PATIENCE = 1.0
"""Seconds in which somebody must open the other end of a named pipe."""


def path_of(name: str) -> str:
    """Return the path that a name typed by a person stands for, with ~ for the home folder.

    Raises:
        Mistake: `E-FILE`, where no file can be called so.
    """
    if "\0" in name:
        raise Mistake("E-FILE", f"cannot open {name}: a name of a file has no null character")
    return os.path.expanduser(name)


def open_to_read(path: str, *, pipes: bool = False, own: bool = False) -> IO[bytes]:
    """Open a file to read bytes from it.

    With `pipes`, a pipe, a terminal and the empty device are read, too; all else may never end, or is no file. With
    `own`, it has to be the user's, for nobody else to write.

    Raises:
        Mistake: `E-FILE`, where it cannot be read, is a folder or a device, or a pipe into which nobody writes.

    >>> from mcalc.files import open_to_read
    >>> open_to_read("/")
    Traceback (most recent call last):
    ...
    mcalc.errors.Mistake: E-FILE: cannot read /: it is a folder
    """
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except IsADirectoryError:
        raise _unreadable(path, "it is a folder", "name a file in it") from None
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "a name of a file has no null character"
        raise _unreadable(path, reason, "is the name right, and the folder?") from None
    try:
        if own:
            _check_owner(handle, path)
        return _stream(handle, path, pipes=pipes)
    except BaseException:
        os.close(handle)
        raise


def open_as_it_is(path: str) -> IO[bytes]:
    """Open a pipe or a device to write into it.

    Raises:
        OSError: where it cannot be written; nobody may read from the pipe.
    """
    last = time.monotonic() + PATIENCE
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except OSError as trouble:
            if trouble.errno != errno.ENXIO:
                raise
            if time.monotonic() > last:
                raise OSError(errno.ENXIO, f"nobody reads from it; mcalc waited {PATIENCE:g} s for a reader") from None
            time.sleep(0.05)
            continue
        if hasattr(os, "O_NONBLOCK"):
            os.set_blocking(handle, True)
        return os.fdopen(handle, "wb")


def write_privately(path: str, data: bytes) -> None:
    """Write a file that is whole at any moment, for the user alone, in a folder that is made where it is not there.

    Raises:
        OSError: where it cannot be written; then it is as it was.
    """
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    unfinished = f"{path}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(unfinished, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def check_stream(stream: IO[bytes], place: str) -> None:
    """Raise `E-FILE` where a stream, such as standard input, comes from a folder or from a device that never ends."""
    try:
        handle = stream.fileno()
    except (OSError, ValueError):  # it is no file at all, but text in memory
        return
    _check(handle, place, pipes=True)


def _stream(handle: int, path: str, *, pipes: bool) -> IO[bytes]:
    mode = _check(handle, path, pipes=pipes)
    if stat.S_ISREG(mode) or not hasattr(os, "O_NONBLOCK"):
        if hasattr(os, "O_NONBLOCK") and not os.fstat(handle).st_size and not _is_ready(handle):
            raise _unreadable(path, "there is nothing to be read from it now", "copy what is in it to a file")
        return os.fdopen(handle, "rb")
    first = _awaited(handle, path) if stat.S_ISFIFO(mode) else b""
    os.set_blocking(handle, True)
    raw = os.fdopen(handle, "rb", buffering=0)
    return io.BufferedReader(_After(first, raw) if first else raw)


def _check(handle: int, path: str, *, pipes: bool) -> int:
    """Return the mode of an open file that may be read; `path` is what a mistake calls it."""
    about = os.fstat(handle)
    mode = about.st_mode
    if stat.S_ISDIR(mode):
        raise _unreadable(path, "it is a folder", "name a file in it")
    if stat.S_ISREG(mode):
        return mode
    if not pipes:
        raise _unreadable(path, "it is no ordinary file", "copy what is in it to a file")
    is_device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
    if is_device and not os.isatty(handle) and sys.platform != "win32":
        if about.st_rdev != os.stat(os.devnull).st_rdev:
            raise _unreadable(path, "it is a device, which may never end", "copy what is in it to a file")
    return mode


def _check_owner(handle: int, path: str) -> None:
    """Raise `E-FILE` where an open file belongs to somebody else, or others may write it."""
    about = os.fstat(handle)
    if hasattr(os, "geteuid") and about.st_uid != os.geteuid():
        raise _unreadable(path, "it belongs to another user", "move it away")
    if hasattr(os, "geteuid") and about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise _unreadable(path, "others may write it", f"chmod go-w {path}")


def _is_ready(handle: int) -> bool:
    """Say whether a read would not wait, as it does of the kernel's messages, which are no pipe."""
    import select

    watch = select.poll()
    watch.register(handle, select.POLLIN)
    return bool(watch.poll(0))


def _awaited(handle: int, path: str) -> bytes:
    """Return what a pipe has to begin with, nothing where its writer is still at work.

    Where nobody has opened it to write, a read ends at once, as it does after the last writer has gone.
    """
    import select

    last = time.monotonic() + PATIENCE
    watch = select.poll()
    watch.register(handle, select.POLLIN)
    while not watch.poll(50):
        try:
            first = os.read(handle, 1)
        except BlockingIOError:
            return b""
        if first:
            return first
        if time.monotonic() > last:
            raise _unreadable(path, "nobody writes into this pipe", f"mcalc waited {PATIENCE:g} s for a writer")
    return b""


class _After(io.RawIOBase):
    """A stream after bytes that have been read from it already."""

    def __init__(self, first: bytes, rest: io.RawIOBase) -> None:
        self.first = first
        self.rest = rest

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.rest.fileno()

    def readinto(self, buffer: object) -> int | None:
        if self.first:
            view = memoryview(buffer)  # type: ignore[arg-type]  # the protocol of buffers has no type in 3.11
            view[: len(self.first)] = self.first
            count, self.first = len(self.first), b""
            return count
        return self.rest.readinto(buffer)  # type: ignore[arg-type]

    def close(self) -> None:
        self.rest.close()
        super().close()


def _unreadable(path: str, reason: str, hint: str) -> Mistake:
    shown = path if len(path) <= LONGEST_NAME else f"…{path[-LONGEST_NAME:]}"
    return Mistake("E-FILE", f"cannot read {shown}: {reason}", hint=hint)


BASES = {"config": ".config", "state": ".local/state"}
"""The kinds of folders, and where each lies in a home that says nothing else."""


def folder(kind: str) -> str | None:
    """Return the folder of a kind, config or state; None where there is no home. It need not exist.

    ``MCALC_CONFIG_DIR`` and so on say it outright. On Linux it is what the XDG rules say, spelled out here since
    loading platformdirs would cost every start more than reading a statement; platformdirs knows all other systems.

    >>> folder("state") != folder("config")
    True
    """
    said = os.environ.get(f"MCALC_{kind.upper()}_DIR")
    if said:
        return said
    if sys.platform != "linux":
        import platformdirs

        return str(getattr(platformdirs, f"user_{kind}_dir")("mcalc", appauthor=False))
    base = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
    if not base.startswith("/"):
        home = os.path.expanduser("~")
        if home == "~":
            return None
        base = os.path.join(home, BASES[kind])
    return os.path.join(base, "mcalc")
