"""The pages of the mail sink: plain HTML, no scripts, nothing from elsewhere."""

from html import escape

from launcher.mail_sink_store import Letter

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent) }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
.quiet { opacity: .7 }
ol { list-style: none; padding: 0 }
li { border-top: 1px solid var(--line); padding: .7rem 0 }
li a { font-weight: 600 }
li div { overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dt { opacity: .7 }
dd { margin: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); background: #fff }
"""


def list_page(letters: list[Letter]) -> str:
    """Give the page that lists the letters."""
    count = f"{len(letters)} letter{'' if len(letters) == 1 else 's'}"
    items = "".join(_item(letter) for letter in letters)
    rest = f"<ol>{items}</ol>" if items else "<p>No letter has been sent yet.</p>"
    return _page(
        "Letters",
        f'<h1>Letters</h1><p class="quiet">{count}, newest first. This mail server delivers '
        'nowhere: what Wederhoor sends stays here. <a href="/">Look again</a> · '
        f'<a href="/letters.json">JSON</a></p>{rest}',
    )


def _item(letter: Letter) -> str:
    subject = letter.header("Subject") or "(no subject)"
    return (
        f'<li><a href="/letters/{escape(letter.id)}">{escape(subject)}</a>'
        f"<div>to {_to(letter)} "
        f'<span class="quiet">from {escape(letter.header("From"))}</span></div>'
        f'<div class="quiet">{escape(letter.header("Date"))} · '
        f"{escape(letter.header('Message-ID'))}</div></li>"
    )


def letter_page(letter: Letter) -> str:
    """Give the page of one letter."""
    rows = {
        "From": escape(letter.header("From")),
        "To": escape(letter.header("To")),
        "Delivered to": _to(letter),
        "Date": escape(letter.header("Date")),
        "Arrived": escape(letter.received_at.isoformat(sep=" ", timespec="seconds")),
        "Message-ID": escape(letter.header("Message-ID")),
        "Language": escape(letter.header("Content-Language")),
    }
    head = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items() if value)
    text = f"<h2>Text</h2><pre>{escape(letter.text)}</pre>" if letter.text else ""
    html = (
        f'<h2>HTML</h2><iframe sandbox title="The letter" src="/letters/{escape(letter.id)}/html">'
        "</iframe>"
        if letter.html
        else ""
    )
    subject = letter.header("Subject") or "(no subject)"
    return _page(
        subject,
        f'<p><a href="/">All letters</a></p><h1>{escape(subject)}</h1><dl>{head}</dl>{text}{html}'
        f'<p><a href="/letters/{escape(letter.id)}/source">Source</a></p>',
    )


def missing_page() -> str:
    """Give the page for a letter that is not there."""
    return _page("Not found", '<h1>There is no such letter</h1><p><a href="/">All letters</a></p>')


def _to(letter: Letter) -> str:
    return escape(", ".join(letter.envelope_to) or "(nobody)")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · Wederhoor mail</title><link rel="stylesheet" href="/style.css">'
        f"</head><body><main>{body}</main></body></html>"
    )
