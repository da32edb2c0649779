//! Property tests with arbitrary responses of a server: no function panics, and accepted values are valid. `PROPTEST_CASES` is
//! the number of inputs per property.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    missing_docs
)]

use browser_use_skills::api::check::{Mode, issues};
use browser_use_skills::api::issue::{Issue, Loc};
use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::problem::{self, ErrorCode, Hints, classify, detail, server_issues};
use browser_use_skills::api::shape::{Field, Model, Shape};
use browser_use_skills::policy::retry_delay::retry_after_ms;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn any_text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..6).prop_map(String::from_iter)
}

/// Arbitrary JSON. Some of its keys are those that the client reads.
fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let known: &[_] = &["items", "detail", "loc", "msg", "type", "status", "parameters", "id", "input"];
        let key = prop_oneof![select(known).prop_map(str::to_owned), any_text()];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..4).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
    .boxed()
}

/// A valid value of a shape.
fn valid(shape: &'static Shape) -> BoxedStrategy<Value> {
    match shape {
        Shape::String { .. } | Shape::DateTime => any_text().prop_map(Value::from).boxed(),
        Shape::Uuid => any::<u128>().prop_map(|bits| Value::from(Uuid::from_u128(bits).to_string())).boxed(),
        Shape::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Number => (-1e9..1e9_f64).prop_map(Value::from).boxed(),
        Shape::Integer { min, max } => (*min..=*max).prop_map(Value::from).boxed(),
        // A later version of the API may have other members.
        Shape::Enum(choice) => {
            prop_oneof![select(choice.members).prop_map(Value::from), any_text().prop_map(Value::from)]
                .boxed()
        }
        Shape::Array(item) => vec(valid(item), 0..3).prop_map(Value::from).boxed(),
        Shape::Model(model) => valid_model(model).prop_map(Value::from).boxed(),
        Shape::Object => {
            vec((any_text(), any_json()), 0..3).prop_map(|entries| entries.into_iter().collect()).boxed()
        }
        _ => any_json(),
    }
}

fn valid_model(model: &'static Model) -> impl Strategy<Value = Map<String, Value>> {
    model.fields.iter().map(valid_field).collect::<Vec<_>>().prop_map(|values| {
        let named = model.fields.iter().zip(values);
        named.filter_map(|(field, value)| Some((field.name.to_owned(), value?))).collect()
    })
}

/// A valid value of a field; none if it is absent.
fn valid_field(field: &'static Field) -> BoxedStrategy<Option<Value>> {
    let mut choices = vec![valid(&field.shape).prop_map(Some).boxed()];
    if field.nullable {
        choices.push(Just(Some(Value::Null)).boxed());
    }
    if !field.required {
        choices.push(Just(None).boxed());
    }
    Union::new(choices).boxed()
}

/// A valid response, and its model.
fn valid_response() -> impl Strategy<Value = (&'static Model, Map<String, Value>)> {
    let models = Operation::ALL.iter().filter_map(|operation| operation.response());
    Union::new(models.map(|model| valid_model(model).prop_map(move |response| (model, response)).boxed()))
}

fn issues_in(response: &Value, model: &'static Model) -> Vec<Issue> {
    issues(response, model, "body", Mode::Response)
}

/// The paths of all values within a value, in the format of an issue.
fn paths(value: &Value, path: &mut Vec<Loc>, found: &mut Vec<Vec<Loc>>) {
    found.push(path.clone());
    let mut inside = |step: Loc, value: &Value| {
        path.push(step);
        paths(value, path, found);
        path.pop();
    };
    match value {
        Value::Array(items) => (0..).zip(items).for_each(|(index, item)| inside(Loc::Index(index), item)),
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| inside(Loc::Key(key.clone().into()), field));
        }
        _ => {}
    }
}

fn at<'a>(value: &'a mut Value, path: &[Loc]) -> &'a mut Value {
    path.iter().fold(value, |value, step| match step {
        Loc::Index(index) => &mut value[*index as usize],
        Loc::Key(key) => &mut value[&**key],
    })
}

fn error_body() -> impl Strategy<Value = Value> {
    let words: &[_] = &["Too many concurrent sessions", "Rate limit exceeded", "Enabled skills limit", ""];
    let listed = prop_oneof![
        any_json(),
        (vec(any_json(), 0..4), any_json()).prop_map(|(loc, msg)| json!({ "loc": loc, "msg": msg })),
    ];
    let detail = prop_oneof![
        any_json(),
        select(words).prop_map(Value::from),
        vec(listed, 0..4).prop_map(Value::from),
    ];
    let seconds = prop_oneof![any_json(), any::<f64>().prop_map(Value::from)];
    prop_oneof![
        any_json(),
        (detail, seconds)
            .prop_map(|(detail, seconds)| json!({ "detail": detail, "retry_after_seconds": seconds })),
    ]
}

/// A date in the format of HTTP, and its seconds since the epoch, which are summed day by day, unlike in the code under test.
fn http_date() -> impl Strategy<Value = (String, f64)> {
    const MONTHS: [(&str, u32); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let is_leap =
        |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    (1970_u32..2106, 0_usize..12, any::<Index>(), 0_u32..24, 0_u32..60, 0_u32..60).prop_map(
        move |(year, month, day, hour, minute, second)| {
            let length = |year, month: usize| MONTHS[month].1 + u32::from(month == 1 && is_leap(year));
            let day = day.index(length(year, month) as usize) as u32;
            let years: u32 = (1970..year).map(|year| 365 + u32::from(is_leap(year))).sum();
            let days = years + (0..month).map(|month| length(year, month)).sum::<u32>() + day;
            let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][days as usize % 7];
            let (name, day) = (MONTHS[month].0, day + 1);
            let text = format!("{weekday}, {day:02} {name} {year} {hour:02}:{minute:02}:{second:02} GMT");
            (text, f64::from(days) * 86_400.0 + f64::from(hour * 3600 + minute * 60 + second))
        },
    )
}

/// A text in which one character was replaced, inserted or removed.
fn mutated(text: String) -> impl Strategy<Value = String> {
    let letter =
        prop_oneof![select(b" ,:0123456789+-.GMTSunJa".as_slice()).prop_map(char::from), any::<char>()];
    (any::<Index>(), letter, 0_usize..3, 0_usize..2).prop_map(move |(place, letter, added, removed)| {
        let mut letters: Vec<char> = text.chars().collect();
        let place = place.index(letters.len());
        letters.splice(place..place + removed, std::iter::repeat_n(letter, added));
        String::from_iter(letters)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_valid_response_is_accepted_with_unknown_fields(
        (model, response) in valid_response(),
        more in vec((any_text(), any_json()), 0..3),
    ) {
        let mut extended: Map<_, _> = more.into_iter().collect();
        extended.extend(response);
        prop_assert_eq!(issues_in(&Value::from(extended), model), []);
    }

    #[test]
    fn an_issue_has_the_path_of_the_invalid_value(
        (model, response) in valid_response(),
        place in any::<Index>(),
        replacement in proptest::option::of(any_json()),
    ) {
        let mut response = Value::from(response);
        let mut all = Vec::new();
        paths(&response, &mut Vec::new(), &mut all);
        let place = place.get(&all);
        let is_missing = match (replacement, place.split_last()) {
            (None, Some((Loc::Key(key), parent))) => {
                at(&mut response, parent).as_object_mut().unwrap().remove(&**key);
                true
            }
            (replacement, _) => {
                *at(&mut response, place) = replacement.unwrap_or_default();
                false
            }
        };
        let found = issues_in(&response, model);
        prop_assert!(found.len() <= 1, "only the first issue is reported");
        for issue in found {
            prop_assert!(issue.loc[1..].starts_with(place), "{} for {place:?}", issue.path());
            prop_assert_eq!(issue.kind == "missing" && issue.loc.len() == place.len() + 1, is_missing);
        }
    }

    #[test]
    fn an_error_response_gets_a_code_of_its_status(
        operation in select(Operation::ALL),
        status in prop_oneof![select([400, 401, 402, 403, 404, 422, 429, 500, 503].as_slice()), any::<u16>()],
        body in error_body(),
        rate_limit_headers in any::<bool>(),
    ) {
        let spec = operation.spec();
        let code = classify(spec, status, &body, Hints { rate_limit_headers });
        let others: &[ErrorCode] = match status {
            401 | 403 => &[ErrorCode::Authentication],
            402 => &[ErrorCode::InsufficientCredits],
            404 => &[ErrorCode::SessionNotFound, ErrorCode::UnexpectedStatus],
            422 => &[ErrorCode::Validation],
            429 => &[ErrorCode::RateLimit, ErrorCode::TooManyConcurrentActiveSessions],
            500..=599 => &[ErrorCode::Server],
            _ => &[ErrorCode::UnexpectedStatus],
        };
        let declared = spec.declared_error(status);
        prop_assert!(Some(code) == declared || others.contains(&code), "{code:?}");
        prop_assert_eq!(detail(&body), body["detail"].as_str().map(str::to_owned));
        if let Some(delay_ms) = problem::retry_after_ms(&body) {
            prop_assert!(delay_ms.is_finite() && delay_ms >= 0.0);
        }
        // A body with a `loc` is itself an issue.
        let listed = body["detail"].as_array().map_or(usize::from(body.get("loc").is_some()), Vec::len);
        let found = server_issues(&body);
        prop_assert!(found.len() <= listed);
        prop_assert!(found.iter().all(|issue| issue.path().len() < 1000));
    }

    #[test]
    fn any_response_can_be_validated(operation in select(Operation::ALL), body in any_json()) {
        let Some(model) = operation.response() else { return Ok(()) };
        let is_wrong = !issues_in(&body, model).is_empty();
        let lacks_something =
            model.fields.iter().any(|field| field.required && body.get(field.name).is_none());
        prop_assert!(is_wrong || !lacks_something);
    }

    #[test]
    fn a_valid_retry_after_is_parsed_and_others_are_bounded(
        ((text, at), mutated) in http_date().prop_flat_map(|date| (Just(date.clone()), mutated(date.0))),
        nonsense in any_text(),
        seconds in any::<u32>(),
        asked in prop_oneof![0_u32..60, 0_u32..1_000_000],
    ) {
        let now_ms = (at - f64::from(asked)) * 1000.0;
        let date_ms = |_: &str| at * 1000.0;
        prop_assert_eq!(retry_after_ms(&text, now_ms, date_ms), Some(f64::from(asked) * 1000.0));
        let short = (seconds < 1_000_000_000).then(|| f64::from(seconds) * 1000.0);
        prop_assert_eq!(retry_after_ms(&seconds.to_string(), now_ms, date_ms), short);
        for text in [mutated, nonsense] {
            if let Some(parsed) = retry_after_ms(&text, now_ms, date_ms) {
                prop_assert!((0.0..1e13).contains(&parsed), "{text}: {parsed}");
            }
        }
    }
}
