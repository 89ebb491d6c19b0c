"""Every error that myosotis raises on purpose.

MyosotisError
├── DataError (ValueError)          the data cannot be used as they are; exit code 3
│   ├── MissingColumnError          a declared column is not in the source
│   └── EmptySourceError            a source holds no rows
├── ProtocolError (ValueError)      the declaration contradicts itself; exit code 4
│   └── MissingChoiceError          the protocol leaves a required choice open
├── UsageError (ValueError)         a call or command that cannot be carried out; exit code 2
│   ├── UnknownNameError (LookupError)   a key, file or result that does not exist
│   └── BundleError                 a folder that is not a whole results bundle
└── StatisticsError (ValueError)    numbers that a statistic cannot be computed from
    └── NotEstimableError           the statistic has no value for these data, and why
"""

from __future__ import annotations

__all__ = [
    "BundleError",
    "DataError",
    "EmptySourceError",
    "MissingChoiceError",
    "MissingColumnError",
    "MyosotisError",
    "NotEstimableError",
    "ProtocolError",
    "StatisticsError",
    "UnknownNameError",
    "UsageError",
]


class MyosotisError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class DataError(MyosotisError, ValueError):
    """The data cannot be used as they are."""

    exit_code = 3


class MissingColumnError(DataError):
    """A declared column is not in the source."""


class EmptySourceError(DataError):
    """A source holds no rows."""


class ProtocolError(MyosotisError, ValueError):
    """The protocol or mapping contradicts itself."""

    exit_code = 4


class MissingChoiceError(ProtocolError):
    """The protocol leaves a choice open that has no default."""


class UsageError(MyosotisError, ValueError):
    """A call or command that cannot be carried out."""

    exit_code = 2


class UnknownNameError(UsageError, LookupError):
    """A key, file or result that does not exist."""


class BundleError(UsageError):
    """A folder that is not a whole results bundle."""


class StatisticsError(MyosotisError, ValueError):
    """Numbers that a statistic cannot be computed from."""

    exit_code = 3


class NotEstimableError(StatisticsError):
    """The statistic has no value for these data; the message says why."""
