//! Small pieces of TypeScript.

/// The first line of every generated file.
pub const HEAD: &str = "// Written by `cargo run -p xtask` from the tables in src/. Do not edit.\n\n";

/// A documentation comment, indented by so many spaces.
pub fn comment(lines: &[String], indent: usize) -> String {
    let pad = " ".repeat(indent);
    match lines {
        [] => String::new(),
        [line] => format!("{pad}/** {line} */\n"),
        lines => {
            let body: String = lines.iter().map(|line| format!("{pad} * {line}\n")).collect();
            format!("{pad}/**\n{body}{pad} */\n").replace(" * \n", " *\n")
        }
    }
}

/// The lines of a Rust doc comment as TSDoc: links to code become plain code.
pub fn lines(doc: &str) -> Vec<String> {
    doc.lines()
        .map(|line| line.trim().replace("[`", "`").replace("`]", "`"))
        .filter(|line| !line.is_empty())
        .collect()
}
