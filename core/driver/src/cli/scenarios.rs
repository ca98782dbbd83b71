//! `zoolab scenarios`: what is shipped.

use super::{CliError, Done, Out, Verdict};
use crate::shipped::{self, COMPARISONS, SHIPPED};
use std::fmt::Write;
use zoolab_core::scenario;

/// List the shipped scenarios and comparisons, or print the file of one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  zoolab scenarios                               a line each
  zoolab scenarios start-in-turn > mine.ron      a copy to change")]
pub(super) struct Args {
    /// Print the file of this one instead
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    if let Some(name) = &args.name {
        let unknown = || {
            CliError::Input(format!(
                "no scenario of the name {name} is shipped; `zoolab scenarios` lists them"
            ))
        };
        let found = shipped::find(name).or_else(|| shipped::find_comparison(name));
        out.say(found.ok_or_else(unknown)?.text);
        return Ok(Verdict::AllHeld);
    }
    let width =
        SHIPPED.iter().chain(COMPARISONS).map(|shipped| shipped.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for shipped in SHIPPED {
        // What is shipped can be run; a test reads every file.
        let purpose = scenario::load(&shipped.file(), shipped.text).map_or_else(
            |problems| format!("cannot be run: {} problems", problems.iter().count()),
            |scenario| if scenario.purpose.is_empty() { scenario.name } else { scenario.purpose },
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {purpose}", shipped.name);
    }
    text.push_str("\nComparisons, for `zoolab compare`:\n");
    for shipped in COMPARISONS {
        let purpose = scenario::load_comparison(&shipped.file(), shipped.text)
            .map_or_else(|_| "cannot be run".to_owned(), |comparison| comparison.purpose);
        let _ = writeln!(text, "{:width$}  {purpose}", shipped.name);
    }
    out.say(&text);
    Ok(Verdict::AllHeld)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_can_be_run_and_says_what_it_shows() {
        for shipped in SHIPPED {
            match scenario::load(&shipped.file(), shipped.text) {
                Ok(scenario) => assert!(!scenario.purpose.is_empty(), "{} has no purpose", shipped.name),
                Err(problems) => panic!("{problems}"),
            }
            assert_eq!(shipped::find(shipped.name), Some(*shipped));
        }
    }
}
