//! The small types that the models are made of.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::shape::{Shape, Shaped};

/// A point in time as the API writes it: RFC 3339, sometimes without an offset, which then means UTC.
///
/// Kept as text, because the API's own form is the only one that loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(pub String);

impl Shaped for DateTime {
    const SHAPE: Shape = Shape::DateTime;
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A field of a partial update: left alone, set to null, or set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Not sent: stays as it is.
    #[default]
    Absent,
    /// Sent as `null`.
    Null,
    /// Sent as this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is left out.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: Shaped> Shaped for Patch<T> {
    const SHAPE: Shape = T::SHAPE;
    const MAY_BE_ABSENT: bool = true;
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Set))
    }
}

/// Defines a string enumeration that keeps members it does not know.
macro_rules! string_enum {
    ($(#[doc = $doc:literal])+ pub enum $name:ident { $($(#[doc = $member_doc:literal])+ $member:ident = $text:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $member_doc])+ $member,)+
            /// A member that this version does not know, as the API wrote it.
            Unknown(String),
        }

        impl $name {
            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$member => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$member,)+
                    _ => Self::Unknown(text),
                }
            }
        }

        impl From<$name> for String {
            fn from(member: $name) -> Self {
                member.as_str().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl crate::api::shape::Shaped for $name {
            const SHAPE: crate::api::shape::Shape =
                crate::api::shape::Shape::Enum(&crate::api::shape::StringEnum {
                    #[cfg(not(target_arch = "wasm32"))]
                    name: stringify!($name),
                    members: &[$($text),+],
                    #[cfg(not(target_arch = "wasm32"))]
                    doc: concat!($($doc, "\n",)+),
                });
        }
    };
}

string_enum! {
    /// What a skill is for.
    pub enum SkillCategory {
        /// Search engines and look-ups.
        Search = "search",
        /// Shops and prices.
        ECommerce = "e_commerce",
        /// Banks, markets, money.
        Financial = "financial",
        /// News.
        News = "news",
        /// Homes and land.
        RealEstate = "real_estate",
        /// Social networks.
        SocialMedia = "social_media",
        /// Trips, rooms, flights.
        Travel = "travel",
        /// Places where others sell.
        Marketplace = "marketplace",
        /// Finding customers.
        LeadGeneration = "lead_generation",
        /// Search engine optimisation.
        Seo = "seo",
        /// Jobs and applicants.
        Jobs = "jobs",
        /// Tools for developers.
        Developer = "developer",
        /// Films, music, pictures.
        Media = "media",
        /// Chores done by a program.
        Automation = "automation",
        /// Joining one service to another.
        Integration = "integration",
        /// Anything else.
        Other = "other",
    }
}

string_enum! {
    /// How far the generation of a skill is. It ends in `finished`, `failed`, `cancelled` or `timed_out`.
    pub enum SkillsGenerationStatus {
        /// The agent shows how it is done.
        Recording = "recording",
        /// Code is written from the recording.
        Generating = "generating",
        /// The generation went wrong; the API does not say why.
        Failed = "failed",
        /// The skill can be executed.
        Finished = "finished",
        /// The generation was cancelled.
        Cancelled = "cancelled",
        /// The generation took too long.
        TimedOut = "timed_out",
    }
}

string_enum! {
    /// What a parameter of a skill takes. A `cookie` is passed as a string, under the parameter's name.
    pub enum ParameterType {
        /// Text.
        String = "string",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A JSON object.
        Object = "object",
        /// A JSON array.
        Array = "array",
        /// The value of a cookie, as text.
        Cookie = "cookie",
    }
}

impl SkillsGenerationStatus {
    /// Whether nothing more will happen by itself.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled | Self::TimedOut)
    }
}
