"""Studies, which the command simulates, as tables."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

_APPLICATION_ID = 0x696C6177
_SCHEMA_VERSION = 1


def open_study(path: str | os.PathLike[str]) -> pandas.DataFrame:
    """The finished cells of a study's SQLite file, a row each, also while it runs.

    The columns are those of the view `result` (docs/studies.md): the network, means and variances with their errors, and the
    predictions and Kolmogorov-Smirnov distances of both limits. Needs pandas. Raises ValueError if the file is no study of a
    schema that is known.
    """
    import pandas

    name = os.fspath(path)
    if not os.path.exists(name):
        raise ValueError(f"{name}: there is no such file")
    database = sqlite3.connect(f"file:{os.path.abspath(name)}?mode=ro", uri=True)
    try:
        found, version = (database.execute(f"PRAGMA {key}").fetchone()[0] for key in ("application_id", "user_version"))
        if found != _APPLICATION_ID:
            raise ValueError(f"{name}: is not a study's file")
        if version > _SCHEMA_VERSION:
            raise ValueError(f"{name}: is of a newer initlaw, with schema {version}; this one knows schema {_SCHEMA_VERSION}")
        return pandas.read_sql_query("SELECT * FROM result", database, index_col="id")
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{name}: is not a study's file: {error}") from None
    finally:
        database.close()
