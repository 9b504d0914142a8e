//! The products and the squashing function, beside those of the libraries.
#![allow(clippy::unwrap_used)]

use digits::{below, generator};
use nalgebra::DMatrix;
use one_matrix::{LANES, Lane, lanes, multiply, outer, pack, rational_tanh, unpack};
use proptest::prelude::*;

/// A matrix with numbers between −1 and 1.
fn draw(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    let mut rng = generator(seed);
    DMatrix::from_fn(rows, columns, |_, _| f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0)
}

fn zeros(count: usize) -> Vec<Lane<f64>> {
    vec![Lane::of(0.0); count]
}

/// A right factor or a result, in lanes.
fn packed(b: &DMatrix<f64>) -> Vec<Lane<f64>> {
    let mut lanes = zeros(lanes(b.nrows()) * b.ncols());
    pack(b.nrows(), b.as_slice(), &mut lanes);
    lanes
}

/// A left factor, in panels of 16 rows: in each a lane for every column.
fn panels(a: &DMatrix<f64>) -> Vec<Lane<f64>> {
    let depth = lanes(a.ncols()) * LANES;
    let mut panels = zeros(lanes(a.nrows()) * depth);
    for r in 0..a.nrows() {
        for k in 0..a.ncols() {
            panels[r / LANES * depth + k][r % LANES] = a[(r, k)];
        }
    }
    panels
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// C + A · B as nalgebra computes it, whatever is left over at the edges: one column, fewer than a tile has, and more.
    #[test]
    fn multiply_is_the_matrix_product(m in 1..=70_usize, k in 1..=40_usize, n in 1..=20_usize, seed: u64) {
        let (a, b, c) = (draw(m, k, seed), draw(k, n, !seed), draw(m, n, seed ^ 1));
        let right = &c + &a * &b;
        let mut found = packed(&c);
        multiply(&panels(&a), &packed(&b), n, &mut found);
        let mut columns = c.clone();
        unpack(m, &found, columns.as_mut_slice());
        prop_assert!((columns - right).amax() < 1e-13 * k as f64);
    }

    /// Longer than one part of the sum.
    #[test]
    fn deep_products(k in 250..=600_usize, n in 1..=9_usize, seed: u64) {
        let (a, b, mut c) = (draw(17, k, seed), draw(k, n, !seed), draw(17, n, seed ^ 1));
        let right = &c + &a * &b;
        let mut found = packed(&c);
        multiply(&panels(&a), &packed(&b), n, &mut found);
        unpack(17, &found, c.as_mut_slice());
        prop_assert!((c - right).amax() < 1e-11);
    }

    /// W + Z · Vᵀ over several groups of columns. Z's rows lie gate by gate in θ, and by units of 16 in lanes.
    #[test]
    fn outer_is_the_sum_of_outer_products(
        hidden in 1..=34_usize, k in 1..=34_usize, n in 1..=9_usize, groups in 0..=3_usize, seed: u64,
    ) {
        let w = draw(4 * hidden, k, seed);
        let mut right = w.clone();
        let (mut z_lanes, mut v_lanes) = (Vec::new(), Vec::new());
        for group in 0..groups as u64 {
            let (z, v) = (draw(4 * hidden, n, seed ^ (2 * group + 2)), draw(k, n, seed ^ (2 * group + 3)));
            right += &z * v.transpose();
            let gates: Vec<_> = (0..4).map(|g| packed(&z.rows(g * hidden, hidden).into_owned())).collect();
            for u in 0..lanes(hidden) {
                gates.iter().for_each(|gate| z_lanes.extend(&gate[u * n..][..n]));
            }
            v_lanes.extend(packed(&v));
        }
        let mut found = w.transpose();
        outer(hidden, n, &z_lanes, &v_lanes, found.as_mut_slice());
        prop_assert!((found.transpose() - right).amax() < 1e-12);
    }

    /// What is packed comes back.
    #[test]
    fn unpack_is_the_way_back(n in 1..=40_usize, batch in 1..=9_usize, seed: u64) {
        let matrix = draw(n, batch, seed);
        let mut back = DMatrix::zeros(n, batch);
        unpack(n, &packed(&matrix), back.as_mut_slice());
        prop_assert_eq!(back, matrix);
    }
}

/// The rational tanh over every 64th `f32` up to 20, on both sides: within 5e−7, never beyond ±1, and rising as
/// far as six digits can tell.
#[test]
fn the_rational_tanh_is_right_to_six_digits() {
    let mut worst = 0.0_f64;
    for bits in (0..20.0_f32.to_bits()).step_by(64) {
        let x = f32::from_bits(bits);
        let (found, right) = (rational_tanh(x), f64::from(x).tanh());
        worst = worst.max((f64::from(found) - right).abs());
        assert!(found <= 1.0, "tanh({x}) = {found}");
        assert_eq!(rational_tanh(-x), -found);
    }
    println!("worst error {worst:e}");
    assert!(worst < 5e-7, "{worst:e}");
    assert!(worst > 1e-8, "the test looks at the rational function, not at the exact one");
}

#[test]
#[should_panic(expected = "the columns of A are not the rows of B")]
fn factors_that_do_not_fit_are_refused() {
    let (a, b) = (panels(&draw(2, 3, 1)), packed(&draw(20, 2, 2)));
    multiply(&a, &b, 2, &mut zeros(2));
}
