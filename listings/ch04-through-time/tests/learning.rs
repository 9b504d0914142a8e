//! The network that learns: its gradient against differences, and what chapter 4 says of its lessons, in small.
#![allow(clippy::unwrap_used)]

use std::thread;

use digits::{Split, Task, chance_band, generator};
use gradient_check::{Parameters, check};
use through_time::{Learner, Standing, Training, median, strongest_stretch};

const TWELVE: Training = Training { digits: 12, stretch: None, passed: 1.0, updates: 400 };

fn learner(seed: u64) -> Learner {
    let mut rng = generator(seed);
    rng.set_stream(1);
    let mut learner = Learner::new(5, &mut rng);
    // No bias may be 0: a bias that nobody uses would not be missed.
    for tensor in learner.tensors_mut() {
        tensor.values.iter_mut().for_each(|value| *value += 0.1);
    }
    learner
}

#[test]
fn the_gradient_matches_the_differences_and_a_forgery_does_not() {
    for seed in 1..=5 {
        let learner = learner(seed);
        let sequences = Task::First.draw(3, 6, &mut generator(seed)).unwrap();
        let worst = |passed| {
            let gradient = learner.gradient(&sequences, passed);
            check(&learner, &gradient, |learner| learner.loss(&sequences)).worst
        };
        assert!(worst(1.0).error < 1e-7, "{:?}", worst(1.0));
        for forged in [0.6, 1.0 / 0.6] {
            let worst = worst(forged);
            assert!(worst.error > 1e-3, "{worst:?}");
            assert!(["W_h", "b_h"].contains(&worst.name), "{worst:?}");
        }
    }
}

#[test]
fn the_loss_of_a_network_that_says_nothing_is_a_half() {
    let mut silent = learner(1);
    silent.output.w.fill(0.0);
    silent.output.b.fill(0.0);
    let sequences = Task::First.draw(7, 4, &mut generator(1)).unwrap();
    assert!((silent.loss(&sequences) - 0.5).abs() < 1e-15);
    // All outputs are equal: it answers with the first of them.
    assert_eq!(silent.answer(&[7, 7, 7]), 0);
}

#[test]
fn the_orthogonal_start_changes_one_block_and_stretches_as_asked() {
    for stretch in [0.6, 1.0] {
        let (drawn, turned) = (learner(2), learner(2).orthogonal(stretch));
        let product = turned.rnn.w_hh() * turned.rnn.w_hh().transpose();
        let unit = nalgebra::DMatrix::identity(5, 5) * (stretch * stretch);
        assert!((product - unit).amax() < 1e-12);
        assert!((strongest_stretch(&turned.rnn.w_hh()) - stretch).abs() < 1e-12);
        assert!((turned.rnn.w_hh() - drawn.rnn.w_hh()).amax() > 0.01);
        assert_eq!(turned.rnn.w_hx(), drawn.rnn.w_hx());
        assert_eq!((&turned.rnn.b, &turned.output), (&drawn.rnn.b, &drawn.output));
    }
}

/// A message of length 1 over one step, by hand: W_hhᵀ times the slopes.
#[test]
fn what_is_left_is_the_share_that_reaches_the_first_state() {
    let learner = learner(3);
    let sequences = Task::First.draw(1, 3, &mut generator(3)).unwrap();
    let xs: Vec<_> = sequences[0].context.iter().map(|&digit| rnn::one_hot(digit)).collect();
    let hs = learner.rnn.unroll(&nalgebra::DVector::zeros(5), &xs);
    let y_bar = learner.output.forward(&hs[1]) - rnn::one_hot(sequences[0].next);
    let h_bar_2 = learner.output.w.transpose() * y_bar;
    let z_bar_2 = h_bar_2.component_mul(&hs[1].map(|h| 1.0 - h * h));
    let h_bar_1 = learner.rnn.w_hh().transpose() * z_bar_2;
    assert!((learner.left(&sequences) - h_bar_1.norm() / h_bar_2.norm()).abs() < 1e-12);
}

/// How the networks of the seeds 1 to 5 stand at the end.
fn ends(training: Training) -> Vec<Standing> {
    thread::scope(|scope| {
        let runs: Vec<_> = (1..=5).map(|seed| scope.spawn(move || training.run(seed))).collect();
        runs.into_iter().map(|run| run.join().unwrap()[4]).collect()
    })
}

#[test]
fn three_digits_are_learnt() {
    let ends = ends(Training { digits: 3, ..TWELVE });
    assert!(ends.iter().all(|end| end.right > 80.0), "{ends:?}");
}

/// Twelve digits: as drawn no better than luck, and orthogonal much better. With the way back damped, and nothing else
/// changed, worse than with the gradient.
#[test]
fn of_twelve_digits_it_depends_on_the_way_back() {
    let best_luck = chance_band(500, 0.0005).1 as f64 / 5.0;
    let drawn = ends(TWELVE);
    assert!(drawn.iter().all(|end| end.right <= best_luck), "{drawn:?}");
    let orthogonal = ends(Training { stretch: Some(1.0), ..TWELVE });
    assert!(orthogonal.iter().all(|end| end.right > 60.0), "{orthogonal:?}");
    let damped = ends(Training { stretch: Some(1.0), passed: 0.6, ..TWELVE });
    let worse = |(damped, honest): (&Standing, &Standing)| damped.right < 0.7 * honest.right;
    assert!(damped.iter().zip(&orthogonal).all(worse), "{damped:?} {orthogonal:?}");
}

/// The test set asks for nothing that was learnt from, where that is possible.
#[test]
fn what_is_asked_was_not_learnt_from_where_that_can_be() {
    for (digits, may_be_new) in [(2, false), (5, true)] {
        let Split { training, unseen } = Training { digits, ..TWELVE }.sequences(1);
        assert_eq!((training.len(), unseen.len()), (32 * TWELVE.updates, 500));
        assert!(training.iter().chain(&unseen).all(|s| s.context.len() == digits));
        assert!(training.iter().chain(&unseen).all(|s| s.next == s.context[0]));
        assert_eq!(unseen.iter().all(|s| !training.contains(s)), may_be_new);
    }
}

#[test]
fn a_course_goes_from_before_the_first_update_to_the_end() {
    let training = Training { digits: 1, updates: 402, ..TWELVE };
    let stands = training.run(1);
    let (unseen, start) = (training.sequences(1).unseen, training.learner(1));
    let right = unseen.iter().filter(|s| start.answer(&s.context) == s.next).count();
    assert_eq!(stands[0].right, right as f64 / 5.0);
    assert!(stands[0].right < 60.0 && stands[4].right == 100.0, "{stands:?}");
    assert!(stands.iter().all(|stands| (stands.left - 1.0).abs() < 1e-12), "{stands:?}");
}

#[test]
fn weights_are_drawn_from_their_whole_range() {
    let drawn = Learner::new(25, &mut generator(1));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    for w in [&drawn.rnn.w, &drawn.output.w] {
        assert!(w.max() <= 0.2 && w.max() > 0.19 && w.min() >= -0.2 && w.min() < -0.19);
        assert!(mean(w.as_slice()).abs() < 0.02);
    }
    assert_eq!((drawn.rnn.b.norm(), drawn.output.b.norm()), (0.0, 0.0));
}

#[test]
fn the_median_is_in_the_middle() {
    assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median([4.0, 1.0, 3.0, 2.0]), 3.0);
}

#[test]
#[should_panic(expected = "at least one digit")]
fn nothing_to_read_is_refused() {
    Training { digits: 0, ..TWELVE }.run(1);
}
