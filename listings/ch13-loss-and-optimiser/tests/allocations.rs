//! How often a whole step of training asks for memory, once it is warm.

use allocation_counter::measure;
use digits::{Task, generator};
use loss_and_optimiser::{Adam, Learner, Momentum, Optimiser, Sgd, batch_of, clip};
use one_matrix::Real;

/// Forward, loss, backward, clipping and a step of the optimiser, in whole batches and in a smaller last one.
fn in_steps<R: Real>(mut optimiser: impl Optimiser<R>) -> u64 {
    let rng = &mut generator(1);
    let mut batch = |n| batch_of(&Task::Random.draw(n, 5, rng).expect("long enough"));
    let (whole, rest) = (batch(32), batch(8));
    let mut learner = Learner::<R>::new(20, &mut generator(2));
    let mut step = |(digits, targets): &(Vec<u8>, Vec<u8>)| {
        learner.loss(digits, targets);
        clip(&mut learner.gradient, R::of(0.01));
        optimiser.step(&mut learner.theta, &learner.gradient);
    };
    step(&whole);
    step(&rest);
    let counted = measure(|| [&whole, &whole, &rest, &whole].into_iter().for_each(&mut step));
    counted.count_total
}

#[test]
fn a_step_of_training_allocates_nothing() {
    let parameters = Learner::<f64>::new(20, &mut generator(2)).theta.len();
    assert_eq!(in_steps::<f32>(Sgd { learning_rate: 0.1 }), 0);
    assert_eq!(in_steps::<f32>(Momentum::new(parameters, 0.1, 0.9)), 0);
    assert_eq!(in_steps::<f32>(Adam::new(parameters, 0.1)), 0);
    assert_eq!(in_steps::<f64>(Adam::new(parameters, 0.1)), 0);
}

/// The counter counts: an optimiser that copies the gradient is caught.
#[test]
fn an_allocation_would_be_seen() {
    struct Copies;
    impl Optimiser<f32> for Copies {
        fn step(&mut self, _: &mut [f32], gradient: &[f32]) {
            std::hint::black_box(gradient.to_vec());
        }
    }
    assert_eq!(in_steps::<f32>(Copies), 4);
}
