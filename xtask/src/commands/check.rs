//! What can be judged without running the app.

mod direction;
mod tidy;

use super::setup;
use crate::shell::{self, Outcome, say};
use crate::toolchain::TARGET;

/// `cargo xtask check`
pub fn run(_args: &[String]) -> Outcome {
    say("tidiness");
    tidy::run()?;
    say("dependency direction");
    direction::run()?;
    say("formatting");
    shell::run(shell::command("cargo").args(["fmt", "--all", "--check"]))?;
    say("clippy: native crates");
    shell::run(shell::command("cargo").args([
        "clippy",
        "--locked",
        "--workspace",
        "--exclude",
        "duebook",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    let ready = setup::ensure()?;
    say("clippy: the app, for the browser");
    let mut cargo = shell::command("cargo");
    ready.wasm.apply(&mut cargo, &[]);
    shell::run(cargo.args([
        "clippy",
        "--locked",
        "--package",
        "duebook",
        "--target",
        TARGET,
        "--",
        "-D",
        "warnings",
    ]))?;
    say("checks passed");
    Ok(())
}
