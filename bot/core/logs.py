"""Logs as one JSON object a line: what happened and how long it took, never what anybody wrote, never the token."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from typing import Any

LOG = logging.getLogger("wenbao.chat")

# 「bot123456:AAE…」 in the address of a failed request
_TOKEN = re.compile(r"(\d{3,}:)[A-Za-z0-9_-]{5,}")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "values", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _TOKEN.sub(r"\1…", json.dumps(line, ensure_ascii=False, default=str))


def start(level: int = logging.INFO) -> None:
    """Logs to stderr. Libraries may only warn: at info level they print addresses with the token in them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOG.setLevel(level)


def event(name: str, **values: Any) -> None:
    """One thing that happened."""
    LOG.info(name, extra={"values": values})


def trouble(name: str, **values: Any) -> None:
    """One thing that went wrong and was dealt with."""
    LOG.warning(name, extra={"values": values})


def failure(name: str, error: BaseException, **values: Any) -> None:
    """A mistake of ours, whole."""
    LOG.error(name, exc_info=error, extra={"values": values})
