//! What is typed at a prompt: what needs no server is answered here.

use super::help::{help, unknown};
use super::options::split;
use super::parse::{Parsed, Task, parse};
use super::{Printed, usage_of};

/// zkCli's version line; the ensemble behind it is simulated.
const VERSION: &str =
    concat!("ZooKeeper CLI version: 3.8.0, simulated by ZooLab ", env!("CARGO_PKG_VERSION"));
/// Commands that history shows before the last one.
const HISTORY: usize = 10;

/// One client's prompt: what was typed there.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    history: Vec<String>,
    silent: bool,
}

/// What a line leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entered {
    /// What is printed at once.
    pub told: Vec<Printed>,
    /// What others are needed for.
    pub task: Option<Task>,
    /// What the line came to: for `redo` an earlier one.
    pub performed: String,
}

impl Prompt {
    /// Everything that was typed, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// A line was typed. `alive` is whether the client still has a session or tries to get one.
    pub fn enter(&mut self, line: &str, alive: bool) -> Entered {
        let line = line.trim();
        if line.is_empty() {
            return Entered::default();
        }
        self.history.push(line.to_owned());
        self.perform(line, alive)
    }

    fn perform(&mut self, line: &str, alive: bool) -> Entered {
        let words = split(line);
        let name = words.first().map_or("", String::as_str);
        let performed = line.to_owned();
        let told = match name {
            "redo" => return self.redo(&words, alive),
            "history" => self.last_lines(),
            "help" => help(),
            "printwatches" => self.printwatches(&words),
            "version" if alive && words.len() == 1 => vec![Printed::out(VERSION)],
            "version" if alive => usage_of("version").map(Printed::err).into_iter().collect(),
            // Before it asks whether there is a connection.
            _ if super::help::COMMANDS.iter().all(|(known, _)| *known != name) && !is_older(name) => {
                unknown(name)
            }
            _ if !alive => return Entered { told: not_connected(), task: None, performed },
            _ => return entered(parse(words), performed),
        };
        let closed = if alive { Vec::new() } else { not_connected() };
        Entered { told: told.into_iter().chain(closed).collect(), task: None, performed }
    }

    fn last_lines(&self) -> Vec<Printed> {
        let last = self.history.len().saturating_sub(HISTORY + 1);
        let lines = self.history.iter().enumerate().skip(last);
        lines.map(|(nth, line)| Printed::out(format!("{nth} - {line}"))).collect()
    }

    fn printwatches(&mut self, words: &[String]) -> Vec<Printed> {
        match words.get(1) {
            Some(word) => {
                self.silent = word != "on";
                Vec::new()
            }
            None => vec![Printed::out(format!("printwatches is {}", if self.silent { "off" } else { "on" }))],
        }
    }

    /// Does an earlier line again, and takes its place in the history.
    fn redo(&mut self, words: &[String], alive: bool) -> Entered {
        let wrong = |text: &str| Entered { told: vec![Printed::err(text)], ..Entered::default() };
        let Some(word) = words.get(1) else { return Entered::default() };
        let own = self.history.len() - 1;
        let Ok(nth) = word.parse::<usize>() else {
            return wrong(&format!(
                "redo takes the number of a command, as history shows it; found {word:?}"
            ));
        };
        let Some(line) = self.history.get(nth).filter(|_| nth < own).cloned() else {
            return wrong("Command index out of range");
        };
        if split(&line).first().is_some_and(|name| name == "redo") {
            return wrong("No redoing redos");
        }
        self.history[own].clone_from(&line);
        self.perform(&line, alive)
    }
}

fn is_older(name: &str) -> bool {
    ["ls2", "rmr", "stat2"].contains(&name)
}

fn not_connected() -> Vec<Printed> {
    vec![
        Printed::out("Not connected"),
        Printed::note("This client's session is over for good; choose another client"),
    ]
}

fn entered(parsed: Parsed, performed: String) -> Entered {
    match parsed {
        Ok((told, task)) => Entered { told, task: Some(task), performed },
        Err(told) => Entered { told, task: None, performed },
    }
}
