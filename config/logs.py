"""One log for every process: one JSON object a line, or readable lines for a person at a terminal."""

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


def logging_config(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING.

    Without `json` the lines are for a person; `level` is the lowest that is written, for everything.
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
    # Tracebacks go into the object as text, so that one event stays one line.
    last: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if json
        else [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
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
            # django-structlog tells of each task's start and end, with the ids that belong to it.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
