#!/usr/bin/env bash
# Stops and starts simulated servers for suites that need it, and returns when it is done.
#
#   hook.sh ADMIN_URL stop N      crash server N, counted from 0 (its writes reach the disk, as when a process is killed)
#   hook.sh ADMIN_URL run N       start it again and wait until it serves
#   hook.sh ADMIN_URL wait        succeed once every server that runs serves
set -u
url=$1 what=$2 number=${3:-}
zoolab=${ZOOLAB:-$(cd "$(dirname "$0")/../.." && pwd)/target/debug/zoolab}

serving() {
  python3 - "$url" <<'P'
import json, sys, urllib.request
state = json.load(urllib.request.urlopen(sys.argv[1] + "/state", timeout=10))
running = [s for s in state["servers"] if s["status"] == "Up"]
sys.exit(0 if running and all(s["phase"] == "Broadcast" for s in running) else 1)
P
}

status() {
  python3 - "$url" "s$((number + 1))" <<'P'
import json, sys, urllib.request
state = json.load(urllib.request.urlopen(sys.argv[1] + "/state", timeout=10))
print(next(s["status"] for s in state["servers"] if s["node"] == sys.argv[2]))
P
}

case $what in
  stop)
    [ "$(status)" = Up ] && "$zoolab" act "$url" "Crash(\"s$((number + 1))\", Nothing)"
    exit 0
    ;;
  run)
    [ "$(status)" = Up ] || "$zoolab" act "$url" "Restart(\"s$((number + 1))\")" || exit 1
    for _ in $(seq 300); do
      serving && exit 0
      sleep 0.1
    done
    echo "server $number does not serve after 30 s" >&2
    exit 1
    ;;
  wait) serving ;;
  *) echo "expected stop, run or wait; found $what" >&2; exit 2 ;;
esac
