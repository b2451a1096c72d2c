"""Constants and two small functions that every part of the oracle uses."""

V_MAX = 2**23 - 1

Y_MAX = 127

ERROR_MAX = 127

REGISTER_TAPS = 0xE10000


def sgn(x):
    return (x > 0) - (x < 0)


def clip(x, low, high):
    return min(max(x, low), high)
