//! Grades exercise 10.4 with the gradient checker of chapter 3.
#![allow(dead_code)] // The exercise uses a part of it until it is solved.

use std::process::ExitCode;

use gradient_check::{Parameters, Tensor, TensorMut, check, sigmoid};
use say::println;

/// One layer of one unit: z = w_h · h + w_x · x + b.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layer {
    pub w_h: f64,
    pub w_x: f64,
    pub b: f64,
}

/// The four layers of the cell, or their gradients.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    pub f: Layer,
    pub i: Layer,
    pub candidate: Layer,
    pub o: Layer,
}

pub type Weights = Gates;

/// What one step read and computed.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub x: f64,
    pub h_prev: f64,
    pub c_prev: f64,
    pub f: f64,
    pub i: f64,
    pub candidate: f64,
    pub o: f64,
    pub c: f64,
    pub h: f64,
}

impl Gates {
    /// f, i, C̃, o.
    pub fn each(&self) -> [&Layer; 4] {
        [&self.f, &self.i, &self.candidate, &self.o]
    }

    /// The same, to change.
    pub fn each_mut(&mut self) -> [&mut Layer; 4] {
        [&mut self.f, &mut self.i, &mut self.candidate, &mut self.o]
    }
}

/// Five steps from h_0 = C_0 = 0.
pub fn forward(weights: &Weights, xs: &[f64; 5]) -> Vec<Step> {
    let (mut h_prev, mut c_prev) = (0.0, 0.0);
    let mut steps = Vec::new();
    for &x in xs {
        let z = |layer: &Layer| layer.w_h * h_prev + layer.w_x * x + layer.b;
        let (f, i) = (sigmoid(z(&weights.f)), sigmoid(z(&weights.i)));
        let (candidate, o) = (z(&weights.candidate).tanh(), sigmoid(z(&weights.o)));
        let c = f * c_prev + i * candidate;
        let h = o * c.tanh();
        steps.push(Step { x, h_prev, c_prev, f, i, candidate, o, c, h });
        (h_prev, c_prev) = (h, c);
    }
    steps
}

/// The twelve numbers as four tensors of three.
#[derive(Clone)]
struct Listed([[f64; 3]; 4]);

const NAMES: [&str; 4] = ["f", "i", "the candidate", "o"];

impl Listed {
    fn of(gates: &Gates) -> Self {
        Listed(gates.each().map(|layer| [layer.w_h, layer.w_x, layer.b]))
    }

    fn gates(&self) -> Gates {
        let [f, i, candidate, o] = self.0.map(|[w_h, w_x, b]| Layer { w_h, w_x, b });
        Gates { f, i, candidate, o }
    }
}

impl Parameters for Listed {
    fn tensors(&self) -> Vec<Tensor<'_>> {
        let named = NAMES.iter().zip(&self.0);
        named.map(|(name, values)| Tensor { name, rows: 3, values }).collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_>> {
        let named = NAMES.iter().zip(&mut self.0);
        named.map(|(name, values)| TensorMut { name, values }).collect()
    }
}

/// Holds the twelve answered numbers against differences of h_5.
pub fn grade(gradient: fn(&Weights, &[f64; 5]) -> Weights) -> ExitCode {
    let layer = |w_h, w_x, b| Layer { w_h, w_x, b };
    let weights = Gates {
        f: layer(0.3, 0.5, 1.0),
        i: layer(-0.4, 0.8, 0.2),
        candidate: layer(0.6, 0.9, 0.1),
        o: layer(0.7, -0.6, 0.4),
    };
    let xs = [1.0, 0.5, -1.0, 0.25, -0.5];
    let point = Listed::of(&weights);
    let answer = Listed::of(&gradient(&weights, &xs));
    let report = check(&point, &answer, |point| forward(&point.gates(), &xs)[4].h);
    let worst = report.worst;
    if worst.error > 1e-7 {
        let which = ["the weight of h", "the weight of x", "the bias"][worst.row];
        println!("Not yet. Of {}, {which} is wrong most of all:", worst.name);
        println!("you returned {:.6}, differences say {:.6}.", worst.analytic, worst.numeric);
        println!(
            "Look at: the page \"All equations\", its half \"Backward\", from the last step to the"
        );
        println!("first; h_bar and c_bar must hold what step t hands on to step t - 1.");
        return ExitCode::FAILURE;
    }
    println!("Exercise 10.4 solved: {} numbers agree with differences.", report.compared);
    ExitCode::SUCCESS
}
