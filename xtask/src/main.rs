//! `cargo run -p xtask`: generates `npm/src/generated/` from the tables in `crates/core`. With `--check`, only verifies
//! that the files are up to date.

mod errors;
mod models;
mod operations;
mod resources;
mod retry;
mod text;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let only_check = env::args().any(|argument| argument == "--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../npm/src/generated");
    let files = [
        ("errors.ts", errors::module()),
        ("error-classes.ts", errors::classes()),
        ("models.ts", models::module()),
        ("operations.ts", operations::module()),
        ("resources.ts", resources::module()),
        ("retry.ts", retry::module()),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let is_current = fs::read_to_string(&path).is_ok_and(|found| found == text);
        if is_current {
            continue;
        }
        if only_check {
            eprintln!("npm/src/generated/{name} is out of date: run `cargo run -p xtask`");
            return ExitCode::FAILURE;
        }
        if let Err(error) = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text)) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
