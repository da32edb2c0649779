//! Waiting for a generation.

use proptest::prelude::*;

use crate::api::value::SkillsGenerationStatus::{
    self, Cancelled, Failed, Finished, Generating, Recording, TimedOut, Unknown,
};
use crate::policy::wait::{Next, Snapshot, Wait};

fn look(status: SkillsGenerationStatus, version: Option<u32>) -> Snapshot {
    Snapshot { status, version, updated_at: String::new(), has_finished: false }
}

/// What each look means, one after the other, without jitter.
fn meanings(wait: &mut Wait, looks: &[(SkillsGenerationStatus, Option<u32>)]) -> Vec<(bool, Next)> {
    let seen = looks.iter().map(|(status, version)| wait.polled(look(status.clone(), *version), 0.5));
    seen.map(|seen| (seen.is_news, seen.next)).collect()
}

#[test]
fn a_creation_is_over_with_any_final_status() {
    for last in [Finished, Failed, Cancelled, TimedOut] {
        let looks = [(Recording, None), (Recording, None), (Generating, None), (last, Some(1))];
        let expected = [
            (true, Next::LookAfter(1_000.0)),
            (false, Next::LookAfter(1_500.0)),
            (true, Next::LookAfter(2_250.0)),
            (true, Next::Over),
        ];
        assert_eq!(meanings(&mut Wait::new(None), &looks), expected);
    }
}

#[test]
fn a_status_that_nobody_knows_is_not_the_end() {
    let looks = [(Unknown("polishing".to_owned()), None)];
    assert_eq!(meanings(&mut Wait::new(None), &looks), [(true, Next::LookAfter(1_000.0))]);
}

#[test]
fn an_unknown_status_ends_the_wait_once_it_seems_final() {
    let unchanged = vec![(Unknown("polishing".to_owned()), None); 31];
    let found = meanings(&mut Wait::new(None), &unchanged);
    assert!(found[..30].iter().all(|(_, next)| matches!(next, Next::LookAfter(_))));
    assert_eq!(found[30], (false, Next::UnknownStatus));

    let finished = || Snapshot { has_finished: true, ..look(Unknown("archived".to_owned()), Some(1)) };
    let mut wait = Wait::new(None);
    assert!(matches!(wait.polled(finished(), 0.5).next, Next::LookAfter(_)));
    assert_eq!(wait.polled(finished(), 0.5).next, Next::UnknownStatus);
    let mut refined = Wait::new(Some(1));
    refined.polled(finished(), 0.5);
    assert!(
        matches!(refined.polled(finished(), 0.5).next, Next::LookAfter(_)),
        "the old version has finished"
    );
}

#[test]
fn a_refinement_is_over_with_a_newer_version() {
    let looks = [(Finished, Some(3)), (Generating, Some(3)), (Finished, Some(4))];
    let found = meanings(&mut Wait::new(Some(3)), &looks);
    assert!(matches!(found[0].1, Next::LookAfter(_)), "it may not have begun yet");
    assert_eq!(found[2], (true, Next::Over));
    let failed = meanings(&mut Wait::new(Some(3)), &[(Failed, Some(3))]);
    assert_eq!(failed, [(true, Next::Over)]);
}

#[test]
fn a_refinement_that_was_cancelled_does_not_wait_for_ever() {
    let looks = [(Generating, Some(3)), (Finished, Some(3))];
    assert_eq!(meanings(&mut Wait::new(Some(3)), &looks)[1].1, Next::NothingNew);
    let never_begun = vec![(Finished, Some(3)); 10];
    let found = meanings(&mut Wait::new(Some(3)), &never_begun);
    assert_eq!(found.iter().filter(|(is_news, _)| *is_news).count(), 1);
    assert_eq!(found[9].1, Next::NothingNew);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn looks_are_gentle_and_end_only_at_an_end(
        newer_than in proptest::option::of(0_u32..3),
        looks in proptest::collection::vec((0_usize..6, proptest::option::of(0_u32..5), 0.0..1.0_f64), 1..60),
    ) {
        let statuses = [Recording, Generating, Failed, Finished, Cancelled, TimedOut];
        let mut wait = Wait::new(newer_than);
        for (status, version, chance) in looks {
            let status = statuses[status].clone();
            match wait.polled(look(status.clone(), version), chance).next {
                Next::LookAfter(delay) => prop_assert!((800.0..=12_000.0).contains(&delay)),
                Next::NothingNew => {
                    prop_assert_eq!(status, Finished);
                    prop_assert!(newer_than.is_some());
                    break;
                }
                Next::UnknownStatus => prop_assert!(false, "all of these are known"),
                Next::Over => {
                    prop_assert!(status.is_final());
                    prop_assert!(status != Finished || newer_than.is_none_or(|old| version > Some(old)));
                    break;
                }
            }
        }
    }
}
