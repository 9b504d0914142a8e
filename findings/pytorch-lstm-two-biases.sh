#!/usr/bin/env bash
# One would guess: the two biases of nn.LSTM, which are added, are as good as one; and a forget bias of 1 is a 1 in the
#   second quarter of each parameter that has "bias" in its name.
# What is so: that recipe sets the sum to 2. Both biases get the same gradient, and an optimiser moves both: the sum takes
#   steps twice as long as the one bias of another implementation.
# Whom it hurts: whoever sets the forget bias by name, or compares a training with that of a cell with one bias.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/biases.py" <<'PY'
import torch

print("torch", torch.__version__)
H, D = 2, 3
lstm = torch.nn.LSTM(D, H)
state = (torch.zeros(1, 1, H), torch.ones(1, 1, H))
biases = {name: p for name, p in lstm.named_parameters() if "bias" in name}
print({name: tuple(p.shape) for name, p in lstm.named_parameters()})
assert set(biases) == {"bias_ih_l0", "bias_hh_l0"}, biases

# Only biases are left. C_1 = f * C_0 + i * tanh(0), so C_1 is the forget gate.
with torch.no_grad():
    for parameter in lstm.parameters():
        parameter.zero_()
    for bias in biases.values():
        bias[H : 2 * H] = 1.0
f = lstm(torch.zeros(1, 1, D), state)[1][1].flatten()
print("forget gate:", f.tolist(), " sigmoid(1):", torch.sigmoid(torch.tensor(1.0)).item())
assert torch.allclose(f, torch.sigmoid(torch.tensor(2.0))), f

for make in (torch.optim.Adam, torch.optim.SGD):
    optimiser = make(lstm.parameters(), lr=0.01)
    optimiser.zero_grad()
    before = sum(bias.detach().clone() for bias in biases.values())
    lstm(torch.zeros(1, 1, D), state)[0].sum().backward()
    first, second = (bias.grad for bias in biases.values())
    assert torch.equal(first, second) and first.abs().max() > 0
    one = torch.nn.Parameter(before.clone())
    one.grad = first.clone()
    alone = make([one], lr=0.01)
    optimiser.step()
    alone.step()
    moved = (sum(bias.detach() for bias in biases.values()) - before)[H].item()
    moved_alone = (one.detach() - before)[H].item()
    print(f"{make.__name__}: the sum moves by {moved:.6f}, one bias by {moved_alone:.6f}")
    assert abs(moved / moved_alone - 2) < 1e-3
PY
cd "$folder" && venv/bin/python biases.py
