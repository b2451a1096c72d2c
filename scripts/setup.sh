#!/usr/bin/env bash
# setup.sh base|docs|lint|test: makes .venv hold what `make run`, `make docs`, `make lint` or `make test` needs. A stamp with the pins makes the second call quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

part=$1
python=.venv/bin/python
case $part in
    base) package=.         cost="up to a minute, 0.6 GB" ;;
    docs) package='.[docs]' cost="up to a minute, 0.7 GB" ;;
    lint) package='.[lint]' cost="up to a minute, 0.9 GB" ;;
    test) package='.[test]' cost="1 to 5 minutes, 6 GB with PyTorch" ;;
    *) echo "setup.sh: unknown part '$part'; base, docs, lint or test" >&2; exit 2 ;;
esac

is_310() { "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }
pins() { pwd; cat pyproject.toml constraints.txt; }                 # the path too: an editable install points at it
is_current() { is_310 && [[ "$(cat ".venv/stamp-$1" 2>/dev/null)" == "$(pins)" ]]; }
is_ready() {
    is_current "$part" && return
    case $part in                                                    # what holds all of it, too
        base) is_current lint || is_current test || is_current docs ;;
        docs) is_current test ;;
        *) return 1 ;;
    esac
}

is_ready && exit 0
if command -v flock >/dev/null; then exec 9<pyproject.toml; flock 9; fi   # two at once: the second waits, then finds it done
is_ready && exit 0

if "$python" -m pip --version >/dev/null 2>&1; then
    is_310 || { echo ".venv holds $("$python" -V), Lava needs Python 3.10; remove it (rm -r .venv) and repeat" >&2; exit 1; }
    echo "set-up: completing the existing .venv ($cost)"
else
    found=$(bash scripts/find_python.sh)
    echo "set-up: installing into .venv with $found ($cost)"
    "$found" -m venv --clear .venv
fi
rm -f ".venv/stamp-$part"

# uv unpacks the same versions in a third of the time of pip, which goes on where it cannot: pip may know other places of packages.
by_pip() { "$python" -m pip install -qq --no-input --disable-pip-version-check --constraint constraints.txt "$@"; }
of_pip() { "$python" -m pip config get "global.$1" 2>/dev/null || "$python" -m pip config get "install.$1" 2>/dev/null || true; }
index=${PIP_INDEX_URL:-$(of_pip index-url)} none=${PIP_NO_INDEX:-$(of_pip no-index)}
by_uv() {
    [[ -z $none ]] && by_pip --only-binary=uv uv || return
    env UV_SYSTEM_CERTS=true ${index:+UV_DEFAULT_INDEX="$index"} "$python" -m uv pip install -q --python "$python" \
        --constraint constraints.txt --editable "$package"
}
by_uv || { echo "set-up: uv could not install, pip goes on" >&2; by_pip --editable "$package"; }
pins > ".venv/stamp-$part"
