//! Draws the figures whose names begin with one of the words given, into a folder:
//! `cargo run -p figures -- FOLDER ch05`.

use std::path::Path;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder =
        arguments.next().context("expected a folder to draw into, then names, such as ch05")?;
    let names: Vec<String> = arguments.collect();
    let wanted = |name: &str| names.iter().any(|start| name.starts_with(start.as_str()));
    for figure in figures::all().iter().filter(|figure| wanted(figure.name)) {
        let file = Path::new(&folder).join(format!("{}.svg", figure.name));
        files::replace(&file, files::SVG, (figure.draw)().as_bytes())?;
    }
    Ok(())
}
