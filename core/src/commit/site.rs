//! A site: the transactions it takes part in, its locks, and what its log must say before it may speak.
//!
//! ```text
//!   begun ──YES durable──▶ prepared ──(3PC) durable──▶ pre-committed ──durable──▶ committed
//!     └──────────────NO or abort, durable──────────────────────────────────────▶ aborted
//! ```
//!
//! A stage is only shown, told and spoken of once it is durable: [`Site::on_fsynced`] says which one that is.

use super::ledger::{LedgerDisk, LedgerWrite, redo};
use crate::milestone::Milestone;
use crate::protocol::{Outbox, Protocol};
use crate::request::{Answer, Bytes, ErrorCode, Op, Outcome, Stat};
use crate::view::{ItemStage, ItemView, MemberView};
use imbl::OrdMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// Numbers of transactions in one life of a coordinator: the second life begins at 10,001.
const NUMBERS: u32 = 10_000;

/// A transaction at a site.
#[derive(Clone, Debug)]
pub struct Txn {
    /// What it does.
    pub op: Op,
    /// In words.
    pub what: Arc<str>,
    /// The value it replaces.
    before: Option<Bytes>,
    /// How far it has come, durably.
    pub stage: ItemStage,
    /// The stage that is being written.
    pub writing: Option<ItemStage>,
    /// Whether it was found in the log at boot.
    pub recovered: bool,
}

impl Txn {
    /// How far it has come, counting what is being written.
    pub fn reached(&self) -> ItemStage {
        self.writing.unwrap_or(self.stage)
    }

    /// Whether the decision is known, or being written.
    pub fn is_decided(&self) -> bool {
        self.reached().is_decided()
    }
}

/// What has become durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The new life has its number.
    Boot,
    /// A transaction has come to this stage.
    Stage(u32, ItemStage),
}

/// A server of a commit protocol, without the protocol.
#[derive(Clone, Debug)]
pub struct Site {
    boots: u32,
    txns: OrdMap<u32, Txn>,
    items: OrdMap<u32, ItemView>,
    values: OrdMap<Arc<str>, Bytes>,
    /// Locked paths, with the transaction that holds the lock.
    locks: OrdMap<Arc<str>, u32>,
    /// What each fsync under way makes durable, oldest first.
    fsyncs: VecDeque<Done>,
    /// A path that this site refuses to write: its own constraint, a reason to vote NO.
    refuses: Option<Arc<str>>,
    next: u32,
}

impl Site {
    /// What the log holds: undecided transactions have their locks back (BHG 7.4, recovery).
    pub fn boot<P>(disk: LedgerDisk, refuses: Option<Arc<str>>, out: &mut Outbox<P>) -> Self
    where
        P: Protocol<Disk = LedgerDisk>,
    {
        let boots = disk.boots + 1;
        let mut site = Self {
            boots,
            txns: OrdMap::new(),
            items: OrdMap::new(),
            values: disk.values,
            locks: OrdMap::new(),
            fsyncs: VecDeque::new(),
            refuses,
            next: disk.boots * NUMBERS,
        };
        for (number, entry) in &disk.entries {
            if !entry.stage.is_decided()
                && let Some(path) = entry.op.path()
            {
                site.locks.insert(path.clone(), *number);
            }
            let what: Arc<str> = entry.op.to_string().into();
            let item = ItemView { what: what.clone(), stage: entry.stage, term: 1 };
            site.items.insert(*number, item);
            let (op, before) = (entry.op.clone(), entry.before.clone());
            let txn = Txn { op, what, before, stage: entry.stage, writing: None, recovered: true };
            site.txns.insert(*number, txn);
        }
        out.write(LedgerWrite::Boot(boots));
        out.fsync();
        site.fsyncs.push_back(Done::Boot);
        site
    }

    /// The transaction of this number.
    pub fn txn(&self, number: u32) -> Option<&Txn> {
        self.txns.get(&number)
    }

    /// Every transaction that is not decided, oldest first.
    pub fn undecided(&self) -> impl Iterator<Item = (u32, &Txn)> {
        self.txns.iter().filter(|(_, txn)| !txn.is_decided()).map(|(number, txn)| (*number, txn))
    }

    /// A number that no transaction has had.
    pub fn next_number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Takes part in a transaction: locks its path; or says why it votes NO.
    pub fn begin(&mut self, number: u32, op: Op) -> Result<(), Arc<str>> {
        let what: Arc<str> = op.to_string().into();
        let path = op.path().cloned().unwrap_or_else(|| "/".into());
        let before = self.values.get(&path).cloned();
        let txn = Txn { op, what, before, stage: ItemStage::Begun, writing: None, recovered: false };
        self.items.insert(number, ItemView { what: txn.what.clone(), stage: txn.stage, term: 1 });
        self.txns.insert(number, txn);
        if self.refuses.as_ref() == Some(&path) {
            return Err(format!("this site refuses to write {path}").into());
        }
        if let Some(holder) = self.locks.get(&path) {
            return Err(format!("{path} is locked by {holder}").into());
        }
        self.locks.insert(path, number);
        Ok(())
    }

    /// Writes a stage to the log; with `force`, [`Site::on_fsynced`] says when it is durable.
    pub fn log<P>(&mut self, number: u32, stage: ItemStage, force: bool, out: &mut Outbox<P>)
    where
        P: Protocol<Disk = LedgerDisk>,
    {
        let Some(txn) = self.txns.get_mut(&number) else { return };
        let (op, before) = (txn.op.clone(), txn.before.clone());
        out.write(LedgerWrite::Stage { txn: number, op, before, stage });
        if force {
            txn.writing = Some(stage);
            out.fsync();
            self.fsyncs.push_back(Done::Stage(number, stage));
        }
    }

    /// The oldest fsync has ended: what it made durable now shows, and is told.
    pub fn on_fsynced<P>(&mut self, out: &mut Outbox<P>) -> Option<Done>
    where
        P: Protocol<Disk = LedgerDisk>,
    {
        let done = self.fsyncs.pop_front()?;
        if let Done::Stage(number, stage) = done {
            self.arrive(number, stage, out);
        }
        Some(done)
    }

    fn arrive<P>(&mut self, number: u32, stage: ItemStage, out: &mut Outbox<P>)
    where
        P: Protocol<Disk = LedgerDisk>,
    {
        let Some(txn) = self.txns.get_mut(&number) else { return };
        txn.stage = stage;
        txn.writing = txn.writing.filter(|writing| *writing != stage);
        let (op, what) = (txn.op.clone(), txn.what.clone());
        self.items.insert(number, ItemView { what: what.clone(), stage, term: 1 });
        match stage {
            ItemStage::Begun => {}
            ItemStage::Prepared => out.milestone(Milestone::Prepared(number)),
            ItemStage::PreCommitted => out.milestone(Milestone::PreCommitted(number)),
            ItemStage::Committed | ItemStage::Aborted => {
                let commit = stage == ItemStage::Committed;
                if commit {
                    redo(&mut self.values, &op);
                }
                if let Some(path) = op.path().filter(|path| self.locks.get(*path) == Some(&number)) {
                    let path = path.clone();
                    self.locks.remove(&path);
                }
                out.milestone(Milestone::Decided { txn: number, commit, what });
            }
        }
    }

    /// What a client is told of a read, which sees committed values and waits for no lock.
    pub fn read(&self, op: &Op) -> Outcome {
        let Some(path) = op.path() else { return Err(ErrorCode::BadArguments) };
        let value = self.values.get(path).ok_or(ErrorCode::NoNode)?;
        match op {
            Op::GetData { .. } => Ok(Answer::Data(Some(value.clone()), Stat::default())),
            Op::Exists { .. } => Ok(Answer::Stat(Stat::default())),
            _ => Err(ErrorCode::BadArguments),
        }
    }

    /// What a client is told of its write.
    pub fn outcome(op: &Op, commit: bool) -> Outcome {
        match op {
            _ if !commit => Err(ErrorCode::Aborted),
            Op::Create { path, .. } => Ok(Answer::Created(path.clone(), Stat::default())),
            Op::SetData { .. } => Ok(Answer::Stat(Stat::default())),
            _ => Ok(Answer::Done),
        }
    }

    /// What the site shows; the protocol adds what it waits for.
    pub fn view(&self, role: &'static str, leads: bool) -> MemberView {
        MemberView {
            role: role.into(),
            leads,
            term: 1,
            says: "".into(),
            fields: Arc::from([("boots".into(), self.boots.into())]),
            items: self.items.clone(),
            values: self.values.clone(),
            locked: self.locks.len() as u32,
            waits: None,
        }
    }
}
