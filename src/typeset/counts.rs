//! How much was checked.

use std::iter::Sum;
use std::ops::AddAssign;

/// Declares the counts, and how those of several pages add up.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// How much was checked.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Counts {
            $($(#[$doc])* pub $name: usize,)*
        }

        impl Sum for Counts {
            fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
                all.fold(Counts::default(), |mut total, counts| {
                    total += counts;
                    total
                })
            }
        }

        impl AddAssign for Counts {
            fn add_assign(&mut self, other: Counts) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

counts! {
    /// Pages that are numbered chapters.
    chapters,
    /// Rust excerpts.
    excerpts,
    /// Rust fences marked as sketches.
    sketches,
    /// Printed outputs.
    outputs,
    /// Outputs that were recorded.
    recorded,
    /// Equations that are executed.
    executed,
    /// Equations that only comment.
    commented,
    /// Inline formulas.
    formulas,
    /// Numbers with a tag that names a run.
    numbers,
    /// Numbers that are cited or constants.
    cited,
    /// Figures.
    figures,
    /// Links.
    links,
    /// Exercises that a page sets.
    exercises,
    /// Conclusions that were evaluated on the numbers of a run.
    claims,
    /// Sentences that say why they have none.
    excused,
    /// Statements about other software, each with its script.
    findings,
}
