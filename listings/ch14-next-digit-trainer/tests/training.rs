//! A run is the same to the last bit: on any number of threads, stopped and gone on with, and without asking for
//! memory on the way.
#![allow(clippy::unwrap_used)]

use allocation_counter::measure;
use digits::{Sequence, Split, Task, below, chance_loss, generator};
use next_digit::{
    BadModel, Batches, DataAbout, Network, NotFinite, Session, Settings, evaluate, fingerprint,
    from_bytes, to_bytes,
};

fn settings(epochs: usize, batch: usize) -> Settings {
    Settings {
        hidden: 6,
        epochs,
        batch,
        learning_rate: 0.01,
        clip: None,
        forget_bias: None,
        seed: 3,
    }
}

fn split(training: usize) -> Split {
    Split::draw(Task::Sum, 5, training, 20, &mut generator(3)).unwrap()
}

fn about(split: &Split) -> DataAbout {
    DataAbout {
        task: Some("sum".into()),
        digits: 5,
        training: split.training.len(),
        unseen: split.unseen.len(),
        fingerprint: fingerprint(&split.training, &split.unseen),
        window: None,
        memory: None,
    }
}

fn bits(session: &Session<f32>) -> Vec<u32> {
    session.trainer.network.theta.iter().map(|value| value.to_bits()).collect()
}

/// Batches of 100: four shards, the last one of four sequences; and a last batch of 50.
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let split = split(250);
    let run = |threads: usize| {
        let mut session = Session::<f32>::new(settings(4, 100), &split.training, threads);
        session.finish().unwrap();
        (bits(&session), to_bytes(&session, &about(&split)))
    };
    let one = run(1);
    for threads in [2, 3, 4, 7] {
        assert!(run(threads) == one, "{threads} threads");
    }
    let mut other =
        Session::<f32>::new(Settings { seed: 4, ..settings(4, 100) }, &split.training, 1);
    other.finish().unwrap();
    assert_ne!(bits(&other), one.0);
}

/// Stopped after every possible step, within an epoch and between two.
#[test]
fn a_resumed_run_ends_with_the_same_bytes() {
    let split = split(50);
    let new = || Session::<f32>::new(settings(3, 16), &split.training, 1);
    let mut whole = new();
    whole.finish().unwrap();
    let expected = to_bytes(&whole, &about(&split));
    let mut running = new();
    for step in 0..=12 {
        assert_eq!(running.steps(), step);
        let model = from_bytes(&to_bytes(&running, &about(&split))).unwrap();
        let mut resumed = Session::resume(model, &split.training, &[], 2).unwrap();
        resumed.finish().unwrap();
        assert!(to_bytes(&resumed, &about(&split)) == expected, "stopped after step {step}");
        if step < 12 {
            running.step().unwrap();
        }
    }
    assert!(running.is_done());
}

/// What makes the difference: without Adam's m, or one step further in the order, it is another run.
#[test]
fn a_run_resumed_without_all_of_it_ends_elsewhere() {
    let split = split(50);
    let mut session = Session::<f32>::new(settings(3, 16), &split.training, 1);
    (0..5).for_each(|_| _ = session.step().unwrap());
    let end = |mut session: Session<f32>| {
        session.finish().unwrap();
        bits(&session)
    };
    let expected = end(session.clone());
    let mut forgetful = session.clone();
    forgetful.trainer.adam.m.fill(0.0);
    assert_ne!(end(forgetful), expected);
    let mut ahead = session.clone();
    ahead.trainer.adam.t += 1;
    assert_ne!(end(ahead), expected);
    assert_eq!(end(session), expected);
}

/// Every epoch deals out every sequence once, and in another order; any batch can be asked for on its own.
#[test]
fn batches_lose_no_sequence() {
    let split = split(50);
    let mut batches = Batches::new(&split.training, 16, 3);
    let mut expected = split.training.clone();
    expected.sort();
    let mut orders = Vec::new();
    for epoch in 0..3 {
        let mut dealt: Vec<Sequence> = Vec::new();
        for step in 4 * epoch..4 * (epoch + 1) {
            let (digits, targets) = batches.batch(step);
            let size = targets.len();
            assert_eq!((size, digits.len()), if step % 4 == 3 { (2, 8) } else { (16, 64) });
            dealt.extend((0..size).map(|b| Sequence {
                context: digits.iter().skip(b).step_by(size).copied().collect(),
                next: targets[b],
            }));
            let fresh = &mut Batches::new(&split.training, 16, 3);
            assert_eq!(batches.batch(step), fresh.batch(step));
        }
        orders.push(dealt.clone());
        dealt.sort();
        assert_eq!(dealt, expected);
    }
    assert!(orders[0] != orders[1] && orders[1] != orders[2] && orders[0] != split.training);
}

#[test]
fn a_step_allocates_nothing_once_it_is_warm() {
    let split = split(250);
    for batch in [32, 100] {
        let mut session = Session::<f32>::new(settings(5, batch), &split.training, 1);
        // The first step of all makes the room.
        session.step().unwrap();
        let counted = measure(|| session.finish().unwrap());
        assert!(session.is_done() && session.steps() > 12);
        assert_eq!(counted.count_total, 0, "batches of {batch}");
    }
    // The counter counts: two threads are not free.
    let mut session = Session::<f32>::new(settings(5, 100), &split.training, 2);
    session.step().unwrap();
    assert!(measure(|| _ = session.step().unwrap()).count_total > 0);
}

#[test]
fn the_start_is_as_described() {
    let split = split(50);
    let network = Session::<f64>::new(settings(1, 16), &split.training, 1).trainer.network;
    let bound = 1.0 / 6.0_f64.sqrt();
    let largest = network.theta.iter().fold(0.0_f64, |max, value| max.max(value.abs()));
    assert!(largest <= bound && largest > 0.97 * bound);
    // Untrained it says about "one of ten": small weights, small scores.
    assert!((evaluate(&network, &split.unseen).loss - chance_loss()).abs() < 0.3);

    let open = Settings { forget_bias: Some(3.0), ..settings(1, 16) };
    let theta = Session::<f64>::new(open, &split.training, 1).trainer.network.theta;
    let changed = theta.iter().zip(&network.theta).filter(|(a, b)| a != b).count();
    assert_eq!(changed, 12, "two biases for each of six forget gates");
}

#[test]
fn numbers_beyond_the_finite_stop_the_run_and_say_where() {
    let split = split(50);
    let mut session = Session::<f32>::new(
        Settings { learning_rate: 1e38, ..settings(5, 16) },
        &split.training,
        1,
    );
    let NotFinite { step } = session.finish().unwrap_err();
    assert!((1..=20).contains(&step));

    // A loss that is not a number moves nothing.
    let mut session = Session::<f32>::new(settings(5, 16), &split.training, 1);
    session.step().unwrap();
    *session.trainer.network.theta.last_mut().unwrap() = f32::NAN;
    let before = bits(&session);
    assert_eq!(session.step(), Err(NotFinite { step: 2 }));
    assert_eq!((bits(&session), session.steps()), (before, 1));

    // Nor would a checkpoint with it be taken for a good one.
    let error = from_bytes(&to_bytes(&session, &about(&split))).unwrap_err();
    let BadModel { found, .. } = &error;
    assert!(found.contains("NaN in `fc.bias`, at place 9 of 10"), "{error}");
}

#[test]
fn clipping_takes_part() {
    let split = split(50);
    let end = |clip: Option<f64>| {
        let mut session =
            Session::<f32>::new(Settings { clip, ..settings(2, 16) }, &split.training, 1);
        session.finish().unwrap();
        bits(&session)
    };
    assert_eq!(end(None), end(Some(1e9)));
    assert_ne!(end(None), end(Some(0.1)));
}

/// What the program prints, three decimals of a loss, must not hang on a machine's last digit. From a start that is off
/// by one part in a million, and with numbers of twice the length and another tanh, the run ends at the same.
#[test]
fn fifty_epochs_do_not_hang_on_the_last_digit() {
    let split = Split::draw(Task::Random, 5, 1000, 1000, &mut generator(1)).unwrap();
    let settings = Settings { hidden: 32, seed: 1, ..settings(50, 32) };
    let scores = |network: &Network<f32>| {
        [&split.training, &split.unseen].map(|part| evaluate(network, part))
    };
    let mut session = Session::<f32>::new(settings, &split.training, 1);
    let mut nudged = session.clone();
    let rng = &mut generator(1);
    for value in &mut nudged.trainer.network.theta {
        *value *= 1.0 + 1e-6 * (below(3, rng) as f32 - 1.0);
    }
    session.finish().unwrap();
    nudged.finish().unwrap();
    let mut exact = Session::<f64>::new(settings, &split.training, 1);
    exact.finish().unwrap();
    let exact = exact.trainer.network;
    let exact = [&split.training, &split.unseen].map(|part| evaluate(&exact, part));
    let expected = scores(&session.trainer.network);
    for other in [scores(&nudged.trainer.network), exact] {
        for (scores, expected) in other.iter().zip(&expected) {
            println!("loss {:+.1e}", scores.loss - expected.loss);
            assert!((scores.loss - expected.loss).abs() < 5e-4, "{scores:?} {expected:?}");
            assert_eq!(scores.right, expected.right);
        }
    }
}
