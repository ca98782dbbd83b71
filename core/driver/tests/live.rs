//! Programs on a branch of the window's run: time passes for them as the window says, and what they were told
//! stays true whatever is tried elsewhere.

mod common;

use common::{Program, create};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use zoolab_core::action::{Action, Lose};
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::{Predicate, Stage};
use zoolab_core::scenario::{DiskSpec, NetSpec, Scenario, Target};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::{BranchId, Trace};
use zoolab_core::wire::body::Read as Asked;
use zoolab_core::wire::request::Request;
use zoolab_driver::channel::{Answer, Ask, Link};
use zoolab_driver::engine;

const MAIN: BranchId = BranchId(0);

/// A window without a screen.
struct Window {
    link: Link,
    trace: Trace,
    hosts: Vec<SocketAddr>,
    now: Time,
    connected: usize,
    forked: Option<BranchId>,
    problems: Vec<String>,
}

impl Window {
    /// Three servers that have elected a leader, with open ports.
    fn open() -> Self {
        let scenario = Scenario {
            name: "live".to_owned(),
            servers: 3,
            remotes: 4,
            until: Time::from_ms(1),
            net: NetSpec { latency: (Span(50), Span(150)), ..NetSpec::default() },
            disk: DiskSpec { fsync: (Span(50), Span(150)) },
            ..Scenario::default()
        };
        let trace = Trace::new(scenario.nodes());
        let mut window = Self {
            link: engine::start(),
            trace,
            hosts: Vec::new(),
            now: Time::ZERO,
            connected: 0,
            forked: None,
            problems: Vec::new(),
        };
        window.ask(Ask::Load(Arc::new(scenario)));
        window.run_to(Time::from_ms(2000));
        window.ask(Ask::LetIn { branch: MAIN, first: Some(0) });
        window.until(|window| !window.hosts.is_empty());
        window
    }

    fn ask(&self, ask: Ask) {
        self.link.asks.send(ask).expect("the engine runs");
    }

    /// Takes in answers until this is so.
    fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < Duration::from_secs(20), "it does not come: {:?}", self.problems);
            let Ok(answer) = self.link.answers.recv_timeout(Duration::from_millis(100)) else { continue };
            match answer {
                Answer::Records { branch, records } => self.trace.extend(branch, records),
                Answer::Forked { branch, parent, len, name } => {
                    self.trace.fork(parent, len, name);
                    self.forked = Some(branch);
                }
                Answer::Truncated { branch, len } => assert!(self.trace.truncate(branch, len)),
                Answer::Reached { branch, now, .. } if branch == MAIN => self.now = now,
                Answer::Open { hosts, .. } => self.hosts = hosts,
                Answer::Connected(connected) => self.connected = connected,
                Answer::Shut => self.hosts.clear(),
                Answer::Problem(why) => self.problems.push(why),
                _ => {}
            }
        }
    }

    /// Lets time pass.
    fn run_to(&mut self, until: Time) {
        self.ask(Ask::RunTo { branch: MAIN, until });
        self.until(|window| window.now >= until);
    }

    /// Lets time pass as a playing window does, until the program is done.
    fn play<T: Send + 'static>(&mut self, program: std::thread::JoinHandle<T>) -> T {
        while !program.is_finished() {
            self.run_to(self.now + Span::from_ms(5));
        }
        program.join().expect("the program did not panic")
    }

    fn has(&self, branch: BranchId, path: &str) -> bool {
        let line = self.trace.line(branch);
        let mut stage = Stage::new(line.nodes(), line.nodes().iter().copied().filter(|n| n.is_server()), []);
        line.range(0, line.len()).for_each(|record| stage.read(record));
        Predicate::Exists(path.to_owned(), None).holds(&stage)
    }
}

fn connect(at: SocketAddr) -> Program {
    Program::connect(at, 0, &[0; 16]).expect("a session")
}

#[test]
fn a_program_lives_in_the_time_of_the_window() {
    let mut window = Window::open();
    let at = window.hosts[0];
    let mut program = window.play(std::thread::spawn(move || connect(at)));
    window.until(|window| window.connected == 1);
    let program = window.play(std::thread::spawn(move || {
        assert_eq!(program.ask(&create("/a", "1", 0)).0.err, 0);
        program
    }));
    assert!(window.has(MAIN, "/a"), "the window has the records of it");

    // Time stands still: the request is there, and its answer is not.
    let (mut program, frozen) = (program, window.now);
    let waits = std::thread::spawn(move || {
        assert_eq!(program.ask(&create("/b", "1", 0)).0.err, 0);
        program
    });
    let requests = |window: &Window| {
        let line = window.trace.line(MAIN);
        line.range(0, line.len()).filter(|record| record.at == frozen).count()
    };
    let before = requests(&window);
    window.until(|window| requests(window) > before);
    std::thread::sleep(Duration::from_millis(200));
    assert!(!waits.is_finished(), "a stopped server answers nobody");
    let program = window.play(waits);
    assert!(window.has(MAIN, "/b"));

    // Something is tried in the past: a branch of its own, of which the program knows nothing.
    let len = window.trace.line(MAIN).moment(Time::from_ms(1000)) as u32;
    let action = Action::Crash(NodeId::Server(1), Lose::Pending);
    window.ask(Ask::Act { branch: MAIN, len, seen: 0, action });
    window.until(|window| window.forked.is_some());
    let forked = window.forked.expect("it is there");
    assert!(!window.has(forked, "/b") && window.has(MAIN, "/b"));
    let mut program = program;
    let program = window.play(std::thread::spawn(move || {
        let asked = Request::Exists(Asked { path: Some("/b".into()), watch: false });
        assert_eq!(program.ask(&asked).0.err, 0);
        program
    }));

    // The program's own server is crashed now, by role or by name, and it is hung up on.
    window.ask(Ask::ActNow {
        branch: MAIN,
        action: Action::Crash(Target::Node(NodeId::Server(1)), Lose::Pending),
    });
    window.run_to(window.now + Span::from_ms(100));
    window.until(|window| window.connected == 0);
    drop(program);
    window.ask(Ask::ActNow { branch: forked, action: Action::Crash(Target::Leader, Lose::Pending) });
    window.until(|window| !window.problems.is_empty());
    assert_eq!(window.problems, ["cannot crash leader: nobody is connected to branch 1"]);
}

#[test]
fn ports_are_closed_with_the_run_and_on_demand() {
    let mut window = Window::open();
    let at = window.hosts[2];
    let program = window.play(std::thread::spawn(move || connect(at)));
    window.until(|window| window.connected == 1);
    window.ask(Ask::LockOut);
    window.until(|window| window.hosts.is_empty());
    drop(program);
    // Opened again, the run serves on; a scenario without room for programs does not.
    window.ask(Ask::LetIn { branch: MAIN, first: Some(0) });
    window.until(|window| !window.hosts.is_empty());
    let at = window.hosts[1];
    window.play(std::thread::spawn(move || connect(at)));
    let alone = Scenario { servers: 1, until: Time::from_ms(1), ..Scenario::default() };
    window.trace = Trace::new(alone.nodes());
    window.ask(Ask::Load(Arc::new(alone)));
    window.until(|window| window.hosts.is_empty());
    window.ask(Ask::LetIn { branch: MAIN, first: None });
    window.until(|window| !window.problems.is_empty());
    assert!(window.problems[0].contains("has no `remotes`"), "{:?}", window.problems);
}
