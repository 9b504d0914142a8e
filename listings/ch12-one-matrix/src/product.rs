//! A matrix product that keeps the processor busy: the loop in which a network spends its
//! time.

use multiversion::multiversion;

use crate::Real;
use crate::real::{fused, multiply_add};

// ANCHOR: sizes
/// Rows of a tile: one register of 16 `f32` with AVX-512, two of 8 with AVX2.
const ROWS: usize = 16;
/// Columns of a tile.
const COLUMNS: usize = 4;
/// How many products go into a tile before the next tile's turn: what is read for them fits
/// into the nearest cache.
const DEPTH: usize = 256;
// ANCHOR_END: sizes

// ANCHOR: panels
/// A left factor A of (m, k), cut into panels of 16 rows. In a panel the columns lie one
/// behind the other, so that the product reads memory from front to back. The last panel is
/// filled up with zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels<T> {
    rows: usize,
    depth: usize,
    /// Column k of panel p is entry p · depth + k.
    entries: Vec<[T; ROWS]>,
}

/// A right factor B of (k, n), cut into blocks of 4 columns. In a block the rows lie one
/// behind the other. The last block is filled up with zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks<T> {
    depth: usize,
    /// Row k of block j is entry j · stride + k.
    stride: usize,
    entries: Vec<[T; COLUMNS]>,
}
// ANCHOR_END: panels

impl<T> Default for Panels<T> {
    fn default() -> Panels<T> {
        Panels { rows: 0, depth: 0, entries: Vec::new() }
    }
}

impl<T> Default for Blocks<T> {
    fn default() -> Blocks<T> {
        Blocks { depth: 0, stride: 1, entries: Vec::new() }
    }
}

impl<T: Real> Panels<T> {
    // ANCHOR: fill
    /// Copies A of (m, k), given column by column. Memory is asked for only if there was never
    /// so much before.
    pub fn fill(&mut self, m: usize, columns: &[T]) {
        self.resize(m, columns.len() / m);
        for (k, column) in columns.chunks_exact(m).enumerate() {
            let (whole, rest) = column.as_chunks::<ROWS>();
            for (p, part) in whole.iter().enumerate() {
                self.entries[p * self.depth + k] = *part;
            }
            if !rest.is_empty() {
                self.entries[whole.len() * self.depth + k][..rest.len()].copy_from_slice(rest);
            }
        }
    }
    // ANCHOR_END: fill

    /// Copies A of (m, k), given row by row.
    pub fn fill_by_rows(&mut self, m: usize, rows: &[T]) {
        self.resize(m, rows.len() / m);
        for (r, row) in rows.chunks_exact(self.depth).enumerate() {
            let panel = &mut self.entries[r / ROWS * self.depth..][..self.depth];
            panel.iter_mut().zip(row).for_each(|(column, &value)| column[r % ROWS] = value);
        }
    }

    fn resize(&mut self, m: usize, depth: usize) {
        (self.rows, self.depth) = (m, depth);
        self.entries.resize(m.div_ceil(ROWS) * depth, [T::zero(); ROWS]);
    }
}

impl<T: Real> Blocks<T> {
    /// Copies B of (k, n), given column by column. Memory is asked for only if there was never
    /// so much before.
    pub fn fill(&mut self, k: usize, columns: &[T]) {
        self.resize(k, columns.len() / k);
        let blocks = self.entries.chunks_exact_mut(self.stride);
        for (block, columns) in blocks.zip(columns.chunks(COLUMNS * k)) {
            let mut columns = columns.chunks_exact(k);
            if let [Some(b0), Some(b1), Some(b2), Some(b3)] =
                std::array::from_fn(|_| columns.next())
            {
                for ((((row, &b0), &b1), &b2), &b3) in
                    block.iter_mut().zip(b0).zip(b1).zip(b2).zip(b3)
                {
                    *row = [b0, b1, b2, b3];
                }
            }
        }
        let whole = columns.len() / (COLUMNS * k);
        if let Some(block) = self.entries.chunks_exact_mut(self.stride).nth(whole) {
            block.fill([T::zero(); COLUMNS]);
            for (j, column) in columns[whole * COLUMNS * k..].chunks_exact(k).enumerate() {
                block.iter_mut().zip(column).for_each(|(row, &value)| row[j] = value);
            }
        }
    }

    /// Copies B of (k, n), given row by row.
    pub fn fill_by_rows(&mut self, n: usize, rows: &[T]) {
        self.resize(rows.len() / n, n);
        for (k, row) in rows.chunks_exact(n).enumerate() {
            let (whole, rest) = row.as_chunks::<COLUMNS>();
            for (j, part) in whole.iter().enumerate() {
                self.entries[j * self.stride + k] = *part;
            }
            if !rest.is_empty() {
                self.entries[whole.len() * self.stride + k][..rest.len()].copy_from_slice(rest);
            }
        }
    }

    /// The blocks lie an odd number of rows apart. At a power of two, the same row of all
    /// blocks would fall into the same few places of the processor's cache.
    fn resize(&mut self, depth: usize, n: usize) {
        (self.depth, self.stride) = (depth, depth | 1);
        self.entries.resize(n.div_ceil(COLUMNS) * self.stride, [T::zero(); COLUMNS]);
    }
}

// ANCHOR: multiply
/// C = C + A · B, for C of (m, n), column by column.
///
/// C is computed in tiles of 16 × 4 numbers.
///
/// # Panics
/// If the shapes do not fit.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn multiply<T: Real>(a: &Panels<T>, b: &Blocks<T>, c: &mut [T]) {
    assert_eq!(a.depth, b.depth, "the columns of A are not the rows of B");
    let fused = fused!();
    let (m, depth) = (a.rows, a.depth);
    for start in (0..depth).step_by(DEPTH) {
        let part = start..depth.min(start + DEPTH);
        for (p, panel) in a.entries.chunks_exact(depth).take(m.div_ceil(ROWS)).enumerate() {
            let rows = p * ROWS..m.min((p + 1) * ROWS);
            for (columns, block) in c.chunks_mut(COLUMNS * m).zip(b.entries.chunks_exact(b.stride))
            {
                let tile = tile(fused, &panel[part.clone()], &block[part.clone()]);
                let mut columns = columns.chunks_exact_mut(m);
                for sums in &tile {
                    if let Some(column) = columns.next() {
                        add(&mut column[rows.clone()], sums);
                    }
                }
            }
        }
    }
}
// ANCHOR_END: multiply

// ANCHOR: tile
/// 16 × 4 sums, which stay in registers: for each k, 16 numbers of A are multiplied by 4
/// numbers of B.
#[inline(always)]
fn tile<T: Real>(fused: bool, panel: &[[T; ROWS]], block: &[[T; COLUMNS]]) -> [[T; ROWS]; COLUMNS] {
    let mut tile = [[T::zero(); ROWS]; COLUMNS];
    for (a, b) in panel.iter().zip(block) {
        for (sums, &b) in tile.iter_mut().zip(b) {
            for (sum, &a) in sums.iter_mut().zip(a) {
                *sum = multiply_add(fused, a, b, *sum);
            }
        }
    }
    tile
}

/// Adds as many sums as the column has. All 16 are one move of registers; only where a
/// matrix ends, there are fewer.
#[inline(always)]
fn add<T: Real>(column: &mut [T], sums: &[T; ROWS]) {
    match column.first_chunk_mut::<ROWS>() {
        Some(column) => column.iter_mut().zip(sums).for_each(|(c, &sum)| *c += sum),
        None => column.iter_mut().zip(sums).for_each(|(c, &sum)| *c += sum),
    }
}
// ANCHOR_END: tile

// ANCHOR: matrix_vector
/// y = y + A · x, for one vector: four panels at a time take the place of four columns.
///
/// # Panics
/// If the shapes do not fit.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn matrix_vector<T: Real>(a: &Panels<T>, x: &[T], y: &mut [T]) {
    assert_eq!((a.depth, a.rows), (x.len(), y.len()), "shapes that do not fit");
    let fused = fused!();
    for (y, panels) in y.chunks_mut(4 * ROWS).zip(a.entries.chunks(4 * a.depth)) {
        let mut sums = [[T::zero(); ROWS]; 4];
        if let Some((p0, p1, p2, p3)) = four(panels, a.depth) {
            for ((((a0, a1), a2), a3), &x) in p0.iter().zip(p1).zip(p2).zip(p3).zip(x) {
                for r in 0..ROWS {
                    let add = |a: T, sum: T| multiply_add(fused, a, x, sum);
                    sums[0][r] = add(a0[r], sums[0][r]);
                    sums[1][r] = add(a1[r], sums[1][r]);
                    sums[2][r] = add(a2[r], sums[2][r]);
                    sums[3][r] = add(a3[r], sums[3][r]);
                }
            }
        } else {
            for (sums, panel) in sums.iter_mut().zip(panels.chunks_exact(a.depth)) {
                for (a, &x) in panel.iter().zip(x) {
                    sums.iter_mut().zip(a).for_each(|(sum, &a)| *sum += a * x);
                }
            }
        }
        y.iter_mut().zip(sums.as_flattened()).for_each(|(y, &sum)| *y += sum);
    }
}
// ANCHOR_END: matrix_vector

#[inline(always)]
#[allow(clippy::type_complexity)]
fn four<T>(
    p: &[[T; ROWS]],
    d: usize,
) -> Option<(&[[T; ROWS]], &[[T; ROWS]], &[[T; ROWS]], &[[T; ROWS]])> {
    if p.len() < 4 * d {
        return None;
    }
    let (a, r) = p.split_at(d);
    let (b, r) = r.split_at(d);
    let (c, r) = r.split_at(d);
    Some((a, b, c, r))
}
