//! What a person wants to know of a run: elections, epochs, synchronisation, faults, what clients were told,
//! violations. Keep-alives, votes and the steps of each write are left out; the transcript has them.

use super::transcript::names;
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::milestone::{Milestone, SyncKind};
use crate::request::{Answer, ErrorCode, failure};
use crate::time::Time;
use crate::trace::{Record, What};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Outcomes in a row that are told one by one; of more only the first and the last are.
const OUTCOMES: usize = 6;

/// Turns records into a short story, line by line.
#[derive(Debug, Default)]
pub struct Digest {
    /// A line that others may still join.
    open: Option<Line>,
    /// Outcomes in a row.
    outcomes: Vec<(Time, String)>,
    /// Unanswered operations by the seq of their requests: when, and in words.
    asked: BTreeMap<Seq, (Time, String)>,
    totals: Totals,
}

/// Something that happens to several nodes alike.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    at: Time,
    before: String,
    who: Vec<NodeId>,
    /// What follows for one, and for several.
    after: (String, String),
}

/// What is counted over a whole run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records.
    pub records: u64,
    /// When the last of them happened.
    pub end: Time,
    /// Messages sent.
    pub sent: u64,
    /// Messages that will never arrive.
    pub lost: u64,
    /// Faults and repairs; requests are not counted here.
    pub interventions: u64,
    /// Elections won: a server ended its election as leader.
    pub elections: u64,
    /// Epochs established.
    pub epochs: u64,
    /// Learners brought up to date by DIFF, TRUNC and SNAP.
    pub synced: [u64; 3],
    /// Writes that a client was told to be done.
    pub writes_acknowledged: u64,
    /// Operations that ended with an error of the service.
    pub errors: u64,
    /// Operations whose outcome the client does not know.
    pub unknown: u64,
    /// Operations that were not answered up to the end.
    pub unanswered: u64,
    /// Violations.
    pub violations: u64,
}

impl Digest {
    /// A story before its first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next record; writes what is complete.
    pub fn read(&mut self, record: &Record, out: &mut String) {
        self.totals.count(record);
        let at = record.at;
        match &record.what {
            What::Acted { action, .. } if !matches!(**action, Action::Request(..)) => {
                let mark = if harms(action) { "✗" } else { "✓" };
                self.tell(at, &format!("{mark} {action}"), out);
            }
            What::Refused { action, why } => self.tell(at, &format!("refused: {action}: {why}"), out),
            // A boot by hand was told by its action.
            What::Booted if record.begins_step => self.does(record, ("starts", "start"), "", out),
            What::Requested(op) => {
                self.asked.insert(record.seq, (at, format!("{}{op}", told_by(record.node, ": "))));
            }
            What::Replied { requested, op, outcome, .. } => {
                let took = self
                    .asked
                    .remove(requested)
                    .map_or(String::new(), |(asked, _)| format!(", after {:.1} ms", at.since(asked).as_ms()));
                let client = told_by(record.node, ": ");
                match &**outcome {
                    Ok(answer @ Answer::RolledBack(_)) => {
                        self.tell(at, &format!("{client}{op} → {answer}{took}"), out);
                    }
                    Ok(answer) => self.outcome(at, format!("{client}{op} → {answer}{took}"), out),
                    Err(error) => self.tell(at, &format!("{client}{op} → {error}{took}"), out),
                }
            }
            What::Milestone(milestone) => self.milestone(record, milestone, out),
            What::Violated { check, clash, why } => {
                let clash: Vec<String> = clash.iter().map(ToString::to_string).collect();
                self.tell(at, &format!("‼ {check} is violated: {why} ({})", clash.join(", ")), out);
            }
            What::LimitReached(why) => self.tell(at, &format!("‼ the run ends: {why}"), out),
            _ => {}
        }
    }

    /// Writes what is still open, and hands out the totals.
    pub fn finish(mut self, out: &mut String) -> Totals {
        self.close(out);
        self.totals.unanswered = self.asked.len() as u64;
        for (at, words) in self.asked.values().take(OUTCOMES) {
            line(*at, &format!("{words} → no answer up to the end"), out);
        }
        self.totals
    }

    fn milestone(&mut self, record: &Record, milestone: &Milestone, out: &mut String) {
        let node = record.node;
        match milestone {
            Milestone::Looking { round, why } if *round > 1 => {
                self.does(record, ("looks", "look"), &format!(" for a leader again ({why})"), out);
            }
            Milestone::Elected(vote) if node == Some(vote.leader) => {
                let told = format!(
                    "{} is elected leader: last zxid {}, epoch {}, round {}",
                    vote.leader, vote.zxid, vote.epoch, vote.round
                );
                self.tell(record.at, &told, out);
            }
            Milestone::Elected(vote) => {
                self.does(record, ("follows", "follow"), &format!(" {}", vote.leader), out);
            }
            Milestone::Serving(_) => self.does(record, ("serves", "serve"), " clients", out),
            Milestone::Recovered { zxid, replayed, .. } if *replayed > 0 || zxid.0 > 0 => {
                let log = if *replayed == 1 { "1 transaction" } else { &format!("{replayed} transactions") };
                self.does(
                    record,
                    ("recovers", "recover"),
                    &format!(" up to {zxid} from disk: {log} replayed"),
                    out,
                );
            }
            Milestone::SyncChosen { learner, kind, zxid, why } => {
                let before = format!("{}brings ", told_by(node, " "));
                let after = format!(" up to date by {kind}({zxid}): {why}");
                self.join(record.at, before, *learner, (after.clone(), after), out);
            }
            Milestone::Established(epoch) => {
                let told = format!("★ {}establishes epoch {epoch}", told_by(node, " "));
                self.tell(record.at, &told, out);
            }
            Milestone::Prepared(txn) => {
                self.does(record, ("is", "are"), &format!(" prepared for {txn}"), out);
            }
            Milestone::PreCommitted(txn) => {
                self.does(record, ("is", "are"), &format!(" pre-committed on {txn}"), out);
            }
            Milestone::Decided { txn, commit: false, .. } => {
                self.does(record, ("aborts", "abort"), &format!(" {txn}"), out);
            }
            Milestone::Decided { txn, what, .. } => {
                self.does(record, ("decides", "decide"), &format!(" {txn}: {what}"), out);
            }
            Milestone::Promised(ballot) => {
                self.does(record, ("promises", "promise"), &format!(" ballot {ballot}"), out);
            }
            Milestone::Accepted { txn, ballot, what } => {
                let told = format!(" {what} for {txn} in ballot {ballot}");
                self.does(record, ("accepts", "accept"), &told, out);
            }
            Milestone::Began { .. }
            | Milestone::VotedNo { .. }
            | Milestone::Blocked { .. }
            | Milestone::Prevailed(_)
            | Milestone::Adopted { .. }
            | Milestone::Preempted(_)
            | Milestone::LeaseExpired(_)
            | Milestone::SteppedDown(_)
            | Milestone::Truncated { .. }
            | Milestone::Restored { .. }
            | Milestone::SnapshotTaken(_)
            | Milestone::TornTail { .. }
            | Milestone::SessionExpired(_)
            | Milestone::Connected(_)
            | Milestone::Disconnected(_)
            | Milestone::WatchFired { .. }
            | Milestone::Acquired { .. }
            | Milestone::Released { .. }
            | Milestone::Learned { .. }
            | Milestone::Stored { .. }
            | Milestone::Fatal(_) => {
                self.tell(record.at, &format!("{}{milestone}", told_by(node, " ")), out);
            }
            _ => {}
        }
    }

    /// A line of its own.
    fn tell(&mut self, at: Time, words: &str, out: &mut String) {
        self.close(out);
        line(at, words, out);
    }

    /// What the node of a record does; others that do the same are told in one line with it.
    fn does(&mut self, record: &Record, verb: (&str, &str), rest: &str, out: &mut String) {
        let Some(node) = record.node else { return };
        let after = (format!(" {}{rest}", verb.0), format!(" {}{rest}", verb.1));
        self.join(record.at, String::new(), node, after, out);
    }

    /// A line that the same of other nodes may join.
    fn join(&mut self, at: Time, before: String, node: NodeId, after: (String, String), out: &mut String) {
        self.close_outcomes(out);
        if let Some(open) = &mut self.open
            && open.before == before
            && open.after == after
            && !open.who.contains(&node)
        {
            open.who.push(node);
            return;
        }
        self.close(out);
        self.open = Some(Line { at, before, who: vec![node], after });
    }

    fn outcome(&mut self, at: Time, words: String, out: &mut String) {
        self.close_line(out);
        self.outcomes.push((at, words));
    }

    fn close(&mut self, out: &mut String) {
        self.close_outcomes(out);
        self.close_line(out);
    }

    fn close_line(&mut self, out: &mut String) {
        if let Some(open) = self.open.take() {
            let after = if open.who.len() == 1 { open.after.0 } else { open.after.1 };
            line(open.at, &format!("{}{}{after}", open.before, names(&open.who)), out);
        }
    }

    fn close_outcomes(&mut self, out: &mut String) {
        let outcomes = std::mem::take(&mut self.outcomes);
        let told = if outcomes.len() > OUTCOMES { 1 } else { outcomes.len() };
        for (at, words) in &outcomes[..told] {
            line(*at, words, out);
        }
        if let (Some((at, words)), true) = (outcomes.last(), told < outcomes.len()) {
            let _ = writeln!(out, "{:>14}  {} more operations succeed", "…", outcomes.len() - 2);
            line(*at, words, out);
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [diff, trunc, snap] = self.synced;
        writeln!(f, "{} records, the last at {}.", grouped(self.records), self.end)?;
        writeln!(
            f,
            "Leaders elected: {}; epochs established: {}; learners synchronised: {diff} by DIFF, {trunc} by TRUNC, {snap} by SNAP.",
            self.elections, self.epochs
        )?;
        writeln!(
            f,
            "Clients: {} writes acknowledged, {} errors, {} outcomes unknown, {} operations unanswered.",
            grouped(self.writes_acknowledged),
            grouped(self.errors),
            grouped(self.unknown),
            grouped(self.unanswered)
        )?;
        write!(
            f,
            "Messages: {} sent, {} never arrived. Interventions: {}.",
            grouped(self.sent),
            grouped(self.lost),
            grouped(self.interventions)
        )
    }
}

/// Whether an action makes something worse. What sets a rate back to the usual repairs it.
pub fn harms(action: &Action) -> bool {
    let is_usual = matches!(
        action,
        Action::ClockSpeed(_, 100)
            | Action::DiskSpeed(_, 100)
            | Action::SlowLink(_, _, 100)
            | Action::Loss(0)
            | Action::Duplication(0)
    );
    action.is_fault() && !is_usual
}

/// With commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "s1 " or "s1: ", if it is a node's.
fn told_by(node: Option<NodeId>, separator: &str) -> String {
    node.map_or(String::new(), |node| format!("{node}{separator}"))
}

/// Writes a line; writing to a string cannot fail.
fn line(at: Time, words: &str, out: &mut String) {
    let _ = writeln!(out, "{:>14}  {words}", at.to_string());
}

impl Totals {
    /// Adds what another run came to; the end is that of the longest.
    pub fn add(&mut self, other: &Self) {
        for (own, others) in self.synced.iter_mut().zip(other.synced) {
            *own += others;
        }
        self.end = self.end.max(other.end);
        self.records += other.records;
        self.sent += other.sent;
        self.lost += other.lost;
        self.interventions += other.interventions;
        self.elections += other.elections;
        self.epochs += other.epochs;
        self.writes_acknowledged += other.writes_acknowledged;
        self.errors += other.errors;
        self.unknown += other.unknown;
        self.unanswered += other.unanswered;
        self.violations += other.violations;
    }

    /// Reads the next record.
    pub fn count(&mut self, record: &Record) {
        self.records += 1;
        self.end = record.at;
        match &record.what {
            What::Sent { .. } => self.sent += 1,
            What::Lost { .. } => self.lost += 1,
            What::Acted { action, .. } => {
                self.interventions += u64::from(!matches!(**action, Action::Request(..)));
            }
            What::Replied { op, outcome, .. } => match failure(outcome) {
                None => self.writes_acknowledged += u64::from(op.is_write()),
                Some(ErrorCode::ConnectionLoss) => self.unknown += 1,
                Some(_) => self.errors += 1,
            },
            What::Milestone(Milestone::Elected(vote)) if record.node == Some(vote.leader) => {
                self.elections += 1;
            }
            What::Milestone(Milestone::Established(_)) => self.epochs += 1,
            What::Milestone(Milestone::SyncChosen { kind, .. }) => {
                self.synced[match kind {
                    SyncKind::Diff => 0,
                    SyncKind::Trunc => 1,
                    SyncKind::Snap => 2,
                }] += 1;
            }
            What::Violated { .. } => self.violations += 1,
            _ => {}
        }
    }
}
