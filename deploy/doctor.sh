#!/usr/bin/env bash
# Names each missing tool and the line that installs it. Exits 1 if one is missing.
set -u
bad=0
need() { # command, minimum, found, remedy
  if [ -z "$3" ]; then echo "missing: $1 ($2 or newer). Install it: $4"; bad=1
  elif [ "$(printf '%s\n%s\n' "$2" "$3" | sort -V | head -n 1)" != "$2" ]; then echo "too old: $1 $3, $2 or newer is needed. Install it: $4"; bad=1; fi
}
need go 1.26 "$(go version 2>/dev/null | sed -n 's/.*go\([0-9.]*\).*/\1/p')" "see go.dev/doc/install"
need node 20 "$(node --version 2>/dev/null | tr -d v)" "apt-get install -y nodejs npm (or a newer Node than Debian's)"
need npm 9 "$(npm --version 2>/dev/null)" "apt-get install -y npm"
need make 4 "$(make --version 2>/dev/null | sed -n '1s/.* //p')" "apt-get install -y make"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64 | Linux-aarch64 | Darwin-arm64 | Darwin-x86_64) ;;
  *) echo "no embedded engine is published for $(uname -s)-$(uname -m): use --clickhouse-dsn with a server"; bad=1 ;;
esac
free=$(df -Pm . | awk 'NR==2 {print $4}')
[ "${free:-0}" -ge 3000 ] || { echo "only ${free} MB are free here: 3000 MB are needed"; bad=1; }
[ $bad = 0 ] && echo "doctor: go, node, npm, make, platform and disk are fine"
exit $bad
