#!/usr/bin/env bash
# Makes the pictures of the docs from the running program, under a virtual display.
# Needs Debian's xvfb, libgl1-mesa-dri, xdotool and imagemagick, and `cargo build -p zoolab` before it.
set -euo pipefail
cd "$(dirname "$0")"
program=${1:-../../target/debug/zoolab}
export DISPLAY=:97
Xvfb "$DISPLAY" -screen 0 1280x800x24 >/dev/null 2>&1 &
screen=$!
trap 'kill "$screen" "${window:-}" 2>/dev/null || true' EXIT
sleep 1

# open FILE: the window on a scenario, once it has been drawn.
open() {
    # What somebody chose must not show, and neither what the window before this one has kept.
    XDG_DATA_HOME=$(mktemp -d)
    export XDG_DATA_HOME
    "$program" window "$@" >/dev/null 2>&1 &
    window=$!
    sleep "${WAIT:-8}"
    # Without a window manager nobody gives the window the keyboard.
    xdotool windowfocus "$(xdotool search --onlyvisible --name ZooLab | head -n 1)"
}

shot() {
    import -window root "$1"
    kill "$window"
    wait "$window" 2>/dev/null || true
}


# keys KEY…: one after the other, each with time to be drawn.
keys() {
    for key in "$@"; do
        xdotool key "$key"
        sleep "${STEP:-1}"
    done
}

# again N KEY: the same key N times.
again() {
    for _ in $(seq "$1"); do
        keys "$2"
    done
}

# command NAME: by its name, from the list of all commands.
command() {
    keys ctrl+shift+p
    xdotool type --delay 30 "$1"
    sleep 1
    keys Return
}

# picture FILE: without closing the window.
picture() {
    sleep 1
    import -window root "$1"
}

# The first picture of the README: the last write on its way, and its fsync on the first server.
open
keys F2
xdotool mousemove 1200 723
sleep "${RUN:-20}"
keys space
again 9 Left
shot window.png

# The pictures of docs/tour.md, in the order of its steps.
open
keys F2
xdotool mousemove 1200 723
keys space Home
again 14 Right
picture tour-election.png
again 19 Page_Down
keys 3 k
again 9 Page_Down
picture tour-crash.png
again 11 Page_Up
keys 2 k
again 3 Page_Down
keys shift+x
picture tour-compare.png
keys b End 2 w
command "Page: Space-time"
shot tour-why.png

# The last step begins with a guard switched off, as its page does it.
broken=$(mktemp --suffix .ron)
cat > "$broken" <<'SCENARIO'
(name: "3 servers", purpose: "3 servers elect a leader, then a client writes", servers: 3, clients: 1,
 mutations: [ReuseEpoch], until_ms: 600000, steps: [
    When(is: Milestone("Connected", "c1", 1), act: Request("c1", Create("/app", "v1"))),
    When(is: Replied("c1"), act: Request("c1", Create("/app/a", "1"))),
    At(ms: 4000, act: Request("c1", Create("/app/c", "3"))),
])
SCENARIO
open "$broken"
xdotool mousemove 1200 723
keys space Home
again 17 Page_Down
keys 3 k
again 16 Page_Down
command "Page: Guards"
shot tour-guard.png
rm "$broken"

# The plots of docs/protocols.md.
for kind in cost loss quorum herd; do
    "$program" plot "$kind" "$kind.svg"
done
"$program" plot ribbon ribbon.svg lead-cut-off
