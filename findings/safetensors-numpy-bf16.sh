#!/usr/bin/env bash
# One would guess: whether safetensors.numpy can read a file depends on the file; and load, which takes its bytes, reads
#   what load_file does, which takes its name.
# What is so: a sound file of bf16 numbers, for which NumPy has no type, is refused by load_file with "data type
#   'bfloat16' not understood", until something somewhere in the program has imported ml_dtypes: then the same line
#   reads it. load knows nothing of it before or after: KeyError: 'BF16'.
# Whom it hurts: whoever looks into a model's weights without PyTorch, as many are published in bf16; and whoever moves
#   such code to a program that imports less.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6 ml_dtypes==0.6.0

cat > "$folder/load.py" <<'PY'
import json
import struct

from safetensors.numpy import load, load_file

# 1.5 and -2 as bf16, in a file as the format describes it.
header = json.dumps({"weight": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode()
data = struct.pack("<Q", len(header)) + header + struct.pack("<HH", 0x3FC0, 0xC000)
with open("bf16.safetensors", "wb") as file:
    file.write(data)


def outcome(action):
    try:
        return [float(value) for value in action()["weight"]]
    except (KeyError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


def both(when):
    seen = outcome(lambda: load_file("bf16.safetensors")), outcome(lambda: load(data))
    print(f"{when}: load_file: {seen[0]}; load: {seen[1]}")
    return seen


before = both("before ml_dtypes is imported")
import ml_dtypes  # noqa: E402, F401

after = both("after")
assert before == ("TypeError: data type 'bfloat16' not understood", "KeyError: 'BF16'")
assert after == ([1.5, -2.0], "KeyError: 'BF16'")
PY

"$folder/venv/bin/pip" freeze
cd "$folder" && venv/bin/python load.py
