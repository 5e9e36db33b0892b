//! The app, through Trunk.

use std::path::Path;
use std::time::Instant;

use super::setup::{self, Ready};
use super::split;
use crate::repo;
use crate::shell::{self, Outcome, fail, option, say};

/// How much work goes into the result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For daily use and the stories: no LTO, no wasm-opt.
    Quick,
    /// What is published: fat LTO, then wasm-opt.
    Release,
}

impl Profile {
    /// `--release`, or quick.
    pub fn from(args: &[String]) -> Self {
        if shell::flag(args, "--release") {
            Self::Release
        } else {
            Self::Quick
        }
    }
}

/// `cargo xtask build`
pub fn run(args: &[String]) -> Outcome {
    let ready = setup::ensure()?;
    let public_url = option(args, "--public-url").unwrap_or("/");
    let dist = option(args, "--dist").map_or_else(repo::dist, |dir| {
        std::env::current_dir().unwrap_or_default().join(dir)
    });
    site(&ready, Profile::from(args), public_url, &dist)
}

/// Builds the site for one base path into one folder.
pub fn site(ready: &Ready, profile: Profile, public_url: &str, dist: &Path) -> Outcome {
    // A relative base breaks on deep links, where 404.html is served from another depth.
    if !public_url.starts_with('/') || !public_url.ends_with('/') {
        return fail(format!(
            "--public-url must begin and end with `/`, not `{public_url}`"
        ));
    }
    let name = match profile {
        Profile::Quick => "quick",
        Profile::Release => "release",
    };
    say(format!(
        "app: {name} build for {public_url} with {}",
        ready.wasm.describe()
    ));
    let begun = Instant::now();
    // Trunk's `--offline`, which keeps it from downloading tools, reaches cargo too.
    shell::run(shell::command("cargo").args(["fetch", "--quiet"]))?;
    let mut trunk = shell::command(ready.trunk());
    ready.wasm.apply(&mut trunk, &ready.tool_dirs);
    trunk
        .args(["build", "--offline", "--public-url", public_url, "--dist"])
        .arg(dist)
        .env("DUEBOOK_XTASK", std::env::current_exe()?)
        // Trunk takes NO_COLOR for an option of its own and refuses the usual value 1.
        .env_remove("NO_COLOR");
    match profile {
        Profile::Quick => trunk.args(["--cargo-profile", "quick"]),
        // Without the default feature: the pages of the stories are not published.
        Profile::Release => trunk
            .args(["--release", "--no-default-features", "--features", "split"])
            .env(split::SPLITTER, setup::splitter()?),
    };
    shell::run(&mut trunk)?;
    say(format!(
        "app: built in {} s, {}",
        begun.elapsed().as_secs(),
        dist.display()
    ));
    Ok(())
}
