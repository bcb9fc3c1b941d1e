"""The mail sink part: an SMTP server that delivers nowhere, and a page that shows the letters."""

import sys
from pathlib import Path

from launcher.folders import CHECKOUT
from launcher.parts import ProcessPart, http_status


class MailSinkPart(ProcessPart):
    """Runs ``launcher.mail_sink_server``; the letters are kept in ``state_dir/mail``.

    With ``faults`` the file ``store/fault`` makes it misbehave (see ``mail_sink_smtp``).
    """

    def __init__(
        self, state_dir: Path, smtp_port: int, page_port: int, *, faults: bool = False
    ) -> None:
        super().__init__("mail", state_dir)
        self.smtp_host = "127.0.0.1"
        self.smtp_port = smtp_port
        self.page_port = page_port
        self.page_url = f"http://127.0.0.1:{page_port}"
        self.store = state_dir / "mail"
        self._faults = faults

    def set_fault(self, fault: str | None) -> None:
        """Misbehave from now on: ``450``, ``550`` or ``drop-after-data``; ``None`` ends it."""
        path = self.store / "fault"
        if fault is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(fault)

    def command(self) -> list[str]:
        """Serve SMTP and the page in one process."""
        ports = ["--smtp-port", str(self.smtp_port), "--http-port", str(self.page_port)]
        options = [*ports, "--store", str(self.store), *(["--faults"] if self._faults else [])]
        return [sys.executable, "-m", "launcher.mail_sink_server", *options]

    def working_directory(self) -> Path:
        """Run where the package is found."""
        return CHECKOUT

    async def is_ready(self) -> bool:
        """Whether the page is served; SMTP listens before it."""
        return await http_status(self.page_port, "/health") == 200
