//! Commands that run the engine natively. The everyday `cargo xtask` is built without it, so that a
//! fresh clone compiles little before its first build; these commands then run in an xtask that has
//! it, optimised.

use crate::shell::Outcome;

/// `cargo xtask inspect`
pub fn inspect(args: &[String]) -> Outcome {
    #[cfg(feature = "engine")]
    return super::inspect::run(args);
    #[cfg(not(feature = "engine"))]
    return with_engine("inspect", args);
}

/// `cargo xtask mornings`
pub fn mornings(args: &[String]) -> Outcome {
    #[cfg(feature = "engine")]
    return super::mornings::run(args);
    #[cfg(not(feature = "engine"))]
    return with_engine("mornings", args);
}

/// `cargo xtask fuzz`
pub fn fuzz(args: &[String]) -> Outcome {
    #[cfg(feature = "engine")]
    return super::fuzz::run(args);
    #[cfg(not(feature = "engine"))]
    return with_engine("fuzz", args);
}

/// `cargo xtask bench`
pub fn bench(args: &[String]) -> Outcome {
    #[cfg(feature = "engine")]
    return super::bench::run(args);
    #[cfg(not(feature = "engine"))]
    return with_engine("bench", args);
}

#[cfg(not(feature = "engine"))]
fn with_engine(name: &str, args: &[String]) -> Outcome {
    use crate::{repo, shell};
    let mut cargo = shell::command("cargo");
    cargo
        .args(["run", "--quiet", "--locked", "--package", "xtask"])
        .args(["--profile", profile(name), "--manifest-path"])
        .arg(repo::root().join("Cargo.toml"))
        .args(["--", name])
        .args(args)
        // Files are named from where the user stands.
        .current_dir(std::env::current_dir()?);
    shell::run(&mut cargo)
}

/// Optimised; but what looks for panics must outlive them, and wants overflow checked.
#[cfg(not(feature = "engine"))]
fn profile(name: &str) -> &'static str {
    match name {
        "fuzz" => "dev",
        _ => "quick",
    }
}
