#!/usr/bin/env bash
# Every style check; runs them all before it fails, so that one call shows everything.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
failed=0
check() {
  local tool=$1
  shift
  printf '· %s\n' "$tool ${*:1:4}"
  ".venv/bin/$tool" "$@" || failed=1
}
check ruff check .
check ruff format --check --output-format concise .
check lint-imports --no-logo
mapfile -t templates < <(git ls-files -co --exclude-standard '*/templates/*.html' '*/templates/*.svg')
if (( ${#templates[@]} )); then check djlint --lint --quiet "${templates[@]}"; fi
exit "$failed"
