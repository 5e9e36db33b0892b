//! The app on this machine.

use super::build::{self, Profile};
use super::setup;
use crate::shell::{self, Failure, Outcome, option, say};
use crate::{http, repo};

const PORT: u16 = 8080;

/// `cargo xtask serve`
pub fn run(args: &[String]) -> Outcome {
    let port = match option(args, "--port") {
        None => PORT,
        Some(text) => text
            .parse()
            .map_err(|_| Failure(format!("--port takes a number up to 65535, not `{text}`")))?,
    };
    if !shell::flag(args, "--no-build") {
        let ready = setup::ensure()?;
        build::site(&ready, Profile::from(args), "/", &repo::dist())?;
    }
    say(format!("http://localhost:{port}/ (Ctrl-C ends it)"));
    http::serve(&repo::dist(), port)
}
