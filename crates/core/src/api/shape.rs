//! Models of JSON values, as data.
//!
//! `#[derive(Model)]` generates them from the structs in this folder. Names and documentation exist only on native
//! targets, where the type definitions are generated.

use uuid::Uuid;

/// A JSON object of the contract.
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// Name of the schema in the contract.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// The fields in the contract.
    pub fields: &'static [Field],
    /// Documentation of the struct.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// Type parameters in TypeScript; may be empty.
    #[cfg(not(target_arch = "wasm32"))]
    pub generics: &'static str,
}

/// A field of a [`Model`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// Name in JSON.
    pub name: &'static str,
    /// Shape of a value that is present and not null.
    pub shape: Shape,
    /// Whether the field is required.
    pub required: bool,
    /// Whether the value may be null.
    pub nullable: bool,
    /// Documentation of the field.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// TypeScript type, if it differs from that of the shape; otherwise empty.
    #[cfg(not(target_arch = "wasm32"))]
    pub ts: &'static str,
}

/// Shape of a JSON value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// A string with a range of lengths, in Unicode code points.
    String {
        /// Minimum length.
        min: u32,
        /// Maximum length; [`u32::MAX`] for no limit.
        max: u32,
    },
    /// A UUID as a string.
    Uuid,
    /// A point in time as a string: RFC 3339.
    DateTime,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// An integer.
    Integer {
        /// Minimum value.
        min: u32,
        /// Maximum value; [`u32::MAX`] for no limit.
        max: u32,
    },
    /// A string enum. Responses may contain other members, which later versions of the API add.
    Enum(&'static StringEnum),
    /// An array.
    Array(&'static Shape),
    /// An object of the contract.
    Model(&'static Model),
    /// Any JSON object, not validated.
    Object,
    /// Any JSON value, not validated.
    Any,
}

/// A string enum.
#[derive(Debug)]
#[non_exhaustive]
pub struct StringEnum {
    /// Name of the schema in the contract.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// Known members.
    pub members: &'static [&'static str],
    /// Documentation of the enum.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

impl Shape {
    /// Adds a lower bound.
    #[must_use]
    pub const fn at_least(self, least: u32) -> Self {
        match self {
            Self::String { max, .. } => Self::String { min: least, max },
            Self::Integer { max, .. } => Self::Integer { min: least, max },
            other => other,
        }
    }

    /// Adds an upper bound.
    #[must_use]
    pub const fn at_most(self, most: u32) -> Self {
        match self {
            Self::String { min, .. } => Self::String { min, max: most },
            Self::Integer { min, .. } => Self::Integer { min, max: most },
            other => other,
        }
    }
}

/// A Rust type with a [`Shape`].
pub trait Shaped {
    /// Shape of the type in JSON.
    const SHAPE: Shape;
    /// Whether a field of this type may be absent or null.
    const MAY_BE_ABSENT: bool = false;
}

impl Shaped for String {
    const SHAPE: Shape = Shape::String { min: 0, max: u32::MAX };
}
impl Shaped for Uuid {
    const SHAPE: Shape = Shape::Uuid;
}
impl Shaped for f64 {
    const SHAPE: Shape = Shape::Number;
}
impl Shaped for bool {
    const SHAPE: Shape = Shape::Boolean;
}
impl Shaped for u32 {
    const SHAPE: Shape = Shape::Integer { min: 0, max: u32::MAX };
}
impl Shaped for u64 {
    const SHAPE: Shape = Shape::Integer { min: 0, max: u32::MAX };
}
impl Shaped for serde_json::Value {
    const SHAPE: Shape = Shape::Any;
}
impl Shaped for serde_json::Map<String, serde_json::Value> {
    const SHAPE: Shape = Shape::Object;
}
impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::Array(&T::SHAPE);
}
impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const MAY_BE_ABSENT: bool = true;
}
