//! Lines that need no ensemble.

use super::*;
use crate::ids::{SessionId, Zxid};
use crate::request::{Answer, ErrorCode, Outcome, Stat};
use crate::tree::{Tree, Txn, TxnBody};
use proptest::prelude::*;

fn told(line: &str) -> Vec<String> {
    let entered = Prompt::default().enter(line, true);
    assert!(entered.task.is_none(), "{line} went to a server");
    entered.told.into_iter().map(|line| line.text).collect()
}

fn asks(line: &str) -> String {
    let entered = Prompt::default().enter(line, true);
    let Some(Task::Ask(job)) = entered.task else {
        panic!("{line} did not go to a server: {:?}", entered.told)
    };
    job.first().to_string()
}

/// Read off a zkCli 3.8.0.
#[test]
fn what_is_wrong_is_told_in_zkclis_words() {
    let mode = "addWatch [-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is \
                PERSISTENT_RECURSIVE";
    for (line, lines) in [
        ("create", &["create [-s] [-e] [-c] [-t ttl] path [data] [acl]"][..]),
        ("create -x /a", &["org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: -x"]),
        ("create -e -t 100 /zz/a", &["TTLs cannot be used with Ephemeral znodes"]),
        ("create -c -t 5 /w/k", &["TTLs cannot be used with Container znodes"]),
        ("create -t abc /zz", &["-t argument must be a long value"]),
        ("create -t 0 /zz", &["ttl must be positive and cannot be larger than: 1099511627775"]),
        ("create //", &["Path must not end with / character"]),
        ("create /a//b", &["Invalid path string \"/a//b\" caused by empty node name specified @3"]),
        ("create /a/./b", &["Invalid path string \"/a/./b\" caused by relative paths not allowed @3"]),
        (
            "create /pp x foo",
            &[
                "foo does not have the form scheme:id:perm",
                "KeeperErrorCode = InvalidACL",
                "Acl is not valid : null",
            ],
        ),
        (
            "setAcl / world:anyone",
            &["world:anyone does not have the form scheme:id:perm", "Acl is not valid : null"],
        ),
        ("setAcl /", &["setAcl [-s] [-v version] [-R] path acl"]),
        ("get", &["get [-s] [-w] path"]),
        ("get /a/", &["Path must not end with / character"]),
        ("set a b", &["Path must start with / character"]),
        ("set /", &["set [-s] [-v version] path data"]),
        ("set -v x / y", &["-v takes a version, which is a whole number; found \"x\""]),
        ("delete -v", &["org.apache.commons.cli.MissingArgumentException: Missing argument for option: v"]),
        ("addWatch -m FOO /x", &[mode]),
        (
            "removewatches -p /q",
            &["org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: -p"],
        ),
        (
            "setquota /q",
            &[
                "org.apache.commons.cli.MissingOptionException: Missing required option: [-n num soft quota, -b bytes soft quota, -N num hard quota, -B bytes hard quota]",
            ],
        ),
        ("redo 9", &["Command index out of range"]),
        ("version x", &["version "]),
        ("printwatches", &["printwatches is on"]),
    ] {
        assert_eq!(told(line), lines, "{line}");
    }
}

#[test]
fn an_unknown_word_lists_the_help_and_says_what_may_be_meant() {
    let lines = told("Create /a");
    assert_eq!(lines[0], "ZooKeeper -server host:port -client-configuration properties-file cmd args");
    assert_eq!(lines.len(), 1 + 28 + 2);
    assert_eq!(lines[6], "\tcreate [-s] [-e] [-c] [-t ttl] path [data] [acl]");
    assert_eq!(lines[29..], ["Command not found: Command not found Create", "zkCli heeds capitals: create"]);
    assert_eq!(told("creat /a")[30], "There is no command creat; is it create?");
    assert_eq!(told("frobnicate")[30], "There is no command frobnicate; those that there are stand above");
    assert_eq!(told("help").len(), 29);
}

#[test]
fn lines_become_operations() {
    for (line, op) in [
        (r#"create -e -s "/locks/n -" 'a b'"#, r#"create /locks/n - "a b""#),
        ("get -s -w /a", "getData /a -w"),
        ("stat /a watch", "exists /a -w"),
        ("ls -w /a", "getChildren /a -w"),
        ("ls -s /a", "getChildren /a"),
        ("deleteall /a", "getChildren /a"),
        ("delete -v 3 /a", "delete /a"),
        ("addWatch /a", "addWatch /a -R"),
        ("getEphemerals", "getEphemerals /"),
        ("quit", "closeSession"),
    ] {
        assert_eq!(asks(line), op, "{line}");
    }
}

#[test]
fn an_operation_is_spelt_as_it_would_be_typed() {
    for line in [
        "create -s -e /locks/n-",
        "create -t 500 /ttl \"two words\"",
        "create /a \"\" world:anyone:r",
        "set -v 2 /a x",
        "delete /a",
        "get -w /a",
        "stat /a",
        "ls -w /a",
        "addWatch -m PERSISTENT /a",
        "removewatches /a -d",
        "getAcl /a",
        "setAcl /a world:anyone:r",
        "addauth digest bob:pw",
        "sync /",
        "whoami",
        "close",
    ] {
        let Some(Task::Ask(job)) = Prompt::default().enter(line, true).task else { panic!("{line}") };
        assert_eq!(spell(&job.first()), line);
    }
}

#[test]
fn history_is_numbered_and_done_again() {
    let mut prompt = Prompt::default();
    for line in ["ls /a", "  ", "redo 0", "history"] {
        let entered = prompt.enter(line, true);
        if line == "redo 0" {
            assert_eq!(entered.performed, "ls /a");
            assert!(entered.task.is_some());
        }
    }
    assert_eq!(prompt.history(), ["ls /a", "ls /a", "history"]);
    for _ in 0..12 {
        prompt.enter("help", true);
    }
    let lines = prompt.enter("history", true).told;
    assert_eq!(
        (lines.len(), lines[0].text.as_str(), lines[10].text.as_str()),
        (11, "5 - help", "15 - history")
    );
}

#[test]
fn tab_completes_commands_and_paths() {
    let mut tree = Tree::new();
    for (zxid, path) in [(1, "/app"), (2, "/apple"), (3, "/app/one"), (4, "/app/only")] {
        let body = TxnBody::create(path, None, 1);
        let txn = Txn { zxid: Zxid(zxid), time_ms: 0, session: SessionId::NONE, cxid: 0, body };
        assert!(tree.apply(&txn).is_ok());
    }
    let done = |line: &str| {
        let completion = complete(line, Some(&tree));
        (completion.line, completion.names.len())
    };
    assert_eq!(done("cr"), ("create ".to_owned(), 1));
    assert_eq!(done("get"), ("get".to_owned(), 4));
    assert_eq!(done("ls /a"), ("ls /app".to_owned(), 2));
    assert_eq!(done("ls /app/o"), ("ls /app/on".to_owned(), 2));
    assert_eq!(done("ls /app/one"), ("ls /app/one".to_owned(), 1));
    assert_eq!(done("ls /none/x"), ("ls /none/x".to_owned(), 0));
    assert_eq!(done("ls "), ("ls /".to_owned(), 3));
    assert_eq!(done("ls /zoo"), ("ls /zookeeper".to_owned(), 1));
    assert_eq!(done("ls /zookeeper"), ("ls /zookeeper/".to_owned(), 1));
    assert_eq!(complete("", None).names.len(), 29);
}

/// A line of words that are nearly right, or of any letters at all.
fn any_line() -> impl Strategy<Value = String> {
    let names = super::help::COMMANDS.map(|(name, _)| name.to_owned()).to_vec();
    let word = prop_oneof![
        "-[a-zA-Z]{0,3}",
        "/[a-z./]{0,6}",
        "[-0-9]{1,20}",
        "[a-z:,]{0,12}",
        "[\"' ]{1,3}",
        any::<String>(),
    ];
    let line = (prop::sample::select(names), prop::collection::vec(word, 0..6));
    prop_oneof![line.prop_map(|(name, words)| format!("{name} {}", words.join(" "))), any::<String>(),]
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Ok(Answer::Done)),
        Just(Ok(Answer::Stat(Stat::default()))),
        Just(Ok(Answer::Data(Some("count=1".into()), Stat::default()))),
        prop::collection::vec("[a-z]{1,3}", 0..3).prop_map(|names| Ok(Answer::Children(
            names.into_iter().map(Into::into).collect(),
            Stat::default()
        ))),
        Just(Err(ErrorCode::NoNode)),
        Just(Err(ErrorCode::ConnectionLoss)),
    ]
}

proptest! {
    /// Whatever is typed and whatever a server answers, there is a line of text or an operation, and an end.
    #[test]
    fn nothing_that_is_typed_or_answered_is_a_trap(
        lines in prop::collection::vec(any_line(), 1..4),
        outcomes in prop::collection::vec(any_outcome(), 0..40),
    ) {
        let (mut prompt, tree) = (Prompt::default(), Tree::new());
        for line in lines {
            let completion = complete(&line, Some(&tree));
            prop_assert!(completion.names.len() <= 1 || !completion.line.is_empty() || line.is_empty());
            let entered = prompt.enter(&line, true);
            let Some(Task::Ask(mut job)) = entered.task else { continue };
            let mut op = Some(job.first());
            for outcome in &outcomes {
                let Some(asked) = op else { break };
                prop_assert!(!spell(&asked).is_empty());
                op = job.on(outcome, &Held::new()).next;
            }
        }
    }
}
