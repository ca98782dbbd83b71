//! `zoolab act`: interventions in a served run, from scripts.

use super::{CliError, Done, Out, Verdict};
use serde_json::Value;
use std::time::Duration;

/// Act on an ensemble that `zoolab serve --admin` runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Actions are written as in scenario files. They are done one after the other; if one cannot be read, none is done.

Examples:
  zoolab act http://127.0.0.1:8080 'Crash(\"leader\")'
  zoolab act http://127.0.0.1:8080 'Restart(\"fallen\")'
  zoolab act http://127.0.0.1:8080 'Isolate(\"s1\")' 'Pause(\"s2\")'

Exit codes: 0 done, 1 refused, 2 bad input or nobody answers.")]
pub(super) struct Args {
    /// Where the admin port is
    #[arg(value_name = "URL")]
    url: String,
    /// What to do, such as Crash("s1")
    #[arg(value_name = "ACTION", required = true)]
    actions: Vec<String>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let base = args.url.trim_end_matches('/');
    let base = if base.contains("://") { base.to_owned() } else { format!("http://{base}") };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .build()
        .into();
    // One action a line: line breaks inside of one are mere space.
    let lines: Vec<String> = args.actions.iter().map(|action| action.replace('\n', " ")).collect();
    let sent = agent.post(format!("{base}/actions")).send(lines.join("\n"));
    let mut response = sent.map_err(|error| {
        CliError::Input(format!("{base} cannot be asked: {error}; is `zoolab serve --admin PORT` running?"))
    })?;
    let status = response.status();
    let body = response.body_mut().read_to_string();
    let body: Value = body.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    if status.is_success() {
        for done in body["done"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            out.say(&format!("{done}\n"));
        }
        return Ok(Verdict::AllHeld);
    }
    let why = body["error"].as_str().map_or_else(|| format!("{base} answers {status}"), str::to_owned);
    out.complain(&why);
    Ok(Verdict::SomethingFailed)
}
