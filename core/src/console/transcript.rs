//! Everything that a client's console shows, read from the trace.
//!
//! The lines that were typed are not in the trace, only what they made the client ask. So the window keeps them
//! with the place of each; requests of scripts and buttons are spelt as somebody would have typed them.

use super::job::{Held, Job, forget, spend};
use super::parse::Task;
use super::{Kind, Printed, options, print, spell};
use crate::action::Action;
use crate::ids::{NodeId, Seq};
use crate::milestone::Milestone;
use crate::request::{ErrorCode, Op, Outcome};
use crate::trace::{BranchId, Line, Record, Trace, What};
use crate::view::{ClientState, State};
use std::collections::BTreeMap;

/// Records read at once at most; a long run goes on in the next frame.
const RECORDS_AT_ONCE: usize = 100_000;

/// A line that somebody typed at a client's prompt.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Whose prompt.
    pub client: NodeId,
    /// What was typed.
    pub line: String,
    /// What that came to: for `redo` an earlier line.
    pub performed: String,
    /// The branch that was looked at.
    pub branch: BranchId,
    /// The moment that was looked at, in records.
    pub len: usize,
    /// What was printed at once.
    pub told: Vec<Printed>,
    /// The interventions that it led to, oldest first.
    pub asked: Vec<Asked>,
    /// What it needs a server for: then its place is that of its first intervention.
    pub task: Option<Task>,
}

/// An intervention: a branch, and its record there.
pub type Asked = (BranchId, Seq);

/// One line of a console, and the moment that it is shown from.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Shown once so many records have happened.
    pub from: usize,
    /// The line.
    pub printed: Printed,
}

/// What one client's console shows of one line of a trace.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    of: Option<(NodeId, BranchId)>,
    done: usize,
    rows: Vec<Row>,
    /// Which typed line an intervention belongs to, and the how-manieth of it this is.
    known: BTreeMap<Seq, (usize, usize)>,
    /// Typed lines that needed no server, the next one last: from which moment, and which.
    local: Vec<(usize, usize)>,
    /// Requests without an answer.
    jobs: BTreeMap<Seq, Pending>,
    /// How many interventions of each typed line are known.
    counts: BTreeMap<usize, usize>,
    /// Commands of several operations between two of them: what comes next, and the how-manieth that is.
    between: BTreeMap<usize, (Pending, Op)>,
    held: Held,
    silent: bool,
    prompts: usize,
    last_failure: Option<ErrorCode>,
}

/// A request that waits for its answer.
#[derive(Clone, Debug)]
struct Pending {
    /// Whose line it is, if it was typed.
    typed: Option<usize>,
    /// The how-manieth of that line it is.
    nth: usize,
    /// The number of its prompt.
    prompt: usize,
    /// What is to be done with the answer.
    job: Job,
}

impl Transcript {
    /// Forgets everything: the line has another past now, or a typed line came in between.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Reads on, up to the first `seen` records of the line; `false` if there is more to read.
    pub fn catch_up(
        &mut self,
        trace: &Trace,
        line: Line<'_>,
        client: NodeId,
        seen: usize,
        typed: &[Typed],
    ) -> bool {
        if self.of != Some((client, line.id())) || self.done > line.len() {
            self.begin(trace, line, client, typed);
        }
        let stop = seen.min(line.len()).min(self.done + RECORDS_AT_ONCE);
        while self.done < stop {
            self.tell_local(line, typed);
            if let Some(record) = line.get(Seq(self.done as u32)).filter(|record| record.node == Some(client))
            {
                self.read(record, typed);
            }
            self.done += 1;
        }
        self.tell_local(line, typed);
        self.done >= seen.min(line.len())
    }

    fn begin(&mut self, trace: &Trace, line: Line<'_>, client: NodeId, typed: &[Typed]) {
        *self = Self { of: Some((client, line.id())), ..Self::default() };
        for (index, one) in typed.iter().enumerate().filter(|(_, one)| one.client == client) {
            for (branch, seq) in &one.asked {
                if is_shared(trace, line, *branch, *seq) {
                    self.know(*seq, index);
                }
            }
            let before = one.len.checked_sub(1).map(|last| Seq(last as u32));
            let is_here = before.is_none_or(|before| is_shared(trace, line, one.branch, before));
            if one.task.is_none() && is_here {
                self.local.push((one.len, index));
            }
        }
        // A sort that keeps what was typed at one moment in order; the next one is taken from the end.
        self.local.sort_by_key(|(len, _)| *len);
        self.local.reverse();
    }

    fn know(&mut self, seq: Seq, typed: usize) {
        let count = self.counts.entry(typed).or_default();
        self.known.insert(seq, (typed, *count));
        *count += 1;
    }

    /// An intervention of a typed line has been told by the engine.
    pub fn asked(&mut self, seq: Seq, typed: usize) {
        if seq.index() < self.done {
            self.reset();
        } else {
            self.know(seq, typed);
        }
    }

    /// A line was typed that needs no server.
    pub fn typed(&mut self, len: usize, typed: usize) {
        if len < self.done || self.local.last().is_some_and(|(next, _)| *next <= len) {
            self.reset();
        } else {
            self.local.push((len, typed));
        }
    }

    /// The lines shown at the moment after `len` records.
    pub fn rows(&self, len: usize) -> &[Row] {
        &self.rows[..self.rows.partition_point(|row| row.from <= len)]
    }

    /// What a typed line wants to ask next, once it has the outcome before.
    pub fn next_of(&self, typed: usize) -> Option<&Op> {
        let asked = self.counts.get(&typed).copied().unwrap_or_default();
        self.between.get(&typed).filter(|(pending, _)| pending.nth == asked).map(|(_, op)| op)
    }

    /// What the client watches at the end of what was read.
    pub fn held(&self) -> &Held {
        &self.held
    }

    fn tell_local(&mut self, line: Line<'_>, typed: &[Typed]) {
        while let Some((_, index)) = self.local.pop_if(|(len, _)| *len <= self.done) {
            let Some(one) = typed.get(index) else { continue };
            let view = line.view(one.client, self.done).map(|view| &view.state);
            self.prompt(self.done, view, &one.line);
            if let [command, state] = &options::split(&one.performed)[..]
                && command == "printwatches"
            {
                self.silent = state != "on";
            }
            self.print(self.done, one.told.iter().cloned());
        }
    }

    fn print(&mut self, from: usize, lines: impl IntoIterator<Item = Printed>) {
        let silent = self.silent;
        let shown = lines.into_iter().filter(|line| !(silent && line.kind == Kind::Event));
        self.rows.extend(shown.map(|printed| Row { from, printed }));
    }

    /// Prints a prompt; returns its number.
    fn prompt(&mut self, from: usize, view: Option<&State>, line: &str) -> usize {
        let client = match view {
            Some(State::Client(client)) => Some(client),
            _ => None,
        };
        let host = client.and_then(|client| client.server).map_or(String::new(), |server| server.to_string());
        let state = match client.map(|client| client.state) {
            Some(ClientState::Connected) => "CONNECTED",
            Some(ClientState::Connecting) => "CONNECTING",
            _ => "CLOSED",
        };
        let text = format!("[zk: {host}({state}) {}] {line}", self.prompts);
        self.prompts += 1;
        self.print(from, [Printed { kind: Kind::Prompt, text }]);
        self.prompts - 1
    }

    fn read(&mut self, record: &Record, typed: &[Typed]) {
        match &record.what {
            What::Acted { action, .. } => self.on_act(record, action, typed),
            What::Requested(op) => self.on_request(record, op, typed),
            What::Replied { requested, op, outcome, .. } => self.on_reply(record, *requested, op, outcome),
            What::Milestone(milestone) => self.on_milestone(record, milestone),
            _ => {}
        }
    }

    fn on_act(&mut self, record: &Record, action: &Action, typed: &[Typed]) {
        if let Action::Connect(_, server) = action {
            let known = self.known.get(&record.seq).and_then(|(index, _)| typed.get(*index));
            let text = known.map_or(format!("connect {server}"), |typed| typed.line.clone());
            self.prompt(after(record), Some(&record.view.state), &text);
            let told = known.map(|typed| typed.told.clone()).unwrap_or_default();
            self.print(after(record), told);
        }
    }

    fn on_request(&mut self, record: &Record, op: &Op, typed: &[Typed]) {
        let view = Some(&record.view.state);
        let known = record.cause.and_then(|cause| self.known.get(&cause)).copied();
        let plain = || Job::Once(op.clone(), false);
        let nth = known.map_or(0, |(_, nth)| nth);
        let (typed, prompt, job) = match known.and_then(|(index, nth)| Some((index, nth, typed.get(index)?)))
        {
            None => (None, self.prompt(after(record), view, &spell(op)), plain()),
            Some((index, 0, one)) => {
                let prompt = self.prompt(after(record), view, &one.line);
                self.print(after(record), one.told.iter().cloned());
                let job = match &one.task {
                    Some(Task::Ask(job)) => (**job).clone(),
                    _ => plain(),
                };
                (Some(index), prompt, job)
            }
            Some((index, ..)) => {
                let (prompt, job) = match self.between.remove(&index) {
                    Some((pending, _)) => (pending.prompt, pending.job),
                    None => (self.prompts.saturating_sub(1), plain()),
                };
                (Some(index), prompt, job)
            }
        };
        self.jobs.insert(record.seq, Pending { typed, nth, prompt, job });
    }

    fn on_reply(&mut self, record: &Record, requested: Seq, op: &Op, outcome: &Outcome) {
        self.last_failure = outcome.as_ref().err().copied();
        let Some(mut pending) = self.jobs.remove(&requested) else { return };
        let told = pending.job.on(outcome, &self.held);
        if pending.prompt + 1 != self.prompts && !told.printed.is_empty() {
            // Something else was asked meanwhile.
            self.print(after(record), [Printed::note(format!("the answer to {}:", pending.prompt))]);
        }
        self.print(after(record), told.printed);
        if let (Op::RemoveWatches { path, kind }, Ok(_)) = (op, outcome) {
            forget(&mut self.held, path, *kind);
        }
        if let (Some(typed), Some(next)) = (pending.typed, told.next) {
            pending.nth += 1;
            self.between.insert(typed, (pending, next));
        }
        if (op, outcome.is_ok()) == (&Op::CloseSession, true) {
            self.held.clear();
            self.print(after(record), print::event("Closed", "None", "null"));
        }
    }

    fn on_milestone(&mut self, record: &Record, milestone: &Milestone) {
        let client_event = |state| print::event(state, "None", "null");
        match milestone {
            Milestone::WatchSet { path, watch } => {
                self.held.insert((*watch, path.clone()));
            }
            Milestone::WatchFired { path, event } => {
                spend(&mut self.held, *event, path);
                self.print(after(record), print::znode_event(*event, path));
            }
            Milestone::Connected(_) => self.print(after(record), client_event("SyncConnected")),
            Milestone::Disconnected(_) => {
                let is_over =
                    matches!(&record.view.state, State::Client(view) if view.state == ClientState::Closed);
                let state = match (is_over, self.last_failure) {
                    (false, _) => "Disconnected",
                    (true, Some(ErrorCode::AuthFailed)) => "AuthFailed",
                    (true, _) => "Expired",
                };
                self.print(after(record), client_event(state));
            }
            _ => {}
        }
    }
}

/// The moment after a record.
fn after(record: &Record) -> usize {
    record.seq.index() + 1
}

/// Whether a record of a branch is on this line too.
fn is_shared(trace: &Trace, line: Line<'_>, branch: BranchId, seq: Seq) -> bool {
    let own = trace.branch(branch).and_then(|_| trace.line(branch).get(seq));
    own.zip(line.get(seq)).is_some_and(|(own, other)| std::ptr::eq(own, other))
}
