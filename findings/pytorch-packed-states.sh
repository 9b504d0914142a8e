#!/usr/bin/env bash
# One would guess: told nothing of lengths, nn.LSTM gives zeros of padding no part in the last states, for there is nothing to
#   read in them; and pack_padded_sequence takes sequences as they come.
# What is so: a step of zeros is a step. h_n and c_n of a padded batch are those behind the padding, and only of a packed one
#   those at each sequence's own end. And packing wants the longest sequence first, unless it is told enforce_sorted=False.
# Whom it hurts: whoever classifies sequences of different lengths by h_n, and wonders why short ones do badly.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/packed.py" <<'PY'
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

print("torch", torch.__version__)
torch.manual_seed(1)
lstm = torch.nn.LSTM(3, 4).double()
lengths = [2, 5]
x = torch.randn(5, 2, 3, dtype=torch.float64)
x[2:, 0] = 0  # the first sequence ends after two steps
alone = lstm(x[:2, :1])[1]

h_n, c_n = lstm(x)[1]
print("padded: off by", (h_n[:, :1] - alone[0]).abs().max().item(), (c_n[:, :1] - alone[1]).abs().max().item())
assert (h_n[:, :1] - alone[0]).abs().max() > 1e-2 and (c_n[:, :1] - alone[1]).abs().max() > 1e-2

try:
    pack_padded_sequence(x, lengths)
except RuntimeError as error:
    print("unsorted:", str(error).splitlines()[0])
else:
    raise AssertionError("lengths in any order were taken")

out, (h_n, c_n) = lstm(pack_padded_sequence(x, lengths, enforce_sorted=False))
print("packed: off by", (h_n[:, :1] - alone[0]).abs().max().item(), (c_n[:, :1] - alone[1]).abs().max().item())
assert torch.allclose(h_n[:, :1], alone[0], atol=1e-12) and torch.allclose(c_n[:, :1], alone[1], atol=1e-12)
h, found = pad_packed_sequence(out)
assert found.tolist() == lengths and (h[2:, 0] == 0).all()
PY
cd "$folder" && venv/bin/python packed.py
