//! The request pipeline of a server: ZooKeeper's processors in their order, and what waits in each now (facts 3.1).

use crate::cx::Cx;
use crate::tokens;
use egui::{Grid, Label, RichText, Ui};
use zoolab_core::ids::Zxid;
use zoolab_core::view::{Phase, Role, ServerView};

/// Requests drawn as squares at most; more are only counted.
const SQUARES: usize = 12;
const TITLE_HINT: &str =
    "Requests pass these from top to bottom. Counts are what the trace tells of this moment";
const HONEST: &str = "Processors without a count take no time in the simulator, so nothing ever waits there";

/// A processor of the chain.
struct Stage {
    name: &'static str,
    /// How many wait there and for what; `None` where nothing can.
    waits: Option<(usize, String)>,
    /// What it does, in a sentence.
    job: &'static str,
}

/// The pipeline of a server that serves.
pub fn pipeline_ui(ui: &mut Ui, cx: &Cx<'_>, server: &ServerView) {
    ui.label(RichText::new("Request pipeline").strong()).on_hover_text(TITLE_HINT);
    if server.phase != Phase::Broadcast {
        ui.label(RichText::new("none: it does not serve in this phase").color(cx.tokens.weak));
        return;
    }
    Grid::new("pipeline").num_columns(2).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        for stage in stages(server) {
            ui.label(RichText::new(stage.name).weak()).on_hover_text(stage.job);
            let (count, text) = stage.waits.unwrap_or((0, "–".to_owned()));
            let squares = "■".repeat(count.min(SQUARES));
            let colour = if count > 0 { cx.tokens.text } else { cx.tokens.weak };
            let text = if squares.is_empty() { text } else { format!("{squares} {text}") };
            ui.add(Label::new(RichText::new(text).color(colour)).truncate()).on_hover_text(stage.job);
            ui.end_row();
        }
    });
    ui.label(RichText::new(HONEST).color(cx.tokens.weak).small());
}

fn stages(server: &ServerView) -> Vec<Stage> {
    let stage = |name, waits, job| Stage { name, waits, job };
    let (applied, committed) = (server.applied(), server.committed);
    let between = |from: Zxid, to: Zxid| {
        let upto = |zxid: Zxid| server.log.partition_point(|entry| entry.zxid <= zxid);
        upto(to).saturating_sub(upto(from))
    };
    let waiting = server.service.waiting as usize;
    let volatile =
        server.log.len().saturating_sub(server.log.partition_point(|entry| entry.zxid <= server.durable));
    let sync = stage(
        "SyncRequestProcessor",
        Some((volatile, format!("{volatile} not durable yet"))),
        "Writes transactions to the log and lets several share one fsync",
    );
    let commit = stage(
        "CommitProcessor",
        Some((waiting, format!("{waiting} of its clients' requests wait"))),
        "Keeps each session's order: a write waits for its commit, a read behind it for the write",
    );
    let last = stage(
        "FinalRequestProcessor",
        Some((0, format!("has applied up to {applied}"))),
        "Applies transactions to the tree, fires watches and answers the client",
    );
    if server.role != Role::Leading {
        let (first, job) = match server.role {
            Role::Observing => {
                ("ObserverRequestProcessor", "Forwards writes and sync to the leader; has no vote")
            }
            _ => ("FollowerRequestProcessor", "Forwards writes and sync to the leader"),
        };
        let mut stages = vec![stage(first, None, job), commit, last, sync];
        if server.role != Role::Observing {
            stages.push(stage("SendAckRequestProcessor", None, "Sends the ACK once the fsync has ended"));
        }
        return stages;
    }
    let proposed = server.outstanding as usize;
    let to_apply = between(applied, committed);
    vec![
        stage(
            "PrepRequestProcessor",
            None,
            "Checks a request against the tree as it will be, and gives it its zxid",
        ),
        stage(
            "ProposalRequestProcessor",
            Some((proposed, format!("{proposed} proposals without a quorum"))),
            "Sends the PROPOSAL to every follower and counts their ACKs",
        ),
        sync,
        stage("AckRequestProcessor", None, "The leader's own ACK, once its fsync has ended"),
        commit,
        stage(
            "ToBeAppliedRequestProcessor",
            Some((to_apply, format!("{to_apply} committed, not applied"))),
            "Keeps what is committed for learners that join just now, until it is applied",
        ),
        last,
    ]
}
