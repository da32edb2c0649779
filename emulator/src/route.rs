//! Finds the operation for a method and path in the contract's table.

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::{Method, Segment};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

/// An operation and its path parameters.
#[derive(Debug)]
pub struct RouteMatch {
    /// The operation.
    pub operation: Operation,
    /// The decoded path parameters.
    pub parameters: Vec<(&'static str, String)>,
}

impl RouteMatch {
    /// Returns an id in the path. Invalid ids were rejected before; here they become the nil UUID.
    pub fn id(&self, name: &str) -> Uuid {
        Uuid::try_parse(self.text(name)).unwrap_or_default()
    }

    /// Returns a path parameter as text.
    pub fn text(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

/// The result of routing.
#[derive(Debug)]
pub enum Route {
    /// Method and path of an operation.
    Found(RouteMatch),
    /// The path of operations with other methods.
    WrongMethod(Vec<Method>),
    /// No operation has this path.
    Unknown,
}

/// Finds the operation for a method and path.
pub fn find(method: &str, path: &str) -> Route {
    let mut methods = Vec::new();
    for operation in Operation::ALL.iter().copied() {
        let Some(parameters) = parameters(operation, path) else { continue };
        if operation.spec().method.as_str() == method {
            return Route::Found(RouteMatch { operation, parameters });
        }
        methods.push(operation.spec().method);
    }
    if methods.is_empty() { Route::Unknown } else { Route::WrongMethod(methods) }
}

/// Returns the path parameters if the path is that of the operation.
fn parameters(operation: Operation, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut pieces = path.strip_prefix('/')?.split('/');
    let mut parameters = Vec::new();
    for segment in operation.spec().segments() {
        let piece = pieces.next()?;
        match segment {
            Segment::Fixed(text) if text == piece => {}
            Segment::Parameter(name) if !piece.is_empty() => {
                parameters.push((name, percent_decode_str(piece).decode_utf8_lossy().into_owned()));
            }
            Segment::Fixed(_) | Segment::Parameter(_) => return None,
        }
    }
    pieces.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_routes_to_its_operation() {
        for operation in Operation::ALL {
            let path: String =
                operation.spec().segments().fold(String::new(), |path, segment| match segment {
                    Segment::Fixed(text) => path + "/" + text,
                    Segment::Parameter(name) => path + "/" + "a%2Fb-" + name,
                });
            let route = find(operation.spec().method.as_str(), &path);
            assert!(matches!(&route, Route::Found(found) if found.operation == *operation), "{path}");
            let Route::Found(found) = route else { return };
            for name in operation.spec().parameters() {
                assert_eq!(found.text(name), format!("a/b-{name}"));
            }
        }
    }

    #[test]
    fn other_paths_and_methods_do_not_route() {
        assert!(matches!(find("GET", "/skill"), Route::Unknown));
        assert!(matches!(find("GET", "/skills/"), Route::Unknown));
        assert!(matches!(find("GET", "skills"), Route::Unknown));
        assert!(matches!(find("PUT", "/skills"), Route::WrongMethod(methods) if methods.len() == 2));
        let methods = [Method::Get, Method::Patch, Method::Delete];
        assert!(matches!(find("PUT", "/skills/x"), Route::WrongMethod(found) if found == methods));
    }
}
