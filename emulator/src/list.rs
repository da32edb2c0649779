//! Filters and pagination, shared by all lists.

use browser_use_skills::api::value::{DateTime, SkillCategory};

use crate::skill::Skill;
use crate::timestamp;

/// Default number of items per page.
const DEFAULT_PAGE_SIZE: u32 = 10;

/// One page of a list.
pub struct Page<T> {
    pub items: Vec<T>,
    pub total_items: u32,
    pub page_number: u32,
    pub page_size: u32,
}

/// Returns one page of `all`.
pub fn page<T>(all: Vec<T>, size: Option<u32>, number: Option<u32>) -> Page<T> {
    let (page_size, page_number) = (size.unwrap_or(DEFAULT_PAGE_SIZE), number.unwrap_or(1));
    let skipped = u64::from(page_number.saturating_sub(1)).saturating_mul(u64::from(page_size));
    Page {
        total_items: u32::try_from(all.len()).unwrap_or(u32::MAX),
        items: all
            .into_iter()
            .skip(usize::try_from(skipped).unwrap_or(usize::MAX))
            .take(usize::try_from(page_size).unwrap_or(usize::MAX))
            .collect(),
        page_number,
        page_size,
    }
}

/// The filters of both lists of skills.
pub struct Filter {
    pub category: Option<SkillCategory>,
    pub query: Option<String>,
    pub from_date: Option<DateTime>,
    pub to_date: Option<DateTime>,
}

impl Filter {
    /// Whether a skill matches. `date` is the date that the list is sorted by. The period includes both ends.
    pub fn matches(&self, skill: &Skill, date: u64) -> bool {
        let from = self.from_date.as_ref().and_then(timestamp::parse).unwrap_or(0);
        let to = self.to_date.as_ref().and_then(timestamp::parse).unwrap_or(u64::MAX);
        let mentions = |query: &String| {
            let text = skill.title() + "\n" + skill.description.as_deref().unwrap_or_default();
            text.to_lowercase().contains(&query.to_lowercase())
        };
        (from..=to).contains(&date)
            && self.category.as_ref().is_none_or(|category| skill.categories.contains(category))
            && self.query.as_ref().is_none_or(mentions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_partial_and_later_pages_are_empty() {
        let last = page((0..25).collect(), None, Some(3));
        assert_eq!((last.items.len(), last.total_items, last.page_number, last.page_size), (5, 25, 3, 10));
        assert!(page((0..25).collect(), Some(100), Some(u32::MAX)).items.is_empty());
    }
}
