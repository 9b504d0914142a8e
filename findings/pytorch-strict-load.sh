#!/usr/bin/env bash
# One would guess: where load_state_dict(strict=True) answers "All keys matched successfully", the model is the one that
#   was saved.
# What is so: names and shapes were compared, no more. An nn.RNN that was trained with nonlinearity="relu" loads into one
#   with tanh, and answers otherwise. And numbers are converted to the type of the model that is loaded into: a weight
#   of 1e5 becomes infinite in a float16 model, and a float64 file is rounded in a float32 one, without a word.
# Whom it hurts: whoever takes the message for a proof, after a change of the class or of its type. The file says
#   nothing of either.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/strict.py" <<'PY'
import torch
import torch.nn as nn

MATCHED = "<All keys matched successfully>"
torch.manual_seed(1)

trained, loaded = nn.RNN(10, 4, nonlinearity="relu"), nn.RNN(10, 4)
said = str(loaded.load_state_dict(trained.state_dict()))
x = torch.eye(10)[[3, 1, 4, 1]]
with torch.no_grad():
    difference = (trained(x)[0] - loaded(x)[0]).abs().max().item()
print(f"relu into tanh: {said}, states differ by {difference:.3f}")
assert said == MATCHED and difference > 0.01

state = nn.LSTM(10, 4).state_dict()
state["weight_hh_l0"][0, 0] = 1e5
half = nn.LSTM(10, 4).half()
said = str(half.load_state_dict(state))
print(f"float32 into float16: {said}, 1e5 became {half.weight_hh_l0[0, 0].item()}")
assert said == MATCHED and half.weight_hh_l0[0, 0].isinf()

double = {name: tensor.double() + 1e-12 for name, tensor in nn.LSTM(10, 4).state_dict().items()}
single = nn.LSTM(10, 4)
said = str(single.load_state_dict(double))
error = (single.weight_ih_l0.double() - double["weight_ih_l0"]).abs().max().item()
print(f"float64 into float32: {said}, now {single.weight_ih_l0.dtype}, off by {error:.0e}")
assert said == MATCHED and single.weight_ih_l0.dtype == torch.float32 and error > 0
PY

"$folder/venv/bin/pip" freeze | grep -E '^(torch|numpy)=='
cd "$folder" && venv/bin/python strict.py
