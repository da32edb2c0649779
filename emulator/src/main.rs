//! Runs the emulator as an HTTP server. `--help` lists the options.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

/// WebAssembly has no sockets: it uses the library instead.
#[cfg(target_arch = "wasm32")]
fn main() {}
