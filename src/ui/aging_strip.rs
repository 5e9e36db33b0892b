//! The aging strip: the book's buckets as one small stacked bar. Our signature.

use leptos::prelude::*;

/// One bucket of a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripPart {
    /// "Current", "1–30".
    pub label: String,
    /// The amount as text, already formatted.
    pub amount: String,
    /// The size of the segment: any unit, as long as it is the same in all parts. Credits count as 0.
    pub weight: u64,
    /// Colour step 0 (not due) to 7 (oldest); see [`age_step`].
    pub step: u8,
}

/// The colour step of overdue bucket `index` (0 = the first overdue bucket) of `count`: the scale always
/// runs to its dark end, however many buckets the book has.
pub fn age_step(index: usize, count: usize) -> u8 {
    const LAST: usize = 6;
    if count <= 1 {
        return 4;
    }
    let step = 1 + (index.min(count - 1) * (LAST - 1) + (count - 1) / 2) / (count - 1);
    u8::try_from(step).unwrap_or(6)
}

fn describe(parts: &[StripPart]) -> String {
    let shown: Vec<String> = parts
        .iter()
        .filter(|p| p.weight > 0)
        .map(|p| format!("{} {}", p.label, p.amount))
        .collect();
    if shown.is_empty() {
        "Nothing open".to_owned()
    } else {
        shown.join(", ")
    }
}

/// The bar alone, for rows: not reactive, made anew with its row.
pub fn strip_bar(parts: &[StripPart]) -> impl IntoView + use<> {
    let label = describe(parts);
    let segments = parts
        .iter()
        .filter(|p| p.weight > 0)
        .map(|p| {
            view! {
                <span class=format!("strip-part age-{}", p.step) style:flex-grow=p.weight.to_string()></span>
            }
        })
        .collect_view();
    view! {
        <span class="strip" role="img" aria-label=label.clone() title=label>
            {segments}
        </span>
    }
}

/// The strip on a card or page; `legend` names the buckets under it.
#[component]
pub fn AgingStrip(
    #[prop(into)] parts: Signal<Vec<StripPart>>,
    #[prop(optional)] legend: bool,
) -> impl IntoView {
    view! {
        <div class="strip-block" class:strip-large=legend>
            {move || parts.with(|p| strip_bar(p))}
            {legend
                .then(|| {
                    view! {
                        // The bar's own label says the same to a screen reader.
                        <ul class="strip-legend" aria-hidden="true">
                            {move || {
                                parts
                                    .with(|parts| {
                                        parts
                                            .iter()
                                            .filter(|p| p.weight > 0)
                                            .map(|p| {
                                                view! {
                                                    <li>
                                                        <span class=format!("strip-key age-{}", p.step)></span>
                                                        {p.label.clone()}
                                                        " "
                                                        <span class="num">{p.amount.clone()}</span>
                                                    </li>
                                                }
                                            })
                                            .collect_view()
                                    })
                            }}
                        </ul>
                    }
                })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_runs_from_light_to_dark_for_any_number_of_buckets() {
        for count in 2..12 {
            let steps: Vec<u8> = (0..count).map(|i| age_step(i, count)).collect();
            assert_eq!(steps.first(), Some(&1));
            assert_eq!(steps.last(), Some(&6));
            assert!(steps.is_sorted(), "{steps:?}");
        }
        assert_eq!(age_step(0, 1), 4);
    }
}
