"""The ledger's tables, as named steps that are applied once each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from nanobanana_nb.errors import LedgerError

STEPS: tuple[tuple[str, str], ...] = (
    (
        "0001 tasks",
        """
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            provider TEXT NOT NULL,
            request TEXT NOT NULL,
            state TEXT NOT NULL,
            task_id TEXT,
            credits REAL,
            error TEXT,
            sha256 TEXT,
            media_type TEXT,
            width INTEGER,
            height INTEGER,
            created_at REAL NOT NULL,
            seconds REAL
        );
        CREATE INDEX tasks_by_fingerprint ON tasks (fingerprint, state);
        CREATE INDEX tasks_by_task_id ON tasks (task_id);
        CREATE INDEX tasks_by_state ON tasks (state);
        """,
    ),
    (
        "0002 claims and money",
        """
        ALTER TABLE tasks ADD COLUMN owner TEXT;
        ALTER TABLE tasks ADD COLUMN notebook TEXT;
        ALTER TABLE tasks ADD COLUMN reserved REAL;
        ALTER TABLE tasks ADD COLUMN sent_at REAL;
        ALTER TABLE tasks ADD COLUMN finished_at REAL;
        CREATE TABLE claimants (
            id TEXT PRIMARY KEY,
            machine TEXT NOT NULL,
            pid INTEGER NOT NULL,
            born TEXT NOT NULL,
            beat INTEGER NOT NULL
        );
        CREATE INDEX tasks_by_owner ON tasks (owner);
        CREATE INDEX tasks_by_time ON tasks (created_at);
        """,
    ),
    (
        "0003 plans",
        """
        CREATE TABLE plans (
            id INTEGER PRIMARY KEY,
            fingerprints TEXT NOT NULL UNIQUE,
            plan TEXT NOT NULL,
            notebook TEXT,
            run_at REAL NOT NULL
        );
        """,
    ),
    (
        "0004 ratings",
        """
        CREATE TABLE ratings (
            sha256 TEXT PRIMARY KEY,
            stars INTEGER NOT NULL,
            favourite INTEGER NOT NULL,
            note TEXT NOT NULL,
            rated_at REAL NOT NULL
        );
        CREATE TABLE votes (
            voter TEXT NOT NULL,
            one TEXT NOT NULL,
            other TEXT NOT NULL,
            outcome TEXT NOT NULL,
            voted_at REAL NOT NULL,
            PRIMARY KEY (voter, one, other)
        );
        """,
    ),
    (
        "0005 sizes of files",
        """
        ALTER TABLE tasks ADD COLUMN file_size INTEGER;
        """,
    ),
    (
        "0006 rounds of votes",
        """
        ALTER TABLE votes RENAME TO votes_of_one_round;
        CREATE TABLE votes (
            voter TEXT NOT NULL,
            one TEXT NOT NULL,
            other TEXT NOT NULL,
            outcome TEXT NOT NULL,
            voted_at REAL NOT NULL,
            round INTEGER NOT NULL DEFAULT 1,
            PRIMARY KEY (voter, one, other, round)
        );
        INSERT INTO votes SELECT *, 1 FROM votes_of_one_round;
        DROP TABLE votes_of_one_round;
        """,
    ),
    (
        "0007 scores",
        """
        CREATE TABLE scores (
            sha256 TEXT NOT NULL,
            name TEXT NOT NULL,
            recipe TEXT NOT NULL,
            value REAL,
            reason TEXT NOT NULL,
            scored_at REAL NOT NULL,
            PRIMARY KEY (sha256, name, recipe)
        );
        """,
    ),
)


def apply_steps(connection: sqlite3.Connection, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Bring the database up to date, all of it in one transaction.

    Args:
        fill: puts into new tables what is left of a lost database. Nobody sees them before:
            a task that is missing for a moment would be paid again.

    Raises:
        LedgerError: a newer version of this package wrote the file.
    """
    if len(_applied(connection)) == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        applied = _applied(connection)  # under the lock: another process may have been faster
        connection.execute("CREATE TABLE IF NOT EXISTS steps (name TEXT PRIMARY KEY)")
        for name, statements in STEPS:
            if name not in applied:
                for statement in statements.split(";"):
                    connection.execute(statement)
                connection.execute("INSERT INTO steps VALUES (?)", (name,))
        if not applied:
            fill(connection)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check_steps(connection: sqlite3.Connection) -> None:
    """Refuse a database that is not up to date, where it cannot be brought there.

    Raises:
        LedgerError: a newer or an older version of this package wrote the file.
    """
    if len(_applied(connection)) < len(STEPS):
        raise LedgerError(
            "An older nanobanana_nb wrote this ledger, and it may only be read",
            action="Its owner brings it up to date by opening it once with this version.",
        )


def _applied(connection: sqlite3.Connection) -> set[str]:
    """Return the steps that were applied, all of them known ones."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'steps'").fetchone():
        return set()
    applied = {name for (name,) in connection.execute("SELECT name FROM steps")}
    if newer := applied - {name for name, _ in STEPS}:
        raise LedgerError(
            "A newer nanobanana_nb wrote this ledger",
            why=f"it has the step {min(newer)}",
            action="Update the package: pip install -U nanobanana-nb.",
        )
    return applied
