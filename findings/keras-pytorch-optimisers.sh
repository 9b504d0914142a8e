#!/usr/bin/env bash
# One would guess: Adam and SGD with the same arguments take the same steps in Keras and in PyTorch.
# What is so: epsilon is added at another place, so that the first steps for a small gradient differ by a factor, here of 16;
#   and with momentum, a change of the learning rate acts at once in PyTorch, but only on what is still to come in Keras,
#   where the learning rate goes into the velocity. With a constant rate and large gradients all steps are the same.
# Whom it hurts: whoever ports a training with its settings; a schedule, or a network with gradients near epsilon, shows it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 torch==2.15.0 numpy==2.4.6

cat > "$folder/steps.py" <<'PY'
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch

print("keras", keras.__version__, "torch", torch.__version__)


def by_keras(optimiser, gradients, rates):
    weight = keras.Variable([1.0])
    optimiser.build([weight])
    for gradient, rate in zip(gradients, rates):
        optimiser.learning_rate = rate
        optimiser.apply([keras.ops.convert_to_tensor([gradient])], [weight])
        yield weight.value.item()


def by_torch(make, gradients, rates):
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    optimiser = make([weight])
    for gradient, rate in zip(gradients, rates):
        optimiser.param_groups[0]["lr"] = rate
        weight.grad = torch.tensor([gradient])
        optimiser.step()
        yield weight.item()


def both(what, keras_optimiser, torch_optimiser, gradients, rates):
    ours = list(by_keras(keras_optimiser, gradients, rates))
    theirs = list(by_torch(torch_optimiser, gradients, rates))
    print(what, "\n  keras ", ours, "\n  torch ", theirs)
    return ours, theirs


def adam():
    return keras.optimizers.Adam(0.1, epsilon=1e-6), lambda p: torch.optim.Adam(p, 0.1, eps=1e-6)


def momentum():
    return keras.optimizers.SGD(0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)


def near(a, b):
    return all(abs(x - y) < 1e-5 for x, y in zip(a, b, strict=True))


constant = [0.1, 0.1, 0.1]
assert near(*both("Adam, gradients of 1", *adam(), [1.0, 1.0, 1.0], constant))
a, b = both("Adam, gradients as small as epsilon", *adam(), [1e-6, 1e-6, 1e-6], constant)
assert 16 < (1 - b[0]) / (1 - a[0]) < 17, (a, b)
assert near(*both("momentum, a constant rate", *momentum(), [1.0, 0.0, 0.0], constant))
a, b = both("momentum, the rate falls to 0 before step 3", *momentum(), [1.0, 0.0, 0.0], [0.1, 0.1, 0.0])
assert near(a[:2], b[:2]) and b[2] == b[1] and a[1] - a[2] > 0.08, (a, b)
PY
cd "$folder" && venv/bin/python steps.py
