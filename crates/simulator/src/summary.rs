//! The summary of many worlds: violations, and how many worlds had each class of faults, and each pair of classes.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::faults::{Fault, IMPOSSIBLE};
use crate::report::Report;
use crate::world::Kind;

/// The number of seeds that are printed for each kind of violation: those with the shortest histories.
pub const EXAMPLES: usize = 4;
/// In fewer worlds, rare classes, or pairs of classes, may not occur.
const WORLDS_FOR_CLASSES: u64 = 20_000;
const WORLDS_FOR_PAIRS: u64 = 1_000_000;

/// The length of a world's history, its seed, and its violation.
type Example = (u32, u64, String);

pub struct Summary {
    kind: Kind,
    examples: usize,
    worlds: u64,
    /// The number of worlds with violations.
    broken_worlds: u64,
    broken: BTreeMap<String, (u64, Vec<Example>)>,
    pairs: Vec<u32>,
}

fn keep_shortest(examples: &mut Vec<Example>, count: usize) {
    examples.sort_unstable();
    examples.truncate(count);
}

/// The text that all violations of a kind have in common.
fn without_numbers(text: &str) -> String {
    let text = text.split('[').next().unwrap_or_default();
    text.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

const fn place(one: Fault, other: Fault) -> usize {
    one as usize * Fault::ALL.len() + other as usize
}

impl Summary {
    /// An empty summary that keeps up to `examples` examples of each kind of violation.
    pub fn new(kind: Kind, examples: usize) -> Self {
        let pairs = vec![0; Fault::ALL.len() * Fault::ALL.len()];
        Self { kind, examples, worlds: 0, broken_worlds: 0, broken: BTreeMap::new(), pairs }
    }

    pub fn add(&mut self, seed: u64, report: Report, is_same: bool) {
        self.worlds += 1;
        let fired: Vec<Fault> = report.fired.iter().collect();
        for (index, one) in fired.iter().enumerate() {
            for other in &fired[index..] {
                self.pairs[place(*one, *other)] += 1;
            }
        }
        let mut kinds: Vec<(String, String)> = Vec::new();
        for violation in report.violations {
            let kind = format!("{}: {}", violation.rule, without_numbers(&violation.text));
            if !kinds.iter().any(|(known, _)| *known == kind) {
                kinds.push((kind, violation.text));
            }
        }
        if !is_same {
            kinds.push(("world".to_owned(), "the same seed resulted in another world".to_owned()));
        }
        self.broken_worlds += u64::from(!kinds.is_empty());
        for (kind, text) in kinds {
            let (count, examples) = self.broken.entry(kind).or_default();
            *count += 1;
            examples.push((report.length, seed, text));
            keep_shortest(examples, self.examples);
        }
    }

    pub fn merged(mut self, other: Self) -> Self {
        self.worlds += other.worlds;
        self.broken_worlds += other.broken_worlds;
        for (rule, (count, examples)) in other.broken {
            let (all, found) = self.broken.entry(rule).or_default();
            *all += count;
            found.extend(examples);
            keep_shortest(found, self.examples);
        }
        for (count, more) in self.pairs.iter_mut().zip(other.pairs) {
            *count += more;
        }
        self
    }

    fn fired(&self, fault: Fault) -> u32 {
        self.pairs[place(fault, fault)]
    }

    /// The classes that must occur.
    fn expected(&self) -> impl Iterator<Item = Fault> {
        let in_batch = self.kind == Kind::Batch;
        Fault::ALL.iter().copied().filter(move |fault| fault.is_expected(in_batch))
    }

    /// Classes that never occurred.
    fn idle_classes(&self) -> Vec<Fault> {
        self.expected().filter(|fault| self.fired(*fault) == 0).collect()
    }

    /// Pairs of classes that never occurred in the same world, although they can.
    fn idle_pairs(&self) -> Vec<(Fault, Fault)> {
        let mut idle = Vec::new();
        let expected: Vec<Fault> = self.expected().collect();
        for (index, one) in expected.iter().enumerate() {
            for other in &expected[index + 1..] {
                let is_impossible = |(first, others, _): &(Fault, &[Fault], &str)| {
                    (first == one && others.contains(other)) || (first == other && others.contains(one))
                };
                if self.pairs[place(*one, *other)] == 0 && !IMPOSSIBLE.iter().any(is_impossible) {
                    idle.push((*one, *other));
                }
            }
        }
        idle
    }

    pub fn print(&self, took: Duration) {
        for fault in self.expected() {
            println!("{:>9}  {fault:?}", self.fired(fault));
        }
        let rate = self.worlds as f64 / took.as_secs_f64();
        println!("{} worlds in {:.1} s: {rate:.0} a second", self.worlds, took.as_secs_f64());
        let idle = self.idle_classes();
        if !idle.is_empty() {
            println!("classes that never occurred: {idle:?}");
        }
        let pairs = self.idle_pairs();
        println!("pairs that never occurred: {}", pairs.len());
        if self.worlds >= WORLDS_FOR_PAIRS {
            for (one, other) in pairs {
                println!("  {one:?} and {other:?}");
            }
        }
        for (kind, (count, examples)) in &self.broken {
            println!("{count} worlds break {kind}");
            for (_, seed, text) in examples {
                println!("  --seed {seed}: {text}");
            }
        }
    }

    pub fn is_good(&self, worlds: u64) -> bool {
        println!("{} worlds break a rule", self.broken_worlds);
        self.broken_worlds == 0
            && (worlds < WORLDS_FOR_CLASSES || self.idle_classes().is_empty())
            && (worlds < WORLDS_FOR_PAIRS || self.idle_pairs().is_empty())
    }
}
