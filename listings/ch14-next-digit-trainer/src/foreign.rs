//! What a file is that is no safetensors file, by its first bytes, and what to do about it.

use safetensors::SafeTensorError;
use serde_json::Value;

use crate::weights::{BadModel, mend};

const SAFETENSORS: &str = "a safetensors file, written by --save, by --export or by PyTorch";
const AGAIN: &str = "copy it again, whole";

/// Says of bytes that could not be read what they are.
pub fn what_it_is(bytes: &[u8], error: &SafeTensorError) -> BadModel {
    if let Some((found, expected)) = piece(bytes) {
        return mend(found, expected, AGAIN);
    }
    for (is_one, found, to_do) in KINDS {
        if is_one(bytes) {
            return mend(*found, SAFETENSORS, *to_do);
        }
    }
    mend(
        format!("no whole safetensors file ({error})"),
        SAFETENSORS,
        "name another file, or train anew",
    )
}

type Kind = (fn(&[u8]) -> bool, &'static str, &'static str);

/// The first that says yes counts.
const KINDS: &[Kind] = &[
    (<[u8]>::is_empty, "an empty file", AGAIN),
    (
        is_torchscript,
        "a file of torch.jit.save (TorchScript)",
        "in Python: `safetensors.torch.save_file(torch.jit.load(\"model.pt\").state_dict(), \"model.safetensors\")`",
    ),
    (
        is_torch_save,
        "a file of torch.save (.pt, .pth, .bin, .ckpt), which only Python can read",
        "in Python: `safetensors.torch.save_file(torch.load(\"model.pt\", weights_only=True), \
         \"model.safetensors\")`; of a checkpoint, its [\"state_dict\"]",
    ),
    (
        |bytes| bytes.starts_with(b"\x93NUMPY") || is_zip_of(bytes, ".npy"),
        "arrays of NumPy (.npz, .npy)",
        "in Python: `safetensors.numpy.save_file(dict(numpy.load(\"model.npz\")), \"model.safetensors\")`",
    ),
    (
        |bytes| bytes.starts_with(b"PK\x03\x04"),
        "a ZIP archive",
        "unpack it, and name the file in it",
    ),
    (|bytes| bytes.starts_with(b"\x1f\x8b"), "a gzip archive", "unpack it: `gunzip`"),
    (
        |bytes| bytes.starts_with(b"\x89HDF\r\n\x1a\n"),
        "an HDF5 file (.h5), such as Keras writes",
        "save the weights from PyTorch, with the names of an nn.LSTM and its order of the gates, i, f, g, o",
    ),
    (
        |bytes| bytes.starts_with(b"GGUF"),
        "a GGUF file",
        "name the safetensors file that it was made from",
    ),
    (
        is_onnx,
        "an ONNX model",
        "save the PyTorch model that it was made from: \
         `safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")`",
    ),
    (
        |bytes| bytes.starts_with(b"version https://git-lfs"),
        "what Git LFS puts in the place of a file",
        "fetch the file itself: `git lfs pull`",
    ),
    (
        |bytes| is_json_with(bytes, "weight_map"),
        "the index of a model that lies in several files",
        "put it into one: `safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")`",
    ),
    (
        |bytes| is_json_with(bytes, ""),
        "a JSON file",
        "name the file with the weights beside it, model.safetensors",
    ),
    (
        |bytes| {
            let head: Vec<u8> = bytes.iter().take(512).map(u8::to_ascii_lowercase).collect();
            let head = head.trim_ascii_start();
            head.starts_with(b"<!doctype html") || head.starts_with(b"<html")
        },
        "a web page",
        "fetch the file itself, not the page that shows it",
    ),
];

/// A safetensors file that lacks its end, or has something behind it.
fn piece(bytes: &[u8]) -> Option<(String, String)> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    if rest.first() != Some(&b'{') || length > 100_000_000 {
        return None;
    }
    let whole = match rest.get(..length) {
        None => length + 8,
        Some(header) => {
            let header: Value = serde_json::from_slice(header).ok()?;
            let end = |tensor: &Value| tensor.get("data_offsets")?.get(1)?.as_u64();
            let end = header.as_object()?.values().filter_map(end).max().unwrap_or(0);
            (length as u64 + 8).checked_add(end).and_then(|all| usize::try_from(all).ok())?
        }
    };
    let at_least = if rest.len() < length { "at least " } else { "" };
    (whole != bytes.len()).then(|| {
        let found = format!("a safetensors file of {} bytes", bytes.len());
        (found, format!("{at_least}{whole} bytes, as its beginning says"))
    })
}

/// A ZIP archive whose first entry has such a name.
fn is_zip_of(bytes: &[u8], ending: &str) -> bool {
    let length = bytes.get(26..28).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let name = bytes.get(30..30 + length).unwrap_or_default();
    bytes.starts_with(b"PK\x03\x04") && name.ends_with(ending.as_bytes())
}

fn is_torch_save(bytes: &[u8]) -> bool {
    // Until 2020, torch.save wrote one pickle behind the other.
    let is_pickle = matches!(bytes, [0x80, 2..=5, rest @ ..] if !rest.is_empty());
    is_pickle || bytes.starts_with(b"PK\x03\x04") && lists(bytes, b"/data.pkl")
}

fn is_torchscript(bytes: &[u8]) -> bool {
    is_torch_save(bytes) && lists(bytes, b"/constants.pkl")
}

/// Whether the list at the end of a ZIP archive, or its beginning, holds such a name.
fn lists(bytes: &[u8], name: &[u8]) -> bool {
    let holds = |part: &[u8]| part.windows(name.len()).any(|window| window == name);
    holds(&bytes[..bytes.len().min(1 << 12)])
        || holds(&bytes[bytes.len().saturating_sub(1 << 16)..])
}

/// The version of the format, then who made it, both as protobuf writes them.
fn is_onnx(bytes: &[u8]) -> bool {
    let [8, 1..=20, 0x12, length @ 1..=40, rest @ ..] = bytes else { return false };
    rest.get(..usize::from(*length)).is_some_and(|name| name.iter().all(u8::is_ascii_graphic))
}

fn is_json_with(bytes: &[u8], key: &str) -> bool {
    let start = bytes.trim_ascii_start();
    if !start.starts_with(b"{") {
        return false;
    }
    match serde_json::from_slice::<Value>(start) {
        Ok(Value::Object(map)) => key.is_empty() || map.contains_key(key),
        _ => false,
    }
}
