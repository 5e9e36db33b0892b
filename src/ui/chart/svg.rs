//! A chart as SVG text. The same text is drawn on the page, where colours are the page's own, and
//! saved as a file, where they are written out.

use super::data::{ChartData, Form, short, ticks};
use std::fmt::Write;

/// Colours of the text, the lines and the series.
pub struct Palette {
    pub text: String,
    pub line: String,
    pub ground: String,
    pub series: Vec<String>,
    pub aged: Vec<String>,
}

/// Series that differ by colour; further ones begin again with another dash.
const COLOURS: usize = 5;

impl Palette {
    /// The page's own, light or dark.
    pub fn of_page() -> Palette {
        let var = |name: &str| format!("var(--{name})");
        Palette {
            text: var("text-2"),
            line: var("line"),
            ground: "none".to_owned(),
            series: (0..COLOURS).map(|n| var(&format!("chart-{n}"))).collect(),
            aged: (0..7).map(|n| var(&format!("age-{n}"))).collect(),
        }
    }
    /// For files and paper: the light values of the tokens.
    pub fn of_paper() -> Palette {
        let own = |hex: &[&str]| hex.iter().map(|h| (*h).to_owned()).collect();
        Palette {
            text: "#47524e".to_owned(),
            line: "#c3cac7".to_owned(),
            ground: "#ffffff".to_owned(),
            series: own(&["#0e6a5b", "#b35c00", "#2f5fae", "#8a4a9e", "#47524e"]),
            aged: own(&[
                "#cfdad6", "#ecc869", "#e0a049", "#cd7638", "#b14f35", "#8a2f34", "#581c31",
            ]),
        }
    }
}

pub const WIDTH: f64 = 640.0;
pub const HEIGHT: f64 = 260.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const FOOT: f64 = 54.0;
const DASHES: [&str; 4] = ["", "7 4", "2 3", "9 3 2 3"];

struct Frame {
    low: f64,
    high: f64,
    points: usize,
}

impl Frame {
    fn y(&self, value: i128) -> f64 {
        let span = (self.high - self.low).max(1.0);
        let share = (value as f64 - self.low) / span;
        HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP)
    }
    fn slot(&self) -> f64 {
        (WIDTH - LEFT - RIGHT) / self.points.max(1) as f64
    }
    /// The middle of a point.
    fn x(&self, at: usize) -> f64 {
        LEFT + self.slot() * (at as f64 + 0.5)
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// The chart; `at` marks the point the keyboard is on. Writing to a string does not fail.
pub fn draw(data: &ChartData, palette: &Palette, at: Option<usize>) -> String {
    let (low, high) = data.range();
    let steps = ticks(low, high);
    let frame = Frame {
        low: steps.first().copied().unwrap_or(0) as f64,
        high: steps.last().copied().unwrap_or(1) as f64,
        points: data.labels.len(),
    };
    let mut out = String::with_capacity(8_192);
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}" font-family="system-ui, sans-serif" font-size="11">"#,
        escaped(&data.title)
    );
    if palette.ground != "none" {
        let _ = write!(
            out,
            r#"<rect width="{WIDTH}" height="{HEIGHT}" fill="{}"/>"#,
            palette.ground
        );
    }
    axis(&mut out, data, palette, &frame, &steps);
    if let Some(at) = at.filter(|at| *at < frame.points) {
        let x = frame.x(at);
        let _ = write!(
            out,
            r#"<line x1="{x:.1}" x2="{x:.1}" y1="{TOP}" y2="{:.1}" stroke="{}" stroke-width="1"/>"#,
            HEIGHT - FOOT,
            palette.text
        );
    }
    match data.form {
        Form::Lines => lines(&mut out, data, palette, &frame),
        Form::Stacked => stacked(&mut out, data, palette, &frame),
        Form::Bars => bars(&mut out, data, palette, &frame),
    }
    legend(&mut out, data, palette);
    out.push_str("</svg>");
    out
}

fn axis(out: &mut String, data: &ChartData, palette: &Palette, frame: &Frame, steps: &[i128]) {
    for step in steps {
        let y = frame.y(*step);
        let _ = write!(
            out,
            r#"<line x1="{LEFT}" x2="{:.1}" y1="{y:.1}" y2="{y:.1}" stroke="{}" stroke-width="1"/><text x="{:.1}" y="{:.1}" text-anchor="end" fill="{}">{}</text>"#,
            WIDTH - RIGHT,
            palette.line,
            LEFT - 6.0,
            y + 4.0,
            palette.text,
            escaped(&short(*step, data.scale))
        );
    }
    let _ = write!(
        out,
        r#"<text x="4" y="{:.1}" fill="{}">{}</text>"#,
        HEIGHT - FOOT + 16.0,
        palette.text,
        escaped(&data.unit)
    );
    // Every label where there is room, else every second, third ...
    let room = (frame.slot() / 58.0).max(0.05);
    let every = (1.0 / room).ceil().max(1.0) as usize;
    for (at, label) in data.labels.iter().enumerate() {
        if (data.labels.len() - 1 - at).is_multiple_of(every) {
            let _ = write!(
                out,
                r#"<text x="{:.1}" y="{:.1}" text-anchor="middle" fill="{}">{}</text>"#,
                frame.x(at),
                HEIGHT - FOOT + 16.0,
                palette.text,
                escaped(label)
            );
        }
    }
}

fn colour(data: &ChartData, palette: &Palette, series: usize) -> String {
    if data.aged {
        let last = data.series.len().saturating_sub(1).max(1);
        let step = if series == 0 {
            0
        } else {
            usize::from(crate::ui::aging_strip::age_step(series - 1, last))
        };
        return palette.aged.get(step).cloned().unwrap_or_default();
    }
    palette
        .series
        .get(series % COLOURS)
        .cloned()
        .unwrap_or_default()
}

/// A shape for each series, so that nothing rests on colour alone.
fn marker(out: &mut String, series: usize, (x, y): (f64, f64), fill: &str) {
    let _ = match series % 4 {
        0 => write!(
            out,
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.2" fill="{fill}"/>"#
        ),
        1 => write!(
            out,
            r#"<rect x="{:.1}" y="{:.1}" width="6" height="6" fill="{fill}"/>"#,
            x - 3.0,
            y - 3.0
        ),
        2 => write!(
            out,
            r#"<path d="M{x:.1} {:.1}l4 7h-8z" fill="{fill}"/>"#,
            y - 4.0
        ),
        _ => write!(
            out,
            r#"<path d="M{x:.1} {:.1}l4 4-4 4-4-4z" fill="{fill}"/>"#,
            y - 4.0
        ),
    };
}

fn lines(out: &mut String, data: &ChartData, palette: &Palette, frame: &Frame) {
    for (number, series) in data.series.iter().enumerate() {
        let stroke = colour(data, palette, number);
        let mut path = String::new();
        let mut pen = false;
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                pen = false;
                continue;
            };
            let _ = write!(
                path,
                "{}{:.1} {:.1}",
                if pen { "L" } else { "M" },
                frame.x(at),
                frame.y(*value)
            );
            pen = true;
        }
        let dash = DASHES[number % DASHES.len()];
        let _ = write!(
            out,
            r#"<path d="{path}" fill="none" stroke="{stroke}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="{dash}"/>"#
        );
        for (at, value) in series.values.iter().enumerate() {
            if let Some(value) = value {
                marker(out, number, (frame.x(at), frame.y(*value)), &stroke);
            }
        }
    }
}

fn bar(out: &mut String, (x, width): (f64, f64), (from, to): (f64, f64), fill: &str, edge: &str) {
    let (top, height) = (from.min(to), (from - to).abs());
    let _ = write!(
        out,
        r#"<rect x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}" stroke="{edge}" stroke-width="0.5"/>"#
    );
}

fn stacked(out: &mut String, data: &ChartData, palette: &Palette, frame: &Frame) {
    let width = (frame.slot() * 0.68).min(44.0);
    for at in 0..frame.points {
        let mut sum = 0i128;
        for (number, series) in data.series.iter().enumerate() {
            let value = series.values.get(at).copied().flatten().unwrap_or(0).max(0);
            if value > 0 {
                let (from, to) = (frame.y(sum), frame.y(sum + value));
                let x = frame.x(at) - width / 2.0;
                bar(
                    out,
                    (x, width),
                    (from, to),
                    &colour(data, palette, number),
                    &palette.text,
                );
            }
            sum += value;
        }
    }
}

fn bars(out: &mut String, data: &ChartData, palette: &Palette, frame: &Frame) {
    let all = data.series.len().max(1) as f64;
    let width = (frame.slot() * 0.72 / all).min(28.0);
    for (number, series) in data.series.iter().enumerate() {
        for (at, value) in series.values.iter().enumerate() {
            if let Some(value) = value {
                let x = frame.x(at) + width * (number as f64 - all / 2.0);
                let span = (frame.y(0), frame.y(*value));
                bar(
                    out,
                    (x, width),
                    span,
                    &colour(data, palette, number),
                    &palette.text,
                );
            }
        }
    }
}

fn legend(out: &mut String, data: &ChartData, palette: &Palette) {
    let mut x = LEFT;
    let y = HEIGHT - 12.0;
    for (number, series) in data.series.iter().enumerate() {
        let fill = colour(data, palette, number);
        match data.form {
            Form::Lines => {
                let dash = DASHES[number % DASHES.len()];
                let _ = write!(
                    out,
                    r#"<line x1="{x:.1}" x2="{:.1}" y1="{:.1}" y2="{:.1}" stroke="{fill}" stroke-width="2" stroke-dasharray="{dash}"/>"#,
                    x + 22.0,
                    y - 4.0,
                    y - 4.0
                );
                marker(out, number, (x + 11.0, y - 4.0), &fill);
                x += 27.0;
            }
            _ => {
                bar(out, (x, 10.0), (y - 9.0, y + 1.0), &fill, &palette.text);
                x += 15.0;
            }
        }
        let _ = write!(
            out,
            r#"<text x="{x:.1}" y="{y:.1}" fill="{}">{}</text>"#,
            palette.text,
            escaped(&series.name)
        );
        x += 14.0 + series.name.chars().count() as f64 * 6.0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::data::Series;
    use super::*;

    fn data(form: Form) -> ChartData {
        let series = |name: &str, values: &[Option<i128>]| Series {
            name: name.to_owned(),
            values: values.to_vec(),
            texts: values
                .iter()
                .map(|v| v.map_or("n/a".to_owned(), |v| v.to_string()))
                .collect(),
        };
        ChartData {
            title: "A < B & \"C\"".to_owned(),
            labels: vec!["Jan".into(), "Feb".into(), "Mar".into()],
            series: vec![
                series("One", &[Some(10), None, Some(30)]),
                series("Two", &[Some(5), Some(-5), Some(0)]),
            ],
            form,
            scale: 1,
            unit: "d".to_owned(),
            aged: false,
        }
    }

    #[test]
    fn a_chart_is_well_formed_and_escaped() {
        for form in [Form::Lines, Form::Stacked, Form::Bars] {
            let text = draw(&data(form), &Palette::of_paper(), Some(1));
            assert!(text.starts_with("<svg") && text.ends_with("</svg>"));
            assert!(text.contains("A &lt; B &amp; &quot;C&quot;"));
            assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        }
        let lines = draw(&data(Form::Lines), &Palette::of_paper(), None);
        assert!(lines.matches('M').count() >= 3, "a gap begins anew");
    }

    #[test]
    fn a_point_is_told_in_words() {
        assert_eq!(data(Form::Lines).said(1), "Feb: One n/a, Two -5");
    }
}
