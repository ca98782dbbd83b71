//! The request pipeline of a server: ZooKeeper's processors in their order, and what waits in each now (facts 3.1).

use crate::cx::Cx;
use crate::lang::{Lang, shown};
use crate::tokens;
use egui::{Grid, Label, RichText, Ui};
use zoolab_core::ids::Zxid;
use zoolab_core::view::{Phase, Role, ServerView};

/// Requests drawn as squares at most; more are only counted.
const SQUARES: usize = 12;

/// A processor of the chain.
struct Stage {
    name: &'static str,
    /// How many wait there and for what; `None` where nothing can.
    waits: Option<(usize, String)>,
    /// What it does: the id of a sentence.
    job: &'static str,
}

/// The pipeline of a server that serves.
pub fn pipeline_ui(ui: &mut Ui, cx: &Cx<'_>, server: &ServerView) {
    ui.label(RichText::new(cx.say("pipeline")).strong()).on_hover_text(cx.say("pipeline.tip"));
    if server.phase != Phase::Broadcast {
        ui.label(RichText::new(cx.say("pipeline-none")).color(cx.tokens.weak));
        return;
    }
    Grid::new("pipeline").num_columns(2).spacing([10.0, 1.0]).min_row_height(tokens::FACT).show(ui, |ui| {
        for stage in stages(cx.lang, server) {
            ui.label(RichText::new(stage.name).weak()).on_hover_text(cx.say(stage.job));
            let (count, text) = stage.waits.unwrap_or((0, "–".to_owned()));
            let squares = "■".repeat(count.min(SQUARES));
            let colour = if count > 0 { cx.tokens.text } else { cx.tokens.weak };
            let text = if squares.is_empty() { text } else { format!("{squares} {text}") };
            ui.add(Label::new(RichText::new(text).color(colour)).truncate()).on_hover_text(cx.say(stage.job));
            ui.end_row();
        }
    });
    ui.label(RichText::new(cx.say("pipeline-honest")).color(cx.tokens.weak).small());
}

fn stages(lang: Lang, server: &ServerView) -> Vec<Stage> {
    let stage = |name, waits, job| Stage { name, waits, job };
    let many = |id, count: usize| lang.say_with(id, &[("count", shown(count))]);
    let (applied, committed) = (server.applied(), server.committed);
    let between = |from: Zxid, to: Zxid| {
        let upto = |zxid: Zxid| server.log.partition_point(|entry| entry.zxid <= zxid);
        upto(to).saturating_sub(upto(from))
    };
    let waiting = server.service.waiting as usize;
    let volatile =
        server.log.len().saturating_sub(server.log.partition_point(|entry| entry.zxid <= server.durable));
    let sync = stage("SyncRequestProcessor", Some((volatile, many("waits-volatile", volatile))), "job-sync");
    let commit = stage("CommitProcessor", Some((waiting, many("waits-commit", waiting))), "job-commit");
    let last = stage(
        "FinalRequestProcessor",
        Some((0, lang.say_with("waits-final", &[("zxid", shown(applied))]))),
        "job-final",
    );
    if server.role != Role::Leading {
        let (first, job) = match server.role {
            Role::Observing => ("ObserverRequestProcessor", "job-observer"),
            _ => ("FollowerRequestProcessor", "job-follower"),
        };
        let mut stages = vec![stage(first, None, job), commit, last, sync];
        if server.role != Role::Observing {
            stages.push(stage("SendAckRequestProcessor", None, "job-send-ack"));
        }
        return stages;
    }
    let proposed = server.outstanding as usize;
    let to_apply = between(applied, committed);
    vec![
        stage("PrepRequestProcessor", None, "job-prep"),
        stage(
            "ProposalRequestProcessor",
            Some((proposed, many("waits-proposals", proposed))),
            "job-proposal",
        ),
        sync,
        stage("AckRequestProcessor", None, "job-ack"),
        commit,
        stage(
            "ToBeAppliedRequestProcessor",
            Some((to_apply, many("waits-applied", to_apply))),
            "job-to-be-applied",
        ),
        last,
    ]
}
