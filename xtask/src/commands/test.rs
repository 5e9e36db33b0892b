//! Every test: the native crates, then the stories in a real browser.

use std::fs;
use std::path::PathBuf;

use super::build::{self, Profile};
use super::setup::{self, Ready};
use crate::repo;
use crate::shell::{self, Outcome, fail, flag, say};

/// The base path of the stories: a project page of GitHub Pages.
const BASE: &str = "/duebook/";

/// `cargo xtask test`
pub fn run(args: &[String]) -> Outcome {
    let ready = setup::ensure()?;
    let filter = args
        .iter()
        .find(|arg| !arg.starts_with("--"))
        .map(String::as_str);
    if !flag(args, "--browser") {
        native(filter)?;
    }
    if !flag(args, "--native") {
        stories(&ready, filter)?;
    }
    say("tests passed");
    Ok(())
}

/// The engine and xtask. The app is tested where it runs.
fn native(filter: Option<&str>) -> Outcome {
    let nextest = shell::find_program("cargo-nextest").is_some();
    say("tests of the native crates");
    let mut cargo = shell::command("cargo");
    match nextest {
        true => cargo.args(["nextest", "run", "--no-tests", "pass"]),
        false => cargo.arg("test"),
    };
    shell::run(
        cargo
            .args(["--locked", "--workspace", "--exclude", "duebook"])
            .args(filter),
    )
}

fn stories(ready: &Ready, filter: Option<&str>) -> Outcome {
    let files = story_files(filter)?;
    if files.is_empty() {
        return match filter {
            Some(_) => Ok(()), // the filter was for native tests
            None => fail("no stories in tests/stories"),
        };
    }
    let dist = repo::root().join("target/stories-dist");
    build::site(ready, Profile::Quick, BASE, &dist)?;
    say(format!(
        "browser stories: {} files on {}",
        files.len(),
        ready.chromium.display()
    ));
    shell::run(
        shell::command("node")
            .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
            .args(files)
            .current_dir(repo::tests())
            .env("DUEBOOK_CHROMIUM", &ready.chromium)
            .env("DUEBOOK_DIST", dist),
    )
}

/// The story files in the order of their names, those with the filter in their name if there is one.
fn story_files(filter: Option<&str>) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(repo::tests().join("stories"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".test.mjs") && filter.is_none_or(|filter| name.contains(filter)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
