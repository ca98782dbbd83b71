//! Pictures of every shipped scenario as text: the stage and the logs at three moments, and space-time and sequence
//! diagrams of a few stretches. A changed picture is seen before anybody draws it.
//!
//! `UPDATE_GOLDEN=1` writes `tests/scenes/*.txt` anew.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::export::mermaid::sequence_diagram;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::milestone::{Milestone, Turn};
use zoolab_core::scenario::{ProtocolName, load};
use zoolab_core::scene::ensemble::{self, Look};
use zoolab_core::scene::ledger_strip::Words;
use zoolab_core::scene::spacetime::{self, Diagram, Window};
use zoolab_core::scene::{Layout, Point, Scale, Scene, ledger_strip, log_strip, sequence};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Trace, What};
use zoolab_core::why::{Question, ask};
use zoolab_core::world::{Progress, World};
use zoolab_driver::shipped::{SHIPPED, Shipped, find};

fn run(shipped: &Shipped) -> (Trace, ProtocolName) {
    let scenario = load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"));
    let (mut trace, protocol, until) = (Trace::new(scenario.nodes()), scenario.protocol, scenario.until);
    let mut world = World::new(&Arc::new(scenario));
    let mut records = Vec::new();
    while world.advance(until, 100_000, &mut records) == Progress::Budget {}
    trace.extend(BranchId(0), records);
    (trace, protocol)
}

/// Compares a text with its golden file, or writes that; says where they differ.
fn compare(name: &str, found: &str, wrong: &mut Vec<String>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenes");
    let path = folder.join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder for the pictures");
        std::fs::write(&path, found).expect("a picture can be written");
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    if wanted != found {
        let first = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
        wrong.push(format!("{}: {first:?}", path.display()));
    }
}

/// Where a run begins to be worth looking at, its middle, and its end: after the first write or election, half way
/// from there, and behind the last record.
fn moments(line: Line<'_>) -> [usize; 3] {
    let starts = |what: &What| match what {
        What::Milestone(told) => told.turn() == Some(Turn::Begun) || matches!(told, Milestone::Elected(_)),
        _ => false,
    };
    let first = line.range(0, line.len()).find(|record| starts(&record.what));
    let start = first.map_or(line.len() / 4, |record| line.step_end(record.seq.index() + 1));
    [start, line.step_end(usize::midpoint(start, line.len())), line.len()]
}

/// What a picture says, without its shapes' coordinates: names of what can be touched, and how much is drawn.
fn told(scene: &Scene) -> String {
    let mut names: Vec<&str> = scene.hits.iter().map(|hit| hit.name.as_str()).collect();
    names.sort_unstable();
    format!("    {} marks\n    {}\n", scene.marks.len(), names.join("\n    "))
}

/// How a protocol without zxids calls what its strip shows.
fn ledger(protocol: ProtocolName) -> Option<Words<'static>> {
    Some(match protocol {
        ProtocolName::Zab => return None,
        ProtocolName::TwoPhase => Words::TWO_PHASE,
        ProtocolName::ThreePhase => Words::TRANSACTIONS,
        ProtocolName::Paxos => Words::SLOTS,
        ProtocolName::Generals => Words::PLANS,
        ProtocolName::Registry => Words::WRITES,
    })
}

#[test]
fn every_shipped_scenario_looks_as_it_did_at_three_moments() {
    let mut wrong = Vec::new();
    for shipped in SHIPPED {
        let (trace, protocol) = run(shipped);
        let line = trace.line(BranchId(0));
        let layout = Layout::ring(line.nodes(), &[], Point::new(800.0, 500.0), Scale::default());
        let mut found = String::new();
        for len in moments(line) {
            let at =
                len.checked_sub(1).and_then(|last| line.get(Seq(last as u32))).map_or(Time::ZERO, |r| r.at);
            let stage = ensemble::scene(line, len, at, &layout, &Look::default());
            let strip = match ledger(protocol) {
                None => log_strip::scene(line, len, 600.0, Scale::default(), None),
                Some(words) => ledger_strip::scene(line, len, 600.0, Scale::default(), &words, None),
            };
            let _ = writeln!(
                found,
                "after {len} records, at {at}\n  stage\n{}  logs\n{}",
                told(&stage),
                told(&strip)
            );
        }
        compare(&shipped.name.replace('/', "-"), &found, &mut wrong);
    }
    assert!(wrong.is_empty(), "pictures differ; look, then UPDATE_GOLDEN=1:\n{}", wrong.join("\n"));
}

/// A window over a line with everybody shown and nothing selected.
fn window<'a>(line: Line<'a>, lanes: &'a [NodeId], from: u64, to: u64) -> Window<'a> {
    Window {
        from: Time(from),
        to: Time(to),
        size: Point::new(900.0, 420.0),
        scale: Scale::default(),
        lanes,
        seen: line.len(),
        at: line.end(),
        pings: false,
        selected: None,
        found: &[],
        chain: &[],
    }
}

fn draw(line: Line<'_>, window: &Window<'_>) -> Diagram {
    let diagram = spacetime::scene(line, window);
    assert_eq!(diagram.scene.hits.len(), diagram.seqs.len(), "each place is some record or a lane");
    diagram
}

fn shipped(name: &str) -> Trace {
    run(&find(name).unwrap_or_else(|| panic!("no scenario {name}"))).0
}

#[test]
fn space_time_and_sequence_diagrams_are_as_they_were_checked() {
    let mut wrong = Vec::new();
    let two_phase = shipped("two-phase/commit");
    let line = two_phase.line(BranchId(0));
    compare(
        "spacetime-two-phase-commit",
        &draw(line, &window(line, line.nodes(), 98_000, 138_000)).scene.to_text(),
        &mut wrong,
    );
    let stretch = sequence::of(line, line.moment(Time(98_000)), line.len());
    compare(
        "sequence-two-phase-commit",
        &sequence::scene(&stretch, 800.0, Scale::default()).to_text(),
        &mut wrong,
    );
    compare("mermaid-two-phase-commit", &sequence_diagram(&stretch), &mut wrong);
    let lost = shipped("two-phase/lost-vote");
    let line = lost.line(BranchId(0));
    compare("mermaid-two-phase-lost-vote", &sequence_diagram(&sequence::of(line, 0, line.len())), &mut wrong);
    let zab = shipped("zab/leader-in-minority");
    let line = zab.line(BranchId(0));
    let chain = ask(line, line.len(), Question::Role(NodeId::Server(3))).expect("there is a server s3");
    let steps: Vec<Seq> = chain.steps.iter().map(|step| step.seq).collect();
    let whole = Window { chain: &steps, ..window(line, line.nodes(), 0, line.end().0) };
    compare("spacetime-leader-in-minority", &draw(line, &whole).scene.to_text(), &mut wrong);
    assert!(wrong.is_empty(), "diagrams differ; look, then UPDATE_GOLDEN=1:\n{}", wrong.join("\n"));
}

#[test]
fn a_whole_run_is_no_more_to_draw_than_a_part_of_it() {
    let trace = shipped("paxos/duel");
    let line = trace.line(BranchId(0));
    let most = (0..8).map(|part| {
        let (from, to) = (line.end().0 * part / 8, line.end().0 * (part + 1) / 8);
        draw(line, &window(line, line.nodes(), from, to)).scene.marks.len()
    });
    let part = most.max().unwrap_or_default();
    let mut long = Trace::new(line.nodes().to_vec());
    // The same run thirty times over: more records than are drawn one by one.
    let mut records = Vec::new();
    for turn in 0..30u32 {
        for record in line.range(0, line.len()) {
            let mut again = record.clone();
            let shift = turn * line.len() as u32;
            again.seq = Seq(record.seq.0 + shift);
            again.at = Time(record.at.0 + u64::from(turn) * line.end().0);
            again.cause = record.cause.map(|cause| Seq(cause.0 + shift));
            records.push(again);
        }
    }
    long.extend(BranchId(0), records);
    let line = long.line(BranchId(0));
    let whole = draw(line, &window(line, line.nodes(), 0, line.end().0));
    assert!(
        whole.scene.marks.len() < part.max(600) * 3,
        "{} marks, a part has {part}",
        whole.scene.marks.len()
    );
    assert!(
        whole.scene.words().iter().any(|word| word.ends_with('k') || word.parse::<u32>().is_ok()),
        "nothing is counted"
    );
}

#[test]
fn hidden_lanes_leave_dashed_arrows() {
    let trace = shipped("two-phase/commit");
    let line = trace.line(BranchId(0));
    // The client and a participant, without the coordinator between them.
    let lanes = [NodeId::Server(2), NodeId::Client(1)];
    let diagram = draw(line, &window(line, &lanes, 98_000, 138_000));
    let words = diagram.scene.words();
    assert!(words.contains(&"from c1 to s2 through s1, which is hidden"), "{words:?}");
    assert!(!words.iter().any(|word| word.contains("PREPARE")), "a message of a hidden lane is drawn");
}

#[test]
fn the_future_is_not_drawn() {
    let trace = shipped("two-phase/commit");
    let line = trace.line(BranchId(0));
    let seen = line.moment(Time(113_000));
    let early = Window { seen, at: Time(113_000), ..window(line, line.nodes(), 98_000, 138_000) };
    let words = draw(line, &early).scene.words().join("\n");
    assert!(words.contains("PREPARE") && !words.contains("COMMIT from"), "{words}");
}
