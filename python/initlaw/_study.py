"""Studies, which the command simulates, as tables."""

from __future__ import annotations

import os
import pathlib
import sqlite3
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

_APPLICATION_ID = 0x696C6177
_SCHEMA_VERSION = 3
# What a cell's checksum is of, in this order.
_COLUMNS = """id, network, input, seed, method, precision, estimator, result_version, goal_samples, goal_std_error,
    target_samples, samples, sums, result, seconds, finished"""


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


def open_study(path: str | os.PathLike[str]) -> pandas.DataFrame:
    """The finished cells of a study's SQLite file, a row each, also while it runs.

    The columns are those of the view `result` (docs/studies.md): the network, means and variances with their errors, and the
    predictions and Kolmogorov-Smirnov distances of every law. Needs pandas. Raises ValueError if the file is no study of a
    schema that is known, or is damaged.
    """
    import pandas

    name = os.fspath(path)
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
        return pandas.read_sql_query("SELECT * FROM result", database, index_col="id")
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{name}: is not a study's file: {error}") from None
    finally:
        database.close()
