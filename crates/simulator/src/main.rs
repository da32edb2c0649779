//! Runs the engine in simulated worlds with faults, and asserts its guarantees.
//!
//! `simulate` runs a million worlds; `simulate --seed 123` prints the history of one. After `--batch`, these are worlds with
//! a batch.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a tool for developers that reads no external data"
)]

mod batch_script;
mod batch_state;
mod batch_store;
mod callback;
mod cloud;
mod connection;
mod draw;
mod event;
mod execution;
mod executor;
mod faults;
mod journal;
mod keys;
mod lifecycle;
mod listing;
mod locks;
mod network;
mod oracle;
mod outcome;
mod plan;
mod platform;
mod proxy;
mod report;
mod response;
mod rng;
mod run;
mod runner;
mod script;
mod service;
mod signal;
mod simulation;
mod storage;
mod summary;
mod tab;
mod trace;
mod value;
mod world;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::rng::mix;
use crate::simulation::simulate;
use crate::summary::{EXAMPLES, Summary};
use crate::world::Kind;

/// The default base: the world with the index `n` has the seed `mix(base + n)`. Ranges of bases that overlap share worlds.
const BASE: u64 = 20_260_101;
/// The number of worlds that a thread takes at a time.
const BATCH: u64 = 256;
/// The number of worlds that are run twice, to verify that a seed determines the world.
const REPEATED: u64 = 1_000;

fn main() -> ExitCode {
    let mut kind = Kind::Calls;
    let mut worlds = 1_000_000;
    let mut base = BASE;
    let mut examples = EXAMPLES;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--batch" {
            kind = Kind::Batch;
            continue;
        }
        let number = arguments.next().and_then(|number| number.parse::<u64>().ok());
        match (argument.as_str(), number) {
            ("--worlds", Some(number)) => worlds = number,
            ("--base", Some(number)) => base = number,
            ("--examples", Some(number)) => examples = usize::try_from(number).unwrap_or(EXAMPLES),
            ("--seed", Some(seed)) => return replay(seed, kind),
            _ => {
                eprintln!("simulate [--batch] [--worlds N] [--base N] [--examples N] | [--batch] --seed N");
                return ExitCode::from(2);
            }
        }
    }
    simulate_all(kind, worlds, base, examples)
}

/// Prints the history of one world.
fn replay(seed: u64, kind: Kind) -> ExitCode {
    let report = simulate(seed, kind, true);
    println!("faults: {:?}", report.fired.iter().collect::<Vec<_>>());
    for violation in &report.violations {
        println!("{}: {}", violation.rule, violation.text);
    }
    if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Succeeds if every fault was injected and no world breaks a rule.
fn simulate_all(kind: Kind, worlds: u64, base: u64, examples: usize) -> ExitCode {
    println!("{worlds} worlds ({kind:?}), base {base}");
    let start = std::time::Instant::now();
    let next = AtomicU64::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let summary = thread::scope(|scope| {
        let work = || {
            let mut summary = Summary::new(kind, examples);
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                if from >= worlds {
                    return summary;
                }
                for index in from..(from + BATCH).min(worlds) {
                    let seed = mix(base.wrapping_add(index));
                    let report = simulate(seed, kind, false);
                    let is_same = index >= REPEATED || simulate(seed, kind, false).hash == report.hash;
                    summary.add(seed, report, is_same);
                }
            }
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .fold(Summary::new(kind, examples), |all, thread| all.merged(thread.join().expect("a thread")))
    });
    summary.print(start.elapsed());
    if summary.is_good(worlds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use crate::rng::mix;
    use crate::simulation::simulate;
    use crate::world::Kind;

    #[test]
    fn the_same_seed_gives_the_same_world() {
        for kind in [Kind::Calls, Kind::Batch] {
            for index in 0..200 {
                let seed = mix(index);
                let hash = || simulate(seed, kind, false).hash;
                assert_eq!(hash(), hash(), "{kind:?}, seed {seed}");
            }
        }
    }

    #[test]
    fn another_seed_gives_another_world() {
        for kind in [Kind::Calls, Kind::Batch] {
            assert_ne!(simulate(1, kind, false).hash, simulate(2, kind, false).hash);
        }
    }
}
