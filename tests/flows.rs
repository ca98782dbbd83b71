//! The message flow of every shipped scenario of the smaller protocols, as text that people can check against
//! the papers: one file a scenario in `tests/flows/`. `UPDATE_GOLDEN=1` writes them anew.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use zoolab_core::export::transcript::Transcript;
use zoolab_core::scenario::{ProtocolName, load};
use zoolab_core::world::{Progress, World};
use zoolab_driver::shipped::{SHIPPED, Shipped};

/// Longer flows are cut here: the first steps are the protocol, the rest repeats.
const LINES: usize = 160;

fn flow(shipped: &Shipped) -> Option<String> {
    let scenario = load(&shipped.file(), shipped.text).unwrap_or_else(|problems| panic!("{problems}"));
    if scenario.protocol == ProtocolName::Zab {
        return None;
    }
    let mut text = format!("{}: {}\n\n", scenario.name, scenario.purpose);
    let until = scenario.until;
    let mut world = World::new(&Arc::new(scenario));
    let mut records = Vec::new();
    while world.advance(until, 100_000, &mut records) == Progress::Budget {}
    let mut transcript = Transcript::new(false);
    for record in &records {
        transcript.read(record, &mut text);
    }
    transcript.finish(&mut text);
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines.push("…");
    }
    Some(lines.join("\n") + "\n")
}

#[test]
fn every_flow_is_as_it_was_checked() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("flows");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for shipped in SHIPPED {
        let Some(found) = flow(shipped) else { continue };
        let path = folder.join(format!("{}.txt", shipped.name.replace('/', "-")));
        if update {
            fs::create_dir_all(&folder).expect("a folder for the flows");
            fs::write(&path, &found).expect("a flow can be written");
        }
        let wanted = fs::read_to_string(&path).unwrap_or_default();
        if wanted != found {
            let first = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
            wrong.push(format!("{}: {first:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "flows differ; look, then UPDATE_GOLDEN=1:\n{}", wrong.join("\n"));
}
