#!/usr/bin/env bash
# Brings the official install of Rasa 3.6.21 (Python 3.10, its own pins, 2.5 GB) into .rasa, beside the project's own environment.
set -eu
cd "$(dirname "$0")/.."
uv=$PWD/.uv/bin/uv target=$PWD/.rasa
echo "Setting up the official Rasa 3.6.21 in .rasa (once; 2.5 GB) …" >&2
# Outside of the project, whose settings would give Rasa the few requirements of its engine instead of its own.
cd /
found=$(ls -d "$HOME"/.pyenv/versions/3.10*/bin/python3.10 2>/dev/null | tail -n 1)
rm -rf "$target"
"$uv" venv --quiet --no-config --python "${found:-3.10}" "$target" ||
  { echo "Python 3.10 is neither on this machine nor can uv download it; install it (for instance: pyenv install 3.10)" >&2; exit 1; }
# Beside Rasa, what our components need and Rasa does not bring: fuzzy names, and zone data where the system has none.
"$uv" pip install --quiet --no-config --python "$target/bin/python" "rasa==3.6.21" "rapidfuzz>=3" tzdata
touch "$target/.ready"
