//! Colour by meaning. Every tone is always paired with words, never the only carrier.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Warn,
    Danger,
    Info,
    /// Present but not in play: done, closed, not callable now.
    Muted,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "tone-neutral",
            Tone::Accent => "tone-accent",
            Tone::Good => "tone-good",
            Tone::Warn => "tone-warn",
            Tone::Danger => "tone-danger",
            Tone::Info => "tone-info",
            Tone::Muted => "tone-muted",
        }
    }
}
