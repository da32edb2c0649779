//! The gate in front of executions and creations.

use std::collections::VecDeque;

use proptest::prelude::*;

use crate::policy::gate::Gate;

/// Starts every call that may start: no test has a thousand.
fn admitted(gate: &mut Gate) -> Vec<u32> {
    std::iter::from_fn(|| gate.admit()).take(1_000).collect()
}

#[test]
fn a_gate_without_a_limit_only_counts() {
    let mut gate = Gate::new(f64::INFINITY);
    let tickets: Vec<u32> = (0..100).map(|_| gate.enter(false)).collect();
    assert_eq!(admitted(&mut gate), tickets);
    gate.refused(0.0);
    gate.enter(false);
    assert_eq!(admitted(&mut gate).len(), 1);
    assert_eq!((gate.running(), gate.waiting()), (101, 0));
}

#[test]
fn who_came_first_goes_first_and_who_leaves_the_queue_is_passed_over() {
    let mut gate = Gate::new(1.0);
    let [first, second, third] = [gate.enter(false), gate.enter(false), gate.enter(false)];
    assert_eq!(admitted(&mut gate), [first]);
    gate.leave(second);
    assert_eq!(admitted(&mut gate), [0_u32; 0]);
    gate.leave(first);
    assert_eq!(admitted(&mut gate), [third]);
}

#[test]
fn refusals_show_the_limit_which_is_kept_and_tried_again_later() {
    let mut gate = Gate::new(10.0);
    let tickets: Vec<u32> = (0..20).map(|_| gate.enter(false)).collect();
    assert_eq!(admitted(&mut gate).len(), 10);
    // The plan has room for three: seven of ten are refused, one after the other.
    for ticket in &tickets[3..10] {
        gate.refused(0.0);
        gate.leave(*ticket);
    }
    assert_eq!(admitted(&mut gate), [0_u32; 0], "three still run, and three may");
    gate.leave(tickets[0]);
    gate.succeeded(1_000.0);
    assert_eq!(admitted(&mut gate), [tickets[10]], "the limit is believed");
    gate.leave(tickets[1]);
    gate.succeeded(31_000.0);
    assert_eq!(admitted(&mut gate), [tickets[11], tickets[12]], "one more is tried");
    gate.leave(tickets[2]);
    gate.succeeded(31_001.0);
    assert_eq!(admitted(&mut gate), [tickets[13]], "not two at once");
}

#[test]
fn a_call_that_was_refused_is_the_next_to_start() {
    let mut gate = Gate::new(1.0);
    let running = gate.enter(false);
    gate.enter(false);
    assert_eq!(admitted(&mut gate), [running]);
    gate.refused(0.0);
    gate.leave(running);
    let again = gate.enter(true);
    assert_eq!(admitted(&mut gate), [again]);
}

#[derive(Clone, Debug)]
enum Event {
    Enter,
    Leave(prop::sample::Index),
    Succeeded,
    Refused(f64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Enter),
        2 => any::<prop::sample::Index>().prop_map(Event::Leave),
        1 => Just(Event::Succeeded),
        1 => (0.0..10_000.0).prop_map(Event::Refused),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nobody_is_forgotten_or_overtaken(
        most in 1_u32..6,
        events in prop::collection::vec(event(), 0..200),
    ) {
        let mut gate = Gate::new(f64::from(most));
        let mut queue: VecDeque<u32> = VecDeque::new();
        let mut within: Vec<u32> = Vec::new();
        let mut now_ms = 0.0;
        for event in events {
            match event {
                Event::Enter => queue.push_back(gate.enter(false)),
                Event::Leave(index) => {
                    let all: Vec<u32> = queue.iter().chain(&within).copied().collect();
                    if !all.is_empty() {
                        let ticket = *index.get(&all);
                        queue.retain(|other| *other != ticket);
                        within.retain(|other| *other != ticket);
                        gate.leave(ticket);
                    }
                }
                Event::Succeeded => gate.succeeded(now_ms),
                Event::Refused(later) => {
                    now_ms += later;
                    gate.refused(now_ms);
                }
            }
            for ticket in admitted(&mut gate) {
                prop_assert_eq!(Some(ticket), queue.pop_front());
                within.push(ticket);
            }
            prop_assert!(within.len() <= most as usize);
            prop_assert_eq!((gate.waiting(), gate.running() as usize), (queue.len(), within.len()));
            // However often it was cut, an empty gate lets somebody in.
            prop_assert!(!within.is_empty() || queue.is_empty());
        }
        while let Some(ticket) = within.pop() {
            gate.leave(ticket);
            for ticket in admitted(&mut gate) {
                prop_assert_eq!(Some(ticket), queue.pop_front());
                within.push(ticket);
            }
        }
        prop_assert_eq!((gate.waiting(), gate.running(), queue.len()), (0, 0, 0));
    }
}
