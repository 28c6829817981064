#!/usr/bin/env bash
# Copies the jars of Apache Kafka into the user cache, once, and prints their folder.
set -euo pipefail
cd "$(dirname "$0")"
version=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' pom.xml | head -1)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/hengjian/kafka-$version"
if ! command -v java >/dev/null || ! command -v mvn >/dev/null; then
  echo "Apache Kafka needs Java 17 and Maven: sudo apt-get install -y openjdk-17-jre-headless maven" >&2
  exit 1
fi
if [ ! -f "$folder/.complete" ]; then
  mvn -q -B dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder" >&2
  touch "$folder/.complete"
fi
echo "$folder"
