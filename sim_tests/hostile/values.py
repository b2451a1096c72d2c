"""Values that no key of a file and no option should be surprised by."""

NUMBER = "1" + "0" * 400
DEEP = 3000
"""Levels of nested lists."""

TOML: dict[str, str] = {
    "0": "0", "-1": "-1", "1": "1", "2**31": str(2 ** 31), "2**63": str(2 ** 63), "2**64": str(2 ** 64), "10**400": NUMBER,
    "-10**400": f"-{NUMBER}", "1.5": "1.5", "1e400": "1e400", "nan": "nan", "inf": "inf", "-inf": "-inf", "true": "true",
    "an empty string": '""', "a string": '"text"', "a very long string": f'"{"x" * 200_000}"', "a NUL": '"\\u0000"',
    "a line break": '"a\\nb"', "an empty list": "[]", "a list": "[1, 2]", "deep lists": "[" * DEEP + "]" * DEEP,
    "a table": "{a = 1}", "a date": "1979-05-27", "null": "null", "nothing": "",
}
"""Raw values for a key of TOML by what they are."""

JSON: dict[str, str] = {
    "0": "0", "-1": "-1", "1": "1", "2**63": str(2 ** 63), "10**400": NUMBER, "1.5": "1.5", "1e400": "1e400", "NaN": "NaN",
    "Infinity": "Infinity", "true": "true", "null": "null", "an empty string": '""', "a string": '"text"',
    "a very long string": f'"{"x" * 200_000}"', "a half of a pair": '"\\ud800"', "an empty list": "[]", "a list": "[1, 2]",
    "deep lists": "[" * DEEP + "]" * DEEP, "an object": '{"a": 1}', "nothing": "",
}
"""The same for JSON."""

WORDS: dict[str, str] = {
    "empty": "", "a blank": " ", "0": "0", "-1": "-1", "1": "1", "1e3": "1e3", "1.5": "1.5", "2**63": str(2 ** 63),
    "10**400": NUMBER, "nan": "nan", "inf": "inf", "a word": "nonsense", "a long word": "x" * 5000, "a line break": "a\nb",
    "no UTF-8": "\udcff", "a path": "/", "a dot": ".", "no such path": "missing/inner", "a list": "1,2,,3", "an option": "--help",
    "None": "None",
    "a comma": ",", "other letters": "ünïcode-\u2603", "a device": "/dev/null", "a format": "%s%n{0}", "a mark": "=",
    "a pair": "a=b",
}
"""Values for an option of a command by what they are; none with a NUL, which no command line can have."""
