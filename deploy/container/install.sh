#!/usr/bin/env bash
# What both recipes of this folder run inside the image: install the sources beside it, in the versions that the project is tested with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python -c 'import sys; assert sys.version_info[:2] == (3, 10), f"Lava needs Python 3.10, this image has {sys.version.split()[0]}"'
python -m pip install --quiet --no-input --disable-pip-version-check --no-cache-dir --constraint constraints.txt .
cd /
lava-opzo --version
