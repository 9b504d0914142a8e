#!/usr/bin/env bash
# One would guess: a profile of nn.LSTM on a processor shows the products of its gates, and those of float64 are those of
#   float32 with longer numbers.
# What is so: in float32 the whole layer is one operation of oneDNN, mkldnn_rnn_layer, with its backward twin, and there is
#   not one product in the profile. In float64 it is a loop of products.
# Whom it hurts: whoever measures or debugs in one of the two and concludes something about the other.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/profile_lstm.py" <<'PY'
import torch

print("torch", torch.__version__, "oneDNN:", torch.backends.mkldnn.is_available())
T, B, D, H = 4, 32, 10, 32


def operations(dtype):
    lstm = torch.nn.LSTM(D, H, dtype=dtype)
    x = torch.randn(T, B, D, dtype=dtype)
    with torch.profiler.profile() as profile:
        lstm(x)[0].sum().backward()
    names = {event.key for event in profile.key_averages()}
    layer = sorted(name for name in names if "rnn_layer" in name)
    products = sorted(name for name in names if name in ("aten::mm", "aten::addmm", "aten::linear", "aten::matmul"))
    print(dtype, "layer:", layer, "products:", products)
    return layer, products


layer, products = operations(torch.float32)
assert layer == ["aten::mkldnn_rnn_layer", "aten::mkldnn_rnn_layer_backward"] and not products
layer, products = operations(torch.float64)
assert not layer and "aten::addmm" in products
PY
cd "$folder" && venv/bin/python profile_lstm.py
