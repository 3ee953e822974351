#!/usr/bin/env bash
# Prepares a checkout: Debian packages, .venv, compiled translations. A second call finds nothing to do.
# Usage: scripts/setup.sh [browser]   (browser: also what the browser tests need)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- Debian packages -----------------------------------------------------------------------
lists=(scripts/debian-packages.txt)
[[ "${1:-}" == browser ]] && lists+=(scripts/debian-packages-browser.txt)
mapfile -t wanted < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "${lists[@]}")

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(command -v "$candidate"); break
  fi
done
if [[ -z "$python" ]]; then
  wanted+=(python3 python3-venv)
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  wanted+=(python3-venv)
fi

if command -v dpkg-query >/dev/null; then
  missing=()
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
  for package in "${wanted[@]}"; do
    grep -qx "installed $package" <<<"$installed" || missing+=("$package")
  done
  if (( ${#missing[@]} )); then
    if (( EUID == 0 )); then
      say "installing ${missing[*]}"
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -qq
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
      die "please install first: sudo apt-get install -y ${missing[*]}"
    fi
  fi
else
  say "not a Debian system: please see that these are there: ${wanted[*]}"
fi
[[ -n "$python" ]] || python=$(command -v python3)

# --- Python packages -----------------------------------------------------------------------
stamp=.venv/.orime-setup
state="$(cksum < requirements-dev.txt) $("$python" -c 'import sys; print(sys.version)' | tr '\n' ' ')"
if [[ ! -x .venv/bin/python ]] || [[ "$(cat "$stamp" 2>/dev/null)" != "$state" ]]; then
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "making .venv"
    "$python" -m venv --clear .venv
  fi
  rm -f "$stamp"
  say "installing the pinned Python packages"
  # pip fetches uv, and uv the rest: seconds instead of a minute. uv does not read pip's settings,
  # so those that name where packages come from are handed to it; should it still find no way,
  # pip does the whole.
  bootstrap=$(mktemp)
  trap 'rm -f "$bootstrap"' EXIT
  awk '/^[a-zA-Z]/ { uv = /^uv==/ } uv && !/#/' requirements-dev.txt > "$bootstrap"
  pip=(.venv/bin/python -m pip --disable-pip-version-check)
  setting() { "${pip[@]}" config get "$1" 2>/dev/null || true; }
  index=${PIP_INDEX_URL:-$(setting global.index-url)}
  certificate=${PIP_CERT:-$(setting global.cert)}
  if ! ( "${pip[@]}" install -q --require-hashes -r "$bootstrap" \
      && env VIRTUAL_ENV="$PWD/.venv" \
        ${index:+UV_DEFAULT_INDEX="$index"} ${certificate:+SSL_CERT_FILE="$certificate"} \
        .venv/bin/uv pip sync -q --require-hashes requirements-dev.txt ); then
    say "uv could not; installing with pip"
    "${pip[@]}" install -q --require-hashes -r requirements-dev.txt
  fi
  printf '%s' "$state" > "$stamp"
fi

# --- translations --------------------------------------------------------------------------
shopt -s nullglob
for po in locale/*/LC_MESSAGES/*.po; do
  mo=${po%.po}.mo
  if [[ ! -e "$mo" || "$po" -nt "$mo" ]]; then
    # Beside it and moved: a running server never reads half a file.
    msgfmt --check-format -o "$mo.new" "$po" && mv "$mo.new" "$mo"
  fi
done
