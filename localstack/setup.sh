#!/usr/bin/env bash
# Installs what the tests use that is written in Python, each set into an environment of its own:
#   setup.sh              an AWS emulator (MiniStack) and pyarrow into .cache/python
#   setup.sh localstack   LocalStack without Docker into .cache/localstack
#   setup.sh checkov      Checkov into .cache/checkov
#   setup.sh readers      pandas, Polars and DuckDB into .cache/readers
#   setup.sh bench        what the benchmarks run beside into .cache/bench
#   setup.sh trino        a Java into .cache/trino/python (setupTrino.sh calls it where it is needed)
# Safe to run again: it does nothing while the requirements are what was installed.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-python} in
  python)
    requirements=localstack/requirements.txt
    environment=.cache/python
    python=${PYTHON:-python3}
    fits='sys.version_info >= (3, 10)'
    wanted='3.10 or newer'
    ;;
  localstack)
    requirements=localstack/localstack.requirements.txt
    environment=.cache/localstack
    python=${PYTHON:-python3.11}
    fits='sys.version_info[:2] == (3, 11)'
    wanted='3.11'
    ;;
  checkov)
    requirements=localstack/checkov.requirements.txt
    environment=.cache/checkov
    python=${PYTHON:-python3}
    fits='sys.version_info >= (3, 10)'
    wanted='3.10 or newer'
    ;;
  readers)
    requirements=localstack/readers.requirements.txt
    environment=.cache/readers
    python=${PYTHON:-python3}
    fits='sys.version_info >= (3, 11)'
    wanted='3.11 or newer'
    ;;
  bench)
    requirements=bench/requirements.txt
    environment=.cache/bench
    python=${PYTHON:-python3}
    fits='sys.version_info >= (3, 11)'
    wanted='3.11 or newer'
    ;;
  trino)
    requirements=localstack/trino.requirements.txt
    environment=.cache/trino/python
    python=${PYTHON:-python3}
    fits='sys.version_info >= (3, 10)'
    wanted='3.10 or newer'
    ;;
  *)
    echo "There is no $1 to set up: python, localstack, checkov, readers, bench or trino." >&2
    exit 1
    ;;
esac
installed=$environment/requirements.txt

if cmp --silent "$requirements" "$installed"; then
  exit 0
fi

if ! "$python" -c "import sys, ensurepip, venv; sys.exit(not ($fits))" 2>/dev/null; then
  echo "Python $wanted with venv is needed (on Debian: apt-get install python3-venv)," >&2
  echo "or name one: PYTHON=/path/to/python3 $0 ${1:-}" >&2
  exit 1
fi

rm -rf "$environment"
"$python" -m venv "$environment"
# uv takes a tenth of the time that pip takes for a set of a hundred packages.
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9
"$environment/bin/uv" pip install --quiet --python "$environment/bin/python" --requirement "$requirements"
cp "$requirements" "$installed"
