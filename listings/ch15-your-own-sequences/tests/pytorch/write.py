"""What PyTorch saves of a network of chapter 15, and what it says with it. The Rust tests read both; they need no Python.

    python listings/ch15-your-own-sequences/tests/pytorch/write.py

Needs the versions of tests/pytorch/requirements.txt, and safetensors 0.8.0.
"""

import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

FOLDER = Path(__file__).parent


class NextSymbol(nn.Module):
    """The network of chapter 15."""

    def __init__(self, symbols, hidden, layers, dropout=0.0):
        super().__init__()
        self.lstm = nn.LSTM(symbols, hidden, layers, dropout=dropout, batch_first=True)
        self.fc = nn.Linear(hidden, symbols)

    def forward(self, symbols):
        h, _ = self.lstm(F.one_hot(symbols, self.lstm.input_size).to(self.fc.weight.dtype))
        return self.fc(h)


def main():
    torch.manual_seed(15)
    model = NextSymbol(6, 5, 2).double()
    sequences = [[0, 1, 2, 3, 4, 5, 1], [0, 5], [0, 3, 3, 3, 3]]
    with torch.no_grad():
        logits = [model(torch.tensor([sequence]))[0].tolist() for sequence in sequences]
    save_file(model.state_dict(), FOLDER / "double.safetensors")
    save_file(model.float().state_dict(), FOLDER / "float.safetensors")
    save_file(model.half().state_dict(), FOLDER / "half.safetensors")
    text = json.dumps({"sequences": sequences, "logits": logits}, indent=1)
    (FOLDER / "logits.json").write_text(text + "\n", encoding="utf-8")

    def refused(name, lstm, fc=nn.Linear(5, 6)):
        state = {f"lstm.{key}": value for key, value in lstm.state_dict().items()}
        state |= {f"fc.{key}": value for key, value in fc.state_dict().items()}
        save_file(state, FOLDER / f"{name}.safetensors")

    refused("both-directions", nn.LSTM(6, 5, bidirectional=True), nn.Linear(5, 6))
    refused("projection", nn.LSTM(6, 5, proj_size=3), nn.Linear(3, 6))
    refused("gru", nn.GRU(6, 5))
    refused("other-answers", nn.LSTM(6, 5), nn.Linear(5, 7))


if __name__ == "__main__":
    main()
