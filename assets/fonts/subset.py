#!/usr/bin/env python3
"""Makes NotoSansSC-subset.otf: the Chinese letters that the window and its lessons need, and no others.

    apt-get install fonts-noto-cjk && pip install fonttools
    assets/fonts/subset.py

Kept are the 6,763 characters of GB 2312, so that names and data of users are there too, the punctuation of Chinese and
whatever else the Chinese catalogues and lessons use; the test `fonts` of gui says when that has grown. Hints and layout tables are
left out: egui uses neither. The same source gives the same bytes.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
FACE = "Noto Sans CJK SC"
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = HERE / "NotoSansSC-subset.otf"

# Below this code point the window's other fonts are asked first and have every letter.
FIRST = 0x2000
# Rows of GB 2312: 1 holds punctuation, 16 to 55 the everyday characters, 56 to 87 the less common ones.
ROWS = [1, *range(16, 88)]
# Signs that GB 2312 lacks or writes otherwise.
MORE = "—…“”‘’·「」『』〈〉《》【】〔〕！？，。；：、（）％＋－＝～￥"


def standard():
    """Row and cell become two bytes of EUC-CN; five cells of row 55 are empty."""
    for row in ROWS:
        for cell in range(1, 95):
            yield from bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312", errors="ignore")


def used():
    """Whatever the Chinese texts of the program hold."""
    for pattern in ["assets/lang/zh-CN/*.ftl", "lessons/content/**/zh*.*"]:
        for path in sorted(ROOT.glob(pattern)):
            yield from path.read_text(encoding="utf-8")


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    faces = TTCollection(source, lazy=True).fonts
    font = next(face for face in faces if face["name"].getDebugName(4) == FACE)
    wanted = {ord(letter) for letter in [*standard(), *used(), *MORE]}
    wanted = {point for point in wanted if point >= FIRST}
    options = subset.Options(hinting=False, layout_features=[], desubroutinize=True, notdef_outline=True)
    # Copyright and licence stay in the file.
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    lacks = wanted - set(font.getBestCmap())
    subset.save_font(font, str(OUT), options)
    print(f"{OUT.relative_to(ROOT)}: {len(wanted) - len(lacks)} characters, {OUT.stat().st_size} bytes")
    if lacks:
        print("not in the source:", "".join(sorted(map(chr, lacks))))


if __name__ == "__main__":
    main()
