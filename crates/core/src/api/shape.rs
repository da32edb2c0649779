//! What a JSON value of the contract looks like, as data.
//!
//! The tables are made by `#[derive(Model)]` from the structs beside this file. Descriptions and names of schemas are in
//! them only on native targets, where the type definitions are written: the wasm does not carry them.

use uuid::Uuid;

/// One object of the contract and its fields.
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// The contract's name of the schema.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// Every field that the contract knows.
    pub fields: &'static [Field],
    /// What the struct's doc comment says.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// Type parameters in TypeScript, or nothing.
    #[cfg(not(target_arch = "wasm32"))]
    pub generics: &'static str,
}

/// One field of a [`Model`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What its value looks like when it is there and not null.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// What the field's doc comment says.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// The TypeScript type where it is not the shape's own, or nothing.
    #[cfg(not(target_arch = "wasm32"))]
    pub ts: &'static str,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// A string with a range of lengths, in Unicode code points.
    String {
        /// Fewest code points.
        min: u32,
        /// Most code points; [`u32::MAX`] for no limit.
        max: u32,
    },
    /// A UUID as a string.
    Uuid,
    /// A point in time as a string, RFC 3339.
    DateTime,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// Smallest value.
        min: u32,
        /// Largest value; [`u32::MAX`] for no limit.
        max: u32,
    },
    /// One of a few strings. Responses may have others, which later versions of the API add.
    Enum(&'static StringEnum),
    /// An array.
    Array(&'static Shape),
    /// An object of the contract.
    Model(&'static Model),
    /// Any JSON object; its content is not validated.
    Object,
    /// Any JSON value; it is not validated.
    Any,
}

/// The members of a string enumeration.
#[derive(Debug)]
#[non_exhaustive]
pub struct StringEnum {
    /// The contract's name of the schema.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// The members known today.
    pub members: &'static [&'static str],
    /// What the enumeration's doc comment says.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

impl Shape {
    /// The same with a lower bound.
    #[must_use]
    pub const fn at_least(self, least: u32) -> Self {
        match self {
            Self::String { max, .. } => Self::String { min: least, max },
            Self::Integer { max, .. } => Self::Integer { min: least, max },
            other => other,
        }
    }

    /// The same with an upper bound.
    #[must_use]
    pub const fn at_most(self, most: u32) -> Self {
        match self {
            Self::String { min, .. } => Self::String { min, max: most },
            Self::Integer { min, .. } => Self::Integer { min, max: most },
            other => other,
        }
    }
}

/// A Rust type that stands for a [`Shape`].
pub trait Shaped {
    /// What a value of this type looks like on the wire.
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
