//! Which Rust compiles the app for the browser, and which version of each tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repo;
use crate::shell::{self, Outcome};

/// The target of the app.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// Needs no newer Rust than the workspace does (0.22 wants 1.96.1).
pub const TRUNK: &str = "0.21.14";
/// The name under which Debian's toolchain is linked into rustup.
pub const LINKED: &str = "debian";
/// Records which compiler the standard library of the Debian route was built by.
pub const STAMP: &str = "duebook-built-by";

/// A toolchain that has a standard library for [`TARGET`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wasm {
    /// The one that `cargo` is anyway.
    Default,
    /// Debian's, linked into rustup as [`LINKED`].
    DebianLinked,
    /// Debian's, on a machine without rustup.
    DebianOnPath,
}

impl Wasm {
    /// The one to use on this machine, if there is one already. `DUEBOOK_WASM_ROUTE=debian` passes the
    /// default by, to try the other route on a machine that does not need it.
    pub fn find() -> Option<Self> {
        if !debian_forced()
            && sysroot(&mut shell::command("rustc")).is_some_and(|root| has_std(&root))
        {
            return Some(Self::Default);
        }
        if !debian_std_is_current() {
            return None;
        }
        match has_rustup() {
            false => Some(Self::DebianOnPath),
            true => rustup_knows_debian().then_some(Self::DebianLinked),
        }
    }

    /// Points a cargo or trunk command at this toolchain, with these folders of tools first on its PATH.
    pub fn apply(self, command: &mut Command, tool_dirs: &[PathBuf]) {
        let mut front = tool_dirs.to_vec();
        match self {
            Self::Default => {}
            Self::DebianLinked => {
                command.env("RUSTUP_TOOLCHAIN", LINKED);
            }
            Self::DebianOnPath => front.push(PathBuf::from("/usr/bin")),
        }
        if !front.is_empty() {
            command.env("PATH", shell::path_with(&front));
        }
    }

    /// For the person at the terminal.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Default => "the default Rust toolchain",
            Self::DebianLinked => "Debian's Rust (rustup toolchain `debian`)",
            Self::DebianOnPath => "Debian's Rust",
        }
    }
}

/// Whether the Debian route was asked for.
pub fn debian_forced() -> bool {
    std::env::var("DUEBOOK_WASM_ROUTE").as_deref() == Ok("debian")
}

/// Whether rustup manages the toolchains here.
pub fn has_rustup() -> bool {
    shell::find_program("rustup").is_some()
}

/// Whether [`LINKED`] is a toolchain of rustup.
pub fn rustup_knows_debian() -> bool {
    shell::output(shell::command("rustup").args(["toolchain", "list"])).is_some_and(|list| {
        list.lines()
            .any(|line| line.split_whitespace().next() == Some(LINKED))
    })
}

/// Debian's own compiler, whatever is on PATH.
pub fn debian_rustc() -> Command {
    shell::command("/usr/bin/rustc")
}

/// Where a compiler keeps its libraries.
pub fn sysroot(rustc: &mut Command) -> Option<PathBuf> {
    shell::output(rustc.args(["--print", "sysroot"])).map(PathBuf::from)
}

/// The library folder of [`TARGET`] in a sysroot.
pub fn std_dir(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn has_std(sysroot: &Path) -> bool {
    std::fs::read_dir(std_dir(sysroot)).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// Whether Debian's sysroot has a wasm standard library built by the compiler that is there now.
pub fn debian_std_is_current() -> bool {
    let Some(version) = shell::output(debian_rustc().arg("-vV")) else {
        return false;
    };
    sysroot(&mut debian_rustc())
        .and_then(|root| std::fs::read_to_string(std_dir(&root).join(STAMP)).ok())
        .is_some_and(|stamp| stamp == version)
}

/// The wasm-bindgen version that Cargo.lock names; the command line tool must be the same.
pub fn wasm_bindgen_version() -> Outcome<String> {
    let lock = shell::read_text(&repo::root().join("Cargo.lock"))?;
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        if line == "name = \"wasm-bindgen\"" {
            let version = lines.next().and_then(|line| line.split('"').nth(1));
            return version.map(str::to_owned).ok_or_else(|| {
                shell::Failure("Cargo.lock: no version after the name wasm-bindgen".to_owned())
            });
        }
    }
    shell::fail("Cargo.lock does not name wasm-bindgen")
}

/// Where set-up puts a tool of this name and version.
pub fn tool_root(name: &str, version: &str) -> PathBuf {
    repo::tools().join(format!("{name}-{version}"))
}

/// The folder of a tool of exactly this version: on PATH, or built by set-up.
pub fn tool_dir(program: &str, version: &str) -> Option<PathBuf> {
    let built = tool_root(program, version).join("bin");
    let on_path =
        shell::find_program(program).and_then(|path| path.parent().map(Path::to_path_buf));
    [Some(built), on_path].into_iter().flatten().find(|dir| {
        let path = dir.join(program);
        // `trunk 0.21.14`, `wasm-bindgen 0.2.130`
        path.is_file()
            && shell::output(shell::command(path).arg("--version"))
                .is_some_and(|text| text.split_whitespace().nth(1) == Some(version))
    })
}

/// Chromium or a relative of it: `DUEBOOK_CHROMIUM`, else by name on PATH.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("DUEBOOK_CHROMIUM").map(PathBuf::from) {
        return path.is_file().then_some(path);
    }
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .find_map(shell::find_program)
}
