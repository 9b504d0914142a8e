//! Grades exercise 12.3.

use std::process::ExitCode;

use digits::{below, generator};
use nalgebra::DMatrix;
use say::println;

/// 8 rows and 4 columns of sums.
pub type Tile = [[f64; 8]; 4];

/// From a panel and a block to a tile.
type TileLoop = fn(&[[f64; 8]], &[[f64; 4]]) -> Tile;

/// Compares the tile with nalgebra's product of the same two matrices, at several depths.
pub fn grade(tile: TileLoop) -> ExitCode {
    let mut rng = generator(123);
    for depth in [1, 2, 5, 300] {
        let mut number = |_, _| f64::from(below(2001, &mut rng)) / 1e3 - 1.0;
        let (a, b) = (DMatrix::from_fn(8, depth, &mut number), DMatrix::from_fn(depth, 4, number));
        let panel: Vec<[f64; 8]> = (0..depth).map(|k| std::array::from_fn(|r| a[(r, k)])).collect();
        let block: Vec<[f64; 4]> = (0..depth).map(|k| std::array::from_fn(|j| b[(k, j)])).collect();
        let (answer, right) = (tile(&panel, &block), &a * &b);
        for (j, r) in (0..4).flat_map(|j| (0..8).map(move |r| (j, r))) {
            let off = (answer[j][r] - right[(r, j)]).abs();
            if off.is_nan() || off > 1e-10 {
                println!("Not yet. At depth {depth}, row {r}, column {j} (from 0), you returned");
                println!("{:.6}, and the product is {:.6}.", answer[j][r], right[(r, j)]);
                println!("Look at: for each k, tile[j][r] grows by panel[k][r] · block[k][j].");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("Exercise 12.3 solved: right at every depth.");
    ExitCode::SUCCESS
}
