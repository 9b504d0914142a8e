#!/usr/bin/env bash
# One would guess: a layer whose bias_initializer is "zeros", as it is if nothing is said, starts with biases of zero, and
#   one whose bias_initializer is given starts with that.
# What is so: the second quarter of the bias, the forget gate's, starts at 1, whatever bias_initializer says, as long as
#   unit_forget_bias is not turned off; and that is on by default. There is one bias, and its order is i, f, c, o.
# Whom it hurts: whoever copies initial values, or a bias initialiser of another library, and wonders why the first
#   steps of training are not the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 torch==2.15.0 numpy==2.4.6

cat > "$folder/bias.py" <<'PY'
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras

print("keras", keras.__version__)


def bias(**arguments):
    layer = keras.layers.LSTM(2, **arguments)
    layer.build((None, 5, 3))
    shapes = {weight.name: tuple(weight.shape) for weight in layer.weights}
    assert shapes == {"kernel": (3, 8), "recurrent_kernel": (2, 8), "bias": (8,)}, shapes
    found = layer.cell.bias.value.tolist()
    print(", ".join(arguments) or "no arguments", "->", found)
    return found


assert bias() == [0, 0, 1, 1, 0, 0, 0, 0]
five = keras.initializers.Constant(5.0)
assert bias(bias_initializer=five) == [5, 5, 1, 1, 5, 5, 5, 5]
assert bias(bias_initializer=five, unit_forget_bias=False) == [5] * 8

# That it is the forget gate's: with one quarter open and the others shut, only this one keeps a cell state that is there.
layer = keras.layers.LSTM(2, return_state=True, unit_forget_bias=False)
layer.build((None, 1, 3))
start = [keras.ops.zeros((1, 2)), keras.ops.ones((1, 2))]
for block, name in enumerate("ifco"):
    layer.cell.bias.assign([20.0 if unit // 2 == block else -20.0 for unit in range(8)])
    state = layer(keras.ops.zeros((1, 1, 3)), initial_state=start)[2][0][0].item()
    print(f"only block {block} open ({name}): C_1 = {state:.3f}, C_0 was 1")
    assert abs(state - {"i": -1, "f": 1, "c": 0, "o": 0}[name]) < 1e-3
PY
cd "$folder" && venv/bin/python bias.py
