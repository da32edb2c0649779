//! The initial skills: a marketplace, and one public skill of the caller's project.

use browser_use_skills::api::skill::ParameterSchema;
use browser_use_skills::api::value::{DateTime, SkillCategory, SkillsGenerationStatus};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::accepts::Accepts;
use crate::rng::Rng;
use crate::skill::{Skill, Version};
use crate::timestamp;

/// One file per skill. The first skill belongs to the caller's project.
const ENTRIES: &[&str] = &[
    include_str!("catalogue/page-to-markdown.json"),
    include_str!("catalogue/web-search.json"),
    include_str!("catalogue/top-stories.json"),
    include_str!("catalogue/product-prices.json"),
    include_str!("catalogue/stock-quote.json"),
    include_str!("catalogue/apartment-listings.json"),
    include_str!("catalogue/profile-posts.json"),
    include_str!("catalogue/flight-finder.json"),
    include_str!("catalogue/second-hand-offers.json"),
    include_str!("catalogue/company-contacts.json"),
    include_str!("catalogue/keyword-ranking.json"),
    include_str!("catalogue/job-openings.json"),
    include_str!("catalogue/repository-issues.json"),
    include_str!("catalogue/film-showtimes.json"),
    include_str!("catalogue/order-history.json"),
    include_str!("catalogue/sheet-append.json"),
    include_str!("catalogue/weather-forecast.json"),
];

/// A skill as its file describes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    slug: String,
    title: String,
    description: String,
    goal: String,
    agent_prompt: String,
    categories: Vec<SkillCategory>,
    domains: Vec<String>,
    parameters: Vec<Parameter>,
    output_schema: Map<String, Value>,
    created_at: DateTime,
    published_at: DateTime,
    versions: usize,
    clone_count: u32,
    is_official: bool,
    has_icon: bool,
}

/// A parameter, and the values that it accepts besides its type.
#[derive(Deserialize)]
struct Parameter {
    #[serde(flatten)]
    schema: ParameterSchema,
    accepts: Option<Accepts>,
}

/// Returns the initial skills. An id depends on the seed and the slug only. Dates in the future become `now`.
pub fn skills(seed: u64, now: u64) -> Vec<Skill> {
    let entries = ENTRIES.iter().filter_map(|text| serde_json::from_str::<Entry>(text).ok());
    entries.enumerate().map(|(index, entry)| skill(entry, index == 0, seed, now)).collect()
}

fn skill(entry: Entry, is_own: bool, seed: u64, now: u64) -> Skill {
    let created_at = timestamp::parse(&entry.created_at).unwrap_or(0).min(now);
    let published_at = timestamp::parse(&entry.published_at).unwrap_or(0).min(now);
    let accepted = entry.parameters.iter();
    let accepted =
        accepted.filter_map(|parameter| Some((parameter.schema.name.clone(), parameter.accepts.clone()?)));
    let version = Version {
        accepts: accepted.collect(),
        parameters: entry.parameters.into_iter().map(|parameter| parameter.schema).collect(),
        output_schema: entry.output_schema,
        started_at: created_at,
        finished_at: published_at,
    };
    Skill {
        id: Rng::new(seed, &entry.slug).uuid(),
        is_own,
        icon_url: entry.has_icon.then(|| format!("https://icons.example.com/{}.png", entry.slug)),
        slug: entry.slug,
        title: Some(entry.title),
        description: Some(entry.description),
        categories: entry.categories,
        domains: entry.domains,
        goal: entry.goal,
        agent_prompt: entry.agent_prompt,
        is_enabled: true,
        is_public: true,
        is_official: entry.is_official,
        clone_count: entry.clone_count,
        published_at: Some((published_at, published_at)),
        cloned_from: None,
        created_at,
        updated_at: published_at,
        versions: vec![version; entry.versions.max(1)],
        idle_status: SkillsGenerationStatus::Finished,
        generation: None,
        was_generated: true,
        has_code: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_parses() {
        for text in ENTRIES {
            let error = serde_json::from_str::<Entry>(text).err();
            assert!(error.is_none(), "{error:?} in {text}");
        }
        assert_eq!(skills(1, u64::MAX).len(), ENTRIES.len());
    }
}
