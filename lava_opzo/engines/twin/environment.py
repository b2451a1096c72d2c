"""Loading numba, which takes settings from the environment as it loads, so that a wrong one is one line and no traceback."""
import warnings

from lava_opzo.errors import UserError, shown

UNREAD = "Environment variable"
"""How numba's warning of a setting that it cannot read begins; it would go on with its own, and print a traceback."""


def _refused(fault: Exception | Warning | str) -> UserError:
    reason = (str(fault) or type(fault).__name__).splitlines()[0].rstrip(".")
    return UserError(f"numba, which compiles the twin, does not load: {shown(reason)}; "
                     "correct or unset the variables NUMBA_*, and .numba_config.yaml of this folder")


with warnings.catch_warnings(record=True) as _noted:
    warnings.simplefilter("always")
    try:
        import numba  # noqa: F401, loaded here before any other file asks for it
    except Exception as error:  # whatever a setting leads to
        raise _refused(error) from None

for _warning in _noted:
    if str(_warning.message).startswith(UNREAD):
        raise _refused(_warning.message)
    warnings.warn_explicit(_warning.message, _warning.category, _warning.filename, _warning.lineno)
