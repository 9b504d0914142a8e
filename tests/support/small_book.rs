//! A book of one chapter, small enough to be broken in every way.

#![allow(dead_code, reason = "each test target uses a part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use press::project::Project;
use tempfile::TempDir;

/// A book of one chapter that passes every check.
pub struct Book {
    pub folder: TempDir,
}

const PAGE: &str = r#"# One

The value is 0.99<!--ch01:open.f-->, see [(1.1)](#eq-gate) and [Figure 1.1](#fig-ch01-cell).
It was 0.04<!--cite:gers2000--> once, and in version 2.0<!--constant: a version--> $f_t$ was new.

```math gate ch01:forward
f_t = \sigma(z_t)
```

```math comment
z_t = 0
```

```rust
{{#include ../../listings/ch01-one/src/lib.rs:forward}}
```

```rust sketch: to show what it would look like
let f = todo;
```

```console
{{#include ../../listings/ch01-one/output.txt:states}}
```

```console
$ cargo run -p ch01 --example exercise_1_1
```

![A cell](figures/ch01-cell.svg)
The cell.

- <a id="gers2000"></a>A source.

```console
{{#include ../../listings/ch01-one/records/steps.txt:speed}}
```

That was 1.7<!--ch01/steps:speedup--> times as fast<!--claim ch01/steps: {speedup} > 1-->.

```console
{{#include ../../listings/ch01-one/runs/wide.txt:states}}
```

And 0.25<!--ch01/wide:shut.f--> when shut. A state is shut or open.
"#;

const FILES: &[(&str, &str)] = &[
    (
        "book/book.toml",
        "[book]\ntitle = \"A book\"\n[build]\ncreate-missing = false\nuse-default-preprocessors = false\n[output.html.search.chapter]\n\"listings\" = { enable = false }\n",
    ),
    (
        "book/src/SUMMARY.md",
        "# Summary\n\n- [One](ch01-one.md)\n- [The second one]()\n\n[Notation](notation.md)\n",
    ),
    ("book/names.toml", "[names]\nspeedup = \"times as fast\"\n"),
    ("book/src/ch01-one.md", PAGE),
    (
        "book/src/notation.md",
        "# Notation\n\n| symbol | meaning |\n|---|---|\n| $f_t$, $z_t$, $t$ | gate |\n| $\\sigma(z)$ | sigmoid |\n",
    ),
    (
        "book/src/figures/ch01-cell.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>A cell</title></svg>\n",
    ),
    (
        "listings/ch01-one/Cargo.toml",
        "[package]\nname = \"ch01\"\n\n[dependencies]\nnalgebra.workspace = true\n",
    ),
    (
        "listings/ch01-one/src/lib.rs",
        "// ANCHOR: forward\npub fn forward() {}\n// ANCHOR_END: forward\n// ANCHOR: other\npub fn other() {}\n// ANCHOR_END: other\n",
    ),
    (
        "listings/ch01-one/output.txt",
        "$ cargo run -p ch01\n\n# states: open\nstate |      f\nopen  | 0.9933\n",
    ),
    (
        "listings/ch01-one/records/steps.txt",
        "$ cargo run --release -p ch01 --bin steps\n\n# speed: of a step\nspeedup = 1.732  times\n",
    ),
    (
        "listings/ch01-one/runs/wide.txt",
        "$ cargo run --release -p ch01 -- wide\n\n# states: shut\nstate |      f\nshut  | 0.2500\n",
    ),
    ("listings/ch01-one/examples/exercise_1_1.rs", "fn main() {}\n"),
    ("listings/ch01-one/examples/solution_1_1.rs", "fn main() {}\n"),
];

/// The program of the chapter, in a book that can be run.
const MAIN: &str = r##"fn main() {
    if std::env::args().any(|word| word == "wide") {
        println!("# states: wide\nwidth = 2");
    }
}
"##;
/// A program that makes a record.
pub const STEPS: &str = r##"fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments == ["--quick"];
    assert!(quick || arguments.is_empty(), "{arguments:?}");
    println!("# speed: of a step\nspeedup = {}", if quick { 1.5 } else { 1.75 });
}
"##;

impl Book {
    pub fn good() -> Book {
        let folder = TempDir::new().unwrap();
        for (file, text) in FILES {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Book { folder }
    }

    /// The small book, with a crate that cargo can run.
    pub fn with_a_program() -> Book {
        let manifest = "[package]\nname = \"ch01\"\nedition = \"2024\"\ndefault-run = \"ch01\"\n";
        Book::good()
            .with("Cargo.toml", "[workspace]\nmembers = [\"listings/*\"]\nresolver = \"3\"\n")
            .with("listings/ch01-one/Cargo.toml", manifest)
            .with("listings/ch01-one/src/main.rs", MAIN)
            .with("listings/ch01-one/src/bin/steps.rs", STEPS)
    }

    pub fn project(&self) -> Project {
        Project { root: self.folder.path().to_owned() }
    }

    /// Replaces `from`, which must be there, in a file.
    pub fn edit(self, file: &str, from: &str, to: &str) -> Book {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
        self
    }

    pub fn page(self, from: &str, to: &str) -> Book {
        self.edit("book/src/ch01-one.md", from, to)
    }

    pub fn without(self, file: &str) -> Book {
        fs::remove_file(self.folder.path().join(file)).unwrap();
        self
    }

    pub fn with(self, file: &str, text: &str) -> Book {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }
}
