"""A server process that speaks S3: moto's, from the development packages."""

import sys
from pathlib import Path

import httpx

from launcher.parts import ProcessPart, http_status
from launcher.ports import free_ports


class BucketPart(ProcessPart):
    """Serves buckets out of its memory; takes any key."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__("bucket", state_dir)
        self.port = free_ports(["bucket"])["bucket"]
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    async def is_ready(self) -> bool:
        return await http_status(self.port, "/moto-api/") == 200

    def make(self, name: str) -> None:
        """Make an empty bucket."""
        httpx.put(f"{self.url}/{name}").raise_for_status()

    def names_in(self, name: str) -> str:
        """Return what the server itself lists in a bucket."""
        return httpx.get(f"{self.url}/{name}").raise_for_status().text
