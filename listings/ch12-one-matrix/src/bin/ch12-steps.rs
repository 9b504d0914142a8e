//! `cargo run --release -p ch12 --bin ch12-steps`: what each step of chapter 12 bought, on this machine.
//!
//! Every version does the same work: forward and backward over one batch, for a loss on h_T. They take turns, and a
//! gain is the median over the rounds of the ratio of two neighbours' times within a round. So what else the machine
//! does at the time disturbs both alike. What a round cannot even out is where the allocator happened to put the
//! matrices: that stays as it is until the program ends. So the program starts itself several times, and what it prints is
//! the median over these runs.
#![forbid(unsafe_code)]

use std::error::Error;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use digits::{below, generator};
use nalgebra::{DMatrix, DVector};
use one_matrix::{Batch, Layer, Packed, Real, Tanh, Unrolled, batched, buffered, fused};
use output_gate::{PyTorch, State};
use say::println;

/// The size of a piece of work.
struct Work {
    name: &'static str,
    title: &'static str,
    layer: Layer,
    steps: usize,
    batch: usize,
}

/// Set for runs in which the allocator (of glibc; others take no notice) keeps all memory that was ever freed.
const KEEP: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.trim_threshold=2000000000:glibc.malloc.mmap_threshold=2000000000",
);

/// Microseconds, allocations and page faults of a pass; gain over the version before, and over the first.
type Row = [f64; 5];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let known = |argument: &String| ["--quick", "--one-run"].contains(&argument.as_str());
    if !arguments.iter().all(known) {
        return Err(format!("found {arguments:?}, expected nothing or --quick").into());
    }
    let given = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let quick = given("--quick");
    let works = works(quick);
    if given("--one-run") {
        for work in &works {
            for passes in [versions(work), products(work)] {
                for row in measure(passes, if quick { 2 } else { 5 }) {
                    println!("{}", row.map(|value| value.to_string()).join(" "));
                }
            }
        }
        return Ok(());
    }
    let (mut plain, mut kept) = (Vec::new(), Vec::new());
    for _ in 0..if quick { 1 } else { 7 } {
        plain.push(one_run(false)?);
        kept.push(one_run(true)?);
    }
    println!("# machine: where this was measured");
    println!("processor: {}", processor());
    println!("threads = 1");
    for (runs, suffix) in [(&plain, ""), (&kept, "-kept")] {
        for (number, work) in works.iter().enumerate() {
            let first = number * (VERSIONS.len() + PRODUCTS.len());
            let value = |row: usize, column: usize| {
                median(runs.iter().map(|rows| rows[first + row][column]))
            };
            let name = format!("{}{suffix}", work.name);
            print_table(&name, work.title, &VERSIONS, value);
            let title = "the batched version on 30 sequences, five or six at a time";
            let name = format!("{}-product{suffix}", work.name);
            print_table(&name, title, &PRODUCTS, |row, column| value(VERSIONS.len() + row, column));
        }
    }
    Ok(())
}

fn works(quick: bool) -> [Work; 2] {
    [
        Work {
            name: "W1",
            title: "T 4, D 10, H 32, B 32",
            layer: Layer { inputs: 10, hidden: 32 },
            steps: 4,
            batch: 32,
        },
        Work {
            name: "W2",
            title: "T 50, D 10, H 128, B 64",
            layer: Layer { inputs: 10, hidden: if quick { 16 } else { 128 } },
            steps: if quick { 3 } else { 50 },
            batch: if quick { 4 } else { 64 },
        },
    ]
}

/// This program once more, for one measurement of all versions at both sizes.
fn one_run(kept: bool) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--one-run").args(std::env::args_os().skip(1));
    if kept {
        command.env(KEEP.0, KEEP.1);
    }
    let output = String::from_utf8(command.output()?.stdout)?;
    let mut rows = Vec::new();
    for line in output.lines() {
        let values = line.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        rows.push(Row::try_from(values).map_err(|_| format!("a run printed `{line}`"))?);
    }
    match rows.len() == 2 * (VERSIONS.len() + PRODUCTS.len()) {
        true => Ok(rows),
        false => Err(format!("a run printed {} rows", rows.len()).into()),
    }
}

fn print_table(name: &str, title: &str, rows: &[&str], value: impl Fn(usize, usize) -> f64) {
    println!("\n# {name}: {title}; microseconds, allocations, page faults of a pass");
    println!("version              |     time | allocations |  faults |  gain |  total");
    for (number, row) in rows.iter().enumerate() {
        let value = |column| value(number, column);
        println!(
            "{:<20} | {:>8.1} | {:>11.0} | {:>7.1} | {:>5.2} | {:>6.1}",
            format!("{name}-{row}"),
            value(0),
            value(1),
            value(2),
            value(3),
            value(4),
        );
    }
}

/// The processor's name, where the system tells it, and whether it has the wide registers.
fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let name = name.unwrap_or(std::env::consts::ARCH);
    #[cfg(target_arch = "x86_64")]
    let wide = if is_x86_feature_detected!("avx512f") {
        ", with AVX-512"
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        ", with AVX2"
    } else {
        ", without AVX2"
    };
    #[cfg(not(target_arch = "x86_64"))]
    let wide = "";
    format!("{name}{wide}")
}

/// One version, ready to be run again and again.
type Pass = Box<dyn FnMut()>;

fn measure(mut passes: Vec<Pass>, rounds: usize) -> Vec<Row> {
    // Each version runs for about the same time in a round: the slow ones once.
    let counts: Vec<usize> = (passes.iter_mut())
        .map(|pass| {
            pass();
            let start = Instant::now();
            pass();
            (0.02 / start.elapsed().as_secs_f64()).clamp(1.0, 1000.0) as usize
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); passes.len()];
    for _ in 0..rounds {
        for ((times, pass), &count) in times.iter_mut().zip(&mut passes).zip(&counts) {
            let start = Instant::now();
            (0..count).for_each(|_| pass());
            times.push(start.elapsed().as_secs_f64() / count as f64);
        }
    }
    let row = |(k, pass): (usize, &mut Pass)| {
        let ratio = |slow: usize| median(times[slow].iter().zip(&times[k]).map(|(s, f)| s / f));
        [
            1e6 * median(times[k].iter().copied()),
            allocation_counter::measure(&mut *pass).count_total as f64,
            faults(counts[k], pass),
            ratio(k.saturating_sub(1)),
            ratio(0),
        ]
    };
    passes.iter_mut().enumerate().map(row).collect()
}

// ANCHOR: faults
/// How often a pass touches a page of memory that the system has to bring in first, on the average of so many passes.
fn faults(count: usize, pass: &mut dyn FnMut()) -> f64 {
    let before = page_faults();
    (0..count).for_each(|_| pass());
    (page_faults() - before) as f64 / count as f64
}

/// The system's count for this program: the tenth entry of `/proc/self/stat` on Linux. Elsewhere 0.
fn page_faults() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second entry is the program's name in brackets, and may hold spaces.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().nth(7).and_then(|count| count.parse().ok()).unwrap_or(0)
}
// ANCHOR_END: faults

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The names of the [`versions`].
const VERSIONS: [&str; 7] =
    ["per-sample", "batched", "fused", "buffered", "packed-f64", "packed-f32", "tanh"];

/// The names of the [`products`].
const PRODUCTS: [&str; 2] = ["five", "six"];

/// A layer's weights, and what a batch reads.
struct Given {
    tensors: PyTorch,
    digits: Vec<u8>,
    /// The digits as one-hot vectors, (D, B) in each step.
    xs: Vec<DMatrix<f64>>,
    h_bar: DMatrix<f64>,
}

fn draw(work: &Work, batch: usize) -> Given {
    let &Work { layer, steps, .. } = work;
    let mut rng = generator(12);
    let bound = 1.0 / (layer.hidden as f64).sqrt();
    let mut weights = |columns: usize| {
        DMatrix::from_fn(4 * layer.hidden, columns, |_, _| {
            bound * (f64::from(below(2_000_001, &mut rng)) / 1e6 - 1.0)
        })
    };
    let tensors = PyTorch {
        weight_ih: weights(layer.inputs),
        weight_hh: weights(layer.hidden),
        bias_ih: weights(1).column(0).into_owned(),
        bias_hh: weights(1).column(0).into_owned(),
    };
    let digits: Vec<u8> = (0..steps * batch).map(|_| below(10, &mut rng) as u8).collect();
    let xs = (digits.chunks(batch))
        .map(|digits| {
            DMatrix::from_fn(layer.inputs, batch, |d, b| f64::from(usize::from(digits[b]) == d))
        })
        .collect();
    Given { tensors, digits, xs, h_bar: DMatrix::from_element(layer.hidden, batch, 0.01) }
}

fn versions(work: &Work) -> Vec<Pass> {
    let Given { tensors, digits, xs, h_bar } = draw(work, work.batch);
    vec![
        per_sample(&tensors, &xs, work.steps, &h_bar),
        by_batch(&tensors, &xs, &h_bar),
        by_fused(&tensors, &xs, &h_bar),
        by_buffers(&tensors, &xs, &h_bar),
        packed::<f64>(work, &tensors, &digits, Tanh::Exact),
        packed::<f32>(work, &tensors, &digits, Tanh::Exact),
        packed::<f32>(work, &tensors, &digits, Tanh::Rational),
    ]
}

// ANCHOR: products
/// The same code on the same sequences, with another product beneath: nalgebra 0.35 multiplies up to five columns with
/// a loop of its own, and hands six or more to the crate `matrixmultiply`, which looks at the processor and uses its
/// widest instructions.
fn products(work: &Work) -> Vec<Pass> {
    let Given { tensors, xs, h_bar, .. } = draw(work, 30);
    let cell = tensors.to_cell();
    let by = |size: usize| -> Pass {
        let part = |matrix: &DMatrix<f64>, b: usize| matrix.columns(b * size, size).into_owned();
        let parts: Vec<(Vec<DMatrix<f64>>, DMatrix<f64>)> = (0..30 / size)
            .map(|b| (xs.iter().map(|x| part(x, b)).collect(), part(&h_bar, b)))
            .collect();
        let cell = cell.clone();
        Box::new(move || {
            for (xs, h_bar) in &parts {
                let (_, steps) = batched::forward(&cell, xs);
                black_box(batched::backward(&cell, &steps, h_bar));
            }
        })
    };
    vec![by(5), by(6)]
}
// ANCHOR_END: products

// ANCHOR: per_sample
/// Chapters 8 to 10 as they stand: one sequence after the other.
fn per_sample(tensors: &PyTorch, xs: &[DMatrix<f64>], steps: usize, h_bar: &DMatrix<f64>) -> Pass {
    let cell = tensors.to_cell();
    let sequences: Vec<Vec<DVector<f64>>> =
        (0..h_bar.ncols()).map(|b| xs.iter().map(|x| x.column(b).into_owned()).collect()).collect();
    let zeros = DVector::zeros(cell.hidden());
    let mut h_bars = vec![zeros.clone(); steps];
    h_bars[steps - 1].copy_from(&h_bar.column(0));
    Box::new(move || {
        let mut gradient = bptt::zeros_like(&cell);
        for xs in &sequences {
            let run = bptt::forward(&cell, &State::zeros(cell.hidden()), xs);
            let one = bptt::backward(&cell, &run, &h_bars, &zeros);
            bptt::accumulate(&mut gradient, &one.cell);
        }
        black_box(&gradient);
    })
}
// ANCHOR_END: per_sample

fn by_batch(tensors: &PyTorch, xs: &[DMatrix<f64>], h_bar: &DMatrix<f64>) -> Pass {
    let (cell, xs, h_bar) = (tensors.to_cell(), xs.to_vec(), h_bar.clone());
    Box::new(move || {
        let (_, steps) = batched::forward(&cell, &xs);
        black_box(batched::backward(&cell, &steps, &h_bar));
    })
}

fn by_fused(tensors: &PyTorch, xs: &[DMatrix<f64>], h_bar: &DMatrix<f64>) -> Pass {
    let (map, xs, h_bar) = (fused::fuse(&tensors.to_cell()), xs.to_vec(), h_bar.clone());
    Box::new(move || {
        let (_, steps) = fused::forward(&map, &xs);
        black_box(fused::backward(&map, &steps, &h_bar));
    })
}

fn by_buffers(tensors: &PyTorch, xs: &[DMatrix<f64>], h_bar: &DMatrix<f64>) -> Pass {
    let (map, xs, h_bar) = (fused::fuse(&tensors.to_cell()), xs.to_vec(), h_bar.clone());
    let mut buffers = buffered::Buffers::new(&map, xs.len(), h_bar.ncols());
    Box::new(move || {
        buffers.forward(&map, &xs);
        black_box(buffers.backward(&map, &h_bar));
    })
}

fn packed<R: Real>(work: &Work, tensors: &PyTorch, digits: &[u8], tanh: Tanh) -> Pass {
    let (layer, size, digits) = (work.layer, work.batch, digits.to_vec());
    let theta: Vec<R> = layer.theta(tensors);
    let h_bar = vec![R::of(0.01); layer.hidden * size];
    let mut gradient = vec![R::zero(); layer.len()];
    let (mut packed, mut unrolled) = (Packed::new(layer), Unrolled::new(layer));
    unrolled.tanh = tanh;
    Box::new(move || {
        let batch = Batch::of_digits(size, &digits);
        packed.load(&theta);
        unrolled.forward(&packed, &batch);
        unrolled.backward(&packed, &batch, &h_bar, None, &mut gradient);
        black_box(&gradient);
    })
}
