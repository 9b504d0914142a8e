"""The rows of PyTorch: `torch.nn.LSTM` as it comes, or with --compile under `torch.compile`.

Speaks the protocol of src/lib.rs: a line such as "train 4 32 32 300" in, "seconds loss" out.
"""

import argparse
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

DIGITS = 10
LEARNING_RATE = 0.01
BATCHES = 32

# torch.compile leaves nn.LSTM to eager PyTorch. A cell written out in Python it does compile, one copy
# per time step: at T 4 that is faster, at T 50 it took minutes to compile and was slower.
WRITTEN_OUT = 8


class Network(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(DIGITS, hidden)
        self.linear = nn.Linear(hidden, DIGITS)

    def forward(self, digits):  # (T, B) -> (B, 10)
        _, (h, _) = self.lstm(one_hot(digits, DIGITS).float())
        return self.linear(h[0])


class WrittenOut(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.hidden = hidden
        self.input = nn.Linear(DIGITS, 4 * hidden)
        self.recurrent = nn.Linear(hidden, 4 * hidden)
        self.linear = nn.Linear(hidden, DIGITS)

    def forward(self, digits):  # (T, B) -> (B, 10)
        inputs = self.input(one_hot(digits, DIGITS).float())
        h = c = inputs.new_zeros(digits.shape[1], self.hidden)
        for z in inputs:
            i, f, g, o = (z + self.recurrent(h)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return self.linear(h)


def batches(length, batch):
    """The same digits as `Work::batches` in src/lib.rs."""
    state = 1

    def digit():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % DIGITS

    for _ in range(BATCHES):
        digits, labels = [], []
        for sequence in range(batch):
            digits.append([digit() for _ in range(length)])
            labels.append(digit() if sequence % 4 == 3 else digits[-1][-1])
        yield torch.tensor(digits).T.contiguous(), torch.tensor(labels)


class Work:
    """A network, its optimiser and its data, made once and set back before each measurement."""

    def __init__(self, task, length, hidden, batch, compiled):
        written_out = compiled and length <= WRITTEN_OUT
        self.network = WrittenOut(hidden) if written_out else Network(hidden)
        self.start = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.adam = torch.optim.Adam(self.network.parameters(), lr=LEARNING_RATE)
        self.batches = list(batches(length, batch))
        self.step = {"train": self.train, "infer": self.infer}[task]
        compile = (lambda f: torch.compile(f, dynamic=False)) if compiled else (lambda f: f)
        self.loss = compile(lambda digits, labels: cross_entropy(self.network(digits), labels))
        self.predict = compile(lambda digits: self.network(digits).argmax(1))
        self.adam_step = compile(self.adam.step)

    def reset(self):
        self.network.load_state_dict(self.start)
        for state in self.adam.state.values():
            for tensor in state.values():
                tensor.zero_()

    def train(self, at):
        digits, labels = self.batches[at % BATCHES]
        self.adam.zero_grad()
        loss = self.loss(digits, labels)
        loss.backward()
        self.adam_step()
        return loss.item()

    def infer(self, at):
        with torch.inference_mode():
            return self.predict(self.batches[at % BATCHES][0]).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compile", action="store_true")
    compiled = parser.parse_args().compile
    torch.manual_seed(1)
    kind = "torch.compile" if compiled else "eager"
    print(f"PyTorch {torch.__version__.split('+')[0]}, {kind}", flush=True)
    works = {}
    for line in sys.stdin:
        task, *numbers = line.split()
        *sizes, steps = map(int, numbers)
        key = (task, *sizes)
        if key not in works:
            works[key] = Work(task, *sizes, compiled)
        work = works[key]
        work.reset()
        warm_up = 2 + steps // 10
        for at in range(warm_up):
            work.step(at)
        start = time.perf_counter()
        for at in range(warm_up, warm_up + steps):
            last = work.step(at)
        print(time.perf_counter() - start, last, flush=True)


if __name__ == "__main__":
    main()
