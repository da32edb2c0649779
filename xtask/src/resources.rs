//! Generates `resources.ts`: a public method for each operation.

use std::collections::BTreeSet;

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::{Input, OperationSpec};
use browser_use_skills::api::shape::{Model, Shape};

use crate::text::{HEAD, comment, lines};

pub fn module() -> String {
    let mut imports = BTreeSet::new();
    for operation in Operation::ALL {
        imports.extend(operation.response().map(|model| model.name));
        imports.extend(operation.response().and_then(item_of));
        imports.extend(match operation.spec().input {
            Input::Body(model) | Input::Query(model) => Some(model.name),
            Input::None | Input::Constant(_) => None,
        });
    }
    let imports: String = imports.iter().map(|name| format!("  {name},\n")).collect();
    let names: String =
        Operation::ALL.iter().map(|operation| format!("\n  | \"{}\"", operation.spec().name)).collect();
    format!(
        "{HEAD}import type {{ Call, RequestOptions, ResponsePromise }} from \"../options.js\";\nimport {{ type PagePromise, toPagePromise }} from \"../page.js\";\nimport type {{\n{imports}}} from \
         \"./models.js\";\n\n\
         /** Name of an operation: its method on the client. */\nexport type OperationName ={names};\n{}{}",
        class("skills", "SkillOperations", "Operations on the skills of your project."),
        [
            class("marketplace", "Marketplace", "Operations on published skills."),
            class("sessions", "SessionOperations", "Operations on sessions."),
            class("billing", "Billing", "The account of your project."),
            class("profiles", "Profiles", "The profiles of your project: stored logins for sessions."),
        ]
        .concat(),
    )
}

fn class(group: &str, name: &str, doc: &str) -> String {
    let methods: String = Operation::ALL
        .iter()
        .enumerate()
        .filter_map(|(index, operation)| {
            let method = operation.spec().name.strip_prefix(group)?.strip_prefix('.')?;
            Some(self::method(index, *operation, method))
        })
        .collect();
    format!(
        "\n/** {doc} */\nexport class {name} {{\n  readonly #call: Call;\n\n  /** @internal */\n  \
         constructor(call: Call) {{\n    this.#call = call;\n  }}\n{methods}}}\n"
    )
}

fn method(index: usize, operation: Operation, method: &str) -> String {
    let spec = operation.spec();
    let ids: Vec<String> = spec.parameters().map(camel_case).collect();
    let item = operation.response().and_then(item_of);
    let (input_name, input) = input(spec);
    let generics = if operation.response().is_some_and(|model| model.name == "ExecuteSkillResponse") {
        "<Output = unknown>"
    } else {
        ""
    };
    let response = match operation.response() {
        Some(model) if model.name == "ExecuteSkillResponse" => format!("{}<Output>", model.name),
        Some(model) => model.name.to_owned(),
        None => "void".to_owned(),
    };
    let mut parameters: Vec<String> = ids.iter().map(|id| format!("{id}: string")).collect();
    parameters.extend(input);
    parameters.push("options?: RequestOptions".to_owned());
    let call =
        format!("this.#call({index}, [{}], {}, options)", ids.join(", "), input_name.unwrap_or("undefined"));
    let (promise, call) = match item {
        Some(item) => {
            let get_page = format!(
                "(pageNumber) => this.{method}({}{{ ...params, pageNumber }}, options)",
                prefix(&ids)
            );
            (format!("PagePromise<{item}, {response}>"), format!("toPagePromise({call}, {get_page})"))
        }
        None => (format!("ResponsePromise<{response}>"), call),
    };
    format!(
        "\n{}  {method}{generics}({}): {promise} {{\n    return {call};\n  }}\n",
        comment(&documentation(operation, &ids), 2),
        parameters.join(", "),
    )
}

/// Formats leading arguments: `skillId, `, or nothing.
fn prefix(ids: &[String]) -> String {
    ids.iter().map(|id| format!("{id}, ")).collect()
}

/// The item type of a list response.
fn item_of(model: &'static Model) -> Option<&'static str> {
    model.fields.iter().find(|field| field.name == "items").and_then(|field| match field.shape {
        Shape::Array(Shape::Model(item)) => Some(item.name),
        _ => None,
    })
}

/// The name and declaration of the parameter for the body or query, if there is one.
fn input(spec: &OperationSpec) -> (Option<&'static str>, Option<String>) {
    match spec.input {
        Input::None | Input::Constant(_) => (None, None),
        Input::Query(model) => (Some("params"), Some(format!("params?: {}", model.name))),
        Input::Body(model) => {
            let optional = if model.fields.iter().any(|field| field.required) || spec.name.ends_with("update")
            {
                ""
            } else {
                "?"
            };
            // The default of the type parameter requires an index signature, which interfaces do not have.
            let generics = if model.generics.is_empty() { "" } else { "<object>" };
            (Some("body"), Some(format!("body{optional}: {}{generics}", model.name)))
        }
    }
}

fn documentation(operation: Operation, ids: &[String]) -> Vec<String> {
    let spec = operation.spec();
    let mut doc = lines(operation.doc());
    doc.push(String::new());
    doc.push(format!("`{} {}`", spec.method.as_str(), spec.path));
    if !ids.is_empty() || !spec.errors.is_empty() {
        doc.push(String::new());
    }
    for id in ids {
        let kind = if id.ends_with("Id") { "A UUID." } else { "The skill's `slug`." };
        doc.push(format!("@param {id} - {kind}"));
    }
    for (status, code) in spec.errors {
        doc.push(format!("@throws {{@link {}}} {status}: {}", code.class(), lines(code.doc()).join(" ")));
    }
    doc
}

/// Converts `skill_id` to `skillId`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut concat = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        concat.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        concat.push_str(letters.as_str());
    }
    concat
}
