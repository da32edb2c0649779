//! Waiting for a generation.

use proptest::prelude::*;

use crate::api::value::SkillsGenerationStatus::{
    self, Cancelled, Failed, Finished, Generating, Recording, TimedOut, Unknown,
};
use crate::policy::wait::{Snapshot, Wait, WaitDecision};

fn snapshot(status: SkillsGenerationStatus, version: Option<u32>) -> Snapshot {
    Snapshot { status, version, updated_at: String::new(), has_finished: false }
}

/// Returns the results of a series of polls, without jitter.
fn results_of(wait: &mut Wait, polls: &[(SkillsGenerationStatus, Option<u32>)]) -> Vec<(bool, WaitDecision)> {
    let mut elapsed_ms = 0.0;
    let results = polls.iter().map(|(status, version)| {
        let result = wait.polled(snapshot(status.clone(), *version), elapsed_ms, 0.5);
        if let WaitDecision::PollAfter(delay_ms) = result.decision {
            elapsed_ms += delay_ms;
        }
        (result.has_changed, result.decision)
    });
    results.collect()
}

#[test]
fn a_creation_ends_with_any_final_status() {
    for last in [Finished, Failed, Cancelled, TimedOut] {
        let polls = [(Recording, None), (Recording, None), (Generating, None), (last, Some(1))];
        let expected = [
            (true, WaitDecision::PollAfter(1_000.0)),
            (false, WaitDecision::PollAfter(1_500.0)),
            (true, WaitDecision::PollAfter(2_000.0)),
            (true, WaitDecision::Ended),
        ];
        assert_eq!(results_of(&mut Wait::new(None), &polls), expected);
    }
}

#[test]
fn an_unknown_status_is_not_final() {
    let polls = [(Unknown("polishing".to_owned()), None)];
    assert_eq!(results_of(&mut Wait::new(None), &polls), [(true, WaitDecision::PollAfter(1_000.0))]);
}

#[test]
fn an_unknown_status_ends_the_wait_once_it_seems_final() {
    let unchanged = vec![(Unknown("polishing".to_owned()), None); 31];
    let found = results_of(&mut Wait::new(None), &unchanged);
    assert!(found[..30].iter().all(|(_, next)| matches!(next, WaitDecision::PollAfter(_))));
    assert_eq!(found[30], (false, WaitDecision::UnknownStatus));

    let finished = || Snapshot { has_finished: true, ..snapshot(Unknown("archived".to_owned()), Some(1)) };
    let mut wait = Wait::new(None);
    assert!(matches!(wait.polled(finished(), 0.0, 0.5).decision, WaitDecision::PollAfter(_)));
    assert_eq!(wait.polled(finished(), 0.0, 0.5).decision, WaitDecision::UnknownStatus);
    let mut refined = Wait::new(Some(1));
    refined.polled(finished(), 0.0, 0.5);
    assert!(
        matches!(refined.polled(finished(), 0.0, 0.5).decision, WaitDecision::PollAfter(_)),
        "the old version has finished"
    );
}

#[test]
fn a_refinement_ends_with_a_newer_version() {
    let polls = [(Finished, Some(3)), (Generating, Some(3)), (Finished, Some(4))];
    let found = results_of(&mut Wait::new(Some(3)), &polls);
    assert!(matches!(found[0].1, WaitDecision::PollAfter(_)), "it may not have begun yet");
    assert_eq!(found[2], (true, WaitDecision::Ended));
    let failed = results_of(&mut Wait::new(Some(3)), &[(Failed, Some(3))]);
    assert_eq!(failed, [(true, WaitDecision::Ended)]);
}

#[test]
fn many_polls_at_once_do_not_end_a_wait() {
    for (status, newer_than) in [(Finished, Some(3)), (Unknown("polishing".to_owned()), None)] {
        let mut wait = Wait::new(newer_than);
        for _ in 0..1_000 {
            let result = wait.polled(snapshot(status.clone(), Some(3)), 1_000.0, 0.5);
            assert!(matches!(result.decision, WaitDecision::PollAfter(_)));
        }
    }
}

#[test]
fn a_cancelled_refinement_ends_the_wait() {
    let polls = [(Generating, Some(3)), (Finished, Some(3))];
    assert_eq!(results_of(&mut Wait::new(Some(3)), &polls)[1].1, WaitDecision::NoNewVersion);
    let never_begun = vec![(Finished, Some(3)); 15];
    let found = results_of(&mut Wait::new(Some(3)), &never_begun);
    assert_eq!(found.iter().filter(|(has_changed, _)| *has_changed).count(), 1);
    assert_eq!(found[14].1, WaitDecision::NoNewVersion);
}

/// Returns the number of polls until a generation of this duration is noticed, and how late that is.
fn noticed(duration_ms: f64) -> (u32, f64) {
    let mut wait = Wait::new(None);
    let (mut polls, mut elapsed_ms) = (1, 0.0);
    loop {
        let status = if elapsed_ms < duration_ms { Generating } else { Finished };
        match wait.polled(snapshot(status, None), elapsed_ms, 0.5).decision {
            WaitDecision::PollAfter(delay_ms) => elapsed_ms += delay_ms,
            _ => return (polls, elapsed_ms - duration_ms),
        }
        polls += 1;
    }
}

#[test]
fn generations_of_up_to_ten_minutes_are_noticed_soon_with_at_most_40_polls() {
    for seconds in [30.0_f64, 60.0, 120.0, 300.0, 600.0] {
        // Shorter durations too, so that they end anywhere between two polls.
        let durations_ms = (0..1_000).map(|step| seconds * (700.0 + 0.3 * f64::from(step)));
        let (polls, mut delays_ms): (Vec<_>, Vec<_>) = durations_ms.map(noticed).unzip();
        delays_ms.sort_by(f64::total_cmp);
        let (median_ms, worst_ms) = (delays_ms[500], delays_ms[999]);
        let most = polls.iter().max().copied().unwrap_or_default();
        assert!(most <= 40);
        assert!(median_ms <= 2_000_f64.max(50.0 * seconds));
        assert!(worst_ms <= 4_000_f64.max(110.0 * seconds));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn polls_have_delays_and_end_only_with_the_generation(
        newer_than in proptest::option::of(0_u32..3),
        polls in proptest::collection::vec((0_usize..6, proptest::option::of(0_u32..5), 0.0..1.0_f64), 1..60),
        elapsed_ms in 0.0..900_000.0_f64,
    ) {
        let statuses = [Recording, Generating, Failed, Finished, Cancelled, TimedOut];
        let mut wait = Wait::new(newer_than);
        for (status, version, chance) in polls {
            let status = statuses[status].clone();
            match wait.polled(snapshot(status.clone(), version), elapsed_ms, chance).decision {
                WaitDecision::PollAfter(delay) => {
                    // With the jitter: 4.4 s, or 12.1 % of the time waited.
                    prop_assert!((899.0..=4_401_f64.max(0.1211 * elapsed_ms)).contains(&delay));
                }
                WaitDecision::NoNewVersion => {
                    prop_assert_eq!(status, Finished);
                    prop_assert!(newer_than.is_some());
                    break;
                }
                WaitDecision::UnknownStatus => prop_assert!(false, "all of these are known"),
                WaitDecision::Ended => {
                    prop_assert!(status.is_final());
                    prop_assert!(status != Finished || newer_than.is_none_or(|old| version > Some(old)));
                    break;
                }
            }
        }
    }
}
