"""One log for every process: readable lines while developing, one JSON object a line elsewhere."""

from __future__ import annotations

from typing import Any

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.UnicodeDecoder(),
]


def logging_config(*, debug: bool, level: str = "INFO") -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING.

    `debug` chooses readable lines; `level` is the lowest that is written, for everything.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=False)]
        if debug
        # Tracebacks go into the object as text, so that one event stays one line.
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "orime": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "orime"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write every line twice, and mail errors to nobody.
            "django": {"handlers": [], "level": level, "propagate": True},
            # These talk about every font, glyph and message; their warnings are enough.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }
