//! Rules on files that no other tool knows.

use crate::repo;
use crate::shell::{self, Failure, Outcome, fail};

/// A file longer than this has more than one subject.
const MAX_LINES: usize = 600;
const COUNTED: [&str; 3] = [".rs", ".css", ".mjs"];

/// Checks every file that git knows or would add.
pub fn run() -> Outcome {
    let listed = shell::output(shell::command("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))
    .ok_or_else(|| Failure("`git ls-files` failed: is this a checkout?".to_owned()))?;
    let mut faults = Vec::new();
    for name in listed.lines() {
        if COUNTED.iter().any(|ending| name.ends_with(ending)) {
            faults.extend(too_long(name));
        }
        // It would name a version or a target that a machine may be unable to fetch.
        if name.ends_with("rust-toolchain.toml") || name.ends_with("rust-toolchain") {
            faults.push(format!(
                "{name}: the toolchain is the machine's, not the project's"
            ));
        }
    }
    faults.extend(lock_faults()?);
    if faults.is_empty() {
        return Ok(());
    }
    fail(format!("tidiness:\n  {}", faults.join("\n  ")))
}

fn too_long(name: &str) -> Option<String> {
    let text = std::fs::read_to_string(repo::root().join(name)).ok()?;
    let lines = text.lines().count();
    (lines > MAX_LINES).then(|| format!("{name}: {lines} lines, at most {MAX_LINES}"))
}

/// Lock files must not name the mirror of the machine that wrote them.
fn lock_faults() -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    let npm = shell::read_text(&repo::tests().join("package-lock.json"))?;
    if npm.contains("\"resolved\"") {
        faults.push(
            "tests/package-lock.json names download addresses: run npm in tests/, where .npmrc \
                     leaves them out"
                .to_owned(),
        );
    }
    let cargo = shell::read_text(&repo::root().join("Cargo.lock"))?;
    let foreign = cargo
        .lines()
        .filter(|line| line.starts_with("source = "))
        .find(|line| *line != "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    if let Some(line) = foreign {
        faults.push(format!("Cargo.lock: {line}, which is not crates.io"));
    }
    Ok(faults)
}
