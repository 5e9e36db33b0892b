//! Every job of this project as one local command: `cargo xtask <command>`. CI runs the same.

mod commands;
#[cfg(feature = "engine")]
mod engine;
mod http;
mod repo;
mod shell;
mod toolchain;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(name) = args.first() else {
        eprint!("{}", commands::usage());
        return ExitCode::from(2);
    };
    let Some(command) = commands::find(name) else {
        eprint!("no command `{name}`\n\n{}", commands::usage());
        return ExitCode::from(2);
    };
    match (command.run)(&args[1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\ncargo xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}
