//! Types shared by the models.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::shape::{Shape, Shaped};

/// A point in time as the API writes it: RFC 3339, sometimes without an offset, which means UTC.
///
/// Stored as text, which preserves the API's format.
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

/// A field of a partial update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Absent: not changed.
    #[default]
    Absent,
    /// Set to `null`.
    Null,
    /// Set to this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field is absent.
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

/// Defines a string enum that preserves unknown members.
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
            /// The member in JSON.
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
    /// Category of a skill.
    pub enum SkillCategory {
        /// Search engines.
        Search = "search",
        /// Shops and prices.
        ECommerce = "e_commerce",
        /// Banks and markets.
        Financial = "financial",
        /// News.
        News = "news",
        /// Real estate.
        RealEstate = "real_estate",
        /// Social networks.
        SocialMedia = "social_media",
        /// Travel.
        Travel = "travel",
        /// Marketplaces.
        Marketplace = "marketplace",
        /// Lead generation.
        LeadGeneration = "lead_generation",
        /// Search engine optimisation.
        Seo = "seo",
        /// Jobs and applicants.
        Jobs = "jobs",
        /// Developer tools.
        Developer = "developer",
        /// Films, music, pictures.
        Media = "media",
        /// Automation.
        Automation = "automation",
        /// Integration of services.
        Integration = "integration",
        /// Other.
        Other = "other",
    }
}

string_enum! {
    /// Status of a skill's generation. The final ones are `finished`, `failed`, `cancelled` and `timed_out`.
    pub enum SkillsGenerationStatus {
        /// The agent records the task.
        Recording = "recording",
        /// Code is generated from the recording.
        Generating = "generating",
        /// The generation failed. The API does not give a reason.
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
    /// Status of a session.
    pub enum SessionStatus {
        /// The browser runs.
        Active = "active",
        /// The session has ended.
        Stopped = "stopped",
    }
}

string_enum! {
    /// Action on a session.
    pub enum SessionUpdateAction {
        /// Ends the session and its tasks.
        Stop = "stop",
    }
}

string_enum! {
    /// Status of a task.
    pub enum TaskStatus {
        /// The task has not started yet.
        Created = "created",
        /// The task runs.
        Started = "started",
        /// The task has ended.
        Finished = "finished",
        /// The task failed.
        Failed = "failed",
        /// The task was stopped.
        Stopped = "stopped",
    }
}

string_enum! {
    /// Type of a skill's parameter. The value of a `cookie` is a string.
    pub enum ParameterType {
        /// A string.
        String = "string",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A JSON object.
        Object = "object",
        /// A JSON array.
        Array = "array",
        /// The value of a cookie, as a string.
        Cookie = "cookie",
    }
}

impl SkillsGenerationStatus {
    /// Whether the generation has ended.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::Cancelled | Self::TimedOut)
    }
}
