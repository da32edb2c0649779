//! Finding an execution whose answer was lost.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

use browser_use_skills::policy::recover::{Next, Recovery, Seen};
use proptest::prelude::*;

const GRACE_MS: f64 = 10_000.0;

fn seen(id: &str, has_ended: bool) -> Seen {
    Seen { id: id.to_owned(), has_ended }
}

/// A search among two old executions, begun at 0 ms.
fn search() -> Recovery {
    Recovery::new(vec!["old".to_owned(), "older".to_owned()], 0.0, GRACE_MS)
}

#[test]
fn the_one_new_execution_is_waited_for() {
    let mut search = search();
    let running = [seen("new", false), seen("old", true)];
    assert!(matches!(search.looked(&running, 1.0, 0.5), Next::LookAfter(_)));
    assert_eq!(search.found(), Some("new"));
    assert!(matches!(search.looked(&running, 60_000.0, 0.5), Next::LookAfter(_)));
    let ended = [seen("new", true), seen("old", true)];
    assert_eq!(search.looked(&ended, 61_000.0, 0.5), Next::Take("new".to_owned()));
}

#[test]
fn of_two_new_ones_neither_is_taken() {
    let both = vec!["a".to_owned(), "b".to_owned()];
    let list = [seen("a", true), seen("b", true), seen("old", true)];
    assert_eq!(search().looked(&list, 1.0, 0.5), Next::Ambiguous(both.clone()));
    // Late, and at once: the first look after a long sleep of the machine.
    assert_eq!(search().looked(&list, 99_000.0, 0.5), Next::Ambiguous(both.clone()));
    let mut search = search();
    search.looked(&[seen("b", false)], 1.0, 0.5);
    assert_eq!(search.looked(&list, 2.0, 0.5), Next::Ambiguous(both));
}

#[test]
fn what_begins_after_the_grace_is_somebody_elses() {
    let mut search = search();
    search.looked(&[seen("ours", false)], 1.0, 0.5);
    let later = [seen("theirs", true), seen("ours", false), seen("old", true)];
    assert!(matches!(search.looked(&later, GRACE_MS, 0.5), Next::LookAfter(_)));
    let ended = [seen("theirs", true), seen("ours", true)];
    assert_eq!(search.looked(&ended, GRACE_MS + 1.0, 0.5), Next::Take("ours".to_owned()));
}

#[test]
fn only_a_look_after_the_grace_proves_that_nothing_arrived() {
    let mut search = search();
    let old = [seen("old", true), seen("older", true)];
    assert!(matches!(search.looked(&old, GRACE_MS - 1.0, 0.5), Next::LookAfter(delay) if delay <= 1.0));
    assert!(matches!(search.looked_in_vain(GRACE_MS + 5.0, 0.5), Next::LookAfter(_)));
    assert_eq!(search.looked(&old, GRACE_MS + 9.0, 0.5), Next::NeverArrived);
}

#[test]
fn a_service_that_cannot_be_asked_is_given_up() {
    let mut search = search();
    let looks = std::iter::repeat_with(|| search.looked_in_vain(0.0, 0.5)).take(100);
    assert_eq!(looks.take_while(|next| *next != Next::GiveUp).count(), 9);
}

proptest! {
    /// A world: when our execution shows up (or never), when it ends, when those of others show up, which looks fail.
    #[test]
    fn in_any_world_nothing_is_guessed(
        ours in prop::option::of((0.0..20_000.0, 0.0..120_000.0)),
        others in prop::collection::vec(0.0..60_000.0, 0..3),
        fails in prop::collection::vec(prop::bool::weighted(0.2), 200),
        chances in prop::collection::vec(0.0..1.0, 200),
    ) {
        let mut search = search();
        let mut now_ms = 0.0;
        let mut end = None;
        for (fail, chance) in fails.iter().zip(&chances) {
            let mut list = vec![seen("old", true)];
            list.extend(ours.filter(|(begins, _)| *begins <= now_ms).map(|(begins, takes)| {
                seen("ours", begins + takes <= now_ms)
            }));
            let visible = others.iter().enumerate().filter(|(_, begins)| **begins <= now_ms);
            list.extend(visible.map(|(index, _)| seen(&index.to_string(), true)));
            let next = if *fail {
                search.looked_in_vain(now_ms, *chance)
            } else {
                search.looked(&list, now_ms, *chance)
            };
            let news = list.len() - 1;
            match next {
                Next::LookAfter(delay) => {
                    prop_assert!((0.0..=12_000.0).contains(&delay), "{delay}");
                    now_ms += delay;
                    continue;
                }
                Next::Take(ref id) => {
                    prop_assert!(list.contains(&seen(id, true)));
                    // The only new one, or the only one that was there during the grace.
                    prop_assert!(news == 1 || now_ms >= GRACE_MS);
                }
                Next::NeverArrived => prop_assert!(news == 0 && now_ms >= GRACE_MS),
                Next::Ambiguous(ref several) => prop_assert!(several.len() >= 2 && several.len() == news),
                Next::GiveUp => prop_assert!(fails.windows(10).any(|ten| ten.iter().all(|fail| *fail))),
            }
            end = Some(next);
            break;
        }
        // Ours is found whenever it alone shows up in time.
        if let Some((begins, _)) = ours
            && others.is_empty()
            && begins <= 1_000.0
            && !fails.iter().any(|fail| *fail)
        {
            prop_assert_eq!(end, Some(Next::Take("ours".to_owned())));
        }
    }
}
