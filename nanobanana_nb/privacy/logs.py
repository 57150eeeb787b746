"""What is logged: by one logger for each module, without keys, signed links and prompts.

At INFO stands what becomes of a task and its money, at DEBUG each request and each wait. Prompts
are never logged, nor what a service says of one.
"""

from __future__ import annotations

import logging

from nanobanana_nb.privacy.redaction import redacted

NAME = "nanobanana_nb"


class _Redact(logging.Filter):
    """Takes keys and query strings, which carry signatures, out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _cleaned(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cleaned, record.args))
        # httpcore shows an answer's headers whole, and with them where a redirect leads.
        return not record.getMessage().startswith("receive_response_headers.complete")


class _Unheard(logging.NullHandler):
    """Keeps faults from being lost where nobody has set up logging; anything less is quiet."""

    def handle(self, record: logging.LogRecord) -> bool:
        last = logging.lastResort
        if last is not None and record.levelno >= last.level and not logging.root.handlers:
            last.handle(record)
        return True


def _cleaned(value: object) -> object:
    """Return `value`, or its text where something had to be taken out of that."""
    text = str(value)
    return value if (clean := redacted(text)) == text else clean


REDACTING = _Redact()
_UNHEARD = _Unheard()


def logger(name: str) -> logging.Logger:
    """Return the logger of a module of ours: whoever listens to it gets what is redacted."""
    logging.getLogger(NAME).addHandler(_UNHEARD)  # adding it twice does nothing
    log = logging.getLogger(name)
    log.addFilter(REDACTING)
    return log
