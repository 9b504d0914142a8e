//! Matrix products that keep the processor busy: the loops in which a network spends its time.

use multiversion::multiversion;

use crate::Real;
use crate::lane::{LANES, Lane, lanes};
use crate::real::{Cpu, cpu};

// ANCHOR: sizes
/// How many products go into a tile before the next tile's turn: what is read for them fits into the nearest cache.
const DEPTH: usize = 256;

/// How many columns of 16 sums fit into the registers, beside what is multiplied.
#[inline(always)]
const fn tile_columns<R>(cpu: Cpu) -> usize {
    match (cpu.wide, cpu.fma, size_of::<R>()) {
        (true, _, 4) => 8,
        (true, _, _) | (_, true, 4) => 6,
        _ => 3,
    }
}
// ANCHOR_END: sizes

// ANCHOR: multiply
/// C = C + A · B, for B of (k, n) and C of (m, n), both in lanes (see [`pack`](crate::pack)). A of (m, k) lies in panels
/// of 16 rows, and in a panel column behind column, a lane each; columns of zeros fill it up to 16⌈k/16⌉.
///
/// # Panics
/// If the shapes do not fit.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn multiply<R: Real>(a: &[Lane<R>], b: &[Lane<R>], n: usize, c: &mut [Lane<R>]) {
    multiply_on(cpu!(), a, b, n, c);
}

#[inline(always)]
fn multiply_on<R: Real>(cpu: Cpu, a: &[Lane<R>], b: &[Lane<R>], n: usize, c: &mut [Lane<R>]) {
    let depth = b.len() / n * LANES;
    assert_eq!(
        (a.len() * n, c.len() % n),
        (c.len() * depth, 0),
        "the columns of A are not the rows of B"
    );
    if n == 1 {
        return multiply_column(cpu, a, b, c);
    }
    for start in (0..depth).step_by(DEPTH) {
        let part = start..depth.min(start + DEPTH);
        let b = &b[part.start / LANES * n..part.end / LANES * n];
        for (panel, c) in a.chunks_exact(depth).zip(c.chunks_exact_mut(n)) {
            let panel = panel[part.clone()].as_chunks().0;
            let mut at = 0;
            while at < n {
                at += match (n - at, tile_columns::<R>(cpu)) {
                    (8.., 8) => tile::<R, 8>(cpu, panel, b, at, c),
                    (6.., 6) => tile::<R, 6>(cpu, panel, b, at, c),
                    (4.., 6 | 8) => tile::<R, 4>(cpu, panel, b, at, c),
                    (3.., 3) => tile::<R, 3>(cpu, panel, b, at, c),
                    (2.., _) => tile::<R, 2>(cpu, panel, b, at, c),
                    _ => tile::<R, 1>(cpu, panel, b, at, c),
                };
            }
        }
    }
}
// ANCHOR_END: multiply

// ANCHOR: written_out
/// The loop `for j in 0..N`, written out. The compiler unrolls only small loops by itself, and an array of sums that is
/// reached by a variable index has to lie in memory: such a tile is several times as slow.
macro_rules! written_out {
    ($count:ident, $j:ident => $body:expr) => {
        written_out!(0 1 2 3 4 5 6 7, $count, $j => $body)
    };
    ($($value:literal)*, $count:ident, $j:ident => $body:expr) => {
        $(if $value < $count {
            let $j: usize = $value;
            $body;
        })*
    };
}
// ANCHOR_END: written_out

// ANCHOR: tile
/// 16 rows and N columns of sums, from column `at` on, which stay in registers: for each k, 16 numbers of A are
/// multiplied by N numbers of B. Returns N.
#[inline(always)]
fn tile<R: Real, const N: usize>(
    cpu: Cpu,
    panel: &[[Lane<R>; LANES]],
    b: &[Lane<R>],
    at: usize,
    c: &mut [Lane<R>],
) -> usize {
    let n = c.len();
    let c = c[at..].first_chunk_mut::<N>().expect("N columns");
    let mut sums = *c;
    for (a, b) in panel.iter().zip(b.chunks_exact(n)) {
        let b = b[at..].first_chunk::<N>().expect("N columns");
        for k in 0..LANES {
            written_out!(N, j => sums[j] = a[k].fma(cpu, b[j][k], sums[j]));
        }
    }
    *c = sums;
    N
}
// ANCHOR_END: tile

// ANCHOR: multiply_column
/// The same for one column. Several panels take the place of the columns, and each has two sums, one for every other k:
/// a sum alone would have to wait for itself.
#[inline(always)]
fn multiply_column<R: Real>(cpu: Cpu, a: &[Lane<R>], b: &[Lane<R>], c: &mut [Lane<R>]) {
    let depth = b.len() * LANES;
    let together = if cpu.wide { 4 } else { 2 };
    let mut rest = a;
    let mut c = c;
    while !c.is_empty() {
        let now = if c.len() >= together { together } else { 1 };
        let (panels, later) = rest.split_at(now * depth);
        let (sums, others) = c.split_at_mut(now);
        match now {
            4 => column_tile::<R, 4>(cpu, panels, b, sums),
            2 => column_tile::<R, 2>(cpu, panels, b, sums),
            _ => column_tile::<R, 1>(cpu, panels, b, sums),
        }
        (rest, c) = (later, others);
    }
}

#[inline(always)]
fn column_tile<R: Real, const P: usize>(
    cpu: Cpu,
    panels: &[Lane<R>],
    b: &[Lane<R>],
    c: &mut [Lane<R>],
) {
    let panels: [&[[Lane<R>; LANES]]; P] =
        std::array::from_fn(|p| panels[p * b.len() * LANES..].as_chunks().0);
    let c = c.first_chunk_mut::<P>().expect("a lane for each panel");
    let (mut even, mut odd) = (*c, [Lane::of(0.0); P]);
    for (u, b) in b.iter().enumerate() {
        let a = panels.map(|panel| &panel[u]);
        for k in (0..LANES).step_by(2) {
            written_out!(P, p => {
                even[p] = a[p][k].fma(cpu, b[k], even[p]);
                odd[p] = a[p][k + 1].fma(cpu, b[k + 1], odd[p]);
            });
        }
    }
    for p in 0..P {
        c[p] = even[p] + odd[p];
    }
}
// ANCHOR_END: multiply_column

// ANCHOR: outer
/// W = W + Z · Vᵀ, for Z of (4H, N) and V of (k, N): the gradient of a weight is a sum over all N columns. They lie in
/// groups of n (a group for each step), every group in lanes.
///
/// W of (4H, k) lies row by row, as θ holds it; Z in the order of the gates' lanes.
///
/// # Panics
/// If the shapes do not fit.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn outer<R: Real>(hidden: usize, n: usize, z: &[Lane<R>], v: &[Lane<R>], w: &mut [R]) {
    outer_on(cpu!(), hidden, n, z, v, w);
}

#[inline(always)]
fn outer_on<R: Real>(cpu: Cpu, hidden: usize, n: usize, z: &[Lane<R>], v: &[Lane<R>], w: &mut [R]) {
    let k = w.len() / (4 * hidden);
    let groups = z.len() / (4 * lanes(hidden) * n);
    assert_eq!(v.len(), groups * lanes(k) * n, "groups of other shapes");
    for q in 0..4 * lanes(hidden) {
        let (gate, first) = (q % 4, q / 4 * LANES);
        let rows = first..hidden.min(first + LANES);
        let w = &mut w[(gate * hidden + rows.start) * k..(gate * hidden + rows.end) * k];
        for p in 0..lanes(k) {
            let z = Groups { all: z, panels: 4 * lanes(hidden), panel: q, n };
            let v = Groups { all: v, panels: lanes(k), panel: p, n };
            let mut at = 0;
            while at < LANES {
                at += match tile_columns::<R>(cpu) {
                    8 => outer_tile::<R, 8>(cpu, at, z, v, k, w),
                    6 => outer_tile::<R, 4>(cpu, at, z, v, k, w),
                    _ => outer_tile::<R, 2>(cpu, at, z, v, k, w),
                };
            }
        }
    }
}

/// One panel of every group.
#[derive(Clone, Copy)]
struct Groups<'a, R> {
    all: &'a [Lane<R>],
    panels: usize,
    panel: usize,
    n: usize,
}

impl<'a, R> Groups<'a, R> {
    #[inline(always)]
    fn iter(self) -> impl Iterator<Item = &'a [Lane<R>]> {
        let at = self.panel * self.n;
        self.all.chunks_exact(self.panels * self.n).map(move |group| &group[at..at + self.n])
    }
}

/// N rows of W, from row `at` of Z's panel on, and the 16 columns of V's panel. `w` has that panel's rows, of k each.
/// Returns N.
#[inline(always)]
fn outer_tile<R: Real, const N: usize>(
    cpu: Cpu,
    at: usize,
    z: Groups<'_, R>,
    v: Groups<'_, R>,
    k: usize,
    w: &mut [R],
) -> usize {
    let mut sums = [Lane::of(0.0); N];
    for (z, v) in z.iter().zip(v.iter()) {
        sums = add_group(cpu, at, z, v, sums);
    }
    for (row, sums) in w.chunks_exact_mut(k).skip(at).zip(&sums) {
        let row = &mut row[v.panel * LANES..];
        match row.first_chunk_mut::<LANES>() {
            Some(row) => row.iter_mut().zip(sums.0).for_each(|(w, sum)| *w += sum),
            None => row.iter_mut().zip(sums.0).for_each(|(w, sum)| *w += sum),
        }
    }
    N
}

/// The sums, and what the columns of one group add to them.
#[inline(always)]
fn add_group<R: Real, const N: usize>(
    cpu: Cpu,
    at: usize,
    z: &[Lane<R>],
    v: &[Lane<R>],
    mut sums: [Lane<R>; N],
) -> [Lane<R>; N] {
    for (z, v) in z.iter().zip(v) {
        let z = z[at..].first_chunk::<N>().expect("N of 16 rows");
        written_out!(N, j => sums[j] = v.fma(cpu, z[j], sums[j]));
    }
    sums
}
// ANCHOR_END: outer

#[cfg(test)]
mod tests {
    use digits::{below, generator};
    use proptest::prelude::*;

    use super::*;

    const AVX2: Cpu = Cpu { fma: true, wide: false };
    const AVX512: Cpu = Cpu { fma: true, wide: true };
    const OLDER: Cpu = Cpu { fma: false, wide: false };

    /// The tiles of both wide targets add in the same order, so their sums are the same to the last bit. (What is compared
    /// here is their order: this runs on any processor.) Without an instruction that multiplies and adds, nearly the same.
    fn compare<R: Real>(hidden: usize, k: usize, n: usize, seed: u64) {
        let mut rng = generator(seed);
        let mut number = || R::of(f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0);
        let mut draw = |count: usize| -> Vec<Lane<R>> {
            (0..count).map(|_| Lane(std::array::from_fn(|_| number()))).collect()
        };
        let panels = 4 * lanes(hidden);
        let (a, b) = (draw(panels * lanes(k) * LANES), draw(lanes(k) * n));
        let (c, z) = (draw(panels * n), draw(panels * n));
        let result = |cpu: Cpu| {
            let (mut c, mut w) = (c.clone(), vec![R::zero(); 4 * hidden * k]);
            multiply_on(cpu, &a, &b, n, &mut c);
            outer_on(cpu, hidden, n, &z, &b, &mut w);
            c.iter().flat_map(|lane| lane.0).chain(w).map(R::to_f64).collect::<Vec<_>>()
        };
        let (avx2, avx512, older) = (result(AVX2), result(AVX512), result(OLDER));
        assert_eq!(avx2, avx512);
        let apart = avx2.iter().zip(&older).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let rounding = if size_of::<R>() == 4 { 1e-4 } else { 1e-12 };
        assert!(apart < rounding, "{apart:e}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn avx2_and_avx512_agree_to_the_last_bit(
            hidden in 1..=34_usize, k in 1..=300_usize, n in 1..=20_usize, seed: u64,
        ) {
            compare::<f32>(hidden, k, n, seed);
            compare::<f64>(hidden, k, n, seed);
        }
    }
}
