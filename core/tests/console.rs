//! The console over a simulated ensemble, compared with what the real zkCli 3.8.0 printed of a real ensemble.

use std::collections::BTreeMap;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::console::{Kind, Prompt, Task, Transcript, Typed};
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::scenario::load;
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Trace};
use zoolab_core::world::World;

const MAIN: BranchId = BranchId(0);
const C1: NodeId = NodeId::Client(1);

/// A console of c1 on a run of its own.
struct Desk {
    world: World,
    trace: Trace,
    prompt: Prompt,
    typed: Vec<Typed>,
    transcript: Transcript,
}

impl Desk {
    fn new() -> Self {
        let text = r#"(name: "console", servers: 3, clients: 2, net: [Latency(ms: 5)], until_ms: 3600000)"#;
        let scenario = Arc::new(load("console.ron", text).unwrap_or_else(|problems| panic!("{problems}")));
        let trace = Trace::new(scenario.nodes());
        let (typed, transcript) = (Vec::new(), Transcript::default());
        let mut desk =
            Self { world: World::new(&scenario), trace, prompt: Prompt::default(), typed, transcript };
        desk.pass(3000);
        desk
    }

    fn pass(&mut self, ms: u64) {
        let until = Time(self.world.now().0 + ms * 1000);
        let mut records = Vec::new();
        while self.world.advance(until, 10_000, &mut records) == zoolab_core::world::Progress::Budget {}
        self.world.wait_until(until);
        self.trace.extend(MAIN, records);
        self.read();
    }

    fn read(&mut self) {
        let line = self.trace.line(MAIN);
        while !self.transcript.catch_up(&self.trace, line, C1, line.len(), &self.typed) {}
    }

    fn act(&mut self, action: Action) {
        let mut records = Vec::new();
        let seq = Seq(self.trace.line(MAIN).len() as u32);
        self.world.act(action, &mut records);
        let last = self.typed.len() - 1;
        self.typed[last].asked.push((MAIN, seq));
        self.transcript.asked(seq, last);
        self.trace.extend(MAIN, records);
        self.read();
    }

    /// Types a line, lets time pass, and returns what is shown since.
    fn enter(&mut self, line: &str) -> Vec<(Kind, String)> {
        let len = self.trace.line(MAIN).len();
        let before = self.transcript.rows(len).len();
        let entered = self.prompt.enter(line, true);
        let (task, told, performed) = (entered.task.clone(), entered.told, entered.performed);
        let typed = Typed {
            client: C1,
            line: line.to_owned(),
            performed,
            branch: MAIN,
            len,
            told,
            asked: vec![],
            task,
        };
        self.typed.push(typed);
        match entered.task {
            Some(Task::Ask(job)) => self.act(Action::Request(C1, job.first())),
            Some(Task::Connect(server)) => {
                self.act(Action::Connect(C1, server.parse().expect("the test names a server")));
            }
            None => self.transcript.typed(len, self.typed.len() - 1),
        }
        self.pass(150);
        while let Some(op) = self.transcript.next_of(self.typed.len() - 1).cloned() {
            self.act(Action::Request(C1, op));
            self.pass(150);
        }
        let rows = self.transcript.rows(self.trace.line(MAIN).len());
        rows[before..].iter().map(|row| (row.printed.kind, row.printed.text.clone())).collect()
    }

    /// The same as text, without the prompt.
    fn told(&mut self, line: &str) -> Vec<String> {
        let lines = self.enter(line).into_iter().filter(|(kind, _)| *kind != Kind::Prompt);
        lines.map(|(_, text)| text).collect()
    }
}

/// Masks what differs from run to run, as the judge does: equal zxids stay equal.
#[derive(Default)]
struct Mask(BTreeMap<String, usize>);

impl Mask {
    fn mask(&mut self, line: &str) -> String {
        let Some((name, value)) = line.split_once(" = ") else {
            return line.replace("10.0.0.1", "127.0.0.1");
        };
        match name {
            "cZxid" | "mZxid" | "pZxid" => {
                let next = self.0.len() + 1;
                format!("{name} = Z{}", self.0.entry(value.to_owned()).or_insert(next))
            }
            "ctime" | "mtime" => format!("{name} = <time>"),
            "ephemeralOwner" if value != "0x0" => format!("{name} = <session>"),
            _ => line.to_owned(),
        }
    }
}

#[test]
fn ninety_nine_commands_print_what_zkcli_prints() {
    let (session, golden) = (include_str!("zkcli/session.txt"), include_str!("zkcli/golden.txt"));
    let (mut desk, mut mask, mut found) = (Desk::new(), Mask::default(), String::new());
    for line in session.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '+'])) {
        let (mut told, mut events) = (format!("$ {line}\n"), String::new());
        // zkCli prints results and events from two threads: their order means nothing.
        for (kind, text) in desk.enter(line) {
            match kind {
                Kind::Prompt | Kind::Note => {}
                Kind::Event => {
                    if let Some(event) = text.strip_prefix("WatchedEvent ") {
                        events.push_str(&format!("EVENT {event}\n"));
                    }
                }
                Kind::Out | Kind::Err => told.push_str(&format!("{}\n", mask.mask(&text))),
            }
        }
        found.push_str(&told);
        found.push_str(&events);
    }
    let version = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.split("3.8.0").next().unwrap_or(line).to_owned());
        lines.collect()
    };
    let (found, golden) = (version(&found), version(golden));
    for (nth, (found, golden)) in found.iter().zip(&golden).enumerate() {
        assert_eq!(found, golden, "line {} of the golden", nth + 1);
    }
    assert_eq!(found.len(), golden.len());
}

#[test]
fn quotas_are_kept_below_the_folder_of_quotas() {
    let mut desk = Desk::new();
    for line in ["create /q x", "create /q/a x"] {
        desk.enter(line);
    }
    let place = "absolute path is /zookeeper/quota/q/zookeeper_limits";
    let steps: [(&str, &[&str]); 11] = [
        ("listquota /q", &[place, "quota for /q does not exist."]),
        ("setquota -n 3 /q", &[]),
        ("setquota -N 5 /q", &[]),
        ("setquota -n 5 /q/a", &["/q/a has a parent /q which has a quota"]),
        ("setquota -n 5 /none", &["/none does not exist."]),
        (
            "setquota -n 5 -b 6 /q",
            &[
                "org.apache.commons.cli.AlreadySelectedException: The option 'b' was specified but an option from this group has already been selected: 'n'",
            ],
        ),
        ("delquota -n /q", &[]),
        (
            "get /zookeeper/quota/q/zookeeper_limits",
            &["count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=5"],
        ),
        ("delquota /q", &[]),
        ("delquota /q", &["Quota does not exist for /q"]),
        ("ls /zookeeper/quota", &["[]"]),
    ];
    for (line, told) in steps {
        assert_eq!(desk.told(line), told, "{line}");
    }
    assert_eq!(desk.told("setquota -b 9 /q/a"), Vec::<String>::new());
    assert_eq!(desk.told("setquota -b 9 /q"), ["/q has a child /q/a which has a quota"]);
    let listed = desk.told("listquota /q/a");
    assert_eq!(listed[1], "Output quota for /q/a count=-1,bytes=9=;byteHardLimit=-1;countHardLimit=-1");
    assert!(listed[2].starts_with("Output stat for /q/a count="), "{listed:?}");
}

/// Read off a zkCli 3.8.0.
#[test]
fn subtrees_are_gone_through_as_zkcli_does() {
    let mut desk = Desk::new();
    for line in ["create /d x", "create /d/e x", "create /d/f x", "create /d/e/g x"] {
        desk.enter(line);
    }
    assert_eq!(desk.told("ls -R /d"), ["/d", "/d/e", "/d/f", "/d/e/g"]);
    assert_eq!(desk.told("ls -R /none"), ["Node does not exist: /none"]);
    assert_eq!(desk.told("deleteall /"), ["Failed to delete some node(s) in the subtree!"]);
    let told = desk.told("setAcl -v 9 -R /d world:anyone:cdrwa");
    let each =
        ["/d", "/d/e", "/d/f", "/d/e/g"].map(|path| format!("KeeperErrorCode = BadVersion for {path}"));
    assert_eq!(told, each);
    let older = "rmr is the older name of deleteall, and no longer in zkCli";
    assert_eq!(desk.told("rmr /d -b 2"), [older]);
    assert_eq!(desk.told("ls /"), ["[zookeeper]"]);
    assert_eq!(desk.told("ls2 /")[1], "[zookeeper]");
    let note = "'get path [watch]' has been deprecated. Please use 'get [-s] [-w] path' instead.";
    assert_eq!(desk.told("get / watch"), [note, ""]);
    let events = desk.told("create /d x");
    assert_eq!(events, ["Created /d"], "a data watch of / does not hear of children");
}

#[test]
fn going_back_in_time_shows_the_console_of_then() {
    let mut desk = Desk::new();
    let before = desk.trace.line(MAIN).len();
    desk.enter("create /a 1");
    let made = desk.trace.line(MAIN).len();
    desk.pass(3000);
    desk.enter("history");
    desk.enter("create -e -s /locks/n-");
    let shown = |len: usize| -> Vec<String> {
        desk.transcript.rows(len).iter().map(|row| row.printed.text.clone()).collect()
    };
    assert_eq!(
        shown(before).last().map(String::as_str),
        Some("WatchedEvent state:SyncConnected type:None path:null")
    );
    assert_eq!(shown(made)[shown(before).len()..], ["[zk: s3(CONNECTED) 0] create /a 1", "Created /a"]);
    let all = shown(usize::MAX);
    let rest = [
        "[zk: s3(CONNECTED) 1] history",
        "0 - create /a 1",
        "1 - history",
        "[zk: s3(CONNECTED) 2] create -e -s /locks/n-",
        "Node does not exist: /locks/n-",
    ];
    assert_eq!(all[shown(made).len()..], rest);
    // Read again from the start, it is the same.
    desk.transcript.reset();
    desk.read();
    let again: Vec<String> =
        desk.transcript.rows(usize::MAX).iter().map(|row| row.printed.text.clone()).collect();
    assert_eq!(again, all);
}

#[test]
fn a_client_that_moves_or_ends_says_so() {
    let mut desk = Desk::new();
    desk.enter("create -e /mine x");
    let moved = desk.enter("connect s1");
    assert_eq!(moved[0].1, "[zk: s1(CONNECTING) 1] connect s1");
    assert!(moved.iter().any(|(_, text)| text == "WatchedEvent state:SyncConnected type:None path:null"));
    assert_eq!(desk.told("get /mine"), ["x"]);
    let closed = desk.told("close");
    assert_eq!(closed.last().map(String::as_str), Some("WatchedEvent state:Closed type:None path:null"));
    let mut prompt = Prompt::default();
    assert_eq!(prompt.enter("ls /", false).told[0].text, "Not connected");
}
