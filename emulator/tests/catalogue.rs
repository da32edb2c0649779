//! The marketplace, and whether each result matches its schema.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use std::collections::BTreeSet;

use browser_use_skills::api::operation::Operation;
use common::{Api, api};
use serde_json::{Map, Value, json};

fn skills(api: &mut Api) -> Vec<Value> {
    let page = api.ok(Operation::MarketplaceList, &[], json!("pageSize=100"));
    page["items"].as_array().unwrap().clone()
}

fn value_for(parameter: &Value) -> Value {
    match parameter["type"].as_str().unwrap() {
        "number" => json!(3),
        "boolean" => json!(true),
        "object" => json!({ "name": "Ada" }),
        "array" => json!(["one", "two"]),
        _ if !parameter["default"].is_null() => parameter["default"].clone(),
        _ => json!("rust"),
    }
}

/// Parameters for a skill: the required ones, or all.
fn parameters(skill: &Value, all: bool) -> Value {
    let is_included = |parameter: &&Value| all || parameter["required"] == true;
    let values: Map<_, _> = skill["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .filter(is_included)
        .map(|parameter| (parameter["name"].as_str().unwrap().to_owned(), value_for(parameter)))
        .collect();
    Value::Object(values)
}

#[test]
fn every_category_and_parameter_type_occurs() {
    let all = skills(&mut api());
    let texts = |pointer: &str| -> BTreeSet<String> {
        let values = all.iter().filter_map(|skill| skill.pointer(pointer)?.as_array()).flatten();
        values.map(|value| value["type"].as_str().or(value.as_str()).unwrap().to_owned()).collect()
    };
    assert!(all.len() >= 14);
    assert_eq!(texts("/categories").len(), 16);
    assert_eq!(texts("/parameters").len(), 6);
    assert!(all.iter().any(|skill| skill["isOfficial"] == true));
    assert!(all.iter().any(|skill| skill["isOfficial"] == false));
}

#[test]
fn every_result_matches_the_schema_of_its_skill() {
    for seed in 0..25 {
        let mut api = common::with(json!({ "seed": seed, "maxSessions": 1000 }));
        let mut all = skills(&mut api);
        let own = api.finished();
        all.push(api.ok(Operation::SkillsGet, &[&own], Value::Null));
        api.patch_skill(&own, json!({ "isPublic": true }));
        for skill in all {
            let schema =
                jsonschema::options().should_validate_formats(true).build(&skill["outputSchema"]).unwrap();
            for every in [false, true] {
                let input = json!({ "parameters": parameters(&skill, every) });
                let id = skill["id"].as_str().unwrap();
                let response = api.ok(Operation::MarketplaceExecute, &[id], input);
                assert_eq!(response["success"], true, "{response}");
                let errors: Vec<_> = schema.iter_errors(&response["result"]).map(|e| e.to_string()).collect();
                assert!(errors.is_empty(), "{}: {errors:?} in {response}", skill["title"]);
            }
        }
    }
}

#[test]
fn parameters_determine_the_result() {
    let mut api = api();
    let id = api.public("web-search");
    let input = json!({ "parameters": { "query": "rust", "limit": 5 } });
    let response = api.ok(Operation::MarketplaceExecute, &[&id], input.clone());
    let results = response["result"]["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), 5);
    assert!(results.iter().all(|result| result["title"].as_str().unwrap().contains("Rust")), "{response}");
    assert_eq!((&results[4]["position"], &response["result"]["total"]), (&json!(5), &json!(5)));
    assert_eq!(api.ok(Operation::MarketplaceExecute, &[&id], input), response);
}

#[test]
fn list_and_limit_parameters_determine_the_result() {
    let mut api = api();
    let id = api.public("keyword-ranking");
    let input = json!({ "parameters": { "site": "example.com", "keywords": ["one", "two"] } });
    let rankings = &api.ok(Operation::MarketplaceExecute, &[&id], input)["result"]["rankings"];
    assert_eq!((&rankings[0]["keyword"], &rankings[1]["keyword"]), (&json!("one"), &json!("two")));
    assert_eq!(rankings.as_array().unwrap().len(), 2);
    let id = api.public("product-prices");
    let input = json!({ "parameters": { "query": "lamp", "maxPrice": 20, "limit": 50 } });
    let products = &api.ok(Operation::MarketplaceExecute, &[&id], input)["result"]["data"]["products"];
    let prices: Vec<_> = products.as_array().unwrap().iter().map(|p| p["price"].as_f64().unwrap()).collect();
    assert!(prices.len() == 50 && prices.iter().all(|price| *price <= 20.0), "{prices:?}");
}

#[test]
fn a_skill_with_a_cookie_parameter_wraps_its_result() {
    let mut api = api();
    let id = api.public("order-history");
    let response = api.ok(Operation::MarketplaceExecute, &[&id], json!({}));
    assert_eq!(response["error"], "Missing required parameter 'sessionCookie'");
    let input = json!({ "parameters": { "sessionCookie": "abc" } });
    let result = &api.ok(Operation::MarketplaceExecute, &[&id], input)["result"];
    assert_eq!((&result["success"], &result["error"]), (&json!(true), &Value::Null));
    assert!(result["data"]["orders"].is_array());
}

#[test]
fn a_run_fails_if_a_parameter_is_out_of_range() {
    let mut api = common::with(json!({ "maxSessions": 1000 }));
    let id = api.public("weather-forecast");
    for (name, value, problem) in [
        ("count", json!(-3), "must be at least 1"),
        ("count", json!(15), "must be at most 14"),
        ("count", json!(2.5), "must be an integer"),
        ("units", json!("kelvin"), "must be one of: metric, imperial"),
    ] {
        let input = json!({ "parameters": { "location": "Oslo", name: value } });
        let response = api.ok(Operation::MarketplaceExecute, &[&id], input);
        assert_eq!(response["success"], false, "{response}");
        assert_eq!(response["error"], json!(format!("Parameter '{name}' {problem}")));
    }
    let own = api.finished();
    let input = json!({ "parameters": { "query": "rust", "limit": 0 } });
    let response = api.ok(Operation::SkillsExecute, &[&own], input);
    assert_eq!(response["error"], "Parameter 'limit' must be at least 1");
}

#[test]
fn a_forecast_begins_today_and_agrees_with_itself() {
    let today = "2026-11-18";
    let mut api = api();
    let id = api.public("weather-forecast");
    for place in ["Oslo", "Lisbon", "Kyoto", "Graz", "Austin", "Nairobi", "Tromsø", "Lima"] {
        for units in ["metric", "imperial"] {
            let input = json!({ "parameters": { "location": place, "units": units, "count": 14 } });
            let response = api.ok(Operation::MarketplaceExecute, &[&id], input);
            let days = response["result"]["days"].as_array().unwrap();
            assert_eq!((days.len(), &days[0]["day"]), (14, &json!(today)));
            for day in days {
                let (high, low) = (day["high"].as_f64().unwrap(), day["low"].as_f64().unwrap());
                let rain = day["rainPercent"].as_i64().unwrap();
                assert!(day["day"].as_str().unwrap() >= today && low < high, "{day}");
                let freezing = if units == "metric" { 2.0 } else { 36.0 };
                assert!(day["sky"] != "snow" || high < freezing, "{day}");
                assert_eq!(rain >= 60, day["sky"] == "snow" || day["sky"] == "rain", "{day}");
            }
        }
    }
}

#[test]
fn dates_are_relative_to_now_and_to_the_parameters() {
    let mut api = api();
    let issues = api.public("repository-issues");
    let input = json!({ "parameters": { "repository": "a/b" } });
    let response = api.ok(Operation::MarketplaceExecute, &[&issues], input);
    assert!(response["result"]["issues"][0]["createdAt"].as_str().unwrap().starts_with("2026-11-17T"));
    let flights = api.public("flight-finder");
    let input = json!({ "parameters": {
        "from": "Oslo", "destination": "Rome", "date": "2026-12-24", "directOnly": true
    } });
    let response = api.ok(Operation::MarketplaceExecute, &[&flights], input);
    for flight in response["result"]["flights"].as_array().unwrap() {
        assert!(flight["departure"].as_str().unwrap().starts_with("2026-12-24T"), "{flight}");
        assert_eq!(flight["stops"], 0);
    }
}
