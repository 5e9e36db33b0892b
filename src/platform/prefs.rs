//! Small typed settings of this browser, in localStorage. A lost or unreadable one is its
//! default; nothing that matters is kept here.

use gloo_storage::errors::StorageError;
use gloo_storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::js;

/// Why a setting could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrefError {
    /// No localStorage here (a worker, a private window, a policy).
    Unavailable,
    /// Nothing under this key.
    Absent,
    /// What is there is not what is expected.
    Damaged(String),
    /// It could not be written.
    Refused(String),
}

/// gloo-storage panics where there is no localStorage, so look first.
fn available() -> Result<(), PrefError> {
    let window = js::global("window").map_err(|_| PrefError::Unavailable)?;
    js::get(&window, "localStorage").map_err(|_| PrefError::Unavailable)?;
    Ok(())
}

/// Reads a value.
pub fn read<T: DeserializeOwned>(key: &str) -> Result<T, PrefError> {
    available()?;
    LocalStorage::get(key).map_err(|error| match error {
        StorageError::KeyNotFound(_) => PrefError::Absent,
        StorageError::SerdeError(error) => PrefError::Damaged(error.to_string()),
        StorageError::JsError(error) => PrefError::Damaged(error.to_string()),
    })
}

/// Writes a value.
pub fn write<T: Serialize>(key: &str, value: &T) -> Result<(), PrefError> {
    available()?;
    LocalStorage::set(key, value).map_err(|error| PrefError::Refused(error.to_string()))
}

/// Removes a value.
pub fn remove(key: &str) -> Result<(), PrefError> {
    available()?;
    LocalStorage::delete(key);
    Ok(())
}

/// Removes every value whose key begins so.
pub fn remove_all(prefix: &str) -> Result<(), PrefError> {
    available()?;
    let storage = LocalStorage::raw();
    let count = LocalStorage::length();
    let keys: Vec<String> = (0..count)
        .filter_map(|at| storage.key(at).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .collect();
    keys.iter().for_each(LocalStorage::delete);
    Ok(())
}

/// A setting with its default.
pub struct Pref<T: 'static> {
    key: &'static str,
    default: fn() -> T,
}

impl<T: Serialize + DeserializeOwned> Pref<T> {
    /// Declares a setting; keys begin with `duebook.`.
    pub const fn new(key: &'static str, default: fn() -> T) -> Self {
        Self { key, default }
    }

    /// Its value, or the default.
    pub fn get(&self) -> T {
        read(self.key).unwrap_or_else(|_| (self.default)())
    }

    /// Keeps a value.
    pub fn set(&self, value: &T) -> Result<(), PrefError> {
        write(self.key, value)
    }
}
