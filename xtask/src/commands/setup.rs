//! Set-up: checks each thing first, installs what is missing, the slow ones side by side.

mod debian;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::repo;
use crate::shell::{self, Failure, Outcome, fail, say};
use crate::toolchain::{self, TARGET, TRUNK, Wasm};

/// Oldest Node whose test runner the stories use.
const NODE_MAJOR: u32 = 20;

/// What the other commands need to know of this machine.
pub struct Ready {
    /// Compiles the app.
    pub wasm: Wasm,
    /// Folders of trunk, wasm-bindgen and wasm-opt, to go in front of PATH.
    pub tool_dirs: Vec<PathBuf>,
    /// Runs the stories.
    pub chromium: PathBuf,
}

impl Ready {
    /// The bundler itself: PATH of a child is not searched for the child.
    pub fn trunk(&self) -> PathBuf {
        self.tool_dirs
            .iter()
            .map(|dir| dir.join("trunk"))
            .find(|path| path.is_file())
            .unwrap_or_else(|| PathBuf::from("trunk"))
    }
}

/// `cargo xtask setup`
pub fn run(_args: &[String]) -> Outcome {
    let begun = Instant::now();
    let ready = ensure()?;
    println!("wasm      {} for {TARGET}", ready.wasm.describe());
    for dir in &ready.tool_dirs {
        println!("tools     {}", dir.display());
    }
    println!("chromium  {}", ready.chromium.display());
    println!(
        "Everything is there ({:.1} s).",
        begun.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Installs what is missing; says nothing where nothing is.
pub fn ensure() -> Outcome<Ready> {
    check_node()?;
    let bindgen = toolchain::wasm_bindgen_version()?;
    let begun = Instant::now();

    let mut steps: Vec<Step<'_>> = Vec::new();
    let need_wasm = Wasm::find().is_none();
    let need_chromium = toolchain::chromium().is_none();
    if need_wasm || need_chromium {
        // One step: dpkg takes one installer at a time.
        steps.push((
            "system",
            Box::new(move || system_packages(need_wasm, need_chromium)),
        ));
    }
    if toolchain::tool_dir("trunk", TRUNK).is_none() {
        steps.push(("trunk", Box::new(install_trunk)));
    }
    if toolchain::tool_dir("wasm-bindgen", &bindgen).is_none() {
        steps.push(("wasm-bindgen", Box::new(|| install_wasm_bindgen(&bindgen))));
    }
    if !npm_is_current()? {
        steps.push(("npm", Box::new(npm_ci)));
    }
    if !steps.is_empty() {
        side_by_side(&steps)?;
        say(format!("set-up done in {} s", begun.elapsed().as_secs()));
    }
    gather(&bindgen)
}

/// Looks again at what set-up left behind.
fn gather(bindgen: &str) -> Outcome<Ready> {
    let missing = |what: &str| Failure(format!("set-up ended, but {what} is still missing"));
    Ok(Ready {
        wasm: Wasm::find().ok_or_else(|| missing("a Rust toolchain for wasm"))?,
        tool_dirs: vec![
            toolchain::tool_dir("trunk", TRUNK).ok_or_else(|| missing("trunk"))?,
            toolchain::tool_dir("wasm-bindgen", bindgen).ok_or_else(|| missing("wasm-bindgen"))?,
            repo::tests().join("node_modules/.bin"),
        ],
        chromium: toolchain::chromium().ok_or_else(|| missing("chromium"))?,
    })
}

type Step<'a> = (&'static str, Box<dyn Fn() -> Outcome + Sync + 'a>);

/// Runs the steps at once; all end before the first failure is reported.
fn side_by_side(steps: &[Step<'_>]) -> Outcome {
    let names: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
    say(format!(
        "set-up, once on this machine: {}",
        names.join(", ")
    ));
    let results: Vec<Outcome> = std::thread::scope(|scope| {
        let running: Vec<_> = steps
            .iter()
            .map(|(name, step)| {
                scope.spawn(move || {
                    let begun = Instant::now();
                    let result = step();
                    let verdict = if result.is_ok() { "done" } else { "FAILED" };
                    println!(
                        "    {name}: {verdict} after {} s",
                        begun.elapsed().as_secs()
                    );
                    result
                })
            })
            .collect();
        running
            .into_iter()
            .map(|handle| {
                handle
                    .join()
                    .unwrap_or_else(|_| fail("a set-up step panicked"))
            })
            .collect()
    });
    results.into_iter().collect()
}

fn check_node() -> Outcome {
    let hint = "install Node 20 or newer with npm: `apt-get install -y nodejs npm`, `brew install node`, \
                or from https://nodejs.org";
    let Some(version) = shell::output(shell::command("node").arg("--version")) else {
        return fail(format!(
            "node is missing (it runs the browser tests and wasm-opt); {hint}"
        ));
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        return fail(format!("node {version} is too old; {hint}"));
    }
    if shell::find_program("npm").is_none() {
        return fail(format!("npm is missing; {hint}"));
    }
    Ok(())
}

fn system_packages(need_wasm: bool, need_chromium: bool) -> Outcome {
    if need_wasm {
        add_wasm_target()?;
    }
    if need_chromium {
        println!("    system: chromium, for the browser stories");
        if !debian::has_apt() {
            return fail(
                "chromium is missing: install Chromium or Chrome (macOS: `brew install --cask chromium`; \
                 Fedora: `dnf install chromium`), or name one in DUEBOOK_CHROMIUM",
            );
        }
        debian::install(&["chromium".to_owned()])?;
    }
    Ok(())
}

fn add_wasm_target() -> Outcome {
    if toolchain::has_rustup() && !toolchain::debian_forced() {
        println!("    system: rustup target add {TARGET}, to compile the app for the browser");
        let added = shell::run_logged(
            "rustup-target",
            shell::command("rustup").args(["target", "add", TARGET]),
        );
        if added.is_ok() && Wasm::find().is_some() {
            return Ok(());
        }
        println!("    system: rustup cannot fetch it from here; trying Debian's browser toolchain");
    }
    if debian::has_apt() {
        return debian::wasm_toolchain();
    }
    fail(format!(
        "no standard library for {TARGET}: with rustup `rustup target add {TARGET}`, else your distribution's \
         package (Fedora: `dnf install rust-std-static-{TARGET}`, Arch: `pacman -S rust-wasm`)"
    ))
}

/// Trunk's own release profile takes 3 to 5 times as long to build and gains nothing here.
fn install_trunk() -> Outcome {
    println!("    trunk: building {TRUNK} from crates.io, the bundler of the app");
    let root = toolchain::tool_root("trunk", TRUNK);
    shell::run_logged(
        "trunk",
        shell::command("cargo")
            .args([
                "install",
                "--locked",
                "--no-default-features",
                "--features",
                "rustls",
                "--root",
            ])
            .arg(root)
            .arg(format!("trunk@{TRUNK}"))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )
}

/// Not `--locked`: its lock file names crates that not every mirror serves.
fn install_wasm_bindgen(version: &str) -> Outcome {
    println!(
        "    wasm-bindgen: building {version} from crates.io, the same version as in Cargo.lock"
    );
    let root = toolchain::tool_root("wasm-bindgen", version);
    shell::run_logged(
        "wasm-bindgen",
        shell::command("cargo")
            .args(["install", "--root"])
            .arg(root)
            .arg(format!("wasm-bindgen-cli@{version}"))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off"),
    )
}

/// Splits the published program; installed when the first one is built.
const SPLITTER: &str = "0.2.4";

/// The splitter, installed where it is missing.
pub fn splitter() -> Outcome<PathBuf> {
    let root = toolchain::tool_root("wasm-split-cli", SPLITTER);
    let program = root.join("bin/wasm-split-cli");
    if !program.is_file() {
        say("set-up, once on this machine: wasm-split-cli");
        shell::run_logged(
            "wasm-split-cli",
            shell::command("cargo")
                .args(["install", "--features", "build-binary", "--root"])
                .arg(root)
                .arg(format!("wasm_split_cli_support@{SPLITTER}"))
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_PROFILE_RELEASE_LTO", "off"),
        )?;
    }
    Ok(program)
}

/// `npm ci` leaves no trace of which lock file it followed; we keep a copy beside what it installed.
fn npm_stamp() -> PathBuf {
    repo::tests().join("node_modules/.duebook-package-lock.json")
}

fn npm_is_current() -> Outcome<bool> {
    let lock = shell::read(&repo::tests().join("package-lock.json"))?;
    Ok(fs::read(npm_stamp()).is_ok_and(|stamp| stamp == lock))
}

fn npm_ci() -> Outcome {
    println!("    npm: playwright-core, axe-core and binaryen (wasm-opt) into tests/node_modules");
    shell::run_logged(
        "npm",
        shell::command("npm").arg("ci").current_dir(repo::tests()),
    )?;
    fs::copy(repo::tests().join("package-lock.json"), npm_stamp())?;
    Ok(())
}
