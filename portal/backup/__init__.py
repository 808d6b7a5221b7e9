"""Backups: one file with the database and the photos, and bringing it back. `python -m portal.backup`.

Standard library, psycopg and age only, since it must run when the portal itself does not. What needs the portal
(migrations, forgetting again) is `manage.py finish_restore`, run on the fresh database before anybody sees it.
"""
