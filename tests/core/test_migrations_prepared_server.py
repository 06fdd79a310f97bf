"""The server that `compose.yaml` describes: prepared by its administrator, used by a user with few rights."""

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app.audit.queries import is_audit_protected
from app.bootstrap.paths import ROOT
from app.core.migrations import migrate_database
from app.core.read_role import may_take_read_role
from app.local_postgres.cluster import ADMINISTRATOR, Cluster, run_cluster
from tests.support.scratch import find_scratch_folder


def prepare(cluster: Cluster) -> None:
    """Empty the server, and prepare it as the image of the database does."""
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        connection.execute("DROP DATABASE sensor_register WITH (FORCE)")
        for role in ("sensor_register", "sensor_register_reader", "sensor_register_audit"):
            connection.execute(f"DROP ROLE {role}")
    environment = {
        "PATH": f"{Path(cluster.postgresql.program('psql')).parent}:{os.defpath}",
        "PGHOST": str(cluster.socket_folder),
        "POSTGRES_USER": ADMINISTRATOR,
        "REGISTER_PASSWORD": "it's long; and odd",
        "AUDIT_SQL": str(ROOT / "migrations" / "audit.sql"),
    }
    subprocess.run([ROOT / "database" / "prepare.sh"], env=environment, check=True)


def test_prepared_server_is_migrated_by_a_user_without_rights_on_roles_and_audit() -> None:
    with TemporaryDirectory(prefix="sensor-register-prepared-", dir=find_scratch_folder()) as folder:
        Path(folder).chmod(0o755)
        with run_cluster(Path(folder, "cluster"), durable=False) as cluster:
            prepare(cluster)
            url = cluster.url()
            assert migrate_database(url) is True
            assert may_take_read_role(url)
            with psycopg.connect(url) as connection:
                assert is_audit_protected(connection)
                rights = connection.execute(
                    "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
            assert rights == (False, False, False)


def test_compose_file_names_no_password_and_no_superuser_for_the_register() -> None:
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    for variable in ("DATABASE_PASSWORD", "DATABASE_ADMIN_PASSWORD"):
        uses = re.findall(rf"\$\{{{variable}[^}}]*\}}", compose)
        assert uses
        assert all(use.startswith(f"${{{variable}:?") for use in uses), (
            "a variable without a value is refused"
        )
    assert re.findall(r"POSTGRES_USER: (\S+)", compose) == ["postgres"]
    assert re.findall(r"REGISTER_DATABASE_URL: postgresql://(\w+):", compose) == ["sensor_register"]
    assert re.findall(r"image: (\S+)", compose) == ["${DATABASE_IMAGE:-postgis/postgis:17-3.5}"]
    assert re.findall(r"(?m)^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8")) == ["${PYTHON_IMAGE}"]
