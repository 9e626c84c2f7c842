from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from config.embedded import ensure


class DatabaseWrapper(base.DatabaseWrapper):
    """Has the server of `HOME` run from the first connection on; the next connection brings a lost one back.

    `SERVER_SETTINGS`, if given, are PostgreSQL's own ("fsync=off"), for the process that starts the server.
    """

    def get_connection_params(self) -> dict[str, Any]:
        server = ensure(Path(self.settings_dict["HOME"]), settings=self.settings_dict.get("SERVER_SETTINGS", ()))
        self.settings_dict.update(HOST=server.host, PORT=server.port, USER=server.user)
        return super().get_connection_params()
