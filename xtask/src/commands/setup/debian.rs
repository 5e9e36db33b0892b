//! The wasm toolchain where only package registries can be reached: Debian ships a current compiler for
//! its browsers (`rustc-web`), without a wasm standard library but with the source to build one.

use std::fs;
use std::path::Path;

use crate::repo;
use crate::shell::{self, Failure, Outcome, fail};
use crate::toolchain::{self, LINKED, STAMP, TARGET};

/// Whether this is a Debian-like system.
pub fn has_apt() -> bool {
    shell::find_program("apt-get").is_some()
}

/// Installs packages, fetching the package lists only when they are needed.
pub fn install(packages: &[String]) -> Outcome {
    if !shell::is_root() {
        return fail(format!(
            "missing packages, and this is not root: sudo apt-get install -y --no-install-recommends {}",
            packages.join(" ")
        ));
    }
    let attempt = || {
        shell::run_logged(
            "apt",
            shell::command("apt-get")
                .args(["install", "-y", "--no-install-recommends"])
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if attempt().is_ok() {
        return Ok(());
    }
    shell::run_logged("apt-update", shell::command("apt-get").arg("update"))?;
    attempt()
}

/// Compiler, linker, standard library, and a name for them in rustup.
pub fn wasm_toolchain() -> Outcome {
    if !toolchain::debian_std_is_current() {
        println!("    system: rustc-web and lld from Debian's archive");
        let base = [
            "rustc-web",
            "cargo-web",
            "rust-web-src",
            "rust-web-llvm",
            "rust-web-clippy",
        ];
        install(&base.map(str::to_owned))?;
        let version = shell::output(toolchain::debian_rustc().arg("-vV")).ok_or_else(|| {
            Failure("/usr/bin/rustc -vV failed after installing rustc-web".to_owned())
        })?;
        let llvm = field(&version, "LLVM version: ")?;
        let llvm_major = llvm.split('.').next().unwrap_or(llvm);
        install(&[format!("lld-{llvm_major}")])?;
        let sysroot = toolchain::sysroot(&mut toolchain::debian_rustc())
            .ok_or_else(|| Failure("/usr/bin/rustc does not tell its sysroot".to_owned()))?;
        link_lld(&sysroot, field(&version, "host: ")?, llvm_major)?;
        build_std(&sysroot, &version)?;
    }
    if toolchain::has_rustup() && !toolchain::rustup_knows_debian() {
        println!("    system: rustup toolchain link {LINKED} /usr");
        shell::run(shell::command("rustup").args(["toolchain", "link", LINKED, "/usr"]))?;
    }
    Ok(())
}

fn field<'a>(version: &'a str, name: &str) -> Outcome<&'a str> {
    version
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .ok_or_else(|| Failure(format!("/usr/bin/rustc -vV has no line `{name}`")))
}

/// rustc looks for `rust-lld` in its sysroot. A link, because a copy would miss its shared libraries.
fn link_lld(sysroot: &Path, host: &str, llvm_major: &str) -> Outcome {
    let bin = sysroot.join("lib/rustlib").join(host).join("bin");
    fs::create_dir_all(&bin)?;
    let link = bin.join("rust-lld");
    if link.exists() {
        return Ok(());
    }
    if link.is_symlink() {
        fs::remove_file(&link)?; // it points to something that is gone
    }
    let target = format!("/usr/lib/llvm-{llvm_major}/bin/lld");
    println!("    system: {} -> {target}", link.display());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&target, &link)?;
    Ok(())
}

/// Builds std from Debian's source as the dependency of an empty crate, and copies what came out into
/// the sysroot. Bitcode is embedded because fat LTO needs it.
fn build_std(sysroot: &Path, version: &str) -> Outcome {
    println!("    system: building the standard library for {TARGET} (about a minute)");
    let seed = repo::tools().join("std-seed");
    fs::create_dir_all(seed.join("src"))?;
    fs::write(
        seed.join("Cargo.toml"),
        "[package]\nname = \"stdseed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [profile.release]\npanic = \"abort\"\n\n[workspace]\n",
    )?;
    fs::write(seed.join("src/lib.rs"), "#![no_std]\n")?;
    let target = seed.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?; // else the libraries of an older compiler are copied too
    }
    shell::run_logged(
        "std",
        shell::command("/usr/bin/cargo")
            .args([
                "build",
                "--release",
                "-Zbuild-std=std,panic_abort,proc_macro",
                "--target",
                TARGET,
            ])
            .current_dir(&seed)
            .env("PATH", shell::path_with(&["/usr/bin".into()]))
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    )?;

    let lib = toolchain::std_dir(sysroot);
    if lib.exists() {
        fs::remove_dir_all(&lib)?;
    }
    fs::create_dir_all(&lib)?;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let Some(name) = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
        else {
            continue;
        };
        if name.ends_with(".rlib") && !name.starts_with("libstdseed") {
            fs::copy(&path, lib.join(&name))?;
        }
    }
    // Last, so that an interrupted copy is not taken for a finished one.
    fs::write(lib.join(STAMP), version)?;
    fs::remove_dir_all(&seed)?;
    forget_old_artifacts()
}

/// What was compiled against the old standard library cannot be linked with the new one.
fn forget_old_artifacts() -> Outcome {
    for name in [TARGET, "wasm-bindgen"] {
        let dir = repo::root().join("target").join(name);
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
    }
    Ok(())
}
