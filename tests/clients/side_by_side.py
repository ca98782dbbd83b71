#!/usr/bin/env python3
"""Writes and reads a second and how long each takes: Apache ZooKeeper and `zoolab serve`, side by side in one run.

  cargo build --release -p zoolab --no-default-features && cargo build --release -p zoolab-driver --example load
  tests/clients/side_by_side.py [--rounds 5] [--seconds 2]

Three servers each, on loopback, with the same client program (core/driver/examples/load.rs); the two take turns, round by
round, so that what else the machine does hits both. Without fsync: `forceSync=no` against the disks in memory; with it:
ZooKeeper's default against `--data-dir --fsync`. Prints a table of medians with the lowest and highest round.

Needs Debian's packages zookeeper and default-jre-headless.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ZOOLAB = os.path.join(ROOT, "target/release/zoolab")
LOAD = os.path.join(ROOT, "target/release/examples/load")
JARS = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-nop.jar"
LOADS = [("set", 1, 1), ("set", 16, 1), ("set", 128, 1), ("set", 1, 128),
         ("create", 1, 1), ("create", 16, 1), ("create", 128, 1), ("create", 1, 128),
         ("get", 1, 1), ("get", 16, 1), ("get", 128, 1), ("get", 1, 128)]


def word(port, what):
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as stream:
            stream.settimeout(2)
            stream.sendall(what)
            return b"".join(iter(lambda: stream.recv(4096), b"")).decode()
    except OSError:
        return ""


def wait(ports):
    for _ in range(600):
        modes = [line for port in ports for line in word(port, b"srvr").splitlines() if line.startswith("Mode: ")]
        if len(modes) == len(ports) and "Mode: leader" in modes:
            return
        time.sleep(0.1)
    sys.exit(f"the servers at {ports} do not serve")


def memory(pids):
    """Resident memory in MB."""
    def resident(pid):
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return sum(map(resident, pids)) / 1024


class ZooKeeper:
    name = "ZooKeeper 3.8"

    def __init__(self, folder, port, fsync):
        self.ports, self.processes = [port, port + 1, port + 2], []
        for number in (1, 2, 3):
            home = os.path.join(folder, str(number))
            os.makedirs(os.path.join(home, "data"))
            with open(os.path.join(home, "data", "myid"), "w") as out:
                out.write(f"{number}\n")
            with open(os.path.join(home, "zoo.cfg"), "w") as out:
                out.write(f"tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir={home}/data\nclientPort={port + number - 1}\n"
                          "clientPortAddress=127.0.0.1\nadmin.enableServer=false\nmaxClientCnxns=0\n"
                          "4lw.commands.whitelist=*\n")
                for peer in (1, 2, 3):
                    out.write(f"server.{peer}=127.0.0.1:{port + 100 + peer}:{port + 200 + peer}\n")
            sync = [] if fsync else ["-Dzookeeper.forceSync=no"]
            self.processes.append(subprocess.Popen(
                ["java", "-Xmx1g", *sync, "-cp", JARS, "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                 os.path.join(home, "zoo.cfg")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home))
        wait(self.ports)


class ZooLab:
    name = "ZooLab"

    def __init__(self, folder, port, fsync):
        self.ports = [port, port + 1, port + 2]
        kept = ["--data-dir", folder, "--fsync"] if fsync else []
        self.processes = [subprocess.Popen([ZOOLAB, "serve", "--servers", "3", "--port", str(port),
                                            "--connections", "1000", *kept], stdout=subprocess.DEVNULL)]
        wait(self.ports)


def measure(server, op, clients, in_flight, seconds):
    """One figure. A server that hangs up is asked again, and said to have hung up."""
    for attempt in range(3):
        found = attempt_to_measure(server, op, clients, in_flight, seconds)
        if isinstance(found, dict):
            return found
        print(f"{server.name}, {op} with {clients} clients: {found.strip()}", file=sys.stderr)
        wait(server.ports)
    sys.exit(f"{server.name} cannot be measured")


def attempt_to_measure(server, op, clients, in_flight, seconds):
    hosts = ",".join(f"127.0.0.1:{port}" for port in server.ports)
    done = subprocess.run([LOAD, hosts, "--op", op, "--clients", str(clients), "--in-flight", str(in_flight),
                           "--seconds", str(seconds)], capture_output=True, text=True)
    if done.returncode:
        return done.stderr
    found = json.loads(done.stdout)
    return f"{found['errors']} errors" if found["errors"] else found


def spread(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}-{max(values):,.0f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--port", type=int, default=24100)
    args = parser.parse_args()
    for program in (ZOOLAB, LOAD):
        if not os.path.exists(program):
            sys.exit(f"{program} is not built; see the first lines of this script")
    for fsync in (False, True):
        folder = tempfile.mkdtemp()
        servers = []
        try:
            servers = [ZooKeeper(os.path.join(folder, "a"), args.port, fsync),
                       ZooLab(os.path.join(folder, "b"), args.port + 50, fsync)]
            figures = {}
            for _ in range(args.rounds):
                for load in LOADS:
                    for server in servers:
                        figures.setdefault((load, server.name), []).append(measure(server, *load, args.seconds))
            print(f"\n{'With' if fsync else 'Without'} fsync, {args.rounds} rounds of {args.seconds:g} s: "
                  "median (lowest-highest)\n")
            print("| op | clients | in flight | " + " | ".join(
                f"{s.name} op/s | p50 us | p99 us" for s in servers) + " | ratio of op/s |")
            print("|---|---:|---:|" + "---:|" * 7)
            for load in LOADS:
                row, rates = [], []
                for server in servers:
                    found = figures[load, server.name]
                    rates.append([one["per_second"] for one in found])
                    row += [spread(rates[-1]), spread([one["p50_us"] for one in found]),
                            spread([one["p99_us"] for one in found])]
                ratio = statistics.median(ours / theirs for theirs, ours in zip(*rates))
                print(f"| {load[0]} | {load[1]} | {load[2]} | " + " | ".join(row) + f" | {ratio:.2f} |")
            for server in servers:
                print(f"\nMemory of {server.name}: {memory(p.pid for p in server.processes):,.0f} MB")
            sys.stdout.flush()
        finally:
            for server in servers:
                for process in server.processes:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
            shutil.rmtree(folder, ignore_errors=True)


main()
