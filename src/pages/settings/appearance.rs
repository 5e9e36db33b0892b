//! Look and keys: of this browser, not of the book.

use super::save::Section;
use crate::pages::shared::{SINGLE_KEYS, single_keys_wanted};
use crate::platform::prefs;
use crate::ui::prelude::*;
use leptos::prelude::*;

/// Theme, density, single keys.
#[component]
pub fn Appearance() -> impl IntoView {
    let look = use_look();
    let toasts = use_toasts();
    let theme = RwSignal::new(look.theme.get_untracked().id().to_owned());
    let density = RwSignal::new(look.density.get_untracked().id().to_owned());
    let keys = RwSignal::new(single_keys_wanted());
    Effect::new(move |_| look.theme.set(Theme::of(&theme.get())));
    Effect::new(move |_| look.density.set(Density::of(&density.get())));
    Effect::new(move |before: Option<bool>| {
        let wanted = keys.get();
        if before.is_some_and(|b| b != wanted)
            && let Err(e) = prefs::write(SINGLE_KEYS, &wanted)
        {
            toasts.error(format!(
                "The choice was not kept: {e:?}. This browser stores no settings."
            ));
        }
        wanted
    });
    view! {
        <Section id="look" title="Look and keys">
            <div class="form-row">
                <Segmented label="Theme" value=theme choices=vec![
                    Choice::new("system", "As the system"), Choice::new("light", "Light"), Choice::new("dark", "Dark"),
                ] />
                <Segmented label="Rows" value=density choices=vec![
                    Choice::new("compact", "Compact"), Choice::new("comfortable", "Comfortable"),
                ] />
            </div>
            <Checkbox
                label="Single-key shortcuts"
                value=keys
                hint=Some("Keys such as j, z and g t. Off: only keys with Ctrl or Cmd work, which suits voice control.".to_owned())
            />
            <p class="muted">"Kept in this browser, for all its books. They take effect at once."</p>
        </Section>
    }
}
