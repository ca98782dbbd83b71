#!/usr/bin/env python3
"""Goes through every lesson in the real window, under a virtual display, and keeps a picture of its key moment: the last
question before its task, answered.

  docs/pictures/course.py [--program target/debug/zoolab] [--out docs/pictures/course] [--every DIR] [NAME…]

With --every DIR each card on the way is kept there, to be looked at. Needs Debian's xvfb, libgl1-mesa-dri, xdotool and
imagemagick.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CONTENT = os.path.join(ROOT, "lessons/content")
DISPLAY = ":98"
BEAT = re.compile(r"^ {8}(Open|Say|Focus|Play|Predict|Task|Compare|Free|Recap)\(", re.M)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def keys(*names):
    for name in names:
        run("xdotool", "key", name)
        time.sleep(0.9)


def picture(path):
    run("import", "-window", "root", path)


def open_window(program, folder):
    environment = dict(os.environ, DISPLAY=DISPLAY, XDG_DATA_HOME=folder)
    window = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.3)
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "ZooLab"], capture_output=True)
        if found.stdout.strip():
            break
    time.sleep(3)
    run("xdotool", "windowfocus", found.stdout.split()[0].decode())
    return window


def title(name):
    with open(os.path.join(CONTENT, name, "en.md")) as file:
        return file.readline().lstrip("# ").strip()


def beats(name):
    with open(os.path.join(CONTENT, name, "lesson.ron")) as file:
        return BEAT.findall(file.read())


def key_moment(found):
    """The place of the last question before the first task."""
    task = found.index("Task") if "Task" in found else len(found)
    asked = [place for place, beat in enumerate(found) if beat == "Predict" and place < task]
    return asked[-1] if asked else found.index("Predict")


def go(name, every):
    """Begins the lesson and goes to its key moment."""
    # Nothing is pointed at.
    run("xdotool", "mousemove", "1", "799")
    keys("ctrl+shift+p")
    run("xdotool", "type", "--delay", "15", title(name))
    time.sleep(0.8)
    keys("Return")
    time.sleep(1.5)
    found, shown = beats(name), 0
    last = key_moment(found)
    for place, beat in enumerate(found[:last + 1]):
        if every and beat not in ("Open", "Focus", "Play"):
            picture(os.path.join(every, f"{name}-{shown:02}-{beat}.png"))
            shown += 1
        # The point goes on: to the next card, to the end of what plays, to the end of what an answer lets happen.
        if beat == "Predict":
            keys("1", "period")
        if beat in ("Say", "Free", "Compare", "Play") or beat == "Predict" and place < last:
            keys("period")
    time.sleep(2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(ROOT, "target/debug/zoolab"))
    parser.add_argument("--out", default=os.path.join(ROOT, "docs/pictures/course"))
    parser.add_argument("--every")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    os.environ["DISPLAY"] = DISPLAY
    for folder in filter(None, [args.out, args.every]):
        os.makedirs(folder, exist_ok=True)
    names = args.names or sorted(name for name in os.listdir(CONTENT) if name[0].isdigit())
    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1280x800x24"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    time.sleep(1)
    try:
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                window = open_window(args.program, folder)
                go(name, args.every)
                path = os.path.join(args.out, f"{name}.png")
                picture(path)
                run("mogrify", "-strip", "-resize", "960x", "-colors", "128", path)
                window.kill()
                window.wait()
                print(name, os.path.getsize(path) // 1024, "kB", flush=True)
    finally:
        screen.terminate()
        screen.wait()


if __name__ == "__main__":
    sys.exit(main())
