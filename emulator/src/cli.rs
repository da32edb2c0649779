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
Emulates the skills of Browser Use Cloud over HTTP, for development and tests. Amounts are in US dollars, durations in
milliseconds.

Usage: browser-use-skills-emulator [options]

  --host HOST                 host to listen on (127.0.0.1)
  --port PORT                 port; 0 for any that is free (8787)
  --api-key KEY               the only key that is accepted (any that is not empty)
  --generation-ms MS          duration of a generation (3000)
  --execution-ms MS           duration of an execution (150)
  --credits USD               balance of the account (100)
  --create-cost USD           price of a creation (1)
  --execute-cost USD          price of an execution (0.02)
  --minimum-to-create USD     lowest balance for a creation (2)
  --minimum-to-execute USD    lowest balance for an execution (0.1)
  --max-sessions NUMBER       most generations and executions at once (3)
  --max-enabled-skills NUMBER most skills that are enabled at once (50)
  --seed NUMBER               seed of ids, data and the chances of faults (1)
  --origin ORIGIN             origin whose pages may read responses; repeatable (all)
  --expose-header NAME        response header that pages may read; repeatable (none)
  --fault JSON                fault of the next requests; repeatable (none), such as
                              '{\"kind\":\"status\",\"status\":503,\"operation\":\"skills.execute\",\"count\":2}'
  --help                      this text

The API is below /api/v2. Settings, faults and the log of requests are below /__emulator while it runs.
";

struct Options {
    host: String,
    port: u16,
    settings: Settings,
    /// Bodies of `POST /__emulator/faults`, as JSON.
    faults: Vec<String>,
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

/// Parses the options. Returns `None` after printing the help text.
fn parse(mut parser: Parser) -> Result<Option<Options>, Box<dyn Error>> {
    let settings = Settings::default();
    let mut options = Options { host: "127.0.0.1".to_owned(), port: 8787, settings, faults: Vec::new() };
    while let Some(argument) = parser.next()? {
        let settings = &mut options.settings;
        match argument {
            Arg::Long("host") => options.host = parser.value()?.string()?,
            Arg::Long("port") => options.port = parser.value()?.parse()?,
            Arg::Long("api-key") => settings.api_key = Some(parser.value()?.string()?),
            Arg::Long("generation-ms") => settings.generation_ms = parser.value()?.parse()?,
            Arg::Long("execution-ms") => settings.execution_ms = parser.value()?.parse()?,
            Arg::Long("credits") => settings.credits = dollars(&mut parser)?,
            Arg::Long("create-cost") => settings.create_cost = dollars(&mut parser)?,
            Arg::Long("execute-cost") => settings.execute_cost = dollars(&mut parser)?,
            Arg::Long("minimum-to-create") => settings.minimum_to_create = dollars(&mut parser)?,
            Arg::Long("minimum-to-execute") => settings.minimum_to_execute = dollars(&mut parser)?,
            Arg::Long("max-sessions") => settings.max_sessions = parser.value()?.parse()?,
            Arg::Long("max-enabled-skills") => settings.max_enabled_skills = parser.value()?.parse()?,
            Arg::Long("seed") => settings.seed = parser.value()?.parse()?,
            Arg::Long("origin") => settings.origins.push(parser.value()?.string()?),
            Arg::Long("expose-header") => settings.expose_headers.push(parser.value()?.string()?),
            Arg::Long("fault") => options.faults.push(parser.value()?.string()?),
            Arg::Long("help") | Arg::Short('h') => {
                std::io::stdout().write_all(HELP.as_bytes())?;
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(options))
}

/// Parses an amount in US dollars.
fn dollars(parser: &mut Parser) -> Result<f64, Box<dyn Error>> {
    let amount: f64 = parser.value()?.parse()?;
    if amount.is_finite() && amount >= 0.0 {
        Ok(amount)
    } else {
        Err(format!("{amount} is not an amount: expected a number from 0").into())
    }
}

fn listen(options: Options) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((options.host.as_str(), options.port)).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let now_ms = u64::try_from(now.as_millis())?;
        let mut emulator = Emulator::new(options.settings, now_ms);
        for fault in options.faults {
            let reply = emulator.admin("POST", "/__emulator/faults", fault.as_bytes(), now_ms);
            if reply.status >= 400 {
                return Err(format!("--fault {fault}: {}", String::from_utf8_lossy(&reply.body)).into());
            }
        }
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{}{BASE}", listener.local_addr()?)?;
        out.flush()?;
        serve(listener, emulator).await?;
        Ok(())
    })
}
