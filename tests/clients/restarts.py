#!/usr/bin/env python3
"""The program is killed (SIGKILL) while a client writes, and started again with the same disks: nothing acknowledged is lost,
and a session that is still wanted is still there.

  restarts.py ZOOLAB --dir DIR [--rounds 5] [--port 22911]
"""

import argparse
import logging
import random
import subprocess
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException
from kazoo.handlers.threading import KazooTimeoutError


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zoolab")
    parser.add_argument("--dir", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=22911)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rng = random.Random(args.seed)
    hosts = ",".join(f"127.0.0.1:{args.port + n}" for n in range(3))
    forever = dict(max_tries=-1, delay=0.05, backoff=1, max_delay=0.2)
    client = KazooClient(hosts, timeout=20, connection_retry=forever, command_retry=dict(max_tries=0))
    acknowledged, problems, session = [], [], None
    for round in range(args.rounds + 1):
        program = subprocess.Popen([args.zoolab, "serve", "--port", str(args.port), "--data-dir", args.dir],
                                   stdout=subprocess.DEVNULL)
        try:
            if session is None:
                client.start(30)
                session = client.client_id[0]
                client.create("/owner", ephemeral=True)
            # It comes back by itself, as clients do.
            for _ in range(600):
                try:
                    client.sync("/")
                    break
                except KazooException:
                    time.sleep(0.05)
            if client.client_id[0] != session:
                problems.append(f"round {round}: session {session:#x} was forgotten")
            there = set(client.get_children("/"))
            lost = [name for name in acknowledged if name not in there]
            if lost:
                problems.append(f"round {round}: {len(lost)} acknowledged writes are lost, such as {lost[0]}")
            if "owner" not in there:
                problems.append(f"round {round}: the ephemeral znode of a living session is gone")
            if round == args.rounds:
                client.stop()
                break
            killer = threading.Timer(rng.uniform(0.3, 1.5), program.kill)
            killer.start()
            number = 0
            while killer.is_alive():
                name = f"r{round}-{number}"
                number += 1
                done = client.create_async("/" + name, b"x" * 50)
                done.rawlink(lambda done, name=name: acknowledged.append(name) if done.successful() else None)
                if number % 20 == 0:
                    time.sleep(0.005)
            killer.join()
        except (KazooException, KazooTimeoutError) as error:
            problems.append(f"round {round}: {error!r}")
        finally:
            program.kill()
            program.wait()
    print(f"{args.rounds} kills, {len(acknowledged)} writes acknowledged, session {session:#x} kept")
    for problem in problems:
        print("WRONG", problem)
    sys.exit(1 if problems or len(acknowledged) < 100 else 0)


main()
