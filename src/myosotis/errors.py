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
├── StorageError (OSError)          the machine lets nothing be read or written there; exit code 6
└── StatisticsError (ValueError)    numbers that a statistic cannot be computed from
    └── NotEstimableError           the statistic has no value for these data, and why
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

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
    "StorageError",
    "UnknownNameError",
    "UsageError",
    "storage_error",
    "storage_errors",
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


class StorageError(MyosotisError, OSError):
    """The machine lets nothing be read or written where it was asked to: full, read-only, without permission."""

    exit_code = 6


class StatisticsError(MyosotisError, ValueError):
    """Numbers that a statistic cannot be computed from."""

    exit_code = 3


class NotEstimableError(StatisticsError):
    """The statistic has no value for these data; the message says why."""


_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or give a folder on another disk",
    errno.EDQUOT: "your share of the disk is used up; free some space or give a folder on another disk",
    errno.EFBIG: "the file is larger than this system allows; give a folder on another disk or raise the limit",
    errno.EROFS: "the disk can only be read; give a folder on another disk",
    errno.EACCES: "you have no permission there; give a folder of your own or ask for permission",
    errno.EPERM: "you have no permission there; give a folder of your own or ask for permission",
    errno.ENOENT: "there is no such file or folder, or it vanished meanwhile; look at the path",
    errno.ENOTDIR: "a part of the path is a file and not a folder; give another path",
    errno.EEXIST: "there is a file where a folder was expected; give another path",
    errno.EISDIR: "there is a folder where a file was expected; give another path",
    errno.ENAMETOOLONG: "the name is longer than this system allows; give a shorter one",
    errno.ELOOP: "the links of the path lead in a circle; give the folder itself",
    errno.EMFILE: "too many files are open; close other programs and try again",
    errno.EIO: "the disk failed; check it and give a folder on another disk",
    errno.ENOMEM: "the memory is used up; close other programs and try again",
}


def storage_error(error: OSError, doing: str = "") -> StorageError:
    """Say in words what the machine refused, where, and what to do; `doing` begins the message.

    >>> str(storage_error(OSError(errno.ENOSPC, "No space left on device", "out/report.html"), "the results"))
    'the results: out/report.html: the disk is full; free some space or give a folder on another disk'
    """
    code = error.errno or 0
    told = os.strerror(code) if code else str(error) or type(error).__name__
    remedy = _REMEDIES.get(code, f"the system says: {told}; give another folder or mend what it names")
    where = "" if error.filename is None else os.fsdecode(error.filename)
    made = StorageError(": ".join(part for part in (doing, where, remedy) if part))
    made.errno = error.errno
    return made


@contextmanager
def storage_errors(doing: str) -> Iterator[None]:
    """Turn what the machine refuses within into a `StorageError` that says what to do; others pass."""
    try:
        yield
    except MyosotisError:
        raise
    except OSError as error:
        raise storage_error(error, doing) from error
