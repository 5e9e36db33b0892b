//! Whether the browser promises to keep what is stored, and how much room there is.

use super::js::{self, JsFailure};

/// The browser's answer to "please keep this".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It will not be removed without the user.
    Persistent,
    /// It may be removed under storage pressure: make backups.
    BestEffort,
    /// The browser does not say.
    Unknown,
}

/// Room in bytes, as the browser estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Used by this site.
    pub used: u64,
    /// At most allowed.
    pub quota: u64,
}

impl Room {
    /// What is left.
    pub fn free(&self) -> u64 {
        self.quota.saturating_sub(self.used)
    }
}

async fn ask(method: &str) -> Kept {
    let asked = async {
        let storage = js::get(&js::global("navigator")?, "storage")?;
        js::call_async(&storage, method, &[]).await
    };
    match asked.await.ok().and_then(|answer| answer.as_bool()) {
        Some(true) => Kept::Persistent,
        Some(false) => Kept::BestEffort,
        None => Kept::Unknown,
    }
}

/// Asks the browser to keep the site's data; Firefox asks the user. Only in the page.
pub async fn request() -> Kept {
    ask("persist").await
}

/// What was granted.
pub async fn state() -> Kept {
    ask("persisted").await
}

/// How much room there is.
pub async fn estimate() -> Result<Room, JsFailure> {
    let storage = js::get(&js::global("navigator")?, "storage")?;
    let answer = js::call_async(&storage, "estimate", &[]).await?;
    let number = |key: &str| -> Result<u64, JsFailure> {
        let value = js::get(&answer, key)?.as_f64();
        Ok(value.ok_or_else(|| JsFailure::unsupported(key))? as u64)
    };
    Ok(Room {
        used: number("usage")?,
        quota: number("quota")?,
    })
}
