#!/usr/bin/env bash
# Runs a command with another version of Node: scripts/on-node.sh 24 npm test
# The version is a major version or an exact one. The npm registry has the binaries, as the package `node`.
set -euo pipefail
wanted=${1:?which version of Node?}
shift
system=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
# in the checkout, because tests start servers as other users, who can't read a home folder
folder=${HALLPASS_NODES:-$(cd "$(dirname "$0")/.." && pwd)/.nodes}
version=$wanted
if [[ $wanted != *.*.* ]]; then
  version=$(npm view "node@$wanted" version --json | grep -oE '[0-9]+(\.[0-9]+){2}' | sort -V | tail -1)
fi
home=$folder/$version
if [[ ! -x $home/bin/node ]]; then
  mkdir -p "$folder"
  part=$(mktemp -d "$folder/part.XXXXXX")
  (cd "$part" && npm pack --silent "node-$system-$machine@$version" >/dev/null && tar -xzf ./*.tgz --strip-components=1 && rm ./*.tgz)
  chmod 755 "$part"
  # of two that install the same version, one wins
  mv -T "$part" "$home" 2>/dev/null || rm -rf "$part"
fi
echo "Node $("$home/bin/node" --version)" >&2
PATH=$home/bin:$PATH exec "$@"
