//! The file format: prose, commands, and below each `----` what they said.
//!
//! ```text
//! # Prose, for people.
//!
//! note s2 LOOKING s3 zxid=1.2 epoch=1 round=1
//! ----
//! votes for (s3, 1.2, epoch 1)
//!
//! ```
//!
//! Several commands may stand above one `----`: they are done one after the other. After a line `quiet` the
//! rest of its block is done without a word. An output ends at the first empty line.

use super::args::Args;
use super::ensemble::Ensemble;
use super::puppet::Puppet;

/// What carries out the commands of a script.
pub trait Bench {
    /// Does one command and tells what came of it. `Err`: the script is wrong.
    fn command(&mut self, verb: &str, args: &mut Args, said: &mut Vec<String>) -> Result<(), String>;
}

/// A script that has been read.
pub struct Script {
    name: String,
    parts: Vec<Part>,
}

enum Part {
    /// A comment or an empty line.
    Prose(String),
    /// Commands, each with its line number; their output is made anew.
    Block(Vec<(usize, String)>),
}

impl Script {
    /// Reads a script; the outputs in it are dropped.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut parts = Vec::new();
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line)).peekable();
        while let Some((number, line)) = lines.next() {
            if line.is_empty() || line.starts_with('#') {
                parts.push(Part::Prose(line.to_owned()));
                continue;
            }
            let mut commands = vec![(number, line.to_owned())];
            for (number, line) in lines.by_ref() {
                assert!(!line.is_empty(), "{name}:{number}: `----` is missing below the commands");
                if line == "----" {
                    break;
                }
                commands.push((number, line.to_owned()));
            }
            while lines.next_if(|(_, line)| !line.is_empty()).is_some() {}
            parts.push(Part::Block(commands));
        }
        Self { name: name.to_owned(), parts }
    }

    /// Plays the script and writes it down with its outputs. `Err`: a command is wrong.
    pub fn play(&self) -> Result<String, String> {
        let mut bench: Option<Box<dyn Bench>> = None;
        let mut lines = Vec::new();
        for part in &self.parts {
            match part {
                Part::Prose(line) => lines.push(line.clone()),
                Part::Block(commands) => {
                    lines.extend(commands.iter().map(|(_, command)| command.clone()));
                    lines.push("----".to_owned());
                    lines.extend(self.play_block(commands, &mut bench)?);
                }
            }
        }
        lines.push(String::new());
        Ok(lines.join("\n"))
    }

    fn play_block(
        &self,
        commands: &[(usize, String)],
        bench: &mut Option<Box<dyn Bench>>,
    ) -> Result<Vec<String>, String> {
        let mut said = Vec::new();
        let mut quiet = false;
        for (number, command) in commands {
            if command == "quiet" {
                quiet = true;
                continue;
            }
            let mut now = Vec::new();
            let done = Args::of(command).and_then(|(verb, mut args)| {
                let bench = bench.get_or_insert_with(|| stage(&verb));
                bench.command(&verb, &mut args, &mut now)?;
                args.finish()
            });
            done.map_err(|why| format!("{}:{number}: `{command}`: {why}", self.name))?;
            if !quiet {
                said.extend(now);
            }
        }
        if said.is_empty() {
            said.push(if quiet { "ok" } else { "nothing" }.to_owned());
        }
        Ok(said)
    }
}

/// The first command says which kind of script it is.
fn stage(verb: &str) -> Box<dyn Bench> {
    if verb == "servers" { Box::new(Ensemble::default()) } else { Box::new(Puppet::default()) }
}

/// The lines in which two texts differ, with a few around them.
pub fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same = |(a, b): (&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(|pair| same((pair.0, pair.1))).count();
    let most = old.len().min(new.len()) - head;
    let tail =
        old.iter().rev().zip(new.iter().rev()).take(most).take_while(|pair| same((pair.0, pair.1))).count();
    let mut lines: Vec<String> =
        old[head.saturating_sub(4)..head].iter().map(|line| format!("  {line}")).collect();
    lines.extend(old[head..old.len() - tail].iter().map(|line| format!("- {line}")));
    lines.extend(new[head..new.len() - tail].iter().map(|line| format!("+ {line}")));
    lines.extend(new[new.len() - tail..].iter().take(3).map(|line| format!("  {line}")));
    lines.join("\n")
}
