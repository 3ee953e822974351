"""Messages to the workers, sent without patience: what is lost, a sweep sends again."""

from __future__ import annotations

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# A person may be waiting, and a sweep comes every 30 seconds: kombu's own patience with a broker
# that is down was measured at 6 seconds a message.
IMPATIENT = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}


def send(task: str, *args: str) -> bool:
    """Send a task its arguments; False, and no error, when the broker cannot be reached."""
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
            current_app.send_task(task, args, connection=connection, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("message_not_sent", task=task, args=args, error=str(error))
        return False
    return True
