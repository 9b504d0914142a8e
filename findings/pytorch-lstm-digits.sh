#!/usr/bin/env bash
# One would guess: a batch of digits, a tensor of whole numbers of shape (32, 4), can be given to an nn.LSTM as it is, and
#   what is wrong with it is said at once.
# What is so: it stops twice, for two reasons. A tensor of two dimensions is taken for a single sequence, so the states that
#   were made for a batch have a dimension too many; and with a dimension more, it is the type that does not fit. The
#   second message comes only after the first is answered, and what it offers, input.to(torch.float32), makes the digit
#   8 twice as much as the digit 4.
# Whom it hurts: whoever follows a tutorial that draws digits with torch.randint and hands them on.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.15.0 numpy==2.4.6

cat > "$folder/digits.py" <<'PY'
import torch
import torch.nn as nn

print("torch", torch.__version__)
torch.manual_seed(1)
digits = torch.randint(0, 10, (32, 4))
lstm = nn.LSTM(1, 8, batch_first=True)
states = (torch.zeros(1, 32, 8), torch.zeros(1, 32, 8))


def refusal(x):
    try:
        lstm(x, states)
    except (RuntimeError, ValueError) as error:
        text = f"{type(error).__name__}: {error}"
        print(tuple(x.shape), x.dtype, "->", text)
        return text
    raise SystemExit("taken without a word")


shape = refusal(digits)
assert shape.startswith("RuntimeError: For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D)"), shape
kind = refusal(digits.unsqueeze(-1))
assert kind.startswith("ValueError: RNN input dtype (torch.int64) does not match weight dtype (torch.float32)"), kind
taken = lstm(digits.unsqueeze(-1).float(), states)[0]
print("as float32:", tuple(taken.shape))
assert taken.shape == (32, 4, 8)
PY
cd "$folder" && venv/bin/python digits.py
