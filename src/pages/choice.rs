//! A drop-down whose choice is part of the address.

use leptos::prelude::*;

/// A choice that follows the address, back and forward included, and is followed by it. Empty is
/// the default and not written.
pub fn choice_in_address(
    asked: Memo<Option<String>>,
    ask: Callback<Option<String>>,
) -> RwSignal<String> {
    let chosen = RwSignal::new(asked.get_untracked().unwrap_or_default());
    Effect::new(move |_| {
        let asked = asked.get().unwrap_or_default();
        if chosen.get_untracked() != asked {
            chosen.set(asked);
        }
    });
    Effect::new(move |_| {
        let wanted = Some(chosen.get()).filter(|c| !c.is_empty());
        if asked.get_untracked() != wanted {
            ask.run(wanted);
        }
    });
    chosen
}
