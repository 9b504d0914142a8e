"""Writes the cases in `layers`: several layers, directions, projections, and sequences of different lengths in one batch.

    python generate_layers.py

Needs the versions in requirements.txt. Running the cases needs no Python: `cargo test --test pytorch`.
"""

import pathlib

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from generate import lines, uniform

FOLDER = pathlib.Path(__file__).parent / "layers"

EVERYTHING = ["h", "h_n", "c_n"]

# Limits of h_0 and C_0.
ZERO, RANDOM = (0, 0), (1, 2)

CASES = [
    # name, (T, B, D, H), layers, directions, projection, lengths, initial state, loss
    ("one-layer", (5, 3, 2, 4), 1, 1, 0, None, RANDOM, EVERYTHING),
    ("one-number", (1, 1, 1, 1), 1, 1, 0, None, RANDOM, EVERYTHING),
    ("two-layers", (5, 3, 2, 4), 2, 1, 0, None, RANDOM, EVERYTHING),
    ("three-layers", (6, 2, 3, 3), 3, 1, 0, None, ZERO, EVERYTHING),
    ("four-layers-of-one-unit", (4, 2, 1, 1), 4, 1, 0, None, RANDOM, EVERYTHING),
    ("lengths", (6, 4, 3, 4), 1, 1, 0, [6, 4, 3, 1], ZERO, ["h"]),
    ("lengths-unsorted", (6, 5, 3, 4), 1, 1, 0, [2, 6, 1, 6, 4], RANDOM, EVERYTHING),
    ("lengths-all-one", (1, 4, 3, 4), 1, 1, 0, [1, 1, 1, 1], RANDOM, EVERYTHING),
    ("lengths-all-shorter", (7, 3, 2, 3), 1, 1, 0, [5, 2, 5], RANDOM, EVERYTHING),
    ("one-sequence-with-padding", (5, 1, 2, 3), 1, 1, 0, [3], RANDOM, EVERYTHING),
    ("lengths-in-two-layers", (6, 5, 3, 4), 2, 1, 0, [3, 6, 1, 2, 6], RANDOM, EVERYTHING),
    ("lengths-in-three-layers", (9, 4, 2, 3), 3, 1, 0, [1, 9, 5, 2], RANDOM, EVERYTHING),
    ("hidden-at-each-end", (7, 5, 3, 4), 2, 1, 0, [4, 1, 7, 2, 7], RANDOM, ["h_n"]),
    ("cell-at-each-end", (7, 5, 3, 4), 2, 1, 0, [4, 1, 7, 2, 7], RANDOM, ["c_n"]),
    ("outputs-alone", (8, 3, 2, 5), 2, 1, 0, [8, 3, 5], RANDOM, ["h"]),
    ("one-unit", (5, 3, 2, 1), 2, 1, 0, [2, 5, 3], RANDOM, EVERYTHING),
    ("many-sequences", (4, 12, 3, 5), 1, 1, 0, [4, 1, 2, 3, 4, 4, 1, 1, 3, 2, 4, 2], ZERO, EVERYTHING),
    ("wide-inputs", (5, 3, 20, 3), 1, 1, 0, [5, 2, 4], RANDOM, EVERYTHING),
    ("long-and-short", (40, 3, 2, 4), 1, 1, 0, [40, 1, 17], RANDOM, EVERYTHING),
    ("two-directions", (5, 3, 2, 4), 1, 2, 0, None, RANDOM, EVERYTHING),
    ("two-directions-and-lengths", (6, 5, 3, 3), 1, 2, 0, [2, 6, 1, 6, 4], RANDOM, EVERYTHING),
    ("two-directions-in-two-layers", (6, 4, 2, 3), 2, 2, 0, [3, 6, 1, 5], RANDOM, EVERYTHING),
    ("projection", (5, 3, 2, 4), 1, 1, 2, None, RANDOM, EVERYTHING),
    ("projection-and-lengths", (6, 5, 3, 5), 2, 1, 3, [2, 6, 1, 6, 4], RANDOM, EVERYTHING),
    ("everything", (7, 4, 3, 5), 2, 2, 2, [7, 1, 4, 3], RANDOM, EVERYTHING),
]


def case(name, shape, layers, directions, projection, lengths, start, weighed):
    steps, batch, width, hidden = shape
    network = torch.nn.LSTM(
        width,
        hidden,
        num_layers=layers,
        bidirectional=directions == 2,
        proj_size=projection,
        dtype=torch.float64,
    )
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(uniform(1.0, *parameter.shape))
    x = uniform(2.0, steps, batch, width).requires_grad_()
    sizes = [projection or hidden, hidden]
    initial = [
        uniform(limit, layers * directions, batch, size).requires_grad_()
        for limit, size in zip(start, sizes)
    ]

    if lengths is None:
        h, (h_n, c_n) = network(x, tuple(initial))
    else:
        packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        packed, (h_n, c_n) = network(packed, tuple(initial))
        h, _ = pad_packed_sequence(packed, total_length=steps)
    outputs = {"h": h, "h_n": h_n, "c_n": c_n}
    # Padding has weights too: what they multiply is zero.
    loss_weights = {
        key: uniform(1.0, *output.shape) if key in weighed else torch.zeros_like(output)
        for key, output in outputs.items()
    }
    loss = sum((loss_weights[key] * output).sum() for key, output in outputs.items())
    loss.backward()
    return {
        "name": name,
        "T": steps,
        "B": batch,
        "D": width,
        "H": hidden,
        "layers": layers,
        "directions": directions,
        "projection": projection,
        "lengths": lengths,
        "weights": {key: value.tolist() for key, value in network.named_parameters()},
        "x": x.tolist(),
        "h0": initial[0].tolist(),
        "c0": initial[1].tolist(),
        **{key: output.tolist() for key, output in outputs.items()},
        "loss_weights": {key: value.tolist() for key, value in loss_weights.items()},
        "loss": loss.item(),
        "grad": {
            **{key: value.grad.tolist() for key, value in network.named_parameters()},
            "x": x.grad.tolist(),
            "h0": initial[0].grad.tolist(),
            "c0": initial[1].grad.tolist(),
        },
    }


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    size = 0
    for seed, (name, *settings) in enumerate(CASES):
        torch.manual_seed(seed)
        text = lines(case(name, *settings)) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        size += len(text)
    what = f"{len(CASES)} cases of nn.LSTM in layers"
    print(f"{what} by torch {torch.__version__}, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
