"""The database of the tests itself: who else holds it, and what it knows of its rows."""

from django.db import connection


def end_other_connections() -> None:
    """End all connections but one of our own: a thread of a server that a test stopped may still hold one."""
    if connection.vendor == "postgresql":
        connection.close()  # it may be dead: a test may have ended all
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def know_the_rows() -> None:
    """Let the database count its rows, as it does by itself where they stay: here it knows the tables as empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
