//! zkCli's commands and how each is used.

use super::Printed;

/// What zkCli begins its help with.
const HEAD: &str = "ZooKeeper -server host:port -client-configuration properties-file cmd args";

/// Every command of zkCli 3.8 with its usage, in the order in which its help lists them.
pub(super) const COMMANDS: [(&str, &str); 29] = [
    (
        "addWatch",
        "[-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE",
    ),
    ("addauth", "scheme auth"),
    ("close", ""),
    ("config", "[-c] [-w] [-s]"),
    ("connect", "host:port"),
    ("create", "[-s] [-e] [-c] [-t ttl] path [data] [acl]"),
    ("delete", "[-v version] path"),
    ("deleteall", "path [-b batch size]"),
    ("delquota", "[-n|-b|-N|-B] path"),
    ("get", "[-s] [-w] path"),
    ("getAcl", "[-s] path"),
    ("getAllChildrenNumber", "path"),
    ("getEphemerals", "path"),
    ("history", ""),
    ("listquota", "path"),
    ("ls", "[-s] [-w] [-R] path"),
    ("printwatches", "on|off"),
    ("quit", ""),
    (
        "reconfig",
        "[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | \
         [-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
    ),
    ("redo", "cmdno"),
    ("removewatches", "path [-c|-d|-a] [-l]"),
    ("set", "[-s] [-v version] path data"),
    ("setAcl", "[-s] [-v version] [-R] path acl"),
    ("setquota", "-n|-b|-N|-B val path"),
    ("stat", "[-w] path"),
    ("sync", "path"),
    ("version", ""),
    ("whoami", ""),
    // zkCli has no such command and lists its help by not finding it.
    ("help", ""),
];

/// How a command is used; `None` if zkCli has no such command.
pub fn usage_of(name: &str) -> Option<String> {
    let known = COMMANDS.iter().find(|(known, _)| *known == name);
    known.filter(|(name, _)| *name != "help").map(|(name, usage)| format!("{name} {usage}"))
}

/// zkCli's help.
pub(super) fn help() -> Vec<Printed> {
    let lines = COMMANDS.iter().filter_map(|(name, _)| usage_of(name));
    let lines = lines.map(|usage| Printed::err(format!("\t{usage}")));
    std::iter::once(Printed::err(HEAD)).chain(lines).collect()
}

/// What to say to a word that is no command: zkCli's help, zkCli's sentence and one that helps.
pub(super) fn unknown(name: &str) -> Vec<Printed> {
    let mut lines = help();
    lines.push(Printed::err(format!("Command not found: Command not found {name}")));
    let near = COMMANDS.iter().map(|(known, _)| (distance(name, known), *known)).min();
    lines.push(Printed::note(match near {
        _ if name == "help" => "That is the help; zkCli prints it for every word it does not know".to_owned(),
        Some((0, known)) => format!("zkCli heeds capitals: {known}"),
        Some((distance, known)) if distance <= 2 => format!("There is no command {name}; is it {known}?"),
        _ => format!("There is no command {name}; those that there are stand above"),
    }));
    lines
}

/// How many letters two words differ by, capitals aside.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let cost = (before + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row[b.chars().count()]
}
