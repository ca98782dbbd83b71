//! From what was typed to a scenario: a path, or the name of a shipped one.

use super::CliError;
use crate::{files, shipped};
use std::path::Path;
use zoolab_core::scenario::{self, Comparison, Mutation, ProtocolName, Scenario};

/// The scenario of a file, or the shipped one of this name.
pub(super) fn scenario(typed: &str) -> Result<Scenario, CliError> {
    let path = Path::new(typed);
    let (name, text) = if path.exists() {
        (typed.to_owned(), files::read(path)?)
    } else if let Some(shipped) = shipped::find(typed) {
        (shipped.file(), shipped.text.to_owned())
    } else {
        return Err(CliError::Input(unknown(typed)));
    };
    scenario::load(&name, &text)
        .map_err(|problems| CliError::Input(format!("this scenario cannot be run\n{problems}")))
}

/// The comparison of a file, or the shipped one of this name.
pub(super) fn comparison(typed: &str) -> Result<Comparison, CliError> {
    let path = Path::new(typed);
    let (name, text) = if path.exists() {
        (typed.to_owned(), files::read(path)?)
    } else if let Some(shipped) = shipped::find_comparison(typed) {
        (shipped.file(), shipped.text.to_owned())
    } else {
        let told = format!(
            "there is no file {typed}, and no comparison of that name is shipped; `zoolab scenarios` lists those that are"
        );
        return Err(CliError::Input(told));
    };
    scenario::load_comparison(&name, &text)
        .map_err(|problems| CliError::Input(format!("this comparison cannot be run\n{problems}")))
}

fn unknown(typed: &str) -> String {
    let like = shipped::like(typed);
    let hint = if like.is_empty() {
        "`zoolab scenarios` lists those that are".to_owned()
    } else {
        format!("did you mean {}?", like.join(" or "))
    };
    format!("there is no file {typed}, and no scenario of that name is shipped; {hint}")
}

/// A mutation by its name, in any case, with or without hyphens.
pub(super) fn mutation(typed: &str) -> Result<Mutation, String> {
    let plain = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let names = || Mutation::ALL.iter().map(|mutation| format!("{mutation:?}"));
    let found = Mutation::ALL.into_iter().find(|mutation| plain(&format!("{mutation:?}")) == plain(typed));
    found.ok_or_else(|| {
        format!(
            "not a guard that can be switched off; expected one of {}",
            names().collect::<Vec<_>>().join(", ")
        )
    })
}

/// A protocol that swarms can run, by its name, in any case, with or without hyphens.
pub(super) fn swarm_protocol(typed: &str) -> Result<ProtocolName, String> {
    let plain = |name: &str| name.replace(['-', '_'], "").to_lowercase();
    let known = || {
        let has_swarm = |(_, protocol): &(&str, ProtocolName)| {
            !matches!(protocol, ProtocolName::Generals | ProtocolName::Registry)
        };
        ProtocolName::ALL.into_iter().filter(has_swarm)
    };
    let found =
        known().find(|(word, protocol)| [plain(word), plain(&protocol.to_string())].contains(&plain(typed)));
    found
        .map(|(_, protocol)| protocol)
        .ok_or_else(|| "expected one of zab, two-phase, three-phase, paxos".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_are_named_freely() {
        for typed in ["AckBeforeFsync", "ack-before-fsync", "ackbeforefsync"] {
            assert_eq!(mutation(typed), Ok(Mutation::AckBeforeFsync));
        }
        assert!(mutation("x").is_err_and(|told| told.contains("NoTruncate")));
    }
}
