//! Training in small, to ask what a setting changes.

use std::collections::BTreeSet;
use std::thread;

use digits::{Sequence, Task, generator};
use one_matrix::Real;

use crate::{Adam, Learner, Momentum, Optimiser, Sgd, batch_of, clip, set_forget_bias};

/// An optimiser and its learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    /// [`Sgd`].
    Sgd(f64),
    /// [`Momentum`], of which 0.9 is kept.
    Momentum(f64),
    /// [`Adam`].
    Adam(f64),
}

impl By {
    /// The optimiser itself, for so many parameters.
    pub fn optimiser<R: Real>(self, parameters: usize) -> Box<dyn Optimiser<R>> {
        match self {
            By::Sgd(learning_rate) => Box::new(Sgd { learning_rate }),
            By::Momentum(rate) => Box::new(Momentum::new(parameters, rate, 0.9)),
            By::Adam(rate) => Box::new(Adam::new(parameters, rate)),
        }
    }
}

/// One training run of a network with 32 units.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// The rule behind the last digit.
    pub task: Task,
    /// How many digits are read.
    pub digits: usize,
    /// What the forget gates' biases are set to; they stay random if nothing is said.
    pub forget_bias: Option<f64>,
    /// How the weights are moved.
    pub by: By,
    /// The length to which gradients are clipped, if they are.
    pub limit: Option<f32>,
}

impl Trial {
    // ANCHOR: trial
    /// How many steps it takes until 99 % of 1000 unseen sequences are answered right, or `most` if it takes more. It is
    /// examined every 25 steps.
    ///
    /// # Panics
    /// As [`Trial::sequences`].
    pub fn steps_to_learn(&self, seed: u64, most: usize) -> usize {
        self.train(seed, most, |step, examine| step.is_multiple_of(25) && examine() >= 990).0
    }

    /// Of 1000 unseen sequences, how many are answered right after so many steps.
    ///
    /// # Panics
    /// As [`Trial::steps_to_learn`].
    pub fn right_after(&self, seed: u64, steps: usize) -> usize {
        self.train(seed, steps, |_, _| false).1
    }

    /// 1000 sequences to be examined on, and as many others to learn from as anybody wants: none of these has the context of
    /// one of those.
    ///
    /// # Panics
    /// If there are too few digits for the task, or for contexts that the test set leaves.
    pub fn sequences(&self, seed: u64) -> (Vec<Sequence>, impl Iterator<Item = Sequence> + use<>) {
        let (task, length, mut rng) = (self.task, self.digits + 1, generator(seed));
        let mut draw = move |n| task.draw(n, length, &mut rng).expect("enough digits");
        let unseen = draw(1000);
        let asked: BTreeSet<Vec<u8>> = unseen.iter().map(|s| s.context.clone()).collect();
        let other = move || {
            let drawn = (0..10_000).flat_map(|_| draw(1)).find(|s| !asked.contains(&s.context));
            drawn.expect("a context that is not asked for")
        };
        (unseen, std::iter::repeat_with(other))
    }

    /// Trains for `most` steps, or until `enough`, and examines. Every step has 32 fresh random sequences, so that nothing
    /// can be learnt by heart.
    fn train(
        &self,
        seed: u64,
        most: usize,
        enough: impl Fn(usize, &mut dyn FnMut() -> usize) -> bool,
    ) -> (usize, usize) {
        let (unseen, mut others) = self.sequences(seed);
        let unseen = batch_of(&unseen);
        let mut learner = self.learner::<f32>(seed);
        let mut optimiser = self.by.optimiser(learner.theta.len());
        let mut step = 0;
        while step < most {
            let batch: Vec<Sequence> = others.by_ref().take(32).collect();
            let (digits, targets) = batch_of(&batch);
            learner.loss(&digits, &targets);
            if let Some(limit) = self.limit {
                clip(&mut learner.gradient, limit);
            }
            optimiser.step(&mut learner.theta, &learner.gradient);
            step += 1;
            if enough(step, &mut || learner.right(&unseen.0, &unseen.1)) {
                break;
            }
        }
        (step, learner.right(&unseen.0, &unseen.1))
    }
    // ANCHOR_END: trial

    /// The network with which it starts.
    pub fn learner<R: Real>(&self, seed: u64) -> Learner<R> {
        let mut rng = generator(seed);
        // The sequences come from this seed's stream 0: the weights must not repeat their random numbers.
        rng.set_stream(1);
        let mut learner = Learner::new(32, &mut rng);
        if let Some(bias) = self.forget_bias {
            let lstm = learner.layer.len();
            set_forget_bias(learner.layer, &mut learner.theta[..lstm], bias);
        }
        learner
    }

    /// The steps of as many runs, with the seeds 1, 2, 3 and so on, from the fastest to the slowest. On two threads;
    /// each run is the same on any number.
    ///
    /// # Panics
    /// As [`Trial::steps_to_learn`].
    pub fn spread(&self, seeds: u64, most: usize) -> Vec<usize> {
        let some = |first: u64| {
            move || -> Vec<usize> {
                (first..=seeds).step_by(2).map(|seed| self.steps_to_learn(seed, most)).collect()
            }
        };
        let mut steps = thread::scope(|scope| {
            let even = scope.spawn(some(2));
            let odd = some(1)();
            [odd, even.join().expect("a run that does not panic")].concat()
        });
        steps.sort_unstable();
        steps
    }
}

// ANCHOR: valley
/// The places (a, b) that an optimiser comes through in the valley ½ (a² + 100 b²), from (1, 1) on. The valley may be
/// turned by some degrees before the optimiser, which is given the two numbers that it moves, sees it.
pub fn downhill(by: By, turned_by: f64, steps: usize) -> Vec<[f64; 2]> {
    let (sin, cos) = turned_by.to_radians().sin_cos();
    let place =
        |theta: [f64; 2]| [cos * theta[0] + sin * theta[1], cos * theta[1] - sin * theta[0]];
    let gradient = |[a, b]: [f64; 2]| [cos * a - sin * 100.0 * b, sin * a + cos * 100.0 * b];
    let mut theta = [cos - sin, sin + cos];
    let mut optimiser = by.optimiser(2);
    let mut path = vec![place(theta)];
    for _ in 0..steps {
        let slope = gradient(place(theta));
        optimiser.step(&mut theta, &slope);
        path.push(place(theta));
    }
    path
}
// ANCHOR_END: valley
