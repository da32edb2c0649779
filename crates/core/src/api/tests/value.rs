//! Types shared by the models.

use proptest::prelude::*;
use serde_json::json;

use crate::api::skill::UpdateSkillRequest;
use crate::api::value::{DateTime, Patch, SkillCategory, SkillsGenerationStatus};

#[test]
fn an_update_distinguishes_absent_from_null() {
    let update =
        UpdateSkillRequest { title: Patch::Null, is_enabled: Patch::Set(true), ..Default::default() };
    assert_eq!(serde_json::to_value(&update).unwrap(), json!({ "title": null, "isEnabled": true }));
    let update: UpdateSkillRequest = serde_json::from_value(json!({ "description": null })).unwrap();
    assert_eq!((update.description, update.title), (Patch::Null, Patch::Absent));
}

#[test]
fn a_patch_without_a_value_is_null_where_it_cannot_be_left_out() {
    let patches = [Patch::Absent, Patch::Null, Patch::Set(1)];
    assert_eq!(serde_json::to_value(patches).unwrap(), json!([null, null, 1]));
    assert_eq!(patches.map(|patch| patch.is_absent()), [true, false, false]);
}

#[test]
fn a_date_time_is_displayed_as_the_api_wrote_it() {
    assert_eq!(DateTime("2026-01-31T12:00:00".to_owned()).to_string(), "2026-01-31T12:00:00");
}

#[test]
fn a_generation_has_four_final_statuses() {
    let is_final = |text: &str| SkillsGenerationStatus::from(text.to_owned()).is_final();
    for text in ["finished", "failed", "cancelled", "timed_out"] {
        assert!(is_final(text), "{text}");
    }
    for text in ["recording", "generating", "polishing"] {
        assert!(!is_final(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_category_preserves_its_text(text in ".*") {
        let category = SkillCategory::from(text.clone());
        prop_assert_eq!(category.as_str(), text);
    }
}
