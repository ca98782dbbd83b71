//! Exports of whole files: pictures through a renderer of SVG, the command line, a run as a Rust test.

use log::{Level, LevelFilter, Log, Metadata};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{Group, Node};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use zoolab_core::scenario::{Scenario, load};
use zoolab_core::scene::Ground;
use zoolab_core::time::Time;
use zoolab_core::trace::file::Reader;
use zoolab_core::world::World;
use zoolab_driver::export::{Format, How, Picture, Source, png, test_file, tree};
use zoolab_driver::shipped;

/// How far a channel of a pixel may be from the golden's: another processor rounds otherwise.
const NEAR: u8 = 24;
/// Pixels of a thousand that may be further away.
const FAR_PER_MILLE: usize = 2;

/// Pictures of moments at which there is something to see.
const PICTURES: [(&str, &str, u64, Picture, Ground); 4] = [
    ("leader-in-minority", "zab/leader-in-minority", 5000, Picture::Stage, Ground::Light),
    ("proposal-in-one-log", "zab/proposal-in-one-log", 4000, Picture::Logs, Ground::Light),
    ("five-in-turn", "zab/five-in-turn", 1200, Picture::Stage, Ground::Dark),
    ("partition-disagrees", "three-phase/partition-disagrees", 1500, Picture::Stage, Ground::Dark),
];

fn scenario(name: &str) -> Scenario {
    let shipped = shipped::find(name).unwrap_or_else(|| panic!("{name} is not shipped"));
    load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn run(name: &str) -> Source {
    let scenario = scenario(name);
    let mut records = Vec::new();
    World::new(&Arc::new(scenario.clone())).advance(scenario.until, usize::MAX, &mut records);
    Source::new(scenario, records)
}

fn picture(source: &Source, at: u64, picture: Picture, ground: Ground) -> String {
    let how = How { at: Time::from_ms(at), picture, ground, ..How::all(source.line()) };
    let bytes = source.export(Format::Svg, &how).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(bytes).expect("SVG is text")
}

/// What the reader of SVG warns of.
struct Warnings(Mutex<Vec<String>>);

static WARNINGS: Warnings = Warnings(Mutex::new(Vec::new()));

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.lock().expect("nobody panics with it").push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

/// The texts that a renderer finds in a picture.
fn texts(group: &Group, found: &mut Vec<String>) {
    for node in group.children() {
        match node {
            Node::Group(group) => texts(group, found),
            Node::Text(text) => {
                found.push(text.chunks().iter().map(usvg_text).collect());
                assert!(text.flattened().has_children(), "{found:?}: the last one has no letters");
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

fn usvg_text(chunk: &resvg::usvg::TextChunk) -> String {
    chunk.text().to_owned()
}

#[test]
fn pictures_are_read_without_a_warning_and_with_every_word() {
    log::set_logger(&WARNINGS).expect("no other test has one");
    log::set_max_level(LevelFilter::Warn);
    for (name, scenario, at, kind, ground) in PICTURES {
        let text = picture(&run(scenario), at, kind, ground);
        let tree = tree(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut found = Vec::new();
        texts(tree.root(), &mut found);
        assert_eq!(found.len(), text.matches("<text ").count(), "{name}: {found:?}");
        assert!(found.len() > 5 && found.iter().any(|word| word.contains("s1")), "{name}: {found:?}");
        let warned = std::mem::take(&mut *WARNINGS.0.lock().expect("nobody panics with it"));
        assert!(warned.is_empty(), "{name}: {warned:?}");
        assert!(text.contains("<title id=\"title\">") && text.contains("s1"), "{name} has no title");
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.png"))
}

#[test]
fn pictures_look_as_they_did() {
    for (name, scenario, at, kind, ground) in PICTURES {
        let text = picture(&run(scenario), at, kind, ground);
        let drawn = png(&text, 0.6).unwrap_or_else(|error| panic!("{name}: {error}"));
        let path = golden(name);
        if env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &drawn).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        let golden = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let pixels = |bytes: &[u8]| Pixmap::decode_png(bytes).expect("what we write is PNG");
        let (drawn, golden) = (pixels(&drawn), pixels(&golden));
        assert_eq!((drawn.width(), drawn.height()), (golden.width(), golden.height()), "{name}");
        let far = drawn.data().chunks(4).zip(golden.data().chunks(4));
        let far = far.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > NEAR)).count();
        let most = drawn.data().len() / 4 * FAR_PER_MILLE / 1000;
        assert!(
            far <= most,
            "{name}: {far} pixels differ, at most {most} may; UPDATE_GOLDEN=1 accepts the new picture"
        );
    }
}

#[test]
fn a_part_of_a_trace_is_a_trace() {
    let source = run("zab/start-in-turn");
    let how = How { from: Time::from_ms(1000), to: Time::from_ms(2000), ..How::all(source.line()) };
    let saved = source.export(Format::Trace, &how).unwrap_or_else(|error| panic!("{error}"));
    let mut reader = Reader::new("part", saved.as_slice()).unwrap_or_else(|error| panic!("{error}"));
    assert!(reader.header().first > 0);
    let mut records = Vec::new();
    while let Some(record) = reader.next_record().unwrap_or_else(|error| panic!("{error}")) {
        records.push(record);
    }
    let within = |record: &zoolab_core::trace::Record| (1_000_000..=2_000_000).contains(&record.at.0);
    assert!(records.len() > 20 && records.iter().all(within));
    let all = source.line().range(0, source.line().len()).filter(|record| within(record)).count();
    assert_eq!(records.len(), all);
    let never = How { from: Time::from_ms(900_000), ..how };
    let why = source.export(Format::Csv, &never).expect_err("nothing happens then");
    assert!(why.to_string().contains("nothing happens from 900000.000 ms"), "{why}");
}

#[test]
fn a_run_as_a_test_is_the_file_that_is_compiled_with_ours() {
    let text = test_file(&scenario("zab/old-leader-returns-later")).unwrap_or_else(|error| panic!("{error}"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/replayed.rs");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(text, golden, "UPDATE_GOLDEN=1 accepts the new file");
}

#[test]
fn what_a_run_shows_can_be_expected_of_each_protocol() {
    for name in [
        "zab/multi-rolled-back",
        "zab/session-expires",
        "two-phase/nobody-knows",
        "three-phase/partition-disagrees",
        "paxos/duel",
        "generals/last-ack-lost",
        "registry/partition-both-answer",
    ] {
        let text = test_file(&scenario(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for words in ["#[test]", "InOrder([", "Eventually("] {
            assert!(text.contains(words), "{name}: no {words} in\n{text}");
        }
    }
}
