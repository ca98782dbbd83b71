#!/usr/bin/env python3
"""Clients that write, read, compare and set, and sync, while the leader is killed again and again.

  faults.py HOSTS ADMIN_URL [--seconds 20] [--clients 6] --history calls.jsonl

Every call goes into a history, for `zoolab history` to judge. Judged here, since a history of values cannot show it: an
ephemeral znode is there for as long as its session, and gone with it.
"""

import argparse
import json
import logging
import random
import subprocess
import sys
import threading
import time
import os

from kazoo.client import KazooClient
from kazoo.exceptions import (BadVersionError, ConnectionClosedError, ConnectionLoss, NodeExistsError, NoNodeError,
                              OperationTimeoutError, SessionExpiredError, KazooException)
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.retry import KazooRetry

REGISTERS = 5
UNKNOWN = (ConnectionLoss, ConnectionClosedError, SessionExpiredError, OperationTimeoutError, KazooTimeoutError)
NAMES = {BadVersionError: "BadVersion", NodeExistsError: "NodeExists", NoNodeError: "NoNode"}


def micros():
    return time.monotonic_ns() // 1000


class Worker(threading.Thread):
    def __init__(self, number, hosts, seconds, seed):
        super().__init__()
        self.name = f"k{number}"
        self.rng = random.Random(f"{seed}-{number}")
        self.hosts, self.ends = hosts, time.monotonic() + seconds
        self.calls, self.problems, self.values = [], [], 0
        self.sessions = 0
        self.own = {}

    def run(self):
        self.client = KazooClient(self.hosts, timeout=6, randomize_hosts=True,
                                  connection_retry=KazooRetry(max_tries=-1, delay=0.05, backoff=1, max_delay=0.2),
                                  command_retry=KazooRetry(max_tries=0))
        self.client.start(30)
        try:
            while time.monotonic() < self.ends:
                if not self.client.connected:
                    time.sleep(0.01)
                    continue
                self.step()
        finally:
            self.client.stop()
            self.client.close()

    def step(self):
        path = f"/faults/r{self.rng.randrange(REGISTERS)}"
        choice = self.rng.random()
        if choice < 0.40:
            self.set(path, -1)
        elif choice < 0.55:
            seen = self.get(path)
            if seen is not None:
                self.set(path, seen)
        elif choice < 0.85:
            self.get(path)
        elif choice < 0.93:
            self.call({"sync": {}}, lambda: self.client.sync(path), lambda _: {})
            self.get(path)
        else:
            self.ephemeral()

    def call(self, op, ask, read):
        call = {"client": self.name, "session": self.session(), "invoked_us": micros(), "op": op}
        self.calls.append(call)
        try:
            answer = ask()
            told = read(answer)
        except UNKNOWN:
            return None
        except KazooException as error:
            told, answer = {"error": NAMES.get(type(error), type(error).__name__)}, None
        call["returned_us"] = micros()
        # A session that ended meanwhile answers nothing, so this is the one that was asked.
        call["session"] = self.session()
        # What it says was the zxid of this answer: one call at a time, and events carry none.
        told["zxid"] = self.client.last_zxid
        call["told"] = told
        return answer

    def session(self):
        return f"{self.name}/{self.client.client_id[0] if self.client.client_id else 0:#x}"

    def set(self, path, version):
        self.values += 1
        value = f"{self.name}-{self.values}"
        op = {"set": {"path": path, "value": value, "version": version}}
        self.call(op, lambda: self.client.set(path, value.encode(), version),
                  lambda stat: {"version": stat.version, "mzxid": stat.mzxid})

    def get(self, path):
        answer = self.call({"get": {"path": path}}, lambda: self.client.get(path), lambda found: {
            "value": found[0].decode(), "version": found[1].version, "mzxid": found[1].mzxid})
        return answer[1].version if answer else None

    def ephemeral(self):
        """One znode a session: made once, there until the session ends."""
        session = self.client.client_id[0]
        path = f"/faults/e/{self.name}-{session:x}"
        try:
            if session not in self.own:
                self.client.create(path, ephemeral=True)
                if self.client.client_id[0] == session:
                    self.own[session] = path
                    self.sessions += 1
                return
            self.client.sync(path)
            found = self.client.exists(path)
            if self.client.client_id[0] != session:
                return
            if found is None:
                self.problems.append(f"{path} is gone, though its session {session:#x} is not over")
            elif found.ephemeralOwner != session:
                self.problems.append(f"{path} belongs to {found.ephemeralOwner:#x}")
        except (NodeExistsError, *UNKNOWN):
            pass


def act(zoolab, url, *actions):
    return subprocess.run([zoolab, "act", url, *actions], capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hosts")
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--history", required=True)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    zoolab = os.environ.get("ZOOLAB", "target/debug/zoolab")

    first = KazooClient(args.hosts, timeout=6)
    first.start(30)
    first.ensure_path("/faults/e")
    history = []
    for number in range(REGISTERS):
        path = f"/faults/r{number}"
        if first.exists(path):
            first.delete(path)
        began = micros()
        first.create(path, b"0")
        history.append({"client": "first", "session": "first", "invoked_us": began, "returned_us": micros(),
                        "op": {"create": {"path": path, "value": "0"}}, "told": {"zxid": first.last_zxid}})

    workers = [Worker(n + 1, args.hosts, args.seconds, args.seed) for n in range(args.clients)]
    for worker in workers:
        worker.start()
    kills, rng, ends = 0, random.Random(args.seed), time.monotonic() + args.seconds - 3
    while time.monotonic() < ends:
        time.sleep(rng.uniform(1.0, 2.5))
        lose = rng.choice(["Pending", "Torn", "Nothing"])
        if act(zoolab, args.url, f'Crash("leader", {lose})').returncode == 0:
            kills += 1
            time.sleep(rng.uniform(0.2, 1.2))
            act(zoolab, args.url, 'Restart("fallen")')
    for worker in workers:
        worker.join()
        history.extend(worker.calls)

    with open(args.history, "w") as out:
        for call in history:
            out.write(json.dumps(call) + "\n")
    problems = [problem for worker in workers for problem in worker.problems]
    # Every session was closed, so nothing ephemeral may be left.
    left = []
    for _ in range(200):
        try:
            first.sync("/faults/e")
            left = first.get_children("/faults/e")
            break
        except UNKNOWN:
            time.sleep(0.1)
    problems += [f"/faults/e/{name} outlived its session, which was closed" for name in left]
    first.stop()
    known = sum("told" in call for call in history)
    print(f"{kills} leaders killed, {len(history)} calls, {known} with an answer, "
          f"{sum(worker.sessions for worker in workers)} sessions with an ephemeral znode")
    for problem in problems:
        print("WRONG", problem)
    if kills == 0 or known < 100:
        print("WRONG too little happened to say anything")
        sys.exit(1)
    sys.exit(1 if problems else 0)


main()
