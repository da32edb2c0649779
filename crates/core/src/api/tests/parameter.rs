//! Validation of execution parameters.

use serde_json::{Value, json};

use crate::api::parameter;

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect()
}

#[test]
fn parameters_are_validated_by_the_declaration_of_the_skill() {
    let declared = json!([
        { "name": "query", "type": "string" },
        { "name": "limit", "type": "number", "default": 10 },
        { "name": "deep", "type": "boolean", "required": false },
        { "name": "filter", "type": "object", "required": false },
        { "name": "tags", "type": "array", "required": false },
        { "name": "session", "type": "cookie" },
        { "name": "aura", "type": "hologram" },
    ]);
    let found = |given: Value| {
        let issues = parameter::issues(&declared, &given);
        issues.iter().map(|issue| (issue.path(), issue.kind.to_string())).collect::<Vec<_>>()
    };
    let right = json!({ "query": "q", "session": "s", "aura": [1], "deep": null });
    assert_eq!(found(right), []);
    for number in [json!(3), json!(1.5)] {
        assert_eq!(found(json!({ "query": "q", "session": "s", "aura": 1, "limit": number })), []);
    }
    let wrong = json!({
        "query": 1, "limit": "10", "deep": "yes", "filter": [], "tags": {}, "session": null, "aura": 1, "limitt": 3,
    });
    let expected = [
        ("parameters.query", "string_type"),
        ("parameters.limit", "float_type"),
        ("parameters.deep", "bool_type"),
        ("parameters.filter", "dict_type"),
        ("parameters.tags", "list_type"),
        ("parameters.session", "string_type"),
        ("parameters.limitt", "extra_forbidden"),
    ];
    assert_eq!(found(wrong), pairs(&expected));
    let missing =
        [("parameters.query", "missing"), ("parameters.session", "missing"), ("parameters.aura", "missing")];
    assert_eq!(found(json!({})), pairs(&missing));
}
