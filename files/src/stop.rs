//! Ctrl-C and SIGTERM: the first one asks a run to end as if its last step had come, the second ends it at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether a run is asked to end.
#[derive(Debug)]
pub struct Stop(Arc<AtomicUsize>);

/// The signal that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(u8);

impl Stop {
    /// From now on signals only ask.
    pub fn on_signals() -> io::Result<Stop> {
        let asked = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal finds the flag down, the second finds it up.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
            flag::register(signal, Arc::clone(&again))?;
            flag::register_usize(signal, Arc::clone(&asked), signal as usize)?;
        }
        Ok(Stop(asked))
    }

    /// The signal, if one came.
    pub fn asked(&self) -> Option<Signal> {
        let signal = u8::try_from(self.0.load(Ordering::Relaxed)).unwrap_or_default();
        (signal > 0).then_some(Signal(signal))
    }
}

impl Signal {
    /// What a shell expects of a program that a signal ended: 130 or 143.
    pub fn exit_code(self) -> u8 {
        128 + self.0
    }
}
