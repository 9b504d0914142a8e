"""Loads a model that the trainer saved, and compares its answers with PyTorch's.

    cargo run --release -p ch14 -- --task sum --save sum.safetensors
    python listings/ch14-next-digit-trainer/tests/pytorch/compare.py sum.safetensors

Ends with an error if a probability differs by more than 1e-6 or a logit, as far as probabilities tell them, by more.
Needs what write.py needs, and cargo.
"""

import json
import subprocess
import sys

import torch
from safetensors import safe_open
from write import NextDigit

CONTEXTS = ["3 1 4 1", "0 0 0 0", "9 9 9 9", "2 7 1 8", "5 5 0 5", "1 2 3 4", "8 6 4 2"]

# ANCHOR: load
with safe_open(sys.argv[1], "pt") as file:
    hidden = file.get_slice("lstm.weight_hh_l0").get_shape()[1]
    model = NextDigit(hidden)
    model.load_state_dict({name: file.get_tensor(name) for name in model.state_dict()})
# ANCHOR_END: load

worst = 0.0
for context in CONTEXTS:
    command = ["cargo", "run", "--quiet", "--release", "-p", "ch14", "--", "--json", "predict"]
    command += context.split() + ["--model", sys.argv[1]]
    ours = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    with torch.no_grad():
        theirs = model(torch.tensor([[int(digit) for digit in context.split()]]))[0]
    difference = (torch.tensor(ours["logits"]) - theirs).abs().max() / theirs.abs().max().clamp(min=1)
    worst = max(worst, difference.item())
    print(f"{context}: answers {ours['answer']} and {theirs.argmax()}, logits differ by {difference:.1e}")
print(f"torch {torch.__version__}, H = {hidden}: worst difference {worst:.1e}, of the largest logit or of 1")
sys.exit(worst > 1e-6)
