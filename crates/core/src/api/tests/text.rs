//! Formatting.

use proptest::prelude::*;

use crate::api::text::{concat, format_integer, format_milliseconds};

#[test]
fn a_duration_is_rounded_to_milliseconds() {
    assert_eq!([1.4, 1.5, -1.0, f64::NAN].map(format_milliseconds), ["1", "2", "0", "0"]);
    assert_eq!(format_milliseconds(f64::INFINITY), u32::MAX.to_string());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_integer_is_formatted_as_by_the_standard_library(number in prop_oneof![0_u32..1_000, any::<u32>()]) {
        prop_assert_eq!(format_integer(number), number.to_string());
    }

    #[test]
    fn strings_are_concatenated_without_a_separator(parts in prop::collection::vec(".*", 0..5)) {
        let slices: Vec<&str> = parts.iter().map(String::as_str).collect();
        prop_assert_eq!(concat(&slices), parts.concat());
    }
}
