//! What the rows of the table tell. Whether they are those of the contract, tests/operations.rs of the workspace checks.

use crate::api::operation::{DOWNLOAD, Operation, Segment};

#[test]
fn a_path_is_fixed_text_and_parameters() {
    let spec = Operation::SkillsGet.spec();
    assert_eq!(
        spec.segments().collect::<Vec<_>>(),
        [Segment::Fixed("skills"), Segment::Parameter("skill_id")]
    );
    assert_eq!(spec.parameters().collect::<Vec<_>>(), ["skill_id"]);
    assert_eq!(Operation::SkillsList.spec().parameters().count(), 0);
}

#[test]
fn only_the_download_is_no_operation() {
    assert!(DOWNLOAD.is_download());
    assert!(Operation::ALL.iter().all(|operation| !operation.spec().is_download()));
}

#[test]
fn a_method_is_written_in_capitals() {
    let written = |operation: Operation| operation.spec().method.as_str();
    let written =
        [Operation::SkillsGet, Operation::SkillsCreate, Operation::SkillsUpdate, Operation::SkillsDelete]
            .map(written);
    assert_eq!(written, ["GET", "POST", "PATCH", "DELETE"]);
}
