//! Running other programs, and saying so.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::repo;

/// Why a command stopped: a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Failure(pub String);

/// What every command returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// Stops with a sentence.
pub fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Failure(message.into()))
}

/// Reads a file, naming it when it cannot be read.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| Failure(format!("{}: {error}", path.display())))
}

/// Reads a text file, naming it when it cannot be read.
pub fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))
}

/// Announces a step.
pub fn say(text: impl fmt::Display) {
    println!("==> {text}");
}

/// A program, run from the root of the checkout and free of what `cargo run` put in the environment
/// of this one: the library path of its toolchain and the manifest's variables would change the
/// fingerprints of what a nested cargo builds.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(repo::root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let from_cargo_run = text == "CARGO"
            || text == "LD_LIBRARY_PATH"
            || text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_");
        if from_cargo_run {
            command.env_remove(&name);
        }
    }
    command
}

/// `program args...` as one would type it.
fn typed(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}

fn could_not_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure(format!("could not start `{}`: {error}", typed(command)))
}

/// Runs with its output on this terminal; a bad exit status is a failure.
pub fn run(command: &mut Command) -> Outcome {
    let status = command
        .status()
        .map_err(|error| could_not_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    fail(format!("`{}` failed ({status})", typed(command)))
}

/// Runs quietly and gives what it printed on standard output, or nothing when it failed or is absent.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a slow step with its output in a log; prints a sign of life every 20 seconds, and the end of
/// the log when it fails. For steps that run side by side.
pub fn run_logged(name: &str, command: &mut Command) -> Outcome {
    let logs = repo::tools().join("logs");
    fs::create_dir_all(&logs)?;
    let path = logs.join(format!("{name}.log"));
    let log = File::create(&path)?;
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .map_err(|error| could_not_start(command, &error))?;
    let mut next_sign = Duration::from_secs(20);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() > next_sign {
            next_sign += Duration::from_secs(20);
            println!(
                "    {name}: {} s, {}",
                begun.elapsed().as_secs(),
                last_lines(&path, 1).trim()
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    if status.success() {
        return Ok(());
    }
    fail(format!(
        "{name}: `{}` failed ({status}); the end of {}:\n{}",
        typed(command),
        path.display(),
        last_lines(&path, 30)
    ))
}

fn last_lines(path: &Path, count: usize) -> String {
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// The first file of this name in the directories of PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// PATH with these directories in front.
pub fn path_with(front: &[PathBuf]) -> std::ffi::OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = front.iter().cloned().chain(std::env::split_paths(&rest));
    std::env::join_paths(all).unwrap_or(rest)
}

/// Whether this process may install system packages.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// The value after `--name`, or of `--name=value`.
pub fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == name {
            return rest.next().map(String::as_str);
        }
        if let Some(value) = arg
            .strip_prefix(name)
            .and_then(|tail| tail.strip_prefix('='))
        {
            return Some(value);
        }
    }
    None
}

/// Whether `--name` was given.
pub fn flag(args: &[String], name: &str) -> bool {
    args.iter().any(|arg| arg == name)
}
