//! Values in Rust and JavaScript.

use serde_json::{Value, json};

use crate::api::check::{Mode, issues};
use crate::api::node::{Kind, Node};
use crate::api::shape::Model;
use crate::api::skill::RefineSkillRequest;

const MODEL: &Model = RefineSkillRequest::MODEL;

#[test]
fn each_value_has_its_kind() {
    let values =
        [json!(null), json!(true), json!(1), json!(1.0), json!(1.5), json!("a"), json!([]), json!({})];
    let expected = [
        Kind::Null,
        Kind::Boolean,
        Kind::Integer,
        Kind::Integer,
        Kind::Number,
        Kind::String,
        Kind::Array,
        Kind::Object,
    ];
    assert_eq!(values.map(|value| value.kind()), expected);
    let numbers = expected.iter().filter(|kind| kind.is_number());
    assert!(numbers.eq([&Kind::Integer, &Kind::Integer, &Kind::Number]));
}

#[test]
fn a_value_has_only_the_accessor_of_its_kind() {
    let values = [json!("a"), json!(1.5), json!(true), json!([1, 2]), json!({ "a": 1, "b": 2 })];
    let [text, number, truth, list, object] = &values;
    assert_eq!(values.iter().filter_map(Node::as_string).collect::<Vec<_>>(), ["a"]);
    assert_eq!(values.iter().filter_map(Node::as_f64).collect::<Vec<_>>(), [1.5]);
    assert_eq!(values.iter().filter_map(Node::as_bool).collect::<Vec<_>>(), [true]);
    assert_eq!(json!(false).as_bool(), Some(false));
    assert_eq!(list.items(), [json!(1), json!(2)]);
    assert_eq!(Node::keys(object), ["a", "b"]);
    assert_eq!(Node::get(object, "b"), Some(json!(2)));
    assert_eq!(Node::get(object, "c"), None);
    for other in [text, number, truth] {
        assert!(other.items().is_empty() && Node::keys(other).is_empty() && Node::get(other, "a").is_none());
    }
}

#[test]
fn an_object_is_compared_with_the_fields_of_a_model() {
    let value = json!({ "feedback": "a", "extra": 1 });
    assert_eq!(value.kinds(MODEL), [Kind::String, Kind::Absent, Kind::Absent]);
    assert_eq!(value.unknown_keys(MODEL), ["extra"]);
    assert_eq!(Value::Null.kinds(MODEL), [Kind::Absent; 3]);
}

/// JavaScript values that JSON does not have: an object with `undefined` members.
#[derive(Clone)]
enum Script {
    Object(&'static [&'static str]),
    Undefined,
}

impl Node for Script {
    fn kind(&self) -> Kind {
        match self {
            Self::Object(_) => Kind::Object,
            Self::Undefined => Kind::Absent,
        }
    }

    fn as_string(&self) -> Option<String> {
        None
    }

    fn as_f64(&self) -> Option<f64> {
        None
    }

    fn as_bool(&self) -> Option<bool> {
        None
    }

    fn get(&self, key: &str) -> Option<Self> {
        Node::keys(self).iter().any(|known| known == key).then_some(Self::Undefined)
    }

    fn keys(&self) -> Vec<String> {
        match self {
            Self::Object(keys) => keys.iter().map(|key| (*key).to_owned()).collect(),
            Self::Undefined => Vec::new(),
        }
    }

    fn items(&self) -> Vec<Self> {
        Vec::new()
    }
}

#[test]
fn a_member_that_is_undefined_is_missing() {
    let request = Script::Object(&["feedback", "testLogs"]);
    let found = issues(&request, MODEL, "body", Mode::ClientRequest);
    assert_eq!(
        found.iter().map(|issue| (issue.path(), &*issue.kind)).collect::<Vec<_>>(),
        [("feedback".to_owned(), "missing")]
    );
}
