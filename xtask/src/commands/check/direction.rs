//! Which crate may use which: architecture as a table.

use crate::shell::{self, Failure, Outcome, fail};
use crate::toolchain::TARGET;
use serde_json::Value;

/// Engine crate, and the engine crates it may depend on; the prefix `duebook-` is left out.
const MAY_USE: &[(&str, &str)] = &[
    ("money", ""),
    ("sheet", "money"),
    ("policy", "money"),
    ("ledger", "money policy"),
    ("cash", "money policy ledger"),
    ("insight", "money sheet policy ledger cash"),
    ("letters", "money sheet policy ledger insight"),
    ("exchange", "money sheet policy ledger"),
    ("bank", "money exchange"),
    ("journal", ""),
    ("sample", "money policy ledger insight exchange"),
];

/// May use every engine crate.
const TOP: [&str; 2] = ["duebook", "xtask"];

/// The browser and randomness, which the engine must not know even through another crate.
const FORBIDDEN: [&str; 7] = [
    "leptos",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "getrandom",
    "gloo-storage",
];

/// Known and harmless, each with its reason.
const EXCEPTIONS: [(&str, &str); 6] = [
    // rust_xlsxwriter asks the clock for a workbook's creation time, which exchange then sets itself;
    // in the browser it does so through these.
    ("duebook-exchange", "js-sys"),
    ("duebook-exchange", "wasm-bindgen"),
    // zip (of calamine and rust_xlsxwriter) links it for encrypted archives, which we never write.
    ("duebook-exchange", "getrandom"),
    // Through exchange, whose reading of tables it uses, and through zip itself.
    ("duebook-bank", "js-sys"),
    ("duebook-bank", "wasm-bindgen"),
    ("duebook-bank", "getrandom"),
];

/// Checks the whole workspace and lists every breach.
pub fn run() -> Outcome {
    let text = shell::output(shell::command("cargo").args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--locked",
    ]))
    .ok_or_else(|| {
        Failure("`cargo metadata --locked` failed: is Cargo.lock up to date?".to_owned())
    })?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut breaches = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        if TOP.contains(&name) {
            continue;
        }
        let Some(allowed) = may_use(name) else {
            breaches.push(format!(
                "{name} is not in the table of xtask's direction check: add its row"
            ));
            continue;
        };
        breaches.extend(breaches_of(name, &allowed, &package["dependencies"]));
        breaches.extend(forbidden_in_tree(name)?);
    }
    if breaches.is_empty() {
        return Ok(());
    }
    fail(format!(
        "dependency direction:\n  {}",
        breaches.join("\n  ")
    ))
}

/// The row of a crate, with full names.
fn may_use(name: &str) -> Option<Vec<String>> {
    let (_, used) = MAY_USE
        .iter()
        .find(|(known, _)| name.strip_prefix("duebook-") == Some(known))?;
    Some(
        used.split(' ')
            .map(|used| format!("duebook-{used}"))
            .collect(),
    )
}

/// Direct dependencies, except those of tests.
fn breaches_of(name: &str, allowed: &[String], dependencies: &Value) -> Vec<String> {
    dependencies
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|used| {
            used.starts_with("duebook") && !allowed.iter().any(|allowed| allowed == used)
        })
        .map(|used| format!("{name} uses {used}"))
        .collect()
}

/// What the crate alone links into the app, proc macros left out: those run in the compiler.
fn forbidden_in_tree(name: &str) -> Outcome<Vec<String>> {
    let tree = shell::output(shell::command("cargo").args([
        "tree",
        "--locked",
        "--package",
        name,
        "--target",
        TARGET,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))
    .ok_or_else(|| Failure(format!("`cargo tree --package {name}` failed")))?;
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|used| FORBIDDEN.contains(used) && !EXCEPTIONS.contains(&(name, *used)))
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(found
        .into_iter()
        .map(|used| {
            format!(
                "{name} pulls in {used} (see `cargo tree -p {name} -i {used} --target {TARGET}`)"
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_dependency_upwards_is_a_breach_but_not_in_tests() {
        let normal = json!([{ "name": "duebook-ledger", "kind": null }]);
        let dev = json!([{ "name": "duebook-ledger", "kind": "dev" }]);
        assert_eq!(
            breaches_of("duebook-money", &[], &normal),
            ["duebook-money uses duebook-ledger"]
        );
        assert!(breaches_of("duebook-money", &[], &dev).is_empty());
        assert!(breaches_of("duebook-insight", &["duebook-ledger".to_owned()], &normal).is_empty());
    }
}
