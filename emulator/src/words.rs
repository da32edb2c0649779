//! What made-up data is written with.

/// What follows the subject in titles.
pub const ENDINGS: &[&str] = &[
    "a practical guide",
    "what changed this year",
    "the short version",
    "notes from the field",
    "a closer look",
    "compact edition",
    "beginner's set",
    "weekly update",
    "the long road",
    "questions and answers",
];

/// What follows the subject in descriptions.
pub const SENTENCES: &[&str] = &[
    "Well liked, and in stock at most places.",
    "People come back for the details.",
    "Updated this week with new figures.",
    "Short, clear, and to the point.",
    "A quiet favourite of the regulars.",
    "Covers the basics and a little more.",
];

/// What a text may be, by the last word of its name.
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
        b"currency" => &["USD", "EUR", "GBP"],
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

/// Between what a number lies, by the last word of its name.
pub fn range(name: &str) -> (i64, i64) {
    match last(name).as_str() {
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

/// The last word of a name in camel or snake case, in small letters: `imageUrl` to `url`.
pub fn last(name: &str) -> String {
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

/// The same text with a capital at its beginning.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A text as a piece of an address: small letters, digits and single dashes.
pub fn dashed(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(last("imageUrl"), "url");
        assert_eq!(last("image_url"), "url");
        assert_eq!(last("title"), "title");
        assert_eq!(dashed("Rust & WebAssembly!"), "rust-webassembly");
        assert_eq!(capitalized("ünder"), "Ünder");
    }
}
