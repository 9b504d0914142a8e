//! From the bytes of a file to text, or to the word for what they are instead.

use anyhow::{Result, bail};

use crate::problem::problem;

/// What files that are no text begin with: the place, the bytes, the name, and what to do.
const KINDS: [(usize, &[u8], &str, &str); 27] = [
    (0, b"\x1f\x8b", "a gzip archive", UNPACK),
    (0, b"PK\x03\x04", "a zip archive, as .npz, .xlsx and PyTorch's .pt files are", EXPORT),
    (0, b"BZh", "a bzip2 archive", UNPACK),
    (0, b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!", "a rar archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"\x93NUMPY", "a NumPy array", "write it with numpy.savetxt(..., fmt=\"%d\")"),
    (0, b"\x89HDF\r\n", "an HDF5 file", EXPORT),
    (0, b"PAR1", "a Parquet file", EXPORT),
    (0, b"ARROW1", "an Arrow file", EXPORT),
    (0, b"SQLite format 3", "an SQLite database", EXPORT),
    (0, b"\xd0\xcf\x11\xe0", "a file of an old Excel or Word", EXPORT),
    (0, b"\x89PNG", "a PNG picture", NAME),
    (0, b"\xff\xd8\xff", "a JPEG picture", NAME),
    (0, b"GIF8", "a GIF picture", NAME),
    (0, b"%PDF", "a PDF document", NAME),
    (0, b"{\\rtf", "an RTF document", EXPORT),
    (0, b"\x7fELF", "a program", NAME),
    (0, b"MZ", "a program", NAME),
    (0, b"\x80\x02", "a Python pickle", EXPORT),
    (0, b"\x80\x03", "a Python pickle", EXPORT),
    (0, b"\x80\x04", "a Python pickle", EXPORT),
    (0, b"\x80\x05", "a Python pickle", EXPORT),
    (0, b"\xff\xfe\0\0", "text in UTF-32", RECODE),
    (0, b"\0\0\xfe\xff", "text in UTF-32", RECODE),
];

const UNPACK: &str = "unpack it first";
/// Stands for what the caller says.
const EXPORT: &str = "";
const NAME: &str = "check the name";
const RECODE: &str = "save it as UTF-8";

/// The text of a file: UTF-8, or UTF-16 with its mark.
///
/// A byte that is not UTF-8 becomes U+FFFD: where that does harm, only the caller knows. `expected` says what should have been
/// there, `export` how another program would write it.
///
/// # Errors
/// If it is no text.
pub fn decode(place: &str, bytes: &[u8], expected: &str, export: &str) -> Result<String> {
    let is = |&&(at, mark, ..): &&(usize, &[u8], _, _)| {
        bytes.get(at..).is_some_and(|rest| rest.starts_with(mark))
    };
    if let Some((_, _, name, to_do)) = KINDS.iter().find(is) {
        let to_do = if *to_do == EXPORT { export } else { to_do };
        bail!(problem(place, name, expected, to_do));
    }
    if is_safetensors(bytes) {
        bail!(problem(place, "a safetensors file", expected, "name a model with --model"));
    }
    match bytes {
        [] => bail!(problem(place, "an empty file", expected, "add sequences")),
        [0xff, 0xfe, rest @ ..] => utf16(place, rest, u16::from_le_bytes, expected),
        [0xfe, 0xff, rest @ ..] => utf16(place, rest, u16::from_be_bytes, expected),
        _ => {
            without_zeros(place, bytes, expected)?;
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// The length of a header in eight bytes, and then the header, which is JSON.
fn is_safetensors(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return false };
    u64::from_le_bytes(*length) <= rest.len() as u64 && rest.starts_with(b"{\"")
}

fn utf16(place: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16, expected: &str) -> Result<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        bail!(problem(place, "UTF-16 with half a character at its end", "a whole file", RECODE));
    }
    let characters = char::decode_utf16(units.iter().map(|two| unit(*two)));
    let text: String =
        characters.map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    without_zeros(place, text.as_bytes(), expected)?;
    Ok(text)
}

/// Text has no byte of 0.
fn without_zeros(place: &str, bytes: &[u8], expected: &str) -> Result<()> {
    let Some(first) = bytes.iter().position(|byte| *byte == 0) else { return Ok(()) };
    let at = |side: usize| bytes.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let half = bytes.len() / 2;
    let other_half_is_zero = at(0).max(at(1)) * 10 >= half * 9;
    let found = if other_half_is_zero && at(0).min(at(1)) * 10 <= half {
        "what looks like UTF-16 without its mark".to_owned()
    } else {
        format!("a zero as byte {}: this is not text", first + 1)
    };
    bail!(problem(place, &found, expected, RECODE))
}
