//! Every command without a window: its exit code, and the files it leaves.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use zoolab_driver::cli;

/// A folder of its own for a test; it goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zoolab-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the system has a folder for temporary files");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn zoolab(args: &[&str]) -> ExitCode {
    let window = |_| Err("this test has no window".to_owned());
    cli::main(["zoolab"].iter().chain(args), window)
}

/// Whether two exit codes are the same: they can only be printed.
fn is(code: ExitCode, expected: u8) -> bool {
    format!("{code:?}") == format!("{:?}", ExitCode::from(expected))
}

#[test]
fn a_run_is_judged_and_its_trace_saved() {
    let folder = Folder::new("run");
    let trace = folder.file("t.jsonl");
    assert!(is(zoolab(&["run", "start-together", "--trace", &trace]), 0));
    let saved = fs::read_to_string(&trace).expect("the trace is there");
    assert!(saved.starts_with("{\"zoolab_trace\":1,"));
    assert!(saved.lines().all(|line| line.starts_with('{') && line.ends_with('}')));
    assert!(is(zoolab(&["trace", &trace]), 0));
    assert!(is(zoolab(&["run", "zab/start-together", "--trace", &folder.file("again.jsonl")]), 0));
    assert_eq!(fs::read_to_string(folder.file("again.jsonl")).expect("saved"), saved, "the same bytes");
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 2, "no draft is left");

    let cut = folder.file("cut.jsonl");
    fs::write(&cut, &saved[..saved.len() / 2]).expect("a file can be written");
    assert!(is(zoolab(&["trace", "--all", &cut]), 0), "a file that was cut off is told as far as it goes");
    fs::write(&cut, saved.replacen("\"seq\":3,", "\"seq\":4,", 1)).expect("a file can be written");
    assert!(is(zoolab(&["trace", &cut]), 2));
}

#[test]
fn an_expectation_that_fails_is_code_1() {
    let folder = Folder::new("fails");
    let file = folder.file("s.ron");
    let text = "(name: \"x\", servers: 3, until_ms: 2000, expect: [Never(AnyLeader), Eventually(AnyLeader)])";
    fs::write(&file, text).expect("a file can be written");
    assert!(is(zoolab(&["check", &file]), 0));
    assert!(is(zoolab(&["run", &file]), 1));
    assert!(is(zoolab(&["run", &file, "--seed", "9", "--until", "100"]), 1));
}

#[test]
fn bad_input_is_code_2() {
    let folder = Folder::new("bad");
    let file = folder.file("s.ron");
    fs::write(&file, "(name: \"x\", servers: 300)").expect("a file can be written");
    for args in [
        &["run", &file] as &[&str],
        &["check", &file],
        &["check", "no-such-file.ron"],
        &["run", "no-such-scenario"],
        &["run", "start-together", "--mutation", "Everything"],
        &["run", "start-together", "--until", "0"],
        &["run", "start-together", "--trace", "/no/such/folder/t.jsonl"],
        &["trace", &file],
        &["trace", "no-such-file"],
        &["scenarios", "no-such-scenario"],
        &["swarm", "--seeds", "9..1"],
        &["swarm", "--servers", "3", "--observers", "3"],
        &["fly"],
        &[],
        &["window", "x.ron"],
    ] {
        assert!(is(zoolab(args), 2), "{args:?}");
    }
}

#[test]
fn help_and_lists_are_code_0() {
    for command in ["run", "check", "trace", "scenarios", "swarm", "window"] {
        assert!(is(zoolab(&[command, "--help"]), 0), "{command}");
    }
    assert!(is(zoolab(&["--version"]), 0));
    assert!(is(zoolab(&["scenarios"]), 0));
    assert!(is(zoolab(&["scenarios", "start-together"]), 0));
}

#[test]
fn a_swarm_keeps_what_it_finds_as_a_scenario_that_fails_again() {
    let folder = Folder::new("swarm");
    let save = folder.file("found");
    assert!(is(zoolab(&["swarm", "--servers", "3", "--seeds", "1..5", "--save", &save]), 0));
    assert_eq!(fs::read_dir(&save).expect("it is made").count(), 0);
    let guard = ["--mutation", "ForgetAcceptedEpoch"];
    assert!(is(
        zoolab(&[&["swarm", "--servers", "3", "--seeds", "1..200", "--save", &save], &guard[..]].concat()),
        1
    ));
    let kept: Vec<PathBuf> =
        fs::read_dir(&save).expect("it is made").filter_map(|entry| Some(entry.ok()?.path())).collect();
    assert_eq!(kept.len(), 1, "the lowest seed alone");
    assert!(is(zoolab(&["run", &kept[0].display().to_string()]), 1));
}
