#!/usr/bin/env bash
# Real ZooKeeper clients against `zoolab serve`, and clients under faults judged by their own history.
#
#   tests/clients/run.sh [zkcli rust java curator kazoo faults restarts recipes ...]      all of them without arguments
#
# The first five are suites that others wrote, in a kit with a README of its own: $ZOOLAB_PEERS, or ../shared/peers beside
# this repository. Without the kit they are skipped with a warning, and fail where CI is set. `faults` is faults.py here,
# `restarts` is restarts.py, `recipes` is recipes/side_by_side.py: Curator, kazoo and our own recipes.
#
#   ZOOLAB        the program (default: target/debug/zoolab, built if it is missing)
#   ZOOLAB_PEERS  the kit
#   FAULT_SECONDS how long the leader is killed again and again (default 20)
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root" || exit 2
wanted=${*:-zkcli rust java curator kazoo faults restarts recipes}
kit=${ZOOLAB_PEERS:-$root/../shared/peers}
built=${CARGO_TARGET_DIR:-$root/target}/debug/zoolab
zoolab=${ZOOLAB:-$built}
work=$(mktemp -d)
export TMPDIR=$work
bad=0 passed=0 failed=0 skipped=0

say() { printf '%s\n' "$*"; }

need() { # what it is for, Debian packages...
  local for=$1; shift
  dpkg -s "$@" >/dev/null 2>&1 && return 0
  say "installing for $for: $*"
  if [ "$(id -u)" = 0 ]; then
    (apt-get install -y -qq "$@" || { apt-get update -qq && apt-get install -y -qq "$@"; }) >"$work/apt.log" 2>&1 && return 0
    tail -3 "$work/apt.log"
  fi
  say "MISSING for $for: apt-get install $*"
  return 1
}

# Ends the ensemble of this run and leaves nothing behind.
finish() {
  [ -n "${served:-}" ] && kill "$served" 2>/dev/null && wait "$served" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

if [ ! -x "$zoolab" ]; then
  cargo build -p zoolab --no-default-features || exit 2
  zoolab=$built
fi

# An ensemble of three, as the kit's README configures the real one: ticks of half a second, super:test.
port=${CLIENT_PORT:-22811} admin=${ADMIN_PORT:-22810}
hosts=127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))
url=http://127.0.0.1:$admin
serve() {
  "$zoolab" serve --servers 3 --port "$port" --admin "$admin" --tick 500 --superdigest "super:D/InIHSb7yEEbrWz8b9l71RjZJU=" \
    --connections 2000 >"$work/serve.log" 2>&1 &
  served=$!
  for _ in $(seq 100); do
    "$here/hook.sh" "$url" wait 2>/dev/null && return 0
    kill -0 "$served" 2>/dev/null || break
    sleep 0.1
  done
  say "the ensemble does not start:"; cat "$work/serve.log"; exit 2
}

judge() { # name
  local began=$SECONDS out="$work/$1.log" rc
  if [ "$1" = faults ]; then
    need faults python3 python3-venv || { bad=1; return; }
    venv || { say "faults   BAD  kazoo cannot be installed"; bad=1; return; }
    ZOOLAB=$zoolab "$work/venv/bin/python" "$here/faults.py" "$hosts" "$url" --seconds "${FAULT_SECONDS:-20}" \
      --history "$work/history.jsonl" >"$out" 2>&1 && "$zoolab" history "$work/history.jsonl" >>"$out" 2>&1
    rc=$?
  elif [ "$1" = restarts ]; then
    need restarts python3 python3-venv && venv || { bad=1; say "restarts BAD  kazoo cannot be installed"; return; }
    "$work/venv/bin/python" "$here/restarts.py" "$zoolab" --dir "$work/disks" --rounds "${RESTARTS:-5}" >"$out" 2>&1
    rc=$?
  elif [ "$1" = recipes ]; then
    need recipes python3 python3-venv libcurator-recipes-java default-jdk-headless && venv ||
      { bad=1; say "recipes  BAD  Curator or kazoo cannot be installed"; return; }
    "$work/venv/bin/python" "$here/recipes/side_by_side.py" "$zoolab" >"$out" 2>&1
    rc=$?
  elif [ ! -d "$kit" ]; then
    say "$1: SKIPPED, there is no kit of suites at $kit (set ZOOLAB_PEERS)"
    skipped=$((skipped + 1))
    [ -n "${CI:-}" ] && bad=1
    return
  else
    case $1 in
      zkcli) need "$1" zookeeper default-jdk-headless python3 ;;
      java | curator) need "$1" zookeeper libzookeeper-java libcurator-recipes-java libcurator-discovery-java default-jdk-headless ;;
      kazoo) need "$1" python3 python3-venv ;;
    esac || { bad=1; return; }
    if [ "$1" = kazoo ]; then
      # Two tests of dynamic reconfiguration fail where it is switched off, at a real ensemble too.
      ZOOLAB=$zoolab KAZOO_HOOK="$here/hook.sh $url" KAZOO_CAPS=superdigest "$kit/kazoo-kit/run.sh" "$hosts" \
        -k "not (TestReconfig and (test_no_super_auth or test_bad_input))" >"$out" 2>&1
    else
      "$kit/run-all.sh" "$hosts" "$1" >"$out" 2>&1
    fi
    rc=$?
  fi
  printf '%-8s %-4s %4d s  %s\n' "$1" "$([ $rc = 0 ] && echo ok || echo BAD)" $((SECONDS - began)) \
    "$(tail -1 "$out" | sed "s/^$1  *\(ok\|BAD\)  *[0-9]* s  *//" | cut -c1-120)"
  if [ $rc = 0 ]; then passed=$((passed + 1)); return; fi
  bad=1 failed=$((failed + 1))
  say "--- $1 ---"; tail -40 "$out"
  [ -f "$work/zookeeper-peers/out/all-$1.txt" ] && tail -60 "$work/zookeeper-peers/out/all-$1.txt"
}

venv() {
  [ -x "$work/venv/bin/python" ] && return 0
  python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install 'kazoo==2.11.0'
}

serve
for one in $wanted; do judge "$one"; done
say "$passed suites passed, $failed failed, $skipped skipped"
exit $bad
