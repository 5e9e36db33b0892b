//! What CI runs, and anyone before a push.

use super::{check, size, test};
use crate::shell::{Outcome, flag, say};
use std::time::Instant;

/// `cargo xtask ci`
pub fn run(args: &[String]) -> Outcome {
    let begun = Instant::now();
    check::run(&[])?;
    test::run(&[])?;
    if flag(args, "--release") || std::env::var("DUEBOOK_RELEASE").as_deref() == Ok("1") {
        size::run(&[])?;
    } else {
        say("size budget: not measured (needs the release build: `cargo xtask size`)");
    }
    say(format!("ci passed in {} s", begun.elapsed().as_secs()));
    Ok(())
}
