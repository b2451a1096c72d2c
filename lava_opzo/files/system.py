"""The one place that turns errors of the operating system into lines."""
import contextlib
import errno
from collections.abc import Iterator

from lava_opzo.errors import SystemRefusedError, UserError

NEXT_STEPS = {
    errno.ENOENT: "check the path",
    errno.EACCES: "change its permissions or choose another path",
    errno.EPERM: "change its permissions or choose another path",
    errno.ENOTDIR: "a file stands where a folder should be; choose another path",
    errno.EISDIR: "a folder stands where a file should be; choose another path",
    errno.EEXIST: "choose another path",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "its links lead in a circle; give the file itself",
    errno.ENOSPC: "free space or choose another disk",
    errno.EDQUOT: "free space or choose another disk",
    errno.EFBIG: "choose another disk, or raise the limit of file sizes",
    errno.EROFS: "the disk is read-only; choose another path",
    errno.EIO: "the disk fails; choose another one",
    errno.EMFILE: "close other programs or raise the limit of open files",
    errno.ENFILE: "close other programs or raise the limit of open files",
    errno.ENOMEM: "free memory or use a smaller network or data set",
}
"""What a user can do about an error of the operating system."""

REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Errors that another command would meet as well: the machine has no more of something."""


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Inside, an error of the operating system, or a lack of memory, becomes a UserError of one line that begins with `what`."""
    try:
        yield
    except OSError as error:
        raise as_line(error, what) from None
    except MemoryError as error:
        raise out_of_memory(error, what) from None


def as_line(error: OSError, what: str) -> UserError:
    """The UserError for an error of the operating system: what failed, why, and the next step."""
    number = error.errno or 0
    reason = error.strerror or " ".join(str(error).split()) or type(error).__name__
    kind = SystemRefusedError if number in REFUSED else UserError
    return kind(f"{what}: {reason}; {NEXT_STEPS.get(number, 'check the path and its permissions')}")


def out_of_memory(error: MemoryError, what: str) -> SystemRefusedError:
    """The line for a lack of memory."""
    detail = " ".join(str(error).split())
    return SystemRefusedError(f"{what}: there is not enough memory{f' ({detail})' if detail else ''}; "
                              f"{NEXT_STEPS[errno.ENOMEM]}")
