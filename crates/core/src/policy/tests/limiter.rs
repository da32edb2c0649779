//! The concurrency limiter.

use std::collections::VecDeque;

use proptest::prelude::*;

use crate::policy::limiter::ConcurrencyLimiter;

/// Starts every call that may start. No test has a thousand.
fn admitted(limiter: &mut ConcurrencyLimiter) -> Vec<u32> {
    std::iter::from_fn(|| limiter.admit()).take(1_000).collect()
}

#[test]
fn a_limiter_without_a_limit_only_counts() {
    let mut limiter = ConcurrencyLimiter::new(f64::INFINITY);
    let tickets: Vec<u32> = (0..100).map(|_| limiter.enter(false)).collect();
    assert_eq!(admitted(&mut limiter), tickets);
    limiter.refused(0.0);
    limiter.enter(false);
    assert_eq!(admitted(&mut limiter).len(), 1);
    assert_eq!((limiter.running(), limiter.waiting()), (101, 0));
}

#[test]
fn calls_start_in_order_and_calls_that_left_the_queue_are_skipped() {
    let mut limiter = ConcurrencyLimiter::new(1.0);
    let [first, second, third] = [limiter.enter(false), limiter.enter(false), limiter.enter(false)];
    assert_eq!(admitted(&mut limiter), [first]);
    limiter.leave(second);
    assert_eq!(admitted(&mut limiter), [0_u32; 0]);
    limiter.leave(first);
    assert_eq!(admitted(&mut limiter), [third]);
}

#[test]
fn refusals_reveal_the_limit_which_is_applied_and_raised_later() {
    let mut limiter = ConcurrencyLimiter::new(10.0);
    let tickets: Vec<u32> = (0..20).map(|_| limiter.enter(false)).collect();
    assert_eq!(admitted(&mut limiter).len(), 10);
    // The plan allows three: seven of ten are refused, one after the other.
    for ticket in &tickets[3..10] {
        limiter.refused(0.0);
        limiter.leave(*ticket);
    }
    assert_eq!(admitted(&mut limiter), [0_u32; 0], "three still run, and three may");
    limiter.leave(tickets[0]);
    limiter.succeeded(1_000.0);
    assert_eq!(admitted(&mut limiter), [tickets[10]], "the limit is believed");
    limiter.leave(tickets[1]);
    limiter.succeeded(31_000.0);
    assert_eq!(admitted(&mut limiter), [tickets[11], tickets[12]], "one more is tried");
    limiter.leave(tickets[2]);
    limiter.succeeded(31_001.0);
    assert_eq!(admitted(&mut limiter), [tickets[13]], "not two at once");
}

#[test]
fn a_limit_is_raised_after_three_successes_for_each_allowed_call() {
    let mut limiter = ConcurrencyLimiter::new(3.0);
    let tickets: Vec<u32> = (0..3).map(|_| limiter.enter(false)).collect();
    assert_eq!(admitted(&mut limiter), tickets);
    limiter.refused(0.0);
    limiter.leave(tickets[0]);
    limiter.enter(false);
    assert_eq!(admitted(&mut limiter).len(), 0, "two are allowed");
    for _ in 0..5 {
        limiter.succeeded(1.0);
    }
    assert_eq!(admitted(&mut limiter).len(), 0);
    limiter.succeeded(1.0);
    assert_eq!(admitted(&mut limiter).len(), 1, "three are allowed");
}

#[test]
fn a_call_that_was_refused_is_the_next_to_start() {
    let mut limiter = ConcurrencyLimiter::new(1.0);
    let running = limiter.enter(false);
    limiter.enter(false);
    assert_eq!(admitted(&mut limiter), [running]);
    limiter.refused(0.0);
    limiter.leave(running);
    let again = limiter.enter(true);
    assert_eq!(admitted(&mut limiter), [again]);
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
    fn no_sequence_loses_or_reorders_a_call(
        most in 1_u32..6,
        events in prop::collection::vec(event(), 0..200),
    ) {
        let mut limiter = ConcurrencyLimiter::new(f64::from(most));
        let mut queue: VecDeque<u32> = VecDeque::new();
        let mut within: Vec<u32> = Vec::new();
        let mut now_ms = 0.0;
        for event in events {
            match event {
                Event::Enter => queue.push_back(limiter.enter(false)),
                Event::Leave(index) => {
                    let all: Vec<u32> = queue.iter().chain(&within).copied().collect();
                    if !all.is_empty() {
                        let ticket = *index.get(&all);
                        queue.retain(|other| *other != ticket);
                        within.retain(|other| *other != ticket);
                        limiter.leave(ticket);
                    }
                }
                Event::Succeeded => limiter.succeeded(now_ms),
                Event::Refused(later) => {
                    now_ms += later;
                    limiter.refused(now_ms);
                }
            }
            for ticket in admitted(&mut limiter) {
                prop_assert_eq!(Some(ticket), queue.pop_front());
                within.push(ticket);
            }
            prop_assert!(within.len() <= most as usize);
            prop_assert_eq!((limiter.waiting(), limiter.running() as usize), (queue.len(), within.len()));
            // An empty limiter admits a call, however often its limit was lowered.
            prop_assert!(!within.is_empty() || queue.is_empty());
        }
        while let Some(ticket) = within.pop() {
            limiter.leave(ticket);
            for ticket in admitted(&mut limiter) {
                prop_assert_eq!(Some(ticket), queue.pop_front());
                within.push(ticket);
            }
        }
        prop_assert_eq!((limiter.waiting(), limiter.running(), queue.len()), (0, 0, 0));
    }
}
