"""Writes the cases in `training`: thirty steps of training by PyTorch, in float64, with each optimiser.

    python generate_training.py

Needs the versions in requirements.txt. Running the cases needs no Python: `cargo test --test training`.
"""

import torch

from generate import FOLDER, lines, uniform

HIDDEN, LENGTH, BATCH, STEPS = 7, 4, 8, 30

CASES = [
    # name, the optimiser, what its gradient is clipped to
    ("sgd", lambda p: torch.optim.SGD(p, lr=0.5), None),
    ("momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), None),
    ("adam", lambda p: torch.optim.Adam(p, lr=0.02), None),
    ("adam-clipped", lambda p: torch.optim.Adam(p, lr=0.02), 0.5),
]


def case(name, optimiser, limit):
    lstm = torch.nn.LSTM(10, HIDDEN, dtype=torch.float64)
    fc = torch.nn.Linear(HIDDEN, 10, dtype=torch.float64)
    named = [(f"lstm.{key}", p) for key, p in lstm.named_parameters()]
    named += [(f"fc.{key}", p) for key, p in fc.named_parameters()]
    with torch.no_grad():
        for _, parameter in named:
            # Larger than PyTorch's own, so that thirty steps lead somewhere.
            parameter.copy_(uniform(1.0, *parameter.shape))
    start = {key: p.tolist() for key, p in named}
    parameters = [p for _, p in named]
    step = optimiser(parameters)

    digits = torch.randint(0, 10, (STEPS, LENGTH, BATCH))
    targets = (digits[:, -1] + digits[:, -2]) % 10
    losses, norms = [], []
    for x, target in zip(digits, targets):
        step.zero_grad()
        h, _ = lstm(torch.nn.functional.one_hot(x, 10).to(torch.float64))
        loss = torch.nn.functional.cross_entropy(fc(h[-1]), target)
        loss.backward()
        infinity = float("inf")
        norm = torch.nn.utils.clip_grad_norm_(parameters, infinity if limit is None else limit)
        step.step()
        losses.append(loss.item())
        norms.append(norm.item())

    return {
        "name": name,
        "H": HIDDEN,
        "limit": limit,
        "digits": digits.tolist(),
        "targets": targets.tolist(),
        "start": start,
        "losses": losses,
        "norms": norms,
        "end": {key: p.tolist() for key, p in named},
    }


def main():
    torch.set_num_threads(1)
    folder = FOLDER / "training"
    folder.mkdir(exist_ok=True)
    for name, *settings in CASES:
        torch.manual_seed(0)
        text = lines(case(name, *settings)) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}: {STEPS} steps by torch {torch.__version__}, {len(text) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
