#!/usr/bin/env bash
# Pins the newest allowed version of every dependency, with hashes: what is served, then what develops it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# --no-emit-*: where packages come from is each machine's own affair and does not belong in the file.
options=(--generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --universal --upgrade -q)
.venv/bin/uv pip compile "${options[@]}" pyproject.toml -o requirements.txt
.venv/bin/uv pip compile "${options[@]}" --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
