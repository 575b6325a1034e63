"""How the application is served."""

from types import FrameType

import uvicorn
from fastapi import FastAPI

_PATIENCE_S = 2  # for a request that hangs; live streams end at once


class Server(uvicorn.Server):
    """Serves the application quietly, and ends its live streams when it is asked to stop."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        config = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=_PATIENCE_S)
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; streams would go on for ever otherwise."""
        self._app.state.bell.close()
        super().handle_exit(sig, frame)
