"""Loads what the trainer wrote, and compares its answers with PyTorch's.

    cargo run --release -p ch14 -- --task sum --save sum.safetensors --export weights.safetensors
    python listings/ch14-next-digit-trainer/tests/pytorch/compare.py sum.safetensors weights.safetensors

A file of weights alone is loaded strictly, as it is; of a checkpoint the tensors that the module names. Ends with an
error if a logit differs by more than 1e-6, of the largest. Needs what write.py needs, and cargo; with CH14 in the
environment it runs that program.
"""

import json
import os
import subprocess
import sys

import torch
from safetensors.torch import load_file
from write import NextDigit

CONTEXTS = ["3 1 4 1", "0 0 0 0", "9 9 9 9", "2 7 1 8", "5 5 0 5", "1 2 3 4", "8 6 4 2"]
PROGRAM = [os.environ["CH14"]] if "CH14" in os.environ else "cargo run --quiet --release -p ch14 --".split()


def load(path):
    # ANCHOR: load
    state = load_file(path)
    model = NextDigit(state["lstm.weight_hh_l0"].shape[1])
    if "checksum" in state:  # a checkpoint: it holds more than the weights
        state = {name: state[name] for name in model.state_dict()}
    model.load_state_dict(state)
    # ANCHOR_END: load
    return model


def compare(path):
    model, worst = load(path), 0.0
    for context in CONTEXTS:
        command = [*PROGRAM, "--json", "predict", *context.split(), "--model", path]
        ours = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        with torch.no_grad():
            theirs = model(torch.tensor([[int(digit) for digit in context.split()]]))[0]
        difference = (torch.tensor(ours["logits"]) - theirs).abs().max() / theirs.abs().max().clamp(min=1)
        worst = max(worst, difference.item())
        print(f"{context}: answers {ours['answer']} and {theirs.argmax()}, logits differ by {difference:.1e}")
    print(f"{path}: torch {torch.__version__}, worst difference {worst:.1e}, of the largest logit or of 1")
    return worst


sys.exit(max(compare(path) for path in sys.argv[1:]) > 1e-6)
