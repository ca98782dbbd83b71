//! Every command without a window: its exit code, and the files it leaves.

use std::fs;
use std::path::PathBuf;
use zoolab_driver::cli::{self, Out};

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

/// What a command has written, and its exit code.
struct Ended {
    code: u8,
    results: String,
    complaints: String,
}

fn zoolab(args: &[&str]) -> Ended {
    let (mut results, mut complaints) = (Vec::new(), Vec::new());
    let out = &mut Out { results: &mut results, complaints: &mut complaints };
    let window = |_| Err("this test has no window".to_owned());
    let code = cli::main_to(out, ["zoolab"].iter().chain(args), window);
    let text = |bytes| String::from_utf8(bytes).expect("text is UTF-8");
    Ended { code, results: text(results), complaints: text(complaints) }
}

#[test]
fn a_run_is_judged_and_its_trace_saved() {
    let folder = Folder::new("run");
    let trace = folder.file("t.jsonl");
    let told = zoolab(&["run", "start-together", "--trace", &trace]);
    assert_eq!(told.code, 0, "{}", told.results);
    for words in ["s3 is elected leader", "Expectations\n  held", "Checks\n  held    Leadership", "\nAll "] {
        assert!(told.results.contains(words), "`{words}` is missing in:\n{}", told.results);
    }
    let saved = fs::read_to_string(&trace).expect("the trace is there");
    assert!(saved.starts_with("{\"zoolab_trace\":3,"));
    assert!(saved.lines().all(|line| line.starts_with('{') && line.ends_with('}')));
    let told = zoolab(&["trace", &trace]);
    assert_eq!(told.code, 0);
    assert!(told.results.contains("ends its election: s3 leads") && !told.results.contains("PING"));
    assert_eq!(zoolab(&["run", "zab/start-together", "--trace", &folder.file("again.jsonl")]).code, 0);
    assert_eq!(fs::read_to_string(folder.file("again.jsonl")).expect("saved"), saved, "the same bytes");
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 2, "no draft is left");

    let cut = folder.file("cut.jsonl");
    fs::write(&cut, &saved[..saved.len() / 2]).expect("a file can be written");
    let told = zoolab(&["trace", "--all", &cut]);
    assert_eq!(
        (told.code, told.complaints.contains("the file is cut off")),
        (0, true),
        "{}",
        told.complaints
    );
    fs::write(&cut, saved.replacen("\"seq\":3,", "\"seq\":4,", 1)).expect("a file can be written");
    assert_eq!(zoolab(&["trace", &cut]).code, 2);
}

#[test]
fn a_scenario_and_its_saved_trace_export_alike() {
    let folder = Folder::new("export");
    let trace = folder.file("t.jsonl");
    assert_eq!(zoolab(&["run", "zab/start-in-turn", "--trace", &trace]).code, 0);
    for format in ["trace", "transcript", "shiviz", "mermaid", "perfetto", "csv", "svg", "test", "scenario"] {
        let of_scenario = zoolab(&["export", format, "zab/start-in-turn"]);
        assert_eq!((of_scenario.code, of_scenario.complaints.as_str()), (0, ""), "{format}");
        let of_trace = zoolab(&["export", format, &trace]);
        assert_eq!((of_trace.code, of_trace.complaints.as_str()), (0, ""), "{format}");
        assert!(of_scenario.results.len() > 500, "{format}: {}", of_scenario.results);
        assert!(of_scenario.results == of_trace.results, "{format} differs");
    }
    assert!(fs::read_to_string(&trace).expect("saved") == zoolab(&["export", "trace", &trace]).results);
    let picture = folder.file("stage.png");
    let told = zoolab(&["export", "png", &trace, "--at", "1200", "--theme", "dark", "-o", &picture]);
    assert_eq!((told.code, told.complaints.as_str()), (0, ""));
    assert!(fs::read(&picture).expect("it is there").starts_with(b"\x89PNG\r\n"));
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 2, "no draft is left");
}

#[test]
fn exports_say_what_is_wrong_in_one_sentence() {
    let folder = Folder::new("export-bad");
    let (trace, part) = (folder.file("t.jsonl"), folder.file("part.jsonl"));
    assert_eq!(zoolab(&["run", "zab/start-in-turn", "--trace", &trace]).code, 0);
    assert_eq!(zoolab(&["export", "trace", &trace, "--from", "1000", "-o", &part]).code, 0);
    for (args, told) in [
        (&["export", "docx", &trace] as &[&str], "expected one of scenario, trace"),
        (&["export", "csv", "no-such-file"], "there is no file no-such-file"),
        (&["export", "png", &trace], "give it a file with -o"),
        (&["export", "csv", &trace, "--from", "9", "--to", "8"], "--from 9 is after --to 8"),
        (&["export", "csv", &trace, "--from", "9000000"], "nothing happens from"),
        (&["export", "svg", &trace, "--picture", "sky"], "expected one of stage, logs, space-time, sequence"),
        (&["export", "csv", &trace, "--seed", "7"], "a saved trace has happened"),
        (&["export", "csv", &part], "begins in the middle of its run"),
        (&["export", "csv", &trace, "-o", "/no/such/folder/t.csv"], "cannot write"),
    ] {
        let ended = zoolab(args);
        assert_eq!(ended.code, 2, "{args:?}");
        assert!(ended.complaints.contains(told), "{args:?} says: {}", ended.complaints);
        assert_eq!(ended.results, "", "{args:?}");
    }
}

#[test]
fn an_expectation_that_fails_is_code_1() {
    let folder = Folder::new("fails");
    let file = folder.file("s.ron");
    let text = "(name: \"x\", servers: 3, until_ms: 2000, expect: [Never(AnyLeader), Eventually(AnyLeader)])";
    fs::write(&file, text).expect("a file can be written");
    assert_eq!(zoolab(&["check", &file]).code, 0);
    assert_eq!(zoolab(&["run", &file]).code, 1);
    assert_eq!(zoolab(&["run", &file, "--seed", "9", "--until", "100"]).code, 1);
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
        &["serve", "--servers", "3", "--observers", "3"],
        &["serve", "--client-ports", "2181-2182"],
        &["serve", "--client-ports", "2183-2181"],
        &["serve", "--port", "65535"],
        &["serve", "--port", "2181", "--client-ports", "2181-2183"],
        &["serve", "--connections", "0"],
        &["serve", "--address", "nowhere"],
        &["serve", "--address", "192.0.2.1", "--port", "0"],
        &["serve", "start-together", "--servers", "5"],
        &["serve", "no-such-scenario"],
        &["fly"],
        &[],
        &["window", "x.ron"],
    ] {
        let ended = zoolab(args);
        assert_eq!(ended.code, 2, "{args:?}");
        assert!(!ended.complaints.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn help_and_lists_are_code_0() {
    for command in ["run", "check", "trace", "scenarios", "swarm", "window"] {
        assert_eq!(zoolab(&[command, "--help"]).code, 0, "{command}");
    }
    assert_eq!(zoolab(&["--version"]).code, 0);
    assert_eq!(zoolab(&["scenarios"]).code, 0);
    assert_eq!(zoolab(&["scenarios", "start-together"]).code, 0);
}

#[test]
fn a_swarm_keeps_what_it_finds_as_a_scenario_that_fails_again() {
    let folder = Folder::new("swarm");
    let save = folder.file("found");
    assert_eq!(zoolab(&["swarm", "--servers", "3", "--seeds", "1..5", "--save", &save]).code, 0);
    assert_eq!(fs::read_dir(&save).expect("it is made").count(), 0);
    let guard = ["--mutation", "ForgetAcceptedEpoch"];
    assert_eq!(
        zoolab(&[&["swarm", "--servers", "3", "--seeds", "1..200", "--save", &save], &guard[..]].concat())
            .code,
        1
    );
    let kept: Vec<PathBuf> =
        fs::read_dir(&save).expect("it is made").filter_map(|entry| Some(entry.ok()?.path())).collect();
    assert_eq!(kept.len(), 1, "the lowest seed alone");
    assert_eq!(zoolab(&["run", &kept[0].display().to_string()]).code, 1);
}

#[test]
fn a_comparison_is_a_table_a_file_of_numbers_and_a_picture() {
    let folder = Folder::new("compare");
    let (csv, svg, png) = (folder.file("c.csv"), folder.file("c.svg"), folder.file("c.png"));
    let told = zoolab(&["compare", "lead-dies-before", "--csv", &csv, "--plot", &svg]);
    assert_eq!(told.code, 0, "{}{}", told.results, told.complaints);
    for words in ["2PC", "Paxos", "writes decided", "recovered by itself", "ZAB: all "] {
        assert!(told.results.contains(words), "`{words}` is missing in:\n{}", told.results);
    }
    let numbers = fs::read_to_string(&csv).expect("the numbers are there");
    let columns: Vec<usize> = numbers.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(columns, [18; 5], "{numbers}");
    let picture = fs::read_to_string(&svg).expect("the picture is there");
    assert!(
        picture.starts_with("<svg") && picture.contains("crash s1") && picture.contains("answered later")
    );
    assert_eq!(zoolab(&["compare", "quiet", "--plot", &png]).code, 2, "there is no such comparison");
    assert_eq!(zoolab(&["plot", "quorum", &png]).code, 0);
    assert!(fs::read(&png).expect("the picture is there").starts_with(b"\x89PNG"));
    assert_eq!(zoolab(&["plot", "quorum", &folder.file("c.gif")]).code, 2);
    assert_eq!(fs::read_dir(&folder.0).expect("it is there").count(), 3, "no draft is left");
}

#[test]
fn a_comparison_that_fails_is_code_1_and_a_bad_one_code_2() {
    let folder = Folder::new("compare-bad");
    let file = folder.file("x.ron");
    let text = |expect: &str| {
        format!(
            "(name: \"x\", protocols: [TwoPhase], servers: 3, until_ms: 3000, workload: (writes: 1), \
             expect: {{All: [{expect}]}})"
        )
    };
    fs::write(&file, text("Eventually(Absent(\"/w1\"))")).expect("a file can be written");
    let told = zoolab(&["compare", &file]);
    assert!(told.code == 1 && told.results.contains("2PC: 1 of"), "{}", told.results);
    assert_eq!(zoolab(&["check", &file]).code, 0);
    fs::write(&file, text("Eventually(Leads(\"s9\"))")).expect("a file can be written");
    let told = zoolab(&["compare", &file]);
    assert!(told.code == 2 && told.complaints.contains("no server s9"), "{}", told.complaints);
    assert_eq!(zoolab(&["check", &file]).code, 2);
}

#[test]
fn swarms_know_which_guards_a_protocol_has() {
    let told = zoolab(&["swarm", "--protocol", "paxos", "--servers", "3", "--seeds", "0..5"]);
    assert_eq!(told.code, 0, "{}", told.results);
    let told = zoolab(&["swarm", "--protocol", "two-phase", "--mutation", "NoTruncate"]);
    assert!(told.code == 2 && told.complaints.contains("VoteBeforeLog"), "{}", told.complaints);
    assert_eq!(zoolab(&["swarm", "--protocol", "2pc", "--observers", "1"]).code, 2);
    assert_eq!(zoolab(&["run", "two-phase/commit", "--mutation", "NoTruncate"]).code, 2);
}

#[test]
fn a_server_without_its_port_says_which_and_what_would_do() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("loopback has ports");
    let port = taken.local_addr().expect("it listens").port();
    let told = zoolab(&["serve", "--servers", "1", "--port", &port.to_string()]);
    assert_eq!(told.code, 2);
    let expected = format!("127.0.0.1:{port} is in use by another program; expected a port that is free");
    assert!(told.complaints.contains(&expected), "{}", told.complaints);
    let told = zoolab(&["serve", "--client-ports", "2181-2182"]);
    let expected = "--client-ports 2181-2182 names 2 ports; expected one for each of 3 servers";
    assert!(told.complaints.contains(expected), "{}", told.complaints);
    let told = zoolab(&["serve", "--port", "65534"]);
    assert!(told.complaints.contains("expected at most 65533"), "{}", told.complaints);
}

#[test]
fn lessons_are_listed_begun_checked_and_shown() {
    let folder = Folder::new("lesson");
    let mine = folder.file("mine");
    assert!(zoolab(&["lesson", "list"]).results.contains("11-startup-election"));
    assert_eq!(zoolab(&["lesson", "new", &mine]).code, 0);
    assert_eq!(zoolab(&["lesson", "new", &mine]).code, 2, "what is there is kept");
    let told = zoolab(&["lesson", "check", &mine]);
    assert_eq!((told.code, told.results.contains("1 questions")), (0, true), "{}", told.results);
    let lesson = PathBuf::from(&mine).join("lesson.ron");
    let text = fs::read_to_string(&lesson).expect("it was written");
    fs::write(&lesson, text.replace("Elected(\"s2\")", "Elected(\"s7\")")).expect("it can be written");
    let told = zoolab(&["lesson", "check", &mine]);
    assert_eq!(told.code, 2);
    assert!(
        told.results.contains("lesson.ron:20:46: there is no server s7; expected s1 to s3"),
        "{}",
        told.results
    );
    let shown = zoolab(&["lesson", "show", "11", "--language", "chinese"]);
    assert!(shown.results.contains("✓ 2  s2 当选"), "{}", shown.results);
    assert_eq!(zoolab(&["lesson", "show", "nothing-of-the-kind"]).code, 2);
}

#[test]
fn a_class_is_graded_into_a_table() {
    let folder = Folder::new("grade");
    let (ada, bob, eve) = (folder.file("ada.jsonl"), folder.file("bob.jsonl"), folder.file("eve.jsonl"));
    let began = "{\"s\":0.0,\"what\":{\"began\":{\"lesson\":\"11-startup-election\",\"version\":1,\"seed\":null,\"unix\":1}}}";
    let answer = |beat: &str, choice: &str| {
        format!("{{\"s\":30.0,\"what\":{{\"answered\":{{\"beat\":\"{beat}\",\"choice\":\"{choice}\"}}}}}}\n")
    };
    let file = |student: &str, answers: &str| {
        format!("{{\"zoolab\":\"progress\",\"version\":1,\"student\":\"{student}\"}}\n{began}\n{answers}")
    };
    let right = answer("who", "s2") + &answer("late", "follows") + &answer("together", "s3");
    fs::write(&ada, file("Ada, B.", &right)).expect("it can be written");
    fs::write(&bob, file("=1+1", &answer("who", "s1"))).expect("it can be written");
    fs::write(&eve, "{\"student\":\"Eve\",\"points\":4}\n").expect("it can be written");
    let told = zoolab(&["grade", &ada, &bob]);
    assert_eq!(told.code, 0, "{}", told.complaints);
    let rows: Vec<&str> = told.results.lines().collect();
    let words = |row: &str| row.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(rows[2]), ["Ada,", "B.", "+", "+", "+", ".", "3/4", "0", "0.5", "1"]);
    assert_eq!(words(rows[3]), ["=1+1", "-", ".", ".", ".", "0/4", "0", "0.5", "1"]);
    assert_eq!(words(rows[4]), ["right", "50%", "50%", "50%", "0%"]);
    let told = zoolab(&["grade", &ada, &eve, &bob, "--csv"]);
    assert_eq!(told.code, 2);
    assert_eq!(
        told.complaints.matches("eve.jsonl:1:1: this is no progress file").count(),
        1,
        "{}",
        told.complaints
    );
    let mut table = csv::Reader::from_reader(told.results.as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().expect("it is a table");
    assert_eq!(rows.len(), 8, "what can be judged is judged");
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>(),
        ["Ada, B.", "11-startup-election", "", "1", "who", "right", "s2", "0", "30"]
    );
    assert_eq!(rows[4].get(0), Some("'=1+1"), "no spreadsheet takes a name for a formula");
}
