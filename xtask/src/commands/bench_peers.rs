//! `cargo xtask bench peers`: the published page beside what one would pick instead of it, in one
//! browser, by the yardstick that lies beside the checkout; then what no peer has.

use std::fs;
use std::path::{Path, PathBuf};

use super::bench::{as_of, file, sizes};
use super::build::{self, Profile};
use super::setup;
use crate::repo;
use crate::shell::{self, Failure, Outcome, fail, option, say};

/// The yardstick beside the checkout: its README says what it measures and how.
const YARDSTICK: &str = "../shared/bench";
/// What of it is worked on here: the folder itself is only read.
const TAKEN: [&str; 6] = [
    "package.json",
    "package-lock.json",
    "build.mjs",
    "gen.mjs",
    "run.mjs",
    "tasks",
];
/// What is measured unless told: what the reports rest on.
const TASKS: &str = "aging,xlsx-write";

/// `cargo xtask bench peers`
pub fn run(args: &[String]) -> Outcome {
    let from = option(args, "--peers").map_or_else(
        || repo::root().join(YARDSTICK),
        |folder| repo::root().join(folder),
    );
    if !from.join("run.mjs").is_file() {
        return fail(format!(
            "no yardstick in {}: name its folder with --peers DIR",
            from.display()
        ));
    }
    let ready = setup::ensure()?;
    let rows = option(args, "--sizes").unwrap_or("100k");
    let counts = sizes(rows)?;
    let rounds = option(args, "--rounds").unwrap_or("5");
    let tasks = option(args, "--tasks").unwrap_or(TASKS);
    let work = copied(&from)?;
    let node = |script: &str| {
        let mut node = shell::command("node");
        node.arg(script).current_dir(&work);
        node
    };
    if !work.join("node_modules").is_dir() {
        say("peers: npm ci");
        shell::run(shell::command("npm").arg("ci").current_dir(&work))?;
    }
    let made = |n: &u64| work.join(format!("data/items-{n}.csv")).is_file();
    if !counts.iter().all(made) {
        say("peers: their data");
        shell::run(&mut node("gen.mjs"))?;
    }
    if let Some(n) = counts.iter().find(|n| !made(n)) {
        return fail(format!("the yardstick has no data of {n} rows"));
    }
    say("peers: their bundle");
    shell::run(&mut node("build.mjs"))?;
    // The yardstick serves it at the root of an origin of its own.
    let dist = match option(args, "--dist") {
        Some(dist) => std::env::current_dir()?.join(dist),
        None => {
            let dist = repo::root().join("target/peers-dist");
            build::site(&ready, Profile::Release, "/", &dist)?;
            dist
        }
    };
    // Rows of an earlier run would stand beside those of this one as if they were of one run.
    for name in ["duebook.json", "duebook.md"] {
        remove(&work.join(name))?;
    }
    let mut measure = node("run.mjs");
    measure
        .args(["--sizes", rows, "--tasks", tasks, "--rounds", rounds])
        .args(["--out", "duebook", "--app"])
        .arg(&dist);
    if let Some(only) = option(args, "--only") {
        measure.args(["--only", only]);
    }
    shell::run(&mut measure)?;
    println!("{}", shell::read_text(&work.join("duebook.md"))?);
    own(&ready, &dist, &counts)
}

/// What no peer has: the pages of figures, opened as a user does over as many rows.
fn own(ready: &setup::Ready, dist: &Path, counts: &[u64]) -> Outcome {
    say("no peer has key figures and reports: the pages, opened over as many rows");
    let mut pages = shell::command("node");
    pages.arg("long-tasks.mjs");
    for rows in counts {
        pages.arg(file(*rows, as_of())?);
    }
    pages
        .current_dir(repo::tests())
        .env("DUEBOOK_CHROMIUM", &ready.chromium)
        .env("DUEBOOK_DIST", dist);
    shell::run(&mut pages)
}

/// The yardstick as it is now, in a folder of this checkout's target; its packages and data stay.
fn copied(from: &Path) -> Outcome<PathBuf> {
    let work = repo::root().join("target/peers");
    fs::create_dir_all(&work)?;
    let lock = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    if lock(from) != lock(&work) && work.join("node_modules").is_dir() {
        fs::remove_dir_all(work.join("node_modules"))?;
    }
    for name in TAKEN {
        copy(&from.join(name), &work.join(name))?;
    }
    Ok(work)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    let named = |error: std::io::Error| Failure(format!("{}: {error}", from.display()));
    if !from.is_dir() {
        // Not what may be done with it: the yardstick may be there to be read only.
        remove(to)?;
        return Ok(fs::write(to, shell::read(from)?)?);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).map_err(named)? {
        let name = entry?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Outcome {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_copied_with_what_is_in_it() {
        let root = std::env::temp_dir().join(format!("duebook-peers-{}", std::process::id()));
        fs::create_dir_all(root.join("a/b")).expect("a folder");
        fs::write(root.join("a/b/c"), "d").expect("a file");
        copy(&root.join("a"), &root.join("e")).expect("copied");
        assert_eq!(
            fs::read_to_string(root.join("e/b/c")).ok(),
            Some("d".to_owned())
        );
        assert!(copy(&root.join("none"), &root.join("f")).is_err());
        fs::remove_dir_all(&root).expect("removed");
    }

    #[test]
    fn without_the_yardstick_it_says_what_to_do() {
        let said = run(&["--peers=target/no-such-folder".to_owned()]);
        assert!(said.is_err_and(|e| e.0.contains("--peers DIR")));
    }
}
