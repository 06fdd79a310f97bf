"""Connections that the database ended meanwhile are replaced before a reader gets one."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.local_postgres.cluster import ADMINISTRATOR, Cluster
from tests.support.application import make_client

PATHS = (
    "/v1/vocabularies/sensorType",
    "/v1/collections/sensors/items",
    "/v1/collections/sensors/items?f=csv",
)


def end_connections(cluster: Cluster, database: str) -> int:
    with psycopg.connect(cluster.url("postgres", ADMINISTRATOR), autocommit=True) as connection:
        return connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [database]
        ).rowcount


def test_first_readers_after_a_restart_of_the_database_get_an_answer(
    cluster: Cluster, fresh_database: str
) -> None:
    name = str(conninfo_to_dict(fresh_database)["dbname"])
    with make_client(fresh_database) as client:
        for _ in range(2):
            # As many questions as there are connections.
            for path in PATHS * 3:
                assert client.get(path).status_code == 200, path
            assert end_connections(cluster, name) >= 2
        for path in PATHS * 3:
            assert client.get(path).status_code == 200, path
