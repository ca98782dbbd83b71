//! The admin port and the four-letter words: what scripts and operators are told, and what they can do.

mod common;

use common::{Program, Served, create};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use zoolab_core::world::Service;
use zoolab_driver::cli::{Out, main_to};

fn get(url: &str) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.get(url).call().expect("it answers");
    let body = response.body_mut().read_to_string().expect("text");
    (response.status().as_u16(), serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// `zoolab act`: exit code, results and complaints.
fn act(url: &str, actions: &[&str]) -> (u8, String, String) {
    let (mut results, mut complaints) = (Vec::new(), Vec::new());
    let out = &mut Out { results: &mut results, complaints: &mut complaints };
    let code = main_to(out, ["zoolab", "act", url].iter().chain(actions), |_| Ok(()));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (code, text(results), text(complaints))
}

fn word(at: SocketAddr, word: &str) -> String {
    let mut stream = TcpStream::connect(at).expect("the port listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket has timeouts");
    stream.write_all(word.as_bytes()).expect("it is connected");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("the server hangs up");
    text
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn served() -> Served {
    let served = Served::new(20, Service::default(), None);
    until("a leader", || get(&format!("{}/state", served.url)).1["leader"].is_string());
    served
}

#[test]
fn scripts_see_the_ensemble_and_act_on_it() {
    let served = served();
    let url = served.url.as_str();
    let mut program = Program::connect(served.at[0], 0, &[0; 16]).expect("a session");
    assert_eq!(program.ask(&create("/a", "1", 0)).0.err, 0);
    let (status, state) = get(&format!("{url}/state"));
    assert_eq!((status, &state["servers"][0]["znodes"]), (200, &Value::from(5)));
    assert_eq!(state["clients"][0]["session"], format!("{:#x}", program.session));

    let leader = state["leader"].as_str().expect("there is one").to_owned();
    let (code, done, _) = act(url, &["Crash(\"leader\")"]);
    assert_eq!((code, done), (0, format!("crash {leader}\n")));
    let leads = || get(&format!("{url}/state")).1["leader"].as_str().map(str::to_owned);
    until("another leader", || leads().is_some_and(|now| now != leader));
    // Nothing is done if anything cannot be read; what cannot be done says why.
    let (code, _, why) = act(url, &["Restart(\"fallen\")", "Crash(\"s9\")"]);
    assert_eq!(code, 1);
    assert!(why.contains("actions:2:7: there is no server s9; expected s1 to s3"), "{why}");
    let (code, _, why) = act(url, &[&format!("Pause(\"{leader}\")")]);
    assert!(code == 1 && why.contains("cannot be done"), "{why}");
    assert_eq!(act(url, &["Restart(\"fallen\")"]).0, 0);
    let (code, _, why) = act("http://127.0.0.1:1", &["HealAll"]);
    assert!(code == 2 && why.contains("cannot be asked"), "{why}");

    assert_eq!(get(&format!("{url}/nothing")).0, 404);
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let from_page = agent.post(format!("{url}/actions")).header("Origin", "http://evil").send("HealAll");
    assert_eq!(from_page.expect("it answers").status().as_u16(), 403, "a web page may not act");
    served.end();
}

#[test]
fn the_trace_can_be_followed_from_now_on() {
    let served = served();
    let at = served.url.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&at).expect("it listens");
    write!(stream, "GET /trace HTTP/1.1\r\nHost: {at}\r\n\r\n").expect("it is connected");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket has timeouts");
    let mut program = Program::connect(served.at[1], 0, &[0; 16]).expect("a session");
    assert_eq!(program.ask(&create("/followed", "1", 0)).0.err, 0);
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let header = lines.by_ref().find(|line| line.starts_with('{')).expect("a header");
    let header: Value = serde_json::from_str(&header).expect("JSON");
    assert!(header["zoolab_trace"].is_u64() && header["first"].as_u64() > Some(0), "{header}");
    assert!(lines.any(|line| line.contains("/followed")), "the write is in the trace");
    served.end();
}

#[test]
fn words_and_commands_are_answered_as_each_server_is() {
    let served = served();
    let url = served.url.as_str();
    let state = get(&format!("{url}/state")).1;
    let leader = state["leader"].as_str().expect("there is one").to_owned();
    let number = |node: &str| node.trim_start_matches('s').parse::<usize>().expect("a number") - 1;
    let (leads, follows) = (number(&leader), (number(&leader) + 1) % 3);
    let _program = Program::connect(served.at[leads], 0, &[0; 16]).expect("a session");
    assert_eq!(word(served.at[leads], "ruok"), "imok");
    assert_eq!(word(served.at[leads], "isro"), "rw");
    let (leading, following) = (word(served.at[leads], "srvr"), word(served.at[follows], "srvr"));
    assert!(leading.contains("\nMode: leader\nNode count: 5\nProposal sizes"), "{leading}");
    assert!(leading.contains("\nConnections: 1\n") && leading.contains("\nReceived: 1\n"), "{leading}");
    assert!(following.contains("\nMode: follower\n") && !following.contains("Proposal"), "{following}");
    let figures = word(served.at[leads], "mntr");
    assert!(
        figures.contains("zk_server_state\tleader\n") && figures.contains("zk_quorum_size\t3\n"),
        "{figures}"
    );
    assert!(word(served.at[leads], "envi").contains("zookeeper.version=3.8.0"));
    assert!(word(served.at[leads], "conf").contains("membership: \nserver.1="));
    let cons = word(served.at[leads], "cons");
    assert!(cons.contains("sid=0x") && cons.contains("lop=SESS"), "{cons}");
    assert_eq!(word(served.at[leads], "srst"), "Server stats reset.\n");
    assert!(word(served.at[leads], "srvr").contains("\nReceived: 0\n"));

    let monitor = get(&format!("{url}/commands/monitor?server={leader}")).1;
    assert_eq!((&monitor["server_state"], &monitor["error"]), (&Value::from("leader"), &Value::Null));
    assert_eq!(get(&format!("{url}/commands/ruok")).1["command"], "ruok");
    let (status, unknown) = get(&format!("{url}/commands/what"));
    assert!(status == 404 && unknown["error"].as_str().is_some_and(|why| why.contains("expected one of")));
    assert_eq!(get(&format!("{url}/commands/ruok?server=s7")).0, 404);

    // A paused server answers when it goes on; one that is down hangs up; one without a leader says so.
    let paused = format!("s{}", follows + 1);
    assert_eq!(act(url, &[&format!("Pause(\"{paused}\")")]).0, 0);
    let at = served.at[follows];
    let waits = std::thread::spawn(move || word(at, "ruok"));
    std::thread::sleep(Duration::from_millis(200));
    assert!(!waits.is_finished());
    assert_eq!(act(url, &[&format!("Resume(\"{paused}\")")]).0, 0);
    assert_eq!(waits.join().expect("it did not panic"), "imok");
    let others: Vec<String> = (1..=3).map(|sid| format!("s{sid}")).filter(|node| *node != paused).collect();
    assert_eq!(act(url, &[&format!("Crash(\"{}\")", others[0]), &format!("Crash(\"{}\")", others[1])]).0, 0);
    assert_eq!(word(served.at[number(&others[0])], "ruok"), "");
    until("the election", || {
        word(at, "srvr").starts_with("This ZooKeeper instance is not currently serving")
    });
    assert_eq!(word(at, "isro"), "null");
    served.end();
}
