"""The database of the tests itself: who else holds it, and what it knows of its rows."""

import gc
import time

import psycopg
from django.db import connection, connections

PATIENCE = 30.0  # seconds that a busy server may take to see that somebody left


def end_other_connections() -> None:
    """End all connections but one of our own: a thread of a server that a test stopped may still hold one."""
    if connection.vendor == "postgresql":
        connection.close()  # it may be dead: a test may have ended all
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def let_everybody_go() -> None:
    """End all connections, our own too, and wait until the server has seen them go.

    SQLite keeps its file open while a cursor is left, as in the traceback of an error that an earlier test brought
    about and that nobody has cleared away.
    """
    end_other_connections()
    connections.close_all()
    if connection.vendor != "postgresql":
        gc.collect()
        return
    given = connection.settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"] or None}
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        users = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        while server.execute(users, [given["NAME"]]).fetchone() and time.monotonic() < deadline:
            time.sleep(0.05)


def know_the_rows() -> None:
    """Let the database count its rows, as it does by itself where they stay: here it knows the tables as empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
