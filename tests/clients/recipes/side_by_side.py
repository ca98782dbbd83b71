#!/usr/bin/env python3
"""Curator's recipes, kazoo's and our own, carried out step by step on one ensemble: ours must leave the znodes and ask the
requests that Curator's do, and the queue must be seen in the trace, whoever stands in it.

  side_by_side.py ZOOLAB [--port 23811] [--keep TRACE]

Needs Debian's packages libcurator-recipes-java and default-jdk-headless, and kazoo.
"""

import argparse
import difflib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError

HERE = os.path.dirname(os.path.abspath(__file__))
JARS = ["curator-recipes", "curator-framework", "curator-client", "zookeeper", "zookeeper-jute", "guava", "jackson-core",
        "slf4j-api", "slf4j-nop"]
ENSEMBLE = """(name: "Recipes side by side", servers: 3, clients: ["s1", "s2", "s3"], until_ms: 3600000,
 net: [Latency(ms: (0.05, 0.15))], disk: (fsync_ms: (0.05, 0.1)), zab: (tick_ms: 500, session_timeout_ms: 8000))"""

# What a, b and c do, one step after the other; each step ends when nothing moves any more.
STEPS = {
    "mutex": [("a", "mutex"), ("b", "mutex"), ("c", "mutex"), ("a", None), ("b", None), ("c", None)],
    "readwrite": [("a", "read"), ("b", "read"), ("c", "write"), ("a", None), ("b", None), ("c", None)],
    "writeread": [("a", "write"), ("b", "read"), ("c", "read"), ("a", None), ("b", None), ("c", None)],
    # A writer that reads while another waits to write.
    "downgrade": [("a", "write"), ("b", "write"), ("a", "read"), ("a", None), ("a", None), ("b", None)],
    "latch": [("a", "latch"), ("b", "latch"), ("c", "latch"), ("a", None), ("b", None), ("c", None)],
    # Two leases for three.
    "semaphore": [("a", "semaphore"), ("b", "semaphore"), ("c", "semaphore"), ("a", None), ("b", None), ("c", None)],
    # Who leaves first is drawn with the ids.
    "barrier": [("a", "barrier"), ("b", "barrier")],
    # a gives the leadership back and queues again behind c, and then leaves the queue.
    "selector": [("a", "selector"), ("b", "selector"), ("c", "selector"), ("a", None), ("a", None)],
}
OURS = {"mutex": "Lock", "read": "ReadLock", "write": "WriteLock", "latch": "Latch", "selector": "Selector",
        "semaphore": "Semaphore", "barrier": "DoubleBarrier"}
SIZES = {"semaphore": 2, "barrier": 2}
CLIENTS = {"a": "c1", "b": "c2", "c": "c3"}


class Ensemble:
    """`zoolab serve`, with its trace."""

    def __init__(self, zoolab, port, folder):
        scenario = os.path.join(folder, "ensemble.ron")
        with open(scenario, "w") as file:
            file.write(ENSEMBLE)
        self.url = f"http://127.0.0.1:{port - 1}"
        self.hosts = ",".join(f"127.0.0.1:{port + n}" for n in range(3))
        self.trace = os.path.join(folder, "trace.jsonl")
        self.program = subprocess.Popen([zoolab, "serve", scenario, "--port", str(port), "--admin", str(port - 1)],
                                        stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                state = json.load(urllib.request.urlopen(self.url + "/state", timeout=5))
                if all(server["phase"] == "Broadcast" for server in state["servers"]):
                    break
            except OSError:
                pass
            time.sleep(0.1)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with urllib.request.urlopen(self.url + "/trace") as stream, open(self.trace, "wb") as file:
            for line in stream:
                file.write(line)
                file.flush()

    def act(self, action):
        request = urllib.request.Request(self.url + "/actions", data=action.encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).read()

    def requests(self):
        """What each client has asked, oldest first: (node, words)."""
        found = []
        with open(self.trace) as file:
            for line in file:
                if not line.endswith("\n") or '"OP"' not in line:
                    continue
                sent = json.loads(line)
                what = sent["what"].get("sent")
                if what and sent["node"].startswith("c"):
                    fields = dict(what["message"]["fields"])
                    if "op" in fields:
                        found.append((sent["node"], fields["op"]["Text"]))
        return found


class Curator:
    def __init__(self, hosts, folder):
        classes = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
        subprocess.run(["javac", "-nowarn", "-cp", classes, "-d", folder, os.path.join(HERE, "Curator.java")], check=True,
                       stderr=subprocess.DEVNULL)
        self.program = subprocess.Popen(["java", "-cp", f"{classes}:{folder}", "Curator", hosts], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()
        for name in CLIENTS:
            self.tell(f"open {name}")
        until(lambda: len(self.said) >= 3, "Curator's clients to connect")

    def listen(self):
        for line in self.program.stdout:
            self.said.append(line.strip())

    def tell(self, line):
        self.program.stdin.write(line + "\n")
        self.program.stdin.flush()


def until(holds, what, seconds=30):
    end = time.time() + seconds
    while not holds():
        if time.time() > end:
            sys.exit(f"waited in vain for {what}")
        time.sleep(0.02)


def settle(observer, root, ensemble):
    """Waits until nothing is asked any more; returns the znodes below `root`."""
    quiet, last, names = 0, -1, []
    while quiet < 4:
        time.sleep(0.08)
        now = len([words for node, words in ensemble.requests() if root in words])
        names = znodes(observer, root)
        # The observer's own listings are counted too: they ask for `root` and its children each time.
        quiet = quiet + 1 if now - last == len(names) + 1 else 0
        last = now
    return names


def znodes(observer, root):
    found = []
    try:
        for name in observer.get_children(root):
            found.append(f"{root}/{name}")
            found += znodes(observer, f"{root}/{name}")
    except NoNodeError:
        pass
    return found


def plain(text, root):
    text = text.replace(root, "")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    # What the znodes hold differs: an address there, a client's name here.
    return re.sub(r' "[^"]*"', "", text)


def story(ensemble, nodes, root):
    """The requests of each of these clients about `root`."""
    stories = {}
    for name, at in nodes.items():
        asked = [plain(words, root) for node, words in ensemble.requests() if node == at and root in words]
        # A selector that is closed while it waits deletes its znode twice: as its wait is interrupted, and as it ends.
        stories[name] = [words for nth, words in enumerate(asked)
                         if not (words.startswith("delete") and nth and asked[nth - 1] == words)]
    return stories


def run_curator(ensemble, curator, observer, recipe):
    root, pictures = f"/curator-{recipe}", []
    for name, what in STEPS[recipe]:
        size = f" {SIZES[what]}" if what in SIZES else ""
        curator.tell(f"{what} {name} {root}{size}" if what else f"release {name}")
        pictures.append(sorted(plain(path, root) for path in settle(observer, root, ensemble)))
    return root, pictures


def run_ours(ensemble, observer, recipe):
    root, pictures = f"/ours-{recipe}", []
    for name, what in STEPS[recipe]:
        size = f", size: {SIZES[what]}" if what in SIZES else ""
        action = f'{OURS[what]}(path: "{root}"{size})' if what else f'Release("{root}")'
        ensemble.act(f'Recipe("{CLIENTS[name]}", {action})')
        pictures.append(sorted(plain(path, root) for path in settle(observer, root, ensemble)))
    return root, pictures


def run_kazoo(ensemble, observer):
    """Three clients of kazoo on one lock; what the tree shows while they wait."""
    root, clients = "/kazoo-lock", [KazooClient(ensemble.hosts, timeout=8) for _ in range(3)]
    locks = []
    for client in clients:
        client.start(10)
        lock = client.Lock(root, "somebody")
        threading.Thread(target=lock.acquire, daemon=True).start()
        locks.append(lock)
        settle(observer, root, ensemble)
    waiting = [path for path in znodes(observer, root) if "__lock__" in path]
    for lock, client in zip(locks, clients):
        until(lambda: lock.is_acquired, "a turn at kazoo's lock")
        lock.release()
        client.stop()
    return waiting


def lines_in_trace(zoolab, trace):
    """The lines of clients that are found in the trace by their znodes: path to what is said of it."""
    told = subprocess.run([zoolab, "queues", trace], check=True, capture_output=True, text=True).stdout
    return dict(line.split(": ", 1) for line in told.splitlines())


def compare_lines(seen):
    problems = []
    for recipe in STEPS:
        theirs, ours = seen.get(f"/curator-{recipe}"), seen.get(f"/ours-{recipe}")
        if theirs is None or theirs != ours:
            problems.append(f"{recipe}, in the trace: Curator {theirs}, ours {ours}")
    kazoo = seen.get("/kazoo-lock", "")
    if "1 had it and 2 waited" not in kazoo:
        problems.append(f"kazoo's lock in the trace: {kazoo or 'not found'}")
    return problems


def compare(name, theirs, ours):
    if theirs == ours:
        return []
    lines = difflib.unified_diff(theirs, ours, "Curator", "ours", lineterm="", n=20)
    return [f"{name}:"] + ["    " + line for line in lines]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zoolab")
    parser.add_argument("--port", type=int, default=23811)
    parser.add_argument("--keep", help="where to leave the trace")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    problems, compared = [], 0
    with tempfile.TemporaryDirectory() as folder:
        ensemble = Ensemble(args.zoolab, args.port, folder)
        try:
            observer = KazooClient(ensemble.hosts, timeout=8)
            observer.start(10)
            curator = Curator(ensemble.hosts, folder)
            for recipe, steps in STEPS.items():
                theirs_root, theirs = run_curator(ensemble, curator, observer, recipe)
                nodes = {}
                ours_root, ours = run_ours(ensemble, observer, recipe)
                own = story(ensemble, CLIENTS, ours_root)
                # Curator's clients by the order of their first request about this recipe.
                for node, words in ensemble.requests():
                    if theirs_root in words and words.startswith("create") and node not in nodes.values():
                        nodes[list(CLIENTS)[len(nodes)]] = node
                real = story(ensemble, nodes, theirs_root)
                for at, (left, right) in enumerate(zip(theirs, ours)):
                    who, what = steps[at]
                    problems += compare(f"{recipe}, znodes after {who} {what or 'release'}", left, right)
                for name in nodes:
                    problems += compare(f"{recipe}, requests of {name}", real[name], own[name])
                    compared += len(own[name])
            waiting = run_kazoo(ensemble, observer)
            if len(waiting) != 3:
                problems.append(f"kazoo: {len(waiting)} in the queue, expected 3: {waiting}")
            observer.stop()
            time.sleep(0.5)
            problems += curator_failures(curator)
            seen = lines_in_trace(args.zoolab, ensemble.trace)
            problems += compare_lines(seen)
            if args.keep:
                os.replace(ensemble.trace, args.keep)
        finally:
            ensemble.program.kill()
            if "curator" in locals():
                curator.program.kill()
    for problem in problems:
        print(problem)
    print(f"{len(STEPS)} recipes of Curator and our own: {compared} requests compared; {len(seen)} lines found in the trace, kazoo's too")
    sys.exit(1 if problems or compared < 50 else 0)


def curator_failures(curator):
    return [f"Curator: {line}" for line in curator.said if "failed" in line]


if __name__ == "__main__":
    main()
