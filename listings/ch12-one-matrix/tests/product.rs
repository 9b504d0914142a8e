//! The product and the squashing functions, beside those of the libraries.
#![allow(clippy::unwrap_used)]

use digits::{below, generator};
use nalgebra::DMatrix;
use one_matrix::{Blocks, Panels, matrix_vector, multiply, rational_tanh};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// C + A · B as nalgebra computes it, from columns and from rows, whatever is left over at the edges.
    #[test]
    fn multiply_is_the_matrix_product(m in 1..=70_usize, k in 1..=40_usize, n in 1..=20_usize, seed: u64) {
        let mut rng = generator(seed);
        let mut draw = |r: usize, c: usize| {
            DMatrix::from_fn(r, c, |_, _| f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0)
        };
        let (a, b, c) = (draw(m, k), draw(k, n), draw(m, n));
        let right = &c + &a * &b;
        let (mut panels, mut blocks) = (Panels::default(), Blocks::default());
        // Something larger was there before.
        panels.fill(m, draw(m, 2 * k).as_slice());
        blocks.fill(2 * k, draw(2 * k, n + 5).as_slice());
        for by_rows in [false, true] {
            if by_rows {
                panels.fill_by_rows(m, a.transpose().as_slice());
                blocks.fill_by_rows(n, b.transpose().as_slice());
            } else {
                panels.fill(m, a.as_slice());
                blocks.fill(k, b.as_slice());
            }
            let mut found = c.clone();
            multiply(&panels, &blocks, found.as_mut_slice());
            prop_assert!((&found - &right).amax() < 1e-13 * k as f64);
            let mut found = c.column(0).into_owned();
            matrix_vector(&panels, b.column(0).as_slice(), found.as_mut_slice());
            prop_assert!((found - right.column(0)).amax() < 1e-13 * k as f64);
        }
    }

    /// Longer than one part of the sum.
    #[test]
    fn deep_products(k in 250..=600_usize, seed: u64) {
        let mut rng = generator(seed);
        let mut draw = |r: usize, c: usize| {
            DMatrix::from_fn(r, c, |_, _| f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0)
        };
        let (a, b, mut c) = (draw(17, k), draw(k, 5), draw(17, 5));
        let right = &c + &a * &b;
        let (mut panels, mut blocks) = (Panels::default(), Blocks::default());
        panels.fill(17, a.as_slice());
        blocks.fill(k, b.as_slice());
        multiply(&panels, &blocks, c.as_mut_slice());
        prop_assert!((c - right).amax() < 1e-11);
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
    let (mut panels, mut blocks) = (Panels::default(), Blocks::default());
    panels.fill(2, &[1.0; 6]);
    blocks.fill(4, &[1.0; 8]);
    multiply(&panels, &blocks, &mut [0.0; 4]);
}
