//! One module per command, one row per command in [`TABLE`].

#[cfg(feature = "engine")]
pub mod bench;
#[cfg(feature = "engine")]
mod bench_cash;
#[cfg(feature = "engine")]
mod bench_peers;
pub mod build;
pub mod check;
pub mod ci;
#[cfg(feature = "engine")]
pub mod fuzz;
pub mod hook;
#[cfg(feature = "engine")]
pub mod inspect;
#[cfg(feature = "engine")]
pub mod mornings;
pub mod native;
pub mod pack;
pub mod serve;
pub mod setup;
pub mod size;
mod split;
pub mod test;

use crate::shell::Outcome;

/// A command: what the user types, what it does, and the function that does it.
pub struct Command {
    /// First argument of `cargo xtask`.
    pub name: &'static str,
    /// One line for the usage text.
    pub help: &'static str,
    /// Gets the arguments after the name.
    pub run: fn(&[String]) -> Outcome,
}

/// Every command. A new one is a module and a row here.
const TABLE: &[Command] = &[
    Command {
        name: "setup",
        help: "install what is missing: wasm target, trunk, wasm-bindgen, chromium, npm packages",
        run: setup::run,
    },
    Command {
        name: "build",
        help: "[--quick|--release] [--public-url /duebook/] [--dist DIR]: the app into dist/ (quick unless told)",
        run: build::run,
    },
    Command {
        name: "serve",
        help: "[--port N] [--release] [--no-build]: set up, build, serve on http://localhost:8080/",
        run: serve::run,
    },
    Command {
        name: "test",
        help: "[--native|--browser] [FILTER]: set up, then every test: native crates, then browser stories",
        run: test::run,
    },
    Command {
        name: "check",
        help: "formatting, clippy, dependency direction, tidiness",
        run: check::run,
    },
    Command {
        name: "size",
        help: "[--no-build] [--dist DIR]: gzip size of everything the release page loads, against the budget",
        run: size::run,
    },
    Command {
        name: "inspect",
        help: "FILE|FOLDER... [--as-of DATE] [--map col=field,...] [--options JSON]: what the app makes of files, as JSON",
        run: native::inspect,
    },
    Command {
        name: "mornings",
        help: "DIR [--shape sap|oracle|netsuite] [--items N] [--seed S] [--start DATE]: five mornings of exports, with the truth",
        run: native::mornings,
    },
    Command {
        name: "fuzz",
        help: "[FOLDER...] [--runs N] [--seed S]: damaged files against every reader; without a folder the fixtures",
        run: native::fuzz,
    },
    Command {
        name: "bench",
        help: "[--sizes 10k,100k,1m] [--rounds 5] [--native|--page] [--dist DIR|--release]: speed, natively and in Chromium; bench cash [--sizes] [--data DIR] or bench cash --cases FILE...: what receipts are matched to, against the truth; bench peers [--peers DIR] [--tasks LIST] [--sizes] [--rounds]: the published page beside other libraries, in one browser",
        run: native::bench,
    },
    Command {
        name: "ci",
        help: "[--release]: check and test; with --release or DUEBOOK_RELEASE=1 the size budget too",
        run: ci::run,
    },
    Command {
        name: "hook-post-build",
        help: "called by Trunk: service worker, content policy, 404.html",
        run: hook::run,
    },
];

/// Looks a command up by its name.
pub fn find(name: &str) -> Option<&'static Command> {
    TABLE.iter().find(|command| command.name == name)
}

/// The usage text, drawn from the table.
pub fn usage() -> String {
    let mut text = String::from("cargo xtask <command>\n\n");
    for Command { name, help, .. } in TABLE {
        text.push_str(&format!("  {name:<16} {help}\n"));
    }
    text
}
