"""What PyTorch saves, and what it says with it. The Rust tests read all of it; they need no Python.

    python listings/ch14-next-digit-trainer/tests/pytorch/write.py

writes weights.safetensors with logits.json, and a folder for each thing that can become of a file:

    read/      the same small network as people save it; logits.json there holds PyTorch's scores for each
    refused/   other networks, and files of other kinds

Needs the versions of tests/pytorch/requirements.txt, safetensors 0.8.0 and numpy.
"""

import copy
import io
import json
import struct
from pathlib import Path

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save, save_file


class NextDigit(nn.Module):
    """The network of chapter 14."""

    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(10, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, digits):
        h, _ = self.lstm(F.one_hot(digits, 10).to(self.fc.weight.dtype))
        return self.fc(h[:, -1])


class Named(nn.Module):
    """The same, with names and sizes of somebody's choice."""

    def __init__(self, recurrent, linear, names, embedding=None, more=()):
        super().__init__()
        self.names = names
        if embedding:
            self.embedding = embedding
        for name, module in zip(names, (recurrent, linear)):
            setattr(self, name, module)
        for name, module in more:
            setattr(self, name, module)

    def forward(self, digits):
        recurrent, linear = (getattr(self, name) for name in self.names)
        x = self.embedding(digits) if hasattr(self, "embedding") else F.one_hot(digits, 10).to(linear.weight.dtype)
        if isinstance(recurrent, nn.LSTMCell):
            state = None
            for step in range(x.shape[1]):
                state = recurrent(x[:, step], state)
            return linear(state[0])
        return linear(recurrent(x)[0][:, -1])


class Wrapped(nn.Module):
    """A model in a model, as frameworks for training keep it."""

    def __init__(self, name, model):
        super().__init__()
        self.add_module(name, model)

    def forward(self, digits):
        return next(self.children())(digits)


CONTEXTS = [[3, 1, 4, 1], [0], [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], [2, 7, 1, 8, 2, 8, 1, 8], [5, 0]]
FOLDER = Path(__file__).parent
H = 4


def scale(model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)  # as far from 0 as trained weights are
    return model


def logits(model):
    """PyTorch's scores, in the numbers of the model, as a list for each context."""
    with torch.no_grad():
        return [model(torch.tensor([context]))[0].tolist() for context in CONTEXTS]


def reversed_order(state):
    """The same file with its tensors the other way round: save_file sorts them, the format does not ask for it."""
    header, data = {}, b""
    for name, tensor in sorted(state.items(), reverse=True):
        start, data = len(data), data + tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def to_be_read():
    """Each file's name, its bytes, and the model whose scores it must give."""
    base = scale(NextDigit(H))
    lstm, fc = base.lstm, base.fc
    wrappers = {
        "compiled": torch.compile(base),
        "parallel": nn.DataParallel(base),
        "compiled_parallel": torch.compile(nn.DataParallel(base)),
        "parallel_compiled": nn.DataParallel(torch.compile(base)),
        "in_model": Wrapped("model", base),
        "in_model_net": Wrapped("model", Wrapped("net", torch.compile(base))),
        "averaged": torch.optim.swa_utils.AveragedModel(base),
        "one_part_compiled": Wrapped("net", Named(torch.compile(lstm), fc, ("lstm", "fc"))),
        "rnn_linear": Named(lstm, fc, ("rnn", "linear")),
        "encoder_head": Wrapped("model", Named(lstm, fc, ("encoder", "head"))),
        "decoder_0": Named(lstm, nn.Sequential(fc), ("rnn", "decoder")),
    }
    for name, model in wrappers.items():
        yield name, save(model.state_dict()), base
    yield "bare_lstm", save({k.removeprefix("lstm."): v for k, v in base.state_dict().items()}), base
    yield "reversed", reversed_order(base.state_dict()), base

    cell = scale(Named(nn.LSTMCell(10, H), nn.Linear(H, 10), ("cell", "out")))
    yield "cell", save(cell.state_dict()), cell
    for name, with_lstm, with_linear in [("no_bias", False, False), ("no_bias_lstm", False, True), ("no_bias_linear", True, False)]:
        recurrent = nn.LSTM(10, H, batch_first=True, bias=with_lstm)
        model = scale(Named(recurrent, nn.Linear(H, 10, bias=with_linear), ("lstm", "fc")))
        yield name, save(model.state_dict()), model

    # In f64, PyTorch's scores are those of f64; halves are what the file holds, counted with in f64.
    yield "f64", save(base.double().state_dict()), base
    for name, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16)]:
        half = copy.deepcopy(base).to(dtype)
        yield name, save(half.state_dict()), half.double()
    mixed = scale(NextDigit(H))
    mixed.lstm.bfloat16()
    yield "mixed", save(mixed.state_dict()), mixed.double()

    # An embedding, put into the weights by the line that the program says.
    model = scale(Named(nn.LSTM(3, H, batch_first=True), nn.Linear(H, 10), ("lstm", "fc"), nn.Embedding(10, 3)))
    refuse("embedding_3.safetensors", save(model.state_dict()))
    state = model.state_dict()
    state["lstm.weight_ih_l0"] = state["lstm.weight_ih_l0"] @ state.pop("embedding.weight").T
    yield "embedding_folded", save(state), model


def refuse(name, data):
    (FOLDER / "refused" / name).write_bytes(data)


def other_networks():
    """Each one by what nn.LSTM or its place was given."""
    lstm = lambda *sizes, **more: nn.LSTM(*sizes, batch_first=True, **more)
    linear = nn.Linear(H, 10)
    for name, recurrent, head, more in [
        ("layers_2", lstm(10, H, num_layers=2), linear, ()),
        ("layers_3_both", lstm(10, H, num_layers=3, bidirectional=True), nn.Linear(2 * H, 10), ()),
        ("both_directions", lstm(10, H, bidirectional=True), nn.Linear(2 * H, 10), ()),
        ("projection", lstm(10, H, proj_size=3), nn.Linear(3, 10), ()),
        ("gru", nn.GRU(10, H), linear, ()),
        ("gru_cell", nn.GRUCell(10, H), linear, ()),
        ("plain_rnn", nn.RNN(10, H), linear, ()),
        ("input_1", lstm(1, H), linear, ()),
        ("classes_11", lstm(10, H), nn.Linear(H, 11), ()),
        ("two_heads", lstm(10, H), linear, [("aux", nn.Linear(H, 10))]),
        ("two_lstms", lstm(10, H), linear, [("second", lstm(H, H))]),
        ("layer_norm", lstm(10, H), linear, [("norm", nn.LayerNorm(H))]),
        ("hidden_layer", lstm(10, H), nn.Sequential(nn.Linear(H, 6), nn.ReLU(), nn.Linear(6, 10)), ()),
        ("embedding_10", lstm(10, H), linear, [("embedding", nn.Embedding(10, 10))]),
    ]:
        refuse(f"{name}.safetensors", save(Named(recurrent, head, ("lstm", "fc"), more=more).state_dict()))
    normed = NextDigit(H)
    torch.nn.utils.parametrizations.weight_norm(normed.lstm, "weight_hh_l0")
    refuse("weight_norm.safetensors", save(normed.state_dict()))
    refuse("lstm_alone.safetensors", save(lstm(10, H).state_dict()))


def other_files(model):
    """The network of chapter 14 in files that are none of safetensors, or not whole ones."""
    state = model.state_dict()
    whole = save(state)
    refuse("int8.safetensors", save({k: (v * 20).to(torch.int8) for k, v in state.items()}))
    refuse("fp8.safetensors", save({k: v.to(torch.float8_e4m3fn) for k, v in state.items()}))
    too_large = {k: v.double() for k, v in state.items()}
    too_large["fc.weight"][0, 1] = 1e300
    refuse("too_large.safetensors", save(too_large))
    not_a_number = copy.deepcopy(state)
    not_a_number["fc.bias"][3] = float("nan")
    refuse("nan.safetensors", save(not_a_number))
    one_bias = {k: v for k, v in state.items() if k != "lstm.bias_hh_l0"}
    refuse("one_bias.safetensors", save(one_bias))
    refuse("cut_in_header.safetensors", whole[:100])
    refuse("cut_in_numbers.safetensors", whole[:-100])
    refuse("one_byte_more.safetensors", whole + b"\n")

    torch.save(state, FOLDER / "refused" / "state.pt")
    torch.save({"epoch": 3, "state_dict": state}, FOLDER / "refused" / "lightning.ckpt")
    torch.save(state, FOLDER / "refused" / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.script(nn.Linear(1, 1)).save(FOLDER / "refused" / "script.pt")
    numpy.savez(FOLDER / "refused" / "state.npz", **{k: v.numpy() for k, v in state.items()})
    index = {"metadata": {"total_size": 1096}, "weight_map": {name: "model-00001-of-00002.safetensors" for name in state}}
    refuse("model.safetensors.index.json", json.dumps(index).encode())


if __name__ == "__main__":
    torch.manual_seed(14)
    model = scale(NextDigit(6))
    save_file(model.state_dict(), FOLDER / "weights.safetensors")
    cases = [{"context": c, "logits": l} for c, l in zip(CONTEXTS, logits(model))]
    (FOLDER / "logits.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")

    for folder in ("read", "refused"):
        (FOLDER / folder).mkdir(exist_ok=True)
    scores = {}
    for name, data, model in to_be_read():
        (FOLDER / "read" / f"{name}.safetensors").write_bytes(data)
        scores[name] = logits(model)
    (FOLDER / "read" / "logits.json").write_text(
        "{\n" + ",\n".join(f'"{name}": {json.dumps(rows)}' for name, rows in scores.items()) + "\n}\n"
    )
    other_networks()
    other_files(NextDigit(H))
