"""Studies, which the command simulates and keeps, and as tables."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import sysconfig
import zlib
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas

_APPLICATION_ID = 0x696C6177
_SCHEMA_VERSION = 6
# What a cell's checksum is of, in this order.
_COLUMNS = """id, network, input, seed, method, precision, estimator, result_version, goal_samples, goal_std_error,
    target_samples, samples, sums, result, seconds, finished"""


def _command() -> str:
    """The command initlaw: what INITLAW_COMMAND names, else that of this environment, else that on PATH."""
    found = (os.environ.get("INITLAW_COMMAND") or shutil.which("initlaw", path=sysconfig.get_path("scripts"))
             or shutil.which("initlaw"))
    if found is None:
        raise FileNotFoundError("the command initlaw, which simulates studies, is neither in this environment nor on PATH; "
                                "install it, or name it in INITLAW_COMMAND")
    return found


def _run(arguments: list[str], progress: bool | None) -> None:
    """Runs the command. Ctrl-C lets it store what it has, and is then a KeyboardInterrupt."""
    shown = sys.stderr.isatty() if progress is None else progress
    with subprocess.Popen([_command(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        said = []
        try:
            for line in process.stderr or ():
                said.append(line)
                if shown:
                    sys.stderr.write(line)
            status = process.wait()
        except BaseException:
            # A terminal's Ctrl-C has reached it already; it takes two that come together for one.
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
    if status == 130:
        raise KeyboardInterrupt
    if status != 0:
        message = "".join(said).strip().removeprefix("initlaw: ")
        raise (ValueError if status == 2 else RuntimeError)(message)


def _threads(threads: int) -> list[str]:
    return [] if threads == 0 else ["--threads", str(threads)]


def run_study(
    study: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    threads: int = 0,
    progress: bool | None = None,
) -> pandas.DataFrame:
    """Simulates the grid of networks of a study's TOML file, or goes on where that was stopped; gives open_study's table.

    The command does it (docs/studies.md): as 'initlaw study run STUDY', with any number of cells. `out` is the SQLite file,
    by default the study's with .sqlite. `progress` is whether the command's lines go to sys.stderr, by default if that is a
    terminal. Ctrl-C stores what is done and raises KeyboardInterrupt. Raises ValueError or RuntimeError with the command's
    message, and FileNotFoundError if there is no command.
    """
    file = pathlib.Path(study).with_suffix(".sqlite") if out is None else pathlib.Path(out)
    _run(["study", "run", os.fspath(study), "--out", os.fspath(file), *_threads(threads), "--yes"], progress)
    return open_study(file)


def extend_study(
    file: str | os.PathLike[str],
    *,
    samples: float | None = None,
    std_error: float | None = None,
    threads: int = 0,
    progress: bool | None = None,
) -> pandas.DataFrame:
    """Simulates all cells of a study's SQLite file up to `samples`, or to that standard error of the mean of G.

    As 'initlaw study extend FILE'. Other arguments, result and errors as run_study().
    """
    goals = [word for name, goal in (("--samples", samples), ("--std-error", std_error)) if goal is not None
             for word in (name, str(goal))]
    _run(["study", "extend", os.fspath(file), *goals, *_threads(threads)], progress)
    return open_study(file)


def _checksum(*values: int | float | str | bytes | None) -> int:
    """As docs/studies.md defines it."""
    content = bytearray()
    for value in values:
        if value is None:
            content += b"n" + bytes(8)
        elif isinstance(value, int):
            content += b"i" + struct.pack("<q", value)
        elif isinstance(value, float):
            content += b"r" + struct.pack("<d", value)
        else:
            data = value.encode() if isinstance(value, str) else value
            content += (b"t" if isinstance(value, str) else b"b") + struct.pack("<Q", len(data)) + data
    return zlib.crc32(content)


def open_study(path: str | os.PathLike[str], view: Literal["result", "angles"] = "result") -> pandas.DataFrame:
    """The finished cells of a study's SQLite file, also while it runs: a row a cell of one input.

    The columns are those of the view `result` (docs/studies.md): the network, means and variances with their errors, and the
    predictions and Kolmogorov-Smirnov distances of every law. The view `angles` has those of several inputs, a row a pair of
    inputs and layer: its angle, simulated and by its law, and both inputs' G. Needs pandas. Raises ValueError if the file is no study of a
    schema that is known, or is damaged.
    """
    import pandas

    name = os.fspath(path)
    keys = {"result": ["id"], "angles": ["id", "i", "j", "layer"]}.get(view)
    if keys is None:
        raise ValueError(f"view: {view!r} is not one of result, angles")
    if not os.path.exists(name):
        raise ValueError(f"{name}: there is no such file")
    database = sqlite3.connect(f"{pathlib.Path(name).absolute().as_uri()}?mode=ro", uri=True)
    database.create_function("initlaw_checksum", -1, _checksum, deterministic=True)
    try:
        database.execute("BEGIN")
        found, version = (database.execute(f"PRAGMA {key}").fetchone()[0] for key in ("application_id", "user_version"))
        if found != _APPLICATION_ID:
            raise ValueError(f"{name}: is not a study's file")
        if version > _SCHEMA_VERSION:
            raise ValueError(f"{name}: is of a newer initlaw, with schema {version}; this one knows schema {_SCHEMA_VERSION}")
        if version < _SCHEMA_VERSION:
            raise ValueError(f"{name}: is of an older initlaw, with schema {version}; 'initlaw study run' brings it to schema {_SCHEMA_VERSION}")
        (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
        damaged = database.execute(f"SELECT id FROM cell WHERE checksum IS NOT initlaw_checksum({_COLUMNS})").fetchone()
        if found != "ok" or damaged:
            raise ValueError(f"{name}: is damaged; see 'initlaw study verify'")
        return pandas.read_sql_query(f"SELECT * FROM {view}", database, index_col=keys)
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{name}: is not a study's file: {error}") from None
    finally:
        database.close()
