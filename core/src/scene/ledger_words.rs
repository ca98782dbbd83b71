//! How each family of protocols calls what the ledger strip shows.

use super::ledger_strip::Words;
use crate::view::ItemStage;

impl Words<'static> {
    /// Of protocols that commit transactions.
    pub const TRANSACTIONS: Self = Self {
        item: "transaction",
        number: "txn",
        stages: &[
            (ItemStage::Begun, "begun"),
            (ItemStage::Prepared, "prepared, in doubt"),
            (ItemStage::PreCommitted, "pre-committed"),
            (ItemStage::Committed, "committed"),
            (ItemStage::Aborted, "aborted"),
        ],
        none: "No transactions yet: a client's first write appears here",
    };

    /// Of two-phase commit, which has no stage between prepared and committed.
    pub const TWO_PHASE: Self = Self {
        stages: &[
            (ItemStage::Begun, "begun"),
            (ItemStage::Prepared, "prepared, in doubt"),
            (ItemStage::Committed, "committed"),
            (ItemStage::Aborted, "aborted"),
        ],
        ..Self::TRANSACTIONS
    };

    /// Of Paxos.
    pub const SLOTS: Self = Self {
        item: "slot",
        number: "slot",
        stages: &[
            (ItemStage::Begun, "heard of"),
            (ItemStage::Prepared, "accepted"),
            (ItemStage::Committed, "chosen"),
        ],
        none: "No slot has a value yet: a client's first write appears here",
    };

    /// Of two generals.
    pub const PLANS: Self = Self {
        item: "plan",
        number: "plan",
        stages: &[
            (ItemStage::Begun, "waits for an answer"),
            (ItemStage::Prepared, "dares to attack"),
            (ItemStage::Committed, "attacks"),
            (ItemStage::Aborted, "retreats"),
        ],
        none: "No plan yet: a client's write is one",
    };

    /// Of a registry that always answers.
    pub const WRITES: Self = Self {
        item: "write",
        number: "write",
        stages: &[(ItemStage::Committed, "held here")],
        none: "Nothing is registered yet: a client's first write appears here",
    };
}
