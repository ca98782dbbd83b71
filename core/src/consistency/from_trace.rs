//! The history of the simulated clients of a run.

use super::call::{Call, CallOp, Told};
use crate::ids::{NodeId, Seq};
use crate::request::{Answer, CreateMode, ErrorCode, Op, Outcome};
use crate::trace::{Record, What};
use crate::view::State;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The calls of a run's clients, in the order in which they were issued.
pub fn of_trace<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Call> {
    let mut collector = Collector::default();
    records.into_iter().for_each(|record| collector.read(record));
    collector.calls()
}

/// Collects calls record by record.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    calls: Vec<Call>,
    /// Calls without an answer, by the records that asked.
    open: BTreeMap<Seq, usize>,
    /// Paths that change by what is not judged: their values say nothing.
    spoiled: BTreeSet<Arc<str>>,
}

impl Collector {
    /// Reads the next record.
    pub fn read(&mut self, record: &Record) {
        match (&record.what, record.node) {
            (What::Requested(op), Some(client)) => {
                self.spoil(op);
                let Some(op) = judged(op) else { return };
                self.open.insert(record.seq, self.calls.len());
                let (client, session) = (client.to_string().into(), session(record, client));
                let invoked_us = record.at.0;
                self.calls.push(Call { client, session, invoked_us, returned_us: None, op, told: None });
            }
            (What::Replied { requested, outcome, zxid, .. }, Some(client)) => {
                let Some(place) = self.open.remove(requested) else { return };
                let call = &mut self.calls[place];
                call.session = session(record, client);
                call.told = told(outcome).map(|told| Told { zxid: (zxid.0 > 0).then_some(*zxid), ..told });
                call.returned_us = call.told.as_ref().map(|_| record.at.0);
            }
            _ => {}
        }
    }

    fn spoil(&mut self, op: &Op) {
        match op {
            // It may go by itself.
            Op::Create { path, mode, .. } if *mode != CreateMode::Persistent => {
                self.spoiled.insert(path.clone());
            }
            Op::Multi(ops) => self.spoiled.extend(ops.iter().filter_map(Op::path).cloned()),
            _ => {}
        }
    }

    /// The calls so far, in the order in which they were issued.
    pub fn calls(mut self) -> Vec<Call> {
        for call in &mut self.calls {
            if call.op.path().is_some_and(|path| self.spoiled.contains(path)) {
                call.op = CallOp::Other { write: call.op.is_write() };
            }
        }
        self.calls
    }
}

/// The session that a client shows, with its name: a new session is a new one's life.
fn session(record: &Record, client: NodeId) -> Arc<str> {
    match &record.view.state {
        State::Client(view) => format!("{client}/{:#x}", view.session.0).into(),
        _ => client.to_string().into(),
    }
}

fn judged(op: &Op) -> Option<CallOp> {
    let text =
        |data: &crate::request::Data| data.as_ref().map_or_else(|| "".into(), |data| data.to_string().into());
    Some(match op {
        Op::Create { path, data, mode: CreateMode::Persistent, .. } => {
            CallOp::Create { path: path.clone(), value: text(data) }
        }
        Op::SetData { path, data, version } => {
            CallOp::Set { path: path.clone(), value: text(data), version: *version }
        }
        Op::Delete { path, .. } => CallOp::Delete { path: path.clone() },
        Op::GetData { path, .. } => CallOp::Get { path: path.clone() },
        Op::Sync { .. } => CallOp::Sync {},
        // They are answered by the connection, as of no moment.
        Op::AddAuth { .. } | Op::AddWatch { .. } | Op::RemoveWatches { .. } | Op::WhoAmI => return None,
        op => CallOp::Other { write: op.is_write() },
    })
}

/// What the client knows now; `None` if it does not know whether the call happened.
fn told(outcome: &Outcome) -> Option<Told> {
    Some(match outcome {
        Ok(Answer::Stat(stat)) => {
            Told { version: Some(stat.version), mzxid: Some(stat.mzxid), ..Told::default() }
        }
        Ok(Answer::Data(data, stat)) => Told {
            value: Some(data.as_ref().map_or_else(|| "".into(), |data| data.to_string().into())),
            version: Some(stat.version),
            mzxid: Some(stat.mzxid),
            ..Told::default()
        },
        Ok(_) => Told::default(),
        Err(ErrorCode::ConnectionLoss | ErrorCode::SessionExpired) => return None,
        Err(code) => Told { error: Some(format!("{code:?}").into()), ..Told::default() },
    })
}
