#!/usr/bin/env bash
# Installs what the tests use that is written in Python (an AWS emulator, pyarrow) into .cache/python.
# Safe to run again: it does nothing while requirements.txt is what was installed.
set -euo pipefail
cd "$(dirname "$0")/.."

requirements=localstack/requirements.txt
environment=.cache/python
installed=$environment/requirements.txt

if cmp --silent "$requirements" "$installed"; then
  exit 0
fi

python=${PYTHON:-python3}
if ! "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo "Python 3.10 or newer with venv is needed (on Debian: apt-get install python3-venv)," >&2
  echo "or name one: PYTHON=/path/to/python3 $0" >&2
  exit 1
fi

rm -rf "$environment"
"$python" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$installed"
