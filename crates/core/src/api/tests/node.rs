//! A JSON value as the checks see it.

use serde_json::{Value, json};

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
        Kind::Text,
        Kind::List,
        Kind::Object,
    ];
    assert_eq!(values.map(|value| value.kind()), expected);
    let numbers = expected.iter().filter(|kind| kind.is_number());
    assert!(numbers.eq([&Kind::Integer, &Kind::Integer, &Kind::Number]));
}

#[test]
fn a_value_shows_what_it_holds_and_nothing_else() {
    let values = [json!("a"), json!(1.5), json!(true), json!([1, 2]), json!({ "a": 1, "b": 2 })];
    let [text, number, truth, list, object] = &values;
    assert_eq!(values.iter().filter_map(Node::text).collect::<Vec<_>>(), ["a"]);
    assert_eq!(values.iter().filter_map(Node::number).collect::<Vec<_>>(), [1.5]);
    assert_eq!(values.iter().filter_map(Node::truth).collect::<Vec<_>>(), [true]);
    assert_eq!(json!(false).truth(), Some(false));
    assert_eq!(list.items(), [json!(1), json!(2)]);
    assert_eq!(Node::keys(object), ["a", "b"]);
    assert_eq!(Node::get(object, "b"), Some(json!(2)));
    assert_eq!(Node::get(object, "c"), None);
    for other in [text, number, truth] {
        assert!(other.items().is_empty() && Node::keys(other).is_empty() && Node::get(other, "a").is_none());
    }
}

#[test]
fn an_object_is_seen_with_the_eyes_of_a_model() {
    let value = json!({ "feedback": "a", "extra": 1 });
    assert_eq!(value.kinds(MODEL), [Kind::Text, Kind::Absent, Kind::Absent]);
    assert_eq!(value.strangers(MODEL), ["extra"]);
    assert_eq!(Value::Null.kinds(MODEL), [Kind::Absent; 3]);
}
