"""What docs/operate.md says is what the code does: its settings, and upgrades while the old version serves."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

ROOT = Path(__file__).resolve().parent.parent
WORDS = (ROOT / "docs" / "operate.md").read_text()

# Set by the portal itself, or of Python's.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR", "PYTHONWARNINGS"}


def read_by_the_code() -> set[str]:
    """Every variable of the environment that the portal, its Makefile's recipes or the compose file read."""
    reads = re.compile(
        r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"'  # settings
        r'|\benv(?:iron)?(?:\.get\(|\[)\s*f?"([A-Z_]+)"'
        r"|\benv(?:iron)?(?:\.get\(|\[)\s*'([A-Z_]+)'"
        r'|\b_(?:is_on|number)\("([A-Z_]+)"'
    )
    texts = [path.read_text() for path in (ROOT / "portal").rglob("*.py")]
    found = {name for text in texts for match in reads.findall(text) for name in match if name}
    compose = re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text())
    return (found | set(compose)) - NOT_SETTINGS


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    table = WORDS.split("## Settings")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == read_by_the_code()


def test_installing_takes_ten_commands() -> None:
    block = WORDS.split("in ten commands")[1].split("```")[1]
    assert re.findall(r"# (\d+)$", block, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_the_files_that_it_names_are_there() -> None:
    for name in re.findall(r"\]\(([\w./]+)\)", WORDS):
        assert (ROOT / "docs" / name).exists(), name


# --- migrations while the old version serves --------------------------------------------------------------

OURS = {"base", "villages", "bookings"}


def released() -> dict[str, str]:
    """The newest migration of each app in the last release."""
    lines = (ROOT / "docs" / "released.txt").read_text().splitlines()
    pairs = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {app: name for app, name in pairs}


def since_the_release() -> list[tuple[str, str]]:
    """Migrations of ours that the last release does not have."""
    last = released()
    found = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in OURS)
    return [(app, name) for app, name in found if name > last[app]]


def dangers(statements: list[str]) -> list[str]:
    """What the version that still serves could not stand."""
    errors, _, _ = analyse_sql_statements(PostgresqlAnalyser, statements)
    return sorted(issue.code for issue in errors)


def sql_of(*operations: migrations.operations.base.Operation) -> list[str]:
    """The statements of a migration with these operations, on the tables of now."""
    migration = migrations.Migration("of_tomorrow", "bookings")
    migration.operations = list(operations)  # type: ignore[misc]
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(MigrationLoader(connection).project_state(), editor, collect_sql=True)
        return [line for line in editor.collected_sql if not line.startswith("--")]


needs_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="the production shape")


@needs_postgres
@pytest.mark.django_db
def test_migrations_since_the_release_run_while_it_serves() -> None:
    found = {}
    for app, name in since_the_release():
        out = StringIO()
        call_command("sqlmigrate", app, name, stdout=out)
        found[app, name] = dangers(out.getvalue().splitlines())
    assert {key: what for key, what in found.items() if what} == {}


@needs_postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "danger"),
    [
        (migrations.RemoveField("booking", "walk_in"), ["DROP_COLUMN"]),
        (migrations.RenameField("booking", "walk_in", "came_in"), ["RENAME_COLUMN"]),
        (migrations.DeleteModel("CallAttempt"), ["DROP_TABLE"]),
        (migrations.AddField("booking", "colour", models.CharField(max_length=5, default="")), ["NOT_NULL"]),
        (migrations.AddField("booking", "colour", models.CharField(max_length=5, db_default="")), []),
        (migrations.AddField("booking", "colour", models.CharField(max_length=5, null=True)), []),
    ],
)
def test_what_the_old_version_can_not_stand_is_found(
    operation: migrations.operations.base.Operation, danger: list[str]
) -> None:
    assert dangers(sql_of(operation)) == danger


def test_what_is_released_is_there() -> None:
    assert released().keys() == OURS
    assert set(released().items()) <= set(MigrationLoader(None).disk_migrations)
