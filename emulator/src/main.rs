//! The emulator as a server. `--help` tells the rest.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

/// There is no socket to serve on; the library is what is used there.
#[cfg(target_arch = "wasm32")]
fn main() {}
