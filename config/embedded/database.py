"""What the application finds in the server: its role, and its database."""

from dataclasses import replace

import psycopg

from config.embedded import ADMINISTRATOR, Connection
from config.embedded.errors import DatabaseUnavailable

ONE_AT_A_TIME = 4_117_328  # a number of our own, for PostgreSQL's advisory locks


def create_if_missing(wanted: Connection) -> None:
    """Make the role and the database of `wanted`; someone may have dropped them, others may be making them."""
    administrator = replace(wanted, user=ADMINISTRATOR, name="postgres")
    role, database = wanted.user, wanted.name
    try:
        with psycopg.connect(administrator.url, autocommit=True) as server:
            server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                server.execute(f"CREATE ROLE {role} LOGIN CREATEDB")  # tests make databases of their own
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                server.execute(f"CREATE DATABASE {database} OWNER {role}")
    except psycopg.Error as error:
        raise DatabaseUnavailable(f"PostgreSQL runs in {wanted.host}, but refuses: {error}") from error
