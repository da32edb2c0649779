//! `#[derive(Model)]`: generates a table of a struct's fields.
//!
//! The table validates requests and responses, and the TypeScript types are generated from it. So each limit and
//! description is defined once: on the Rust field.
//!
//! Options of a field, in `#[model(...)]`:
//! - `min = N`, `max = N`: length of a text in Unicode code points, or range of an integer;
//! - `required`: may be null but not absent;
//! - `optional`: may be absent although its type is not `Option`;
//! - `not_null`: may be absent but not null;
//! - `shape = Object`: overrides the shape derived from the type;
//! - `ts = "Output"`: overrides the TypeScript type.
//!
//! Option of the struct: `#[model(generics = "Output = unknown")]`, the type parameters of its TypeScript interface.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Ident, Lit, LitInt, LitStr, Meta, Result};

/// Implements `api::shape::Shaped` for a struct. See the crate documentation for the attributes.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> Result<Tokens> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "expected a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&input.ident, "expected named fields"));
    };
    let ident = &input.ident;
    let name = ident.to_string();
    let doc = documentation(&input.attrs);
    let mut generics_ts = String::new();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("model")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("generics") {
                generics_ts = meta.value()?.parse::<LitStr>()?.value();
                Ok(())
            } else {
                Err(meta.error("expected generics"))
            }
        })?;
    }
    let entries = fields.named.iter().map(entry).collect::<Result<Vec<_>>>()?;
    let (implementation, arguments, conditions) = input.generics.split_for_impl();
    Ok(quote! {
        impl #implementation crate::api::shape::Shaped for #ident #arguments #conditions {
            const SHAPE: crate::api::shape::Shape = crate::api::shape::Shape::Model(Self::MODEL);
        }
        impl #implementation #ident #arguments #conditions {
            /// The fields of this model as a table.
            #[doc(hidden)]
            pub const MODEL: &'static crate::api::shape::Model = &crate::api::shape::Model {
                #[cfg(not(target_arch = "wasm32"))]
                name: #name,
                fields: &[#(#entries),*],
                #[cfg(not(target_arch = "wasm32"))]
                doc: #doc,
                #[cfg(not(target_arch = "wasm32"))]
                generics: #generics_ts,
            };
        }
    })
}

/// Generates the table entry of a field.
fn entry(field: &Field) -> Result<Tokens> {
    let Some(ident) = &field.ident else {
        return Err(Error::new_spanned(field, "expected a named field"));
    };
    let name = camel_case(ident);
    let doc = documentation(&field.attrs);
    let ty = &field.ty;
    let mut shape = quote!(<#ty as crate::api::shape::Shaped>::SHAPE);
    let mut required = quote!(!<#ty as crate::api::shape::Shaped>::MAY_BE_ABSENT);
    let mut nullable = quote!(<#ty as crate::api::shape::Shaped>::MAY_BE_ABSENT);
    let mut bounds = Tokens::new();
    let mut ts = String::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("model")) {
        attribute.parse_nested_meta(|meta| {
            let is = |name| meta.path.is_ident(name);
            if is("min") {
                let min: LitInt = meta.value()?.parse()?;
                bounds.extend(quote!(.at_least(#min)));
            } else if is("max") {
                let max: LitInt = meta.value()?.parse()?;
                bounds.extend(quote!(.at_most(#max)));
            } else if is("required") {
                required = quote!(true);
            } else if is("optional") {
                required = quote!(false);
            } else if is("not_null") {
                nullable = quote!(false);
            } else if is("shape") {
                let variant: Ident = meta.value()?.parse()?;
                shape = quote!(crate::api::shape::Shape::#variant);
                required = quote!(false);
                nullable = quote!(true);
            } else if is("ts") {
                ts = meta.value()?.parse::<LitStr>()?.value();
            } else {
                return Err(meta.error("expected min, max, required, optional, not_null, shape or ts"));
            }
            Ok(())
        })?;
    }
    Ok(quote! {
        crate::api::shape::Field {
            name: #name,
            shape: #shape #bounds,
            required: #required,
            nullable: #nullable,
            #[cfg(not(target_arch = "wasm32"))]
            doc: #doc,
            #[cfg(not(target_arch = "wasm32"))]
            ts: #ts,
        }
    })
}

/// Returns the doc comment of an item.
fn documentation(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Converts `agent_prompt` to `agentPrompt`, like serde's `rename_all = "camelCase"`, and `r#type` to `type`.
fn camel_case(ident: &Ident) -> String {
    let plain = ident.to_string();
    let mut words = plain.trim_start_matches("r#").split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
