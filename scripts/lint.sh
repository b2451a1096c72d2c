#!/usr/bin/env bash
# lint.sh: ruff on every file, pyright on the packages, both with the settings of pyproject.toml. Exit status 1 if either finds a fault.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

status=0
.venv/bin/ruff check . || status=1
.venv/bin/pyright || status=1
exit "$status"
