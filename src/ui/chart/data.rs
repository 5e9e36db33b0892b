//! What a chart shows. Figures come in as whole numbers of a small unit with their text beside them;
//! geometry alone is floating.

/// How figures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line for each series.
    Lines,
    /// A bar for each point, its series on top of one another.
    Stacked,
    /// Bars of a series beside one another.
    Bars,
}

/// One row of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// One of a point; nothing where there is no figure.
    pub values: Vec<Option<i128>>,
    /// The same as text, with its unit; "n/a" where there is none.
    pub texts: Vec<String>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartData {
    /// What it is, in a sentence without its verb: "Open debits by bucket, month ends".
    pub title: String,
    /// Along the bottom.
    pub labels: Vec<String>,
    /// The figures.
    pub series: Vec<Series>,
    /// How they are drawn.
    pub form: Form,
    /// How many of the small units are one: 100 for cents, 10 for tenths of a day.
    pub scale: i128,
    /// Written behind the numbers of the axis: "%", "d", "EUR".
    pub unit: String,
    /// From light to dark as in the aging strip, instead of one colour a series.
    pub aged: bool,
}

impl ChartData {
    /// Whether there is any figure.
    pub fn is_empty(&self) -> bool {
        self.series
            .iter()
            .all(|s| s.values.iter().all(Option::is_none))
    }

    /// The largest and the smallest that is drawn; zero is always among them.
    pub(super) fn range(&self) -> (i128, i128) {
        let values = |at: usize| {
            self.series
                .iter()
                .filter_map(move |s| s.values.get(at).copied().flatten())
        };
        let mut range = (0i128, 0i128);
        for at in 0..self.labels.len() {
            match self.form {
                Form::Stacked => {
                    let up = values(at).filter(|v| *v > 0).sum::<i128>();
                    range = (range.0.min(0), range.1.max(up));
                }
                Form::Lines | Form::Bars => {
                    for v in values(at) {
                        range = (range.0.min(v), range.1.max(v));
                    }
                }
            }
        }
        range
    }

    /// What is said of a point: "Oct 2026: DSO 45.0 d, best possible 12.0 d".
    pub fn said(&self, at: usize) -> String {
        let label = self.labels.get(at).cloned().unwrap_or_default();
        let figures = self.series.iter().map(|s| {
            let text = s.texts.get(at).map_or("", |t| t.as_str());
            format!("{} {text}", s.name)
        });
        let figures: Vec<String> = figures.collect();
        format!("{label}: {}", figures.join(", "))
    }
}

/// Round steps of an axis, at most six: 1, 2 or 5 times a power of ten.
pub(super) fn ticks(low: i128, high: i128) -> Vec<i128> {
    let span = (high - low).max(1);
    let mut step = 1i128;
    let mut turn = 0;
    while span / step > 5 {
        step = match turn % 3 {
            0 => step * 2,
            1 => step / 2 * 5,
            _ => step * 2,
        };
        turn += 1;
    }
    let first = low.div_euclid(step) * step;
    let mut out = Vec::new();
    let mut at = first;
    while at < high + step {
        out.push(at);
        at += step;
    }
    out
}

/// A number of an axis, short: 1.2 M, 450 k, 45.
pub(super) fn short(value: i128, scale: i128) -> String {
    let scale = scale.max(1);
    let (sign, value) = if value < 0 {
        ("−", -value)
    } else {
        ("", value)
    };
    let major = value / scale;
    let tenths = |unit: i128| value * 10 / (unit * scale);
    let with = |tenths: i128, unit: &str| match tenths % 10 {
        0 => format!("{sign}{} {unit}", tenths / 10),
        t => format!("{sign}{}.{t} {unit}", tenths / 10),
    };
    match major {
        m if m >= 1_000_000_000 => with(tenths(1_000_000_000), "bn"),
        m if m >= 1_000_000 => with(tenths(1_000_000), "M"),
        m if m >= 10_000 => with(tenths(1_000), "k"),
        _ => with(tenths(1), "").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_steps_and_holds_everything() {
        for high in [0, 1, 7, 99, 4_517, 1_000_000, 123_456_789] {
            let t = ticks(0, high);
            assert!(t.len() <= 8, "{high}: {t:?}");
            assert!(*t.last().expect("one") >= high, "{high}: {t:?}");
            assert_eq!(t[0], 0);
        }
        let t = ticks(-30, 45);
        assert!(t[0] <= -30 && t.contains(&0));
    }

    #[test]
    fn numbers_of_an_axis_are_short() {
        assert_eq!(short(450, 10), "45");
        assert_eq!(short(455, 10), "45.5");
        assert_eq!(short(1_250_000_00, 100), "1.2 M");
        assert_eq!(short(-25_000_00, 100), "−25 k");
    }
}
