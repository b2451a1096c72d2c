#!/usr/bin/env bash
# Prints the path of a Python 3.10 that can make virtual environments. None: one line on stderr, exit status 1.
# Order: $PYTHON, the PATH, pyenv (selected or not), uv.
set -uo pipefail

is_usable() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
real_path() { "$1" -c 'import sys; print(sys.executable)'; }
fail() { echo "$1" >&2; exit 1; }

if [[ -n "${PYTHON:-}" ]]; then
    is_usable "$PYTHON" && { real_path "$PYTHON"; exit 0; }
    fail "PYTHON=$PYTHON is not a Python 3.10 with venv and ensurepip (Lava needs 3.10); correct it or unset it"
fi

candidates() {
    printf '%s\n' python3.10 python3 python
    local root
    for root in "$(pyenv root 2>/dev/null)" "${PYENV_ROOT:-$HOME/.pyenv}"; do
        [[ -n "$root" ]] && printf '%s\n' "$root"/versions/3.10.*/bin/python
    done
    uv python find 3.10 2>/dev/null
}

bare=""
while read -r candidate; do
    is_usable "$candidate" && { real_path "$candidate"; exit 0; }
    is_310 "$candidate" && bare=$candidate
done < <(candidates)

[[ -z "$bare" ]] || fail "$bare cannot make virtual environments; install its venv package (apt install python3.10-venv)"
ways="'uv python install 3.10', 'pyenv install 3.10' or 'apt install python3.10-venv'"
fail "no Python 3.10 found (Lava needs it); get one with $ways, or set PYTHON=/path/to/python3.10"
