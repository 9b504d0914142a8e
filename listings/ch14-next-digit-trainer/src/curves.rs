//! Learning curves as a drawing.

use anyhow::Result;
use digits::chance_loss;
use next_digit::Epoch;
use plotters::prelude::*;

const TRAINING: RGBColor = RGBColor(0x00, 0x5a, 0x9c);
const UNSEEN: RGBColor = RGBColor(0xb3, 0x4a, 0x00);
const VALIDATION: RGBColor = RGBColor(0x2e, 0x7d, 0x32);

/// The losses over the epochs, with the loss of guessing, ln 10, as a broken line. An SVG document.
pub(crate) fn draw(history: &[Epoch]) -> Result<String> {
    let number = |place: usize| (place + 1) as f64;
    let curve = |loss: fn(&Epoch) -> f64| -> Vec<(f64, f64)> {
        let points = history.iter().enumerate().map(|(place, epoch)| (number(place), loss(epoch)));
        points.filter(|(_, loss)| loss.is_finite()).collect()
    };
    let (training, unseen) = (curve(|epoch| epoch.training), curve(|epoch| epoch.unseen));
    let validation = curve(|epoch| epoch.validation);
    let last = history.len().max(2) as f64;
    let losses = training.iter().chain(&unseen).chain(&validation).map(|(_, loss)| *loss);
    let highest = losses.fold(chance_loss(), f64::max) * 1.08;

    let mut svg = String::new();
    let root = SVGBackend::with_string(&mut svg, (720, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(12)
        .margin_right(150)
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..last, 0.0..highest)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(RGBColor(0xdd, 0xdd, 0xdd))
        .label_style(("sans-serif", 15))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.1}"))
        .x_desc("epochs")
        .y_desc("loss in nats")
        .draw()?;
    let floor = [(0.0, chance_loss()), (last, chance_loss())];
    chart.draw_series(DashedLineSeries::new(floor, 6, 4, BLACK.into()))?;
    chart.draw_series(LineSeries::new(training.iter().copied(), TRAINING.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(unseen.iter().copied(), UNSEEN.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(validation.iter().copied(), VALIDATION.stroke_width(2)))?;

    let ends = [
        ("guessing: ln 10", Some(&floor[1]), BLACK),
        ("training", training.last(), TRAINING),
        ("unseen", unseen.last(), UNSEEN),
        ("validation", validation.last(), VALIDATION),
    ];
    let ends = ends.into_iter().filter_map(|(name, end, colour)| {
        let (x, y) = chart.backend_coord(end?);
        Some((name, x + 8, y - 8, colour))
    });
    for (name, x, y, colour) in apart(ends.collect()) {
        root.draw(&Text::new(name, (x, y), ("sans-serif", 15).into_font().color(&colour)))?;
    }
    root.present()?;
    drop(chart);
    drop(root);
    Ok(svg)
}

type Label = (&'static str, i32, i32, RGBColor);

/// Moves labels that would lie on each other down.
fn apart(mut labels: Vec<Label>) -> Vec<Label> {
    labels.sort_by_key(|label| label.2);
    for k in 1..labels.len() {
        labels[k].2 = labels[k].2.max(labels[k - 1].2 + 17);
    }
    labels
}
