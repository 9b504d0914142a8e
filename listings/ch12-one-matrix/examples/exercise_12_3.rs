//! Exercise 12.3: a tile of another shape.

use std::process::ExitCode;

#[path = "grader/tile.rs"]
mod grader;

use grader::Tile;

/// `panel[k]` is column k of A, 8 numbers; `block[k]` is row k of B, 4 numbers. Returns A · B: column j of it is
/// `tile[j]`.
fn tile(panel: &[[f64; 8]], block: &[[f64; 4]]) -> Tile {
    let tile = [[0.0; 8]; 4];
    for (_a, _b) in panel.iter().zip(block) {
        // Your answer goes here.
    }
    tile
}

fn main() -> ExitCode {
    grader::grade(tile)
}
