"""The rules of the pre-flight: functions that take a `Subject` and return findings, good ones too."""
