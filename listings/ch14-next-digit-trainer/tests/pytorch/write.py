"""A small network as PyTorch saves it, and what PyTorch says with it: weights.safetensors and logits.json.

    python listings/ch14-next-digit-trainer/tests/pytorch/write.py

needs the versions of tests/pytorch/requirements.txt and safetensors 0.8.0.
"""

import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file


class NextDigit(nn.Module):
    """The network of chapter 14."""

    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(10, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, digits):
        h, _ = self.lstm(F.one_hot(digits, 10).float())
        return self.fc(h[:, -1])


CONTEXTS = [[3, 1, 4, 1], [0], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [2, 7, 1, 8, 2, 8, 1, 8], [5, 0]]

if __name__ == "__main__":
    folder = Path(__file__).parent
    torch.manual_seed(14)
    model = NextDigit(6)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)  # as far from 0 as trained weights are
        logits = [model(torch.tensor([context]))[0].tolist() for context in CONTEXTS]
    save_file(model.state_dict(), folder / "weights.safetensors")
    cases = [{"context": c, "logits": l} for c, l in zip(CONTEXTS, logits)]
    (folder / "logits.json").write_text(
        json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n"
    )
