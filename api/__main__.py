"""Serves the API: ``python -m api``."""

import uvicorn

from api.application import create_app
from settings.application import load_settings
from settings.logs import configure_logs


def main() -> None:
    """Serve until asked to stop (SIGTERM or SIGINT)."""
    configure_logs()
    settings = load_settings()
    configure_logs(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        access_log=False,  # addresses and reply tokens are nobody's business
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
