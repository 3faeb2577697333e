"""Where the results of a run go: the standard streams, or with -o a file, which is written whole or not at all."""

from __future__ import annotations

import os
import stat

from mcalc.errors import Mistake
from mcalc.shell.output import CannotWrite, Output
from mcalc.shell.settings import Settings, preferences
from mcalc.shell.signals import end_by_raising

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def tell(output: Output) -> None:
    """Tell of preferences that cannot be followed, once."""
    warnings = preferences().warnings
    while warnings:
        output.message(f"warning: {warnings.pop(0)}")


class Target:
    """The output of a run: the standard streams, or with -o a file that has its name when all is written, or never."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.into = None if settings.into in (None, "-") else settings.into
        self.output = settings.output()
        self.unfinished: str | None = None

    def __enter__(self) -> Output:
        if self.into is None:
            return self.opened()
        end_by_raising()
        try:
            return self._into_file(self.into)
        except BaseException:
            self._take_away()
            raise

    def _into_file(self, path: str) -> Output:
        """Return the output into a file, under another name until it is whole."""
        try:
            if os.path.exists(path) and not os.path.isfile(path):
                stream: IO[bytes] = open(path, "wb")  # noqa: SIM115 - `__exit__` closes it; a device or a pipe is written as it is
            else:
                if os.path.exists(path) and not self.settings.force:
                    raise Mistake("E-FILE", f"{path} is there already", hint="--force replaces it")
                self.into = os.path.realpath(path)  # what a link leads to is replaced, not the link
                self.unfinished = f"{self.into}.{os.getpid()}.part"
                stream = open(self.unfinished, "xb")  # noqa: SIM115 - the same
                if os.path.exists(path):
                    os.chmod(self.unfinished, stat.S_IMODE(os.stat(path).st_mode))
        except OSError as trouble:
            raise Mistake("E-FILE", f"cannot write {path}: {trouble.strerror}") from trouble
        message = self.output
        self.output = Output(
            stream,
            message.err,
            to=self.settings.to,
            err_encoding=message.err_encoding,
            environ=os.environ,
            when=self.settings.color,
            theme=self.settings.theme,
        )
        return self.opened()

    def opened(self) -> Output:
        """Return the output, after what stands before all results."""
        tell(self.output)
        if self.output.to == "html":
            from mcalc.render.html_page import head

            self.output.result(head("mcalc"))
        return self.output

    def __exit__(self, kind: object, trouble: object, trace: object) -> None:
        stream = self.output.out
        if self.into is None or stream is None:
            return
        try:
            stream.close()
            if self.unfinished is not None and kind is None:
                os.replace(self.unfinished, self.into)
        except OSError as failed:
            raise CannotWrite(failed.strerror or str(failed)) from failed
        finally:
            self._take_away()

    def _take_away(self) -> None:
        """Delete the file if it was not finished."""
        if self.unfinished is not None and os.path.exists(self.unfinished):
            os.unlink(self.unfinished)
