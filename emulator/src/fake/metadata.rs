//! Generates the metadata of a skill when its generation finishes.

use browser_use_skills::api::skill::ParameterSchema;
use browser_use_skills::api::value::{ParameterType, SkillCategory};
use serde_json::{Map, Value, json};

use super::vocabulary;
use crate::accepts::Accepts;
use crate::skill::{Skill, Version};

/// Words that suggest a category.
const HINTS: &[(&str, SkillCategory)] = &[
    ("price", SkillCategory::ECommerce),
    ("product", SkillCategory::ECommerce),
    ("shop", SkillCategory::ECommerce),
    ("stock", SkillCategory::Financial),
    ("currency", SkillCategory::Financial),
    ("news", SkillCategory::News),
    ("headline", SkillCategory::News),
    ("stories", SkillCategory::News),
    ("apartment", SkillCategory::RealEstate),
    ("house", SkillCategory::RealEstate),
    ("tweet", SkillCategory::SocialMedia),
    ("profile", SkillCategory::SocialMedia),
    ("flight", SkillCategory::Travel),
    ("hotel", SkillCategory::Travel),
    ("seller", SkillCategory::Marketplace),
    ("leads", SkillCategory::LeadGeneration),
    ("keyword", SkillCategory::Seo),
    ("job", SkillCategory::Jobs),
    ("repositor", SkillCategory::Developer),
    ("github", SkillCategory::Developer),
    ("movie", SkillCategory::Media),
    ("song", SkillCategory::Media),
    ("fill in", SkillCategory::Automation),
    ("search", SkillCategory::Search),
];

/// The parameter that each refinement adds: name, description, default.
const REFINEMENTS: &[(&str, &str, bool)] = &[
    ("detailed", "Whether to open each result's page", false),
    ("fresh", "Whether to bypass the site's cache", true),
    ("sorted", "Whether to sort the results", true),
];

/// Returns the first version or the next one. The caller sets its times.
pub fn version(skill: &Skill) -> Version {
    let Some(last) = skill.versions.last() else { return first_version() };
    let refinement = skill.versions.len().saturating_sub(1);
    let mut version = last.clone();
    if let Some((name, description, default)) = REFINEMENTS.get(refinement) {
        let mut parameter = parameter(name, ParameterType::Boolean, description);
        (parameter.required, parameter.default) = (false, Some(Value::Bool(*default)));
        version.parameters.push(parameter);
    }
    version
}

fn first_version() -> Version {
    let query = parameter("query", ParameterType::String, "What to search for");
    let mut limit = parameter("limit", ParameterType::Number, "How many results to return, 1 to 100");
    (limit.required, limit.default) = (false, Some(json!(5)));
    let output_schema = json!({
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "title": { "type": "string" },
                        "url": { "type": "string", "format": "uri" },
                        "summary": { "type": "string" }
                    },
                    "required": ["title", "url"]
                }
            },
            "total": { "type": "integer", "minimum": 0 }
        },
        "required": ["items", "total"]
    });
    Version {
        accepts: [(limit.name.clone(), Accepts::items())].into(),
        parameters: vec![query, limit],
        output_schema: output_schema.as_object().cloned().unwrap_or_else(Map::new),
        started_at: 0,
        finished_at: 0,
    }
}

fn parameter(name: &str, r#type: ParameterType, description: &str) -> ParameterSchema {
    ParameterSchema {
        name: name.to_owned(),
        r#type,
        required: true,
        description: Some(description.to_owned()),
        default: None,
        cookie_domain: None,
    }
}

/// Fills in missing fields: title, description, domains, categories.
pub fn describe(skill: &mut Skill) {
    let instructions = format!("{} {}", skill.goal, skill.agent_prompt);
    let goal = if skill.goal.trim().is_empty() { &skill.agent_prompt } else { &skill.goal };
    let title = || vocabulary::capitalized(&goal.split_whitespace().take(5).collect::<Vec<_>>().join(" "));
    skill.title.get_or_insert_with(|| title().chars().take(100).collect());
    skill.description.get_or_insert_with(|| goal.chars().take(1000).collect());
    if skill.domains.is_empty() {
        skill.domains = domains(&instructions);
    }
    if skill.categories.is_empty() {
        skill.categories = categories(&instructions);
    }
}

/// Extracts the domains that a text mentions.
fn domains(text: &str) -> Vec<String> {
    let mut domains = Vec::new();
    for word in text.split(|letter: char| letter.is_whitespace() || "\"'(),;<>".contains(letter)) {
        let word = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")).unwrap_or(word);
        let host = word.split(['/', ':', '?', '#']).next().unwrap_or_default();
        let host = host.trim_end_matches(['.', '!']).to_lowercase();
        if is_domain(&host) && !domains.contains(&host) {
            domains.push(host);
        }
    }
    if domains.is_empty() {
        domains.push("example.com".to_owned());
    }
    domains
}

fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    host.rsplit_once('.').is_some_and(|(rest, top)| {
        rest.split('.').all(is_label)
            && top.len() > 1
            && top.chars().all(|letter| letter.is_ascii_alphabetic())
    })
}

fn categories(text: &str) -> Vec<SkillCategory> {
    let text = text.to_lowercase();
    let mut categories = Vec::new();
    for (hint, category) in HINTS {
        if text.contains(hint) && !categories.contains(category) {
            categories.push(category.clone());
        }
    }
    if categories.is_empty() {
        categories.push(SkillCategory::Other);
    }
    categories
}

/// Returns a slug that is not in `taken`.
pub fn slug(title: &str, taken: &[String]) -> String {
    let plain = vocabulary::slugify(title);
    let plain = if plain.is_empty() { "skill".to_owned() } else { plain };
    let is_free = |slug: &String| !taken.contains(slug);
    let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
    std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_extracted_from_the_text() {
        assert_eq!(
            domains("Go to https://news.example.org/top, then shop.example!"),
            ["news.example.org", "shop.example"]
        );
        assert_eq!(domains("No site. At all..."), ["example.com"]);
    }

    #[test]
    fn slugs_are_unique() {
        assert_eq!(slug("Top News", &[]), "top-news");
        assert_eq!(slug("Top News", &["top-news".into(), "top-news-2".into()]), "top-news-3");
        assert_eq!(slug("新聞", &[]), "skill");
    }
}
