#!/usr/bin/env bash
# One would guess: all products of two nalgebra matrices of f64 take the fast way, and the one that reads its left factor
#   transposed, gemm_tr (tr_mul is the same with a new matrix for the result), is faster than to transpose and multiply.
# What is so: a product goes to the crate matrixmultiply only if each side has more than five rows and columns; gemm_tr
#   never does. It shows in the requests for memory, as matrixmultiply packs both factors; and in the time.
# Whom it hurts: whoever writes a backward pass, which multiplies by transposes, or multiplies a batch of five.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "products"
edition = "2024"

[dependencies]
allocation-counter = "=0.8.1"
matrixmultiply = "=0.3.11"
nalgebra = "=0.35.0"
TOML

cat > "$folder/src/main.rs" <<'RUST'
use nalgebra::DMatrix;
use std::time::{Duration, Instant};

/// How often a product asks for memory, where the result has its place already.
fn requests(mut product: impl FnMut()) -> u64 {
    allocation_counter::measure(&mut product).count_total
}

/// The shortest of ten.
fn time(mut product: impl FnMut()) -> Duration {
    let mut once = || {
        let start = Instant::now();
        product();
        start.elapsed()
    };
    (0..10).map(|_| once()).min().unwrap_or_default()
}

fn main() {
    println!("nalgebra 0.35.0, matrixmultiply 0.3.11");
    for n in [4, 5, 6, 7, 256] {
        let (a, b) = (DMatrix::from_element(64, 64, 0.5), DMatrix::from_element(64, n, 0.25));
        let mut out = DMatrix::zeros(64, n);
        let plain = requests(|| out.gemm(1.0, &a, &b, 0.0));
        let transposed = requests(|| out.gemm_tr(1.0, &a, &b, 0.0));
        println!("64 x 64 times 64 x {n}: gemm asks {plain} times for memory, gemm_tr {transposed} times");
        assert_eq!(plain > 0, n > 5);
        assert_eq!(transposed, 0);
    }
    let a = DMatrix::from_fn(256, 256, |i, j| ((i * 7 + j * 3) % 11) as f64 - 5.0);
    let b = DMatrix::from_fn(256, 256, |i, j| ((i * 5 + j * 2) % 13) as f64 - 6.0);
    let mut out = [DMatrix::zeros(256, 256), DMatrix::zeros(256, 256)];
    let direct = time(|| out[0].gemm_tr(1.0, &a, &b, 0.0));
    let first = time(|| out[1].gemm(1.0, &a.transpose(), &b, 0.0));
    assert_eq!(out[0], out[1], "whole numbers: no rounding");
    let times = direct.as_secs_f64() / first.as_secs_f64();
    println!("256 x 256: gemm_tr {direct:?}, transposed first and then gemm {first:?}: {times:.1} times as long");
    assert!(times > 2.0);
}
RUST
cd "$folder" && cargo run --quiet --release
