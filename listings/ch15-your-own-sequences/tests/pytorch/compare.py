"""Loads what the trainer wrote into PyTorch, and compares what both say about a file of names.

    cargo run --release -p ch15 -- names.txt --save names.safetensors --export weights.safetensors
    python listings/ch15-your-own-sequences/tests/pytorch/compare.py names.txt names.safetensors weights.safetensors

Ends with an error if the mean surprise, in bits per symbol, differs in the third decimal. Needs what write.py needs, and cargo;
with CH15 in the environment it runs that program.
"""

import json
import math
import os
import re
import subprocess
import sys

import torch
import torch.nn.functional as F
from safetensors import safe_open
from write import NextSymbol

PROGRAM = [os.environ["CH15"]] if "CH15" in os.environ else "cargo run --quiet --release -p ch15 --".split()


def load(path):
    # ANCHOR: load
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        state = {name: file.get_tensor(name) for name in file.keys()}
    layers = sum(name.startswith("lstm.weight_hh_l") for name in state)
    symbols, hidden = state["fc.weight"].shape
    model = NextSymbol(symbols, hidden, layers).double()
    model.load_state_dict({name: state[name] for name in model.state_dict()})
    # ANCHOR_END: load
    about = json.loads(metadata["own-sequences"]) if "own-sequences" in metadata else None
    return model, about["data"]["alphabet"] if about else metadata["alphabet"]


def bits(model, alphabet, names):
    total, answers = 0.0, 0
    for name in names:
        symbols = torch.tensor([0] + [1 + alphabet.index(letter) for letter in name] + [0])
        with torch.no_grad():
            logits = model(symbols[None, :-1])[0]
        total += F.cross_entropy(logits, symbols[1:], reduction="sum").item()
        answers += len(symbols) - 1
    return total / answers / math.log(2)


def main():
    file, *paths = sys.argv[1:]
    names = open(file, encoding="utf-8").read().split("\n")
    names = [name.rstrip() for name in names if name.strip()]
    for path in paths:
        model, alphabet = load(path)
        theirs = bits(model, alphabet, names)
        said = subprocess.run([*PROGRAM, file, "--model", path, "--sample", "0"], check=True, capture_output=True)
        ours = float(re.search(r"lstm\s*= ([0-9.]+)", said.stdout.decode()).group(1))
        print(f"{path}: PyTorch {theirs:.4f}, ours {ours}")
        assert abs(theirs - ours) < 6e-4, "they differ"


if __name__ == "__main__":
    main()
