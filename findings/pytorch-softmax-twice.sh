#!/usr/bin/env bash
# One would guess: a loss that wants scores complains when it is given probabilities, or comes to the same.
# What is so: nn.CrossEntropyLoss applies its softmax to whatever it gets. Given the probabilities of a network that is right
#   and sure, for one of ten answers, it says 1.46 in place of 0, and no network can get below that.
# Whom it hurts: whoever ends a network with a softmax, as in a library whose loss wants probabilities, and wonders why
#   the loss stops at 1.46 while the answers are right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/twice.py" <<'PY'
import warnings

import torch

warnings.simplefilter("error")
print("torch", torch.__version__)
answer = torch.tensor([3])
scores = torch.full((1, 10), -20.0)
scores[0, 3] = 20.0
once = torch.nn.CrossEntropyLoss()(scores, answer).item()
twice = torch.nn.CrossEntropyLoss()(scores.softmax(1), answer).item()
print(f"of scores {once:.4f}, of probabilities {twice:.4f}, without a warning")
assert once < 1e-6 and abs(twice - 1.4612) < 1e-4
PY
cd "$folder" && venv/bin/python twice.py
