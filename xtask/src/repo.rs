//! Where things are.

use std::path::{Path, PathBuf};

/// The root of this checkout.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The built site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The browser stories and the npm packages.
pub fn tests() -> PathBuf {
    root().join("tests")
}

/// Tools built for this project, outside the checkout so that every clone on a machine shares
/// them, and named by version so that none overwrites what the user has on PATH.
pub fn tools() -> PathBuf {
    if let Some(dir) = std::env::var_os("DUEBOOK_TOOLS") {
        return PathBuf::from(dir);
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .unwrap_or_else(|| root().join(".tools"));
    cache.join("duebook")
}
