//! `operations.ts`: the table of the operations, for what has to know them in JavaScript.

use browser_use_skills::api::operation::{Input, Operation, Row};
use browser_use_skills::policy::address::DEFAULT_BASE_URL;
use browser_use_skills::policy::header::KEY;

use crate::text::HEAD;

pub fn module() -> String {
    let rows: String = Operation::ALL.iter().map(|operation| literal(operation.row())).collect();
    format!(
        "{HEAD}import type {{ OperationName }} from \"./resources.js\";\n\n{OPEN}\n\
         /** Every operation, in the order of the contract. */\n\
         export const operations: readonly Operation[] = [\n{rows}];\n\n\
         /** Where the cloud is. */\nexport const defaultBaseUrl = \"{DEFAULT_BASE_URL}\";\n\n\
         /** The header that the key goes out in. */\nexport const keyHeader = \"{KEY}\";\n"
    )
}

const OPEN: &str = "/** What the API's table says of an operation. */
export interface Operation {
  readonly name: OperationName;
  readonly method: \"GET\" | \"POST\" | \"PATCH\" | \"DELETE\";
  /** Below the base address. A parameter in braces whose name ends in `_id` is a UUID, any other a slug. */
  readonly path: string;
  /** Whether it takes a JSON body. */
  readonly takesBody: boolean;
  /** The names that its query may have. */
  readonly query: readonly string[];
  readonly needsKey: boolean;
  /** How long it may take by default, in milliseconds. */
  readonly timeout: number;
}
";

fn literal(row: &Row) -> String {
    let query: Vec<String> = match row.input {
        Input::Query(model) => model.fields.iter().map(|field| format!("\"{}\"", field.name)).collect(),
        Input::None | Input::Body(_) => Vec::new(),
    };
    format!(
        "  {{\n    name: \"{}\",\n    method: \"{}\",\n    path: \"{}\",\n    takesBody: {},\n    query: [{}],\n    \
         needsKey: {},\n    timeout: {},\n  }},\n",
        row.name,
        row.method.as_str(),
        row.path,
        matches!(row.input, Input::Body(_)),
        query.join(", "),
        row.needs_key,
        row.timeout_ms,
    )
}
