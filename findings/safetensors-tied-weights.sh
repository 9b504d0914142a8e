#!/usr/bin/env bash
# One would guess: what safetensors.torch.save_model writes, a strict load_state_dict(load_file(...)) of the same class
#   accepts.
# What is so: of two names for one tensor, as in a recurrent language model whose output layer shares the embedding's
#   weights, save_model keeps one and drops the other without a word. load_state_dict then misses it, although nothing
#   is lost: with strict=False, or with safetensors' load_model, the whole model is there. save_file refuses to write
#   such a model at all.
# Whom it hurts: whoever saves with one function of the pair and loads with the other, and whoever looks for the name.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 safetensors==0.8.0 numpy==2.4.6

cat > "$folder/tied.py" <<'PY'
import torch
import torch.nn as nn
from safetensors.torch import load_file, load_model, save_file, save_model


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.lstm = nn.LSTM(4, 4, batch_first=True)
        self.output = nn.Linear(4, 10)
        self.output.weight = self.embedding.weight

    def forward(self, digits):
        return self.output(self.lstm(self.embedding(digits))[0][:, -1])


def outcome(action):
    try:
        return str(action())
    except RuntimeError as error:
        return "RuntimeError: " + " ".join(str(error).split())[:110]


torch.manual_seed(1)
model, question = Tied(), torch.tensor([[3, 1, 4, 1]])
refused = outcome(lambda: save_file(model.state_dict(), "tied.safetensors"))
print("save_file:", refused)
save_model(model, "tied.safetensors")
state = load_file("tied.safetensors")
print("save_model wrote", sorted(state))
strict = outcome(lambda: Tied().load_state_dict(state))
print("strict:", strict)
loose, paired = Tied(), Tied()
print("strict=False:", loose.load_state_dict(state, strict=False))
load_model(paired, "tied.safetensors")
same = [torch.equal(other(question), model(question)) for other in (loose, paired)]
print("the same answers, loose and by load_model:", same)

assert "share memory" in refused and "output.weight" in strict and "output.weight" not in state
assert same == [True, True]
PY

"$folder/venv/bin/pip" freeze | grep -E '^(torch|safetensors|numpy)=='
cd "$folder" && venv/bin/python tied.py
