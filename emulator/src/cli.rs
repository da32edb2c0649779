//! The command line.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use browser_use_skills_emulator::Emulator;
use browser_use_skills_emulator::http::{BASE, serve};
use browser_use_skills_emulator::settings::Settings;
use lexopt::{Arg, Parser, ValueExt};
use tokio::net::TcpListener;

const HELP: &str = "\
A stand-in for the skills of Browser Use Cloud, for development and tests.

Usage: browser-use-skills-emulator [options]

  --host HOST           where to listen (127.0.0.1)
  --port PORT           the port; 0 for any that is free (8787)
  --api-key KEY         the only key to take (any that is not empty)
  --generation-ms MS    how long a generation takes (3000)
  --execution-ms MS     how long an execution takes (150)
  --seed NUMBER         what ids and data are drawn from (1)
  --origin ORIGIN       an origin whose pages may read answers; may be repeated (all)
  --help                this text

The API is below /api/v2. Faults, settings and the log of requests are below /__emulator.
";

struct Options {
    host: String,
    port: u16,
    settings: Settings,
}

/// Runs the server until it is stopped.
pub fn run() -> ExitCode {
    match parse(Parser::from_env()).and_then(|options| options.map_or(Ok(()), listen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// The options; none when help was all that was asked for.
fn parse(mut parser: Parser) -> Result<Option<Options>, Box<dyn Error>> {
    let settings = Settings::default();
    let mut options = Options { host: "127.0.0.1".to_owned(), port: 8787, settings };
    while let Some(argument) = parser.next()? {
        let settings = &mut options.settings;
        match argument {
            Arg::Long("host") => options.host = parser.value()?.string()?,
            Arg::Long("port") => options.port = parser.value()?.parse()?,
            Arg::Long("api-key") => settings.api_key = Some(parser.value()?.string()?),
            Arg::Long("generation-ms") => settings.generation_ms = parser.value()?.parse()?,
            Arg::Long("execution-ms") => settings.execution_ms = parser.value()?.parse()?,
            Arg::Long("seed") => settings.seed = parser.value()?.parse()?,
            Arg::Long("origin") => settings.origins.push(parser.value()?.string()?),
            Arg::Long("help") | Arg::Short('h') => {
                std::io::stdout().write_all(HELP.as_bytes())?;
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(options))
}

fn listen(options: Options) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((options.host.as_str(), options.port)).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let emulator = Emulator::new(options.settings, u64::try_from(now.as_millis())?);
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{}{BASE}", listener.local_addr()?)?;
        out.flush()?;
        serve(listener, emulator).await?;
        Ok(())
    })
}
