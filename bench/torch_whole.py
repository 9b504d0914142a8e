"""The article's task as one would write it in PyTorch: 1000 sequences of five random digits, 50 epochs,
then the accuracy on them and on 1000 others. The other side of the row `whole`."""

import argparse

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot


class Network(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(10, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, 10)

    def forward(self, digits):  # (B, T) -> (B, 10)
        _, (h, _) = self.lstm(one_hot(digits, 10).float())
        return self.linear(h[0])


def accuracy(network, sequences):
    with torch.inference_mode():
        answers = network(sequences[:, :-1]).argmax(1)
    return (answers == sequences[:, -1]).float().mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=50)
    epochs = parser.parse_args().epochs
    torch.manual_seed(1)
    training, unseen = torch.randint(0, 10, (2, 1000, 5))
    network = Network()
    adam = torch.optim.Adam(network.parameters(), lr=0.01)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for batch in training[torch.randperm(len(training))].split(32):
            adam.zero_grad()
            loss = cross_entropy(network(batch[:, :-1]), batch[:, -1])
            loss.backward()
            adam.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch}: loss {total / len(training):.4f}")
    print(f"training {accuracy(network, training):.3f}, unseen {accuracy(network, unseen):.3f}")


if __name__ == "__main__":
    main()
