#!/usr/bin/env python3
"""Cut the book's math font out of STIX Two Math.

The full font holds 6757 glyphs; the book needs a few hundred. What has to survive is not only
the characters but the font's MATH table (the constants that place fractions, accents and
indices), its size variants and the pieces from which tall brackets are assembled, and the `ssty`
feature with its smaller forms for indices and primes. fontTools keeps all of these for the
characters it is given; `verify` below makes sure that it did.

    python3 subset.py            write ../fonts/stix-two-math-book.woff2
    python3 subset.py --check    fail unless that file is exactly what this script makes

README.md says how to install what this needs.
"""

import argparse
import hashlib
import importlib.util
import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# The font travels inside the Python package ziamath; the hash says which edition of it we mean.
SOURCE = "fonts/STIXTwoMath-Regular.ttf"
SOURCE_SHA256 = "8f42cb183a85043a4dc3f8e41ac3821eb27bf178d68ace929ba439523622323c"
OUTPUT = Path(__file__).resolve().parent.parent / "fonts" / "stix-two-math-book.woff2"
SIZE_LIMIT = 70_000

# Layout features: script-size forms, dotless i and j under accents, flat accents over capitals.
FEATURES = ["ssty", "dtls", "flac"]

# A range is written with its two ends; everything else is spelled out, so that a missing
# character can be added where a reader would look for it. Alphabets that the book does not use are
# left out: each would cost every first view some ten kilobytes, for every letter has two smaller
# forms for indices.
RANGES = [
    (0x0020, 0x007E),  # ASCII: digits, upright names such as tanh, brackets
    (0x03B1, 0x03C9),  # Greek small letters, upright: the figures slant them as text
    (0x1D434, 0x1D467),  # Latin italic (its h is U+210E, below)
    (0x1D6FC, 0x1D71B),  # Greek italic, small letters, with the italic partial
    (0x2000, 0x200A),  # spaces of every width
    (0x2061, 0x2064),  # invisible operators: function application, times, separator, plus
]
CHARACTERS = {
    "letters": "ℎ ℏ ℓ ı ȷ ϵ ϑ ϕ ϖ ϱ 𝚤 𝚥",
    "blackboard": "ℂ ℕ ℙ ℚ ℝ ℤ 𝔼 𝟙",
    "operators": "− · × ÷ ± ∓ ∗ ∘ ∙ ⋅ ⊙ ⊕ ⊗ ⊖ ∂ ∇ ∑ ∏ ∫ √ ∖ ∆ ∎ ⊤ ⊺",
    "relations": "≠ ≈ ≡ ∼ ≃ ∝ ≤ ≥ ≪ ≫ ≔ ≕ ≜ ∈ ∉ ⊂ ⊆ ∣ ∥",
    "logic and sets": "∞ ∅ ∀ ∃ ¬ ∧ ∨ ∪ ∩",
    "arrows": "← → ↑ ↓ ↔ ↦ ⇐ ⇒ ⇔ ⟵ ⟶ ⟹ ⟺",
    "brackets": "⟨ ⟩ ⌈ ⌉ ⌊ ⌋ ‖ | ⏞ ⏟ ⎴ ⎵ ⟦ ⟧",
    "dots": "… ⋯ ⋮ ⋱",
    "accents": "ˆ ˇ ˜ ¯ ˙ ¨ ‾ ^ ~ _",
    "combining accents": "\u0302 \u0303 \u0304 \u0305 \u0307 \u0308 \u030c \u20d7 \u0332",
    "primes": "′ ″ ‴ ‵",
    "powers, on the axes of figures": "⁰ ¹ ² ³ ⁴ ⁵ ⁶ ⁷ ⁸ ⁹ ⁻ ½",
    "punctuation": "– — ‘ ’ “ ” ° \u00a0",
}

# Code points inside RANGES that Unicode leaves unassigned: their letter stands elsewhere.
UNASSIGNED = {0x1D455}

# Characters that stretch: each must keep size variants or an assembly of pieces.
STRETCHY = "()[]{}|‖√∑⟨⟩⏞⏟"


def characters() -> set[int]:
    wanted = {ord(c) for group in CHARACTERS.values() for c in group}
    for first, last in RANGES:
        wanted.update(range(first, last + 1))
    return wanted - UNASSIGNED


def source_bytes() -> bytes:
    package = importlib.util.find_spec("ziamath")
    if package is None or package.origin is None:
        sys.exit("The Python package ziamath, which carries the font, is not installed: see README.md.")
    data = (Path(package.origin).parent / SOURCE).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SOURCE_SHA256:
        sys.exit(f"{SOURCE} has SHA-256 {found}, expected {SOURCE_SHA256}: another edition of the font?")
    return data


def cut(data: bytes) -> bytes:
    # Without recalcTimestamp=False the file would carry the minute it was made.
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    missing = sorted(characters() - set(font.getBestCmap()))
    if missing:
        sys.exit("The source font lacks " + ", ".join(f"U+{c:04X}" for c in missing))

    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False  # screens of today draw these outlines well without it
    options.glyph_names = False
    options.notdef_outline = True
    options.drop_tables += ["DSIG"]  # a signature of the uncut font
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]  # names, copyright, trademark, licence
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)

    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def verify(data: bytes) -> str:
    font = TTFont(io.BytesIO(data))
    cmap = font.getBestCmap()
    math = font["MATH"].table
    assert math.MathConstants is not None and math.MathGlyphInfo is not None
    variants = math.MathVariants
    vertical = dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction))
    horizontal = dict(zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction))
    for c in STRETCHY:
        built = vertical.get(cmap[ord(c)]) or horizontal.get(cmap[ord(c)])
        assert built and (built.MathGlyphVariantRecord or built.GlyphAssembly), f"{c} no longer stretches"
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert features == set(FEATURES), features
    assert len(data) <= SIZE_LIMIT, f"{len(data)} bytes: over the limit of {SIZE_LIMIT}"
    return f"{len(cmap)} characters, {font['maxp'].numGlyphs} glyphs, {len(data)} bytes"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file in the tree")
    check = parser.parse_args().check

    data = cut(source_bytes())
    print(f"{OUTPUT.name}: {verify(data)}, SHA-256 {hashlib.sha256(data).hexdigest()}")
    if not check:
        OUTPUT.write_bytes(data)
    elif OUTPUT.read_bytes() != data:
        sys.exit(f"{OUTPUT} is not what this script makes: run it without --check and look at the difference.")


if __name__ == "__main__":
    main()
