//! No two commands clash, and each has its texts.

use super::keys::keyed;
use super::*;
use std::collections::BTreeMap;

#[test]
fn no_two_commands_that_can_be_meant_at_once_share_a_key() {
    for verbs in verb::kinds() {
        let mut taken: BTreeMap<String, Command> = BTreeMap::new();
        let verbs = verbs.iter().map(|verb| (verb.shortcut(), Command::Verb(*verb)));
        for (shortcut, command) in keyed(Mode::Run(None)).into_iter().chain(verbs) {
            let key = format!("{:?} {:?}", shortcut.modifiers, shortcut.logical_key);
            if let Some(other) = taken.insert(key.clone(), command.clone()) {
                panic!("{key} means both {other:?} and {command:?}");
            }
        }
    }
}

#[test]
fn no_two_commands_share_a_key_while_lanes_are_compared() {
    let mut taken: BTreeMap<String, Command> = BTreeMap::new();
    for (shortcut, command) in keyed(Mode::Lanes) {
        let key = format!("{:?} {:?}", shortcut.modifiers, shortcut.logical_key);
        if let Some(other) = taken.insert(key.clone(), command.clone()) {
            panic!("{key} means both {other:?} and {command:?}");
        }
    }
}

#[test]
fn every_listed_command_says_what_it_does() {
    let modes = [Mode::Run(None), Mode::Lanes];
    for command in modes.into_iter().flat_map(all) {
        for lang in Language::ALL.map(Lang::of) {
            assert!(lang.knows(command.id()), "{lang:?} has no {}", command.id());
            let tooltip = command.tooltip(lang);
            assert!(lang.knows(&format!("{}.tip", command.id())) && !tooltip.ends_with(['.', '。']));
        }
        assert_eq!(command.shortcut().is_some(), !command.key_text().is_empty());
    }
}
