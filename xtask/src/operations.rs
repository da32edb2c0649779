//! Generates `operations.ts`: the operation table for JavaScript.

use browser_use_skills::api::operation::Operation;
use browser_use_skills::api::operation_spec::{Input, OperationSpec};
use browser_use_skills::policy::header::KEY;
use browser_use_skills::policy::url::DEFAULT_BASE_URL;

use crate::text::HEAD;

pub fn module() -> String {
    let operations: String = Operation::ALL.iter().map(|operation| literal(operation.spec())).collect();
    format!(
        "{HEAD}import type {{ OperationName }} from \"./resources.js\";\n\n{INTERFACE}\n\
         /** Every operation, in the order of the contract. */\n\
         export const operations: readonly Operation[] = [\n{operations}];\n\n\
         /** Base URL of the cloud's API. */\nexport const defaultBaseUrl = \"{DEFAULT_BASE_URL}\";\n\n\
         /** Name of the header with the API key. */\nexport const keyHeader = \"{KEY}\";\n"
    )
}

const INTERFACE: &str = "/** An operation of the API. */
export interface Operation {
  readonly name: OperationName;
  readonly method: \"GET\" | \"POST\" | \"PATCH\" | \"DELETE\";
  /** Path relative to the base URL. A parameter in braces is a UUID if its name ends in `_id`, otherwise a slug. */
  readonly path: string;
  /** Whether the request has a JSON body. */
  readonly takesBody: boolean;
  /** Names of the query parameters. */
  readonly query: readonly string[];
  readonly needsKey: boolean;
  /** Default timeout, in milliseconds. */
  readonly timeout: number;
}
";

fn literal(spec: &OperationSpec) -> String {
    let query: Vec<String> = match spec.input {
        Input::Query(model) => model.fields.iter().map(|field| format!("\"{}\"", field.name)).collect(),
        Input::None | Input::Body(_) | Input::Constant(_) => Vec::new(),
    };
    format!(
        "  {{\n    name: \"{}\",\n    method: \"{}\",\n    path: \"{}\",\n    takesBody: {},\n    query: [{}],\n    \
         needsKey: {},\n    timeout: {},\n  }},\n",
        spec.name,
        spec.method.as_str(),
        spec.path,
        matches!(spec.input, Input::Body(_) | Input::Constant(_)),
        query.join(", "),
        spec.needs_key,
        spec.timeout_ms,
    )
}
