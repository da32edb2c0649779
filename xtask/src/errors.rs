//! Generates `errors.ts` and `error-classes.ts`: a class for each error code.

use browser_use_skills::api::error_code::ErrorCode;

use crate::text::{HEAD, comment, lines};

pub fn module() -> String {
    let codes: String = ErrorCode::ALL.iter().map(|code| format!("\n  | \"{}\"", code.as_str())).collect();
    let classes: String = ErrorCode::ALL.iter().map(|code| class(*code)).collect();
    let member = |code: &ErrorCode| {
        format!("{}  {}: {};\n", comment(&lines(code.doc()), 2), code.as_str(), code.class())
    };
    let types: String = ErrorCode::ALL.iter().map(member).collect();
    format!(
        "{HEAD}import {{ BrowserUseError, type LoadFailureReason }} from \"../error.js\";\n\
         import type {{ SkillExecutionView }} from \"./models.js\";\n\n\
         /** The `code` of a {{@link BrowserUseError}}. */\nexport type ErrorCode ={codes};\n\
         {classes}\n\
         /** Error classes by code, to which `isBrowserUseError(error, code)` narrows. */\nexport interface ErrorByCode {{\n{types}}}\n\n\
         /** Every error of the library: `switch (error.code)` narrows to a class. */\n\
         export type BrowserUseErrorUnion = ErrorByCode[ErrorCode];\n"
    )
}

/// Generates `error-classes.ts`: the class of each code. Separate from `errors.ts`, whose exports are all public.
pub fn classes() -> String {
    let entries: String = ErrorCode::ALL
        .iter()
        .map(|code| format!("  {}: errors.{},\n", code.as_str(), code.class()))
        .collect();
    format!(
        "{HEAD}import {{ named }} from \"../error.js\";\nimport * as errors from \"./errors.js\";\n\n\
         /** The class of each code. */\nexport const classes = /* @__PURE__ */ named({{\n{entries}}} as const);\n"
    )
}

fn class(code: ErrorCode) -> String {
    let field = |(doc, name, of): &(&str, &str, &str)| {
        format!("{}  declare readonly {name}: {of};\n", comment(&lines(doc), 2))
    };
    let fields: String = code.fields().iter().map(field).collect();
    format!(
        "\n{}export class {} extends BrowserUseError {{\n  declare readonly code: \"{}\";\n{fields}}}\n",
        comment(&lines(code.doc()), 0),
        code.class(),
        code.as_str()
    )
}
