"""A stream of a million lines: peak memory beside that of a thousand, lines a second of CPU, and what --jobs gains.

    python bench/stream.py [--lines 1000000] [--distinct 2000] [--jobs 2]

The first stream is one statement again and again, the others have no statement twice: their answers are wanted as text,
as in any pipe, and as records, which have each answer in four notations. Exits with 1 where the long stream takes more
than 1.2 times the memory of the short one, or is below 500 lines a second of CPU.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MCALC = [sys.executable, "-m", "mcalc"]
REPEATED = b"d/dx sin(x)^2\n"
MOST = 1.2
LEAST = 500
BLOCK = 10_000


def repeated(count: int) -> Iterator[bytes]:
    """Yield a stream of one statement again and again, in blocks."""
    for done in range(0, count, BLOCK):
        yield REPEATED * min(BLOCK, count - done)


def distinct(count: int) -> Iterator[bytes]:
    """Yield a stream in which no statement comes twice."""
    for n in range(count):
        yield b"d/dx (sin(%d x)^%d + exp(x^%d) / %d)\n" % (n + 2, n % 7 + 2, n % 5 + 2, n + 3)


def measured(blocks: Iterator[bytes], argv: list[str]) -> tuple[float, int]:
    """Return the CPU seconds of the process that read a stream, and its peak memory in KiB."""
    with subprocess.Popen([*MCALC, *argv], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin
        for block in blocks:
            process.stdin.write(block)
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("mcalc failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def spent(argv: list[str]) -> tuple[float, float]:
    """Return the seconds and the CPU seconds of a command with its children."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*MCALC, *argv], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    argv = ["--to", "json"]
    _, short = measured(repeated(1000), argv)
    long_time, long = measured(repeated(options.lines), argv)
    rate = options.lines / long_time
    print(f"{options.lines} lines: {long} KiB, {long / short:.2f} times that of 1000 lines; {rate:.0f} lines/s of CPU")
    for wanted, words in (([], "as text"), (argv, "as records")):
        own_time, own = measured(distinct(options.distinct), wanted)
        own_rate = options.distinct / own_time
        print(f"{options.distinct} lines of which none comes twice, {words}: {own} KiB; {own_rate:.0f} lines/s of CPU")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "distinct.mc")
        file.write_bytes(b"".join(distinct(options.distinct)))
        one, one_cpu = spent([str(file), *argv])
        several, several_cpu = spent([str(file), *argv, "--jobs", str(options.jobs)])
    faster, more = one / several, several_cpu / one_cpu
    print(f"--jobs {options.jobs}: {faster:.2f} times as fast as one process, for {more:.2f} times the CPU")
    return int(long > MOST * short or rate < LEAST)


if __name__ == "__main__":
    sys.exit(main())
