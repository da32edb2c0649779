//! Segments and downloads of the operation table. `tests/operations.rs` of the workspace compares the table with the
//! contract.

use crate::api::operation::Operation;
use crate::api::operation_spec::{DOWNLOAD, Segment};

#[test]
fn a_path_has_fixed_segments_and_parameters() {
    let spec = Operation::SkillsGet.spec();
    assert_eq!(
        spec.segments().collect::<Vec<_>>(),
        [Segment::Fixed("skills"), Segment::Parameter("skill_id")]
    );
    assert_eq!(spec.parameters().collect::<Vec<_>>(), ["skill_id"]);
    assert_eq!(Operation::SkillsList.spec().parameters().count(), 0);
}

#[test]
fn only_the_download_is_not_an_operation() {
    assert!(DOWNLOAD.is_download());
    assert!(Operation::ALL.iter().all(|operation| !operation.spec().is_download()));
}

#[test]
fn a_method_is_upper_case() {
    let written = |operation: Operation| operation.spec().method.as_str();
    let written =
        [Operation::SkillsGet, Operation::SkillsCreate, Operation::SkillsUpdate, Operation::SkillsDelete]
            .map(written);
    assert_eq!(written, ["GET", "POST", "PATCH", "DELETE"]);
}
