//! The words of a command as a task for a server. What zkCli refuses without asking one is refused here, in its
//! words.

use super::Printed;
use super::help::usage_of;
use super::job::Job;
use super::options::{Spec, Words, java, options};
use super::print;
use super::quota::Quota;
use super::subtree::{DeleteAll, Walk};
use crate::request::{Acl, AclEntry, AddWatchMode, CreateMode, Id, Op, Perms, WatcherKind};
use crate::tree::TTL_MAX_MS;
use std::sync::Arc;

/// What a command needs others for.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Operations, one after the other.
    Ask(Box<Job>),
    /// Turn to this server, which is named by a person.
    Connect(String),
}

/// A task, with what is to be printed first; or only what is printed.
pub(super) type Parsed = Result<(Vec<Printed>, Task), Vec<Printed>>;

/// Names that older zkCli versions had, and what they are now.
const OLDER: [(&str, &[&str]); 3] = [("ls2", &["ls", "-s"]), ("rmr", &["deleteall"]), ("stat2", &["stat"])];
/// Commands that took `watch`, or a version, as their last word.
const WATCHING: [(&str, &str); 3] =
    [("get", "get [-s] [-w] path"), ("ls", "ls [-w] path"), ("stat", "stat [-w] path")];

/// Reads the words of a command that a server answers.
pub(super) fn parse(words: Vec<String>) -> Parsed {
    let mut notes = Vec::new();
    let words = modern(words, &mut notes);
    match command(words, &mut notes) {
        Ok(task) => Ok((notes, task)),
        Err(mut lines) => {
            notes.append(&mut lines);
            Err(notes)
        }
    }
}

/// Spells a command as it is spelt now, and says so.
fn modern(mut words: Vec<String>, notes: &mut Vec<Printed>) -> Vec<String> {
    let older = OLDER.iter().find(|(older, _)| words.first().is_some_and(|first| first == older));
    if let Some((older, now)) = older {
        let now_text = now.join(" ");
        notes.push(Printed::note(format!("{older} is the older name of {now_text}, and no longer in zkCli")));
        words.splice(..1, now.iter().map(ToString::to_string));
    }
    let has_option = words.iter().any(|word| word.starts_with('-') && word.len() > 1);
    let name = words.first().cloned().unwrap_or_default();
    let deprecated = |old: &str, new: &str| {
        Printed::err(format!("'{old}' has been deprecated. Please use '{new}' instead."))
    };
    if let Some((_, usage)) = WATCHING.iter().find(|(known, _)| *known == name)
        && words.len() == 3
        && !has_option
    {
        notes.push(deprecated(&format!("{name} path [watch]"), usage));
        "-w".clone_into(&mut words[2]);
    } else if name == "ls" && older.is_some() && words.len() == 4 {
        "-w".clone_into(&mut words[3]);
    } else if name == "delete" && words.len() == 3 && !has_option {
        notes.push(deprecated("delete path [version]", "delete [-v version] path"));
        words.insert(2, "-v".to_owned());
    } else if name == "set" && words.len() == 4 && !has_option {
        notes.push(deprecated("set path data [version]", "set [-s] [-v version] path data"));
        words.insert(3, "-v".to_owned());
    }
    words
}

fn command(words: Vec<String>, notes: &mut Vec<Printed>) -> Result<Task, Vec<Printed>> {
    let name = words.first().cloned().unwrap_or_default();
    let (spec, least) = spec(&name);
    let usage = || vec![Printed::err(usage_of(&name).unwrap_or_default())];
    let words = options(words, spec).map_err(|why| vec![Printed::err(why)])?;
    if name == "setquota" {
        one_quota(&words).map_err(|why| vec![Printed::err(why)])?;
    }
    if words.rest.len() <= least || (name == "version" && words.rest.len() > 1) {
        return Err(usage());
    }
    if name == "connect" {
        return Ok(Task::Connect(words.word(1).to_owned()));
    }
    let job = job(&name, &words, notes)?;
    Ok(Task::Ask(Box::new(job)))
}

/// The options of a command, and how many words it needs at least.
fn spec(name: &str) -> (Spec, usize) {
    let (flags, valued, least) = match name {
        "create" => ("sec", "t", 1),
        "get" => ("sw", "", 1),
        "ls" => ("swR", "", 1),
        "stat" => ("w", "", 1),
        "set" => ("s", "v", 2),
        "delete" => ("", "v", 1),
        "deleteall" => ("", "b", 1),
        "getAcl" => ("s", "", 1),
        "setAcl" => ("sR", "v", 2),
        "addWatch" => ("", "m", 1),
        "removewatches" => ("cdal", "", 1),
        "setquota" => ("", "nbNB", 1),
        "delquota" => ("nbNB", "", 1),
        "config" => ("cws", "", 0),
        "addauth" | "sync" | "getAllChildrenNumber" | "listquota" | "connect" => ("", "", 1),
        _ => ("", "", 0),
    };
    (Spec { flags, valued }, least)
}

fn job(name: &str, words: &Words, notes: &mut Vec<Printed>) -> Result<Job, Vec<Printed>> {
    let path = |at: usize| checked(words.word(at), false);
    let version = || number(words, 'v', "version", -1i32);
    let watch = words.has('w');
    let plain = |op| Ok(Job::Once(op, words.has('s')));
    match name {
        "create" => create(words, notes),
        "get" => plain(Op::GetData { path: path(1)?, watch }),
        "ls" if words.has('R') => Ok(Job::Walk(Walk::listing(path(1)?, watch))),
        "ls" => plain(Op::GetChildren { path: path(1)?, watch }),
        "stat" => plain(Op::Exists { path: path(1)?, watch }),
        "set" => {
            plain(Op::SetData { path: path(1)?, data: print::data(Some(words.word(2))), version: version()? })
        }
        "delete" => plain(Op::Delete { path: path(1)?, version: version()? }),
        "deleteall" => {
            let batch = number(words, 'b', "batch size", 1000usize)?;
            Ok(Job::DeleteAll(DeleteAll::new(path(1)?, batch)))
        }
        "getAcl" => plain(Op::GetAcl { path: path(1)? }),
        "setAcl" => {
            let acl = read_acl(words.word(2), notes)
                .ok_or_else(|| vec![Printed::err("Acl is not valid : null")])?;
            let (path, version) = (path(1)?, version()?);
            if words.has('R') {
                return Ok(Job::Walk(Walk::giving(path, acl, version)));
            }
            plain(Op::SetAcl { path, acl, version })
        }
        "addauth" => plain(Op::AddAuth { scheme: words.word(1).into(), auth: words.word(2).into() }),
        "sync" => plain(Op::Sync { path: path(1)? }),
        "addWatch" => plain(Op::AddWatch { path: path(1)?, mode: watch_mode(words)? }),
        "removewatches" => {
            let kind = match (words.has('c'), words.has('d')) {
                (true, _) => WatcherKind::Children,
                (false, true) => WatcherKind::Data,
                _ => WatcherKind::Any,
            };
            plain(Op::RemoveWatches { path: path(1)?, kind })
        }
        "getEphemerals" => {
            let prefix = if words.word(1).is_empty() { "/" } else { words.word(1) };
            plain(Op::GetEphemerals { path: checked(prefix, false)? })
        }
        "getAllChildrenNumber" => plain(Op::GetAllChildrenNumber { path: path(1)? }),
        "whoami" => plain(Op::WhoAmI),
        "config" => plain(Op::GetData { path: "/zookeeper/config".into(), watch }),
        "listquota" => Ok(Job::Quota(Quota::list(path(1)?))),
        "delquota" => Ok(Job::Quota(Quota::delete(path(1)?, words.given().next()))),
        "setquota" => {
            let letter = words.given().next().unwrap_or('n');
            let value = number(words, letter, "limit", 0i64)?;
            Ok(Job::Quota(Quota::set(path(1)?, letter, value)))
        }
        // quit does the same and more: zkCli ends. The console stays, its session does not.
        "close" | "quit" => plain(Op::CloseSession),
        "reconfig" => Err(vec![Printed::note(
            "An ensemble of ZooLab keeps its servers: reconfig is not served; choose a scenario with others",
        )]),
        _ => Err(super::help::unknown(name)),
    }
}

fn create(words: &Words, notes: &mut Vec<Printed>) -> Result<Job, Vec<Printed>> {
    let (sequential, ephemeral, container) = (words.has('s'), words.has('e'), words.has('c'));
    let wrong = |text: &str| Err(vec![Printed::err(text)]);
    if container && (sequential || ephemeral) {
        return wrong("-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.");
    }
    if words.has('t') && ephemeral {
        return wrong("TTLs cannot be used with Ephemeral znodes");
    }
    if words.has('t') && container {
        return wrong("TTLs cannot be used with Container znodes");
    }
    let ttl = match words.value('t').map(str::parse::<i64>) {
        None => None,
        Some(Err(_)) => return wrong("-t argument must be a long value"),
        Some(Ok(ttl)) => Some(ttl),
    };
    let acl = words.rest.get(3).map_or(Some(Acl::OPEN), |acl| read_acl(acl, notes));
    let Some(acl) = acl else {
        return Err(["KeeperErrorCode = InvalidACL", "Acl is not valid : null"].map(Printed::err).into());
    };
    if ttl.is_some_and(|ttl| !(1..=TTL_MAX_MS as i64).contains(&ttl)) {
        return wrong(&format!("ttl must be positive and cannot be larger than: {TTL_MAX_MS}"));
    }
    let path = checked(words.word(1), sequential)?;
    let mode = match (ttl.map(|ttl| ttl as u64), sequential, ephemeral) {
        (Some(ttl), false, _) => CreateMode::PersistentTtl(ttl),
        (Some(ttl), true, _) => CreateMode::PersistentSequentialTtl(ttl),
        (None, _, _) if container => CreateMode::Container,
        (None, false, false) => CreateMode::Persistent,
        (None, true, false) => CreateMode::PersistentSequential,
        (None, false, true) => CreateMode::Ephemeral,
        (None, true, true) => CreateMode::EphemeralSequential,
    };
    let data = print::data(words.rest.get(2).map(String::as_str));
    Ok(Job::Once(Op::Create { path, data, mode, acl }, false))
}

/// A path that a client library lets pass.
fn checked(path: &str, sequential: bool) -> Result<Arc<str>, Vec<Printed>> {
    match print::check_path(path, sequential) {
        Ok(()) => Ok(path.into()),
        Err(why) => Err(vec![Printed::err(why)]),
    }
}

/// The number of an option. zkCli itself ends when it is none.
fn number<T: std::str::FromStr>(
    words: &Words,
    letter: char,
    name: &str,
    usual: T,
) -> Result<T, Vec<Printed>> {
    let Some(text) = words.value(letter) else { return Ok(usual) };
    text.parse().map_err(|_| {
        vec![Printed::err(format!("-{letter} takes a {name}, which is a whole number; found {text:?}"))]
    })
}

fn watch_mode(words: &Words) -> Result<AddWatchMode, Vec<Printed>> {
    match words.value('m').map(str::to_uppercase).as_deref() {
        None | Some("PERSISTENT_RECURSIVE") => Ok(AddWatchMode::PersistentRecursive),
        Some("PERSISTENT") => Ok(AddWatchMode::Persistent),
        Some(_) => Err(vec![Printed::err(usage_of("addWatch").unwrap_or_default())]),
    }
}

/// setquota takes exactly one of its options.
fn one_quota(words: &Words) -> Result<(), String> {
    let mut given = words.given();
    match (given.next(), given.next()) {
        (None, _) => Err(java(
            "MissingOptionException",
            "Missing required option: [-n num soft quota, -b bytes soft quota, -N num hard quota, -B bytes hard quota]",
        )),
        (Some(first), Some(second)) => Err(java(
            "AlreadySelectedException",
            &format!(
                "The option '{second}' was specified but an option from this group has already been selected: '{first}'"
            ),
        )),
        (Some(_), None) => Ok(()),
    }
}

/// A list of rights. Letters that are none are told and left out; what has no three parts is refused.
fn read_acl(text: &str, told: &mut Vec<Printed>) -> Option<Acl> {
    let mut entries = Vec::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let parts = part.split_once(':').and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once(':')?)));
        let Some((scheme, (id, letters))) = parts else {
            told.push(Printed::err(format!("{part} does not have the form scheme:id:perm")));
            return None;
        };
        let mut perms = Perms(0);
        for letter in letters.chars() {
            match Perms::letter(letter) {
                Some(perm) => perms.0 |= perm.0,
                None => told.push(Printed::err(format!("Unknown perm type: {letter}"))),
            }
        }
        entries.push(AclEntry { perms, id: Id::new(scheme, id) });
    }
    Some(Acl::new(entries))
}
