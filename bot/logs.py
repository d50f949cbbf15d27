"""Logs as JSON lines on standard error, without anything a person wrote or anything that names them."""

import logging
import sys

import structlog

_CHATTY = ("httpx", "httpcore", "twilio", "telegram", "asyncio", "rasa", "alembic", "sqlalchemy")


def configure(level: str) -> None:
    """Sets up structlog and the standard library's logging at `level`."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    # Libraries of this list print addresses, tokens or texts below WARNING.
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    logging.basicConfig(level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
