//! The vocabulary of fake data.

/// Endings of titles, after the subject.
pub const ENDINGS: &[&str] = &[
    "a practical guide",
    "what changed this year",
    "the short version",
    "notes from the field",
    "an in-depth review",
    "compact edition",
    "beginner's set",
    "weekly update",
    "the long road",
    "frequently asked questions",
];

/// Sentences of descriptions, after the subject.
pub const SENTENCES: &[&str] = &[
    "Well liked, and in stock at most places.",
    "People come back for the details.",
    "Updated this week with new figures.",
    "Short, clear, and to the point.",
    "A quiet favourite of the regulars.",
    "Covers the basics and a little more.",
];

/// Returns the possible strings for the last word of a field's name.
pub const fn choices(word: &str) -> &'static [&'static str] {
    match word.as_bytes() {
        b"author" | b"seller" | b"agent" | b"owner" | b"person" | b"director" | b"reviewer" => {
            &["Ada Fischer", "Tomás Rivera", "Mei Tanaka", "Joana Silva", "Peter Novak", "Amara Okafor"]
        }
        b"company" | b"source" | b"publisher" | b"employer" | b"brand" | b"organization" => {
            &["Northwind", "Bluebird Labs", "Harbor & Sons", "Quill", "Meridian", "Copperleaf"]
        }
        b"city" | b"location" | b"place" => &["Lisbon", "Oslo", "Kyoto", "Austin", "Nairobi", "Graz"],
        b"country" => &["Portugal", "Norway", "Japan", "United States", "Kenya", "Austria"],
        b"address" | b"street" => {
            &["12 Mill Lane", "48 Station Road", "3 Harbour Street", "77 Orchard Avenue"]
        }
        b"currency" => &["USD"],
        b"language" => &["Rust", "TypeScript", "Python", "Go"],
        b"airline" | b"carrier" => &["Aurora Air", "Westwind", "Skylark"],
        b"status" | b"state" => &["open", "done", "in progress"],
        b"availability" | b"condition" => &["in stock", "few left", "on order"],
        b"phone" => &["+1 555 0100", "+1 555 0142", "+1 555 0187"],
        b"handle" | b"username" | b"login" => &["@ada", "@meitan", "@tomasr", "@quill"],
        b"tag" | b"tags" | b"genre" | b"genres" | b"skills" | b"topics" | b"keywords" | b"amenities" => {
            &["open source", "remote", "classic", "new", "quiet", "fast", "beginner"]
        }
        b"duration" => &["45 min", "1 h 20 min", "2 h 05 min"],
        b"message" => &["Done.", "Saved.", "Nothing else to do."],
        _ => &[],
    }
}

/// Returns the range of a number, by the last word of its field's name.
pub fn range(name: &str) -> (i64, i64) {
    match last_word(name).as_str() {
        "price" | "amount" | "cost" | "total" => (5, 400),
        "rent" | "salary" => (900, 6000),
        "rating" | "score" | "stars" => (1, 5),
        "percent" | "change" | "volatility" => (-5, 5),
        "year" => (1990, 2026),
        "bedrooms" | "bathrooms" | "rooms" | "guests" | "stops" => (1, 4),
        "difficulty" | "share" => (0, 100),
        "volume" | "followers" | "views" => (500, 900_000),
        "lat" | "latitude" => (-60, 60),
        "lon" | "lng" | "longitude" => (-170, 170),
        _ => (1, 2000),
    }
}

/// Returns the last word of a name in camel or snake case, in lower case: `url` for `imageUrl`.
pub fn last_word(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() || letter == '_' {
            word.clear();
        }
        if letter != '_' {
            word.extend(letter.to_lowercase());
        }
    }
    word
}

/// Capitalizes the first letter.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Converts a text to a slug: lower-case letters, digits and single dashes.
pub fn slugify(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_and_slugified() {
        assert_eq!(last_word("imageUrl"), "url");
        assert_eq!(last_word("image_url"), "url");
        assert_eq!(last_word("title"), "title");
        assert_eq!(slugify("Rust & WebAssembly!"), "rust-webassembly");
        assert_eq!(capitalized("ünder"), "Ünder");
    }
}
