#!/usr/bin/env bash
# Brings uv, the installer, into the local folder .uv: nothing outside the project is touched.
set -eu
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1). Try: make PYTHON=python3.12 …" >&2; exit 1; }
echo "Getting uv into .uv …" >&2
# Debian's Python may come without ensurepip; then pip itself can still install into a folder.
if "$python" -m venv .uv >/dev/null 2>&1; then
  .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
else
  rm -rf .uv
  "$python" -m pip install --quiet --disable-pip-version-check --target .uv "uv>=0.9,<1"
fi
test -x .uv/bin/uv || { echo "uv could not be installed; see https://docs.astral.sh/uv/ and put it at .uv/bin/uv" >&2; exit 1; }
# A file made from a wheel may carry an old date, and make would fetch it again each time.
touch .uv/bin/uv
