//! The log of a site: undo/redo records, one a transaction and stage (BHG 7.4).

use crate::protocol::Durable;
use crate::request::{Bytes, Op};
use crate::view::ItemStage;
use imbl::OrdMap;
use std::sync::Arc;

/// The durable state of a site.
#[derive(Clone, Debug, Default)]
pub struct LedgerDisk {
    /// How often the site has started; transaction numbers of a new life never meet those of an old one.
    pub boots: u32,
    /// What the log says of each transaction last.
    pub entries: OrdMap<u32, Entry>,
    /// The values of committed transactions, by path.
    pub values: OrdMap<Arc<str>, Bytes>,
}

/// What the log says of a transaction.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it does: the redo part.
    pub op: Op,
    /// The value it replaces: the undo part.
    pub before: Option<Bytes>,
    /// How far it has come.
    pub stage: ItemStage,
}

/// One record of the log.
#[derive(Clone, Debug)]
pub enum LedgerWrite {
    /// The site starts for this time.
    Boot(u32),
    /// A transaction has come to this stage.
    Stage {
        /// Its number.
        txn: u32,
        /// What it does.
        op: Op,
        /// The value it replaces.
        before: Option<Bytes>,
        /// The stage.
        stage: ItemStage,
    },
}

impl Durable for LedgerDisk {
    type Write = LedgerWrite;

    fn apply(&mut self, write: &LedgerWrite) {
        match write {
            LedgerWrite::Boot(boots) => self.boots = *boots,
            LedgerWrite::Stage { txn, op, before, stage } => {
                if *stage == ItemStage::Committed {
                    redo(&mut self.values, op);
                }
                let entry = Entry { op: op.clone(), before: before.clone(), stage: *stage };
                self.entries.insert(*txn, entry);
            }
        }
    }

    /// Each record carries a checksum: half of one is none.
    fn tear(&mut self, _: &LedgerWrite) {}
}

/// Does what a committed operation says.
pub(super) fn redo(values: &mut OrdMap<Arc<str>, Bytes>, op: &Op) {
    match op {
        Op::Create { path, data, .. } | Op::SetData { path, data, .. } => {
            values.insert(path.clone(), data.clone().unwrap_or_else(|| "".into()));
        }
        Op::Delete { path, .. } => {
            values.remove(path);
        }
        _ => {}
    }
}
