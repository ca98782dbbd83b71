//! One thing that happened: when, where, because of what, and the node it left behind.

use crate::action::Action;
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::protocol::MessageView;
use crate::request::{Op, Outcome};
use crate::time::Time;
use crate::view::NodeView;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One record of a trace.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its place in the trace.
    pub seq: Seq,
    /// Whether it begins a step: one input to one node, or one action. The records that follow it up to
    /// the next such one are its consequences at the same moment.
    pub begins_step: bool,
    /// Where it happened; `None` for what concerns the whole network.
    pub node: Option<NodeId>,
    /// When.
    pub at: Time,
    /// The record that made it happen: the send of a delivery, the arming of a timer, the input behind
    /// an effect.
    pub cause: Option<Seq>,
    /// What happened.
    pub what: What,
    /// The node after the step, shared with other records while it does not change.
    pub view: Arc<NodeView>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A person, a script or a swarm intervened; `net` is the network after it.
    Acted {
        /// What was done.
        action: Arc<Action>,
        /// The network afterwards.
        net: Arc<NetView>,
    },
    /// An intervention that could not be done, and why.
    Refused {
        /// What was asked.
        action: Arc<Action>,
        /// Why not.
        why: Arc<str>,
    },
    /// A process started.
    Booted,
    /// A process ended: a crash, or by itself.
    Stopped,
    /// A message left; this record's seq is the message's identity.
    Sent {
        /// Receiver.
        to: NodeId,
        /// Its number on the link from this node to `to`, from 1.
        nth: u32,
        /// When it will arrive; `None` while it waits (cut, held, peer down).
        arrives: Option<Time>,
        /// What it says.
        message: Arc<MessageView>,
    },
    /// A message that waited is on its way, or one on its way has another arrival (`None`: waits).
    Rerouted {
        /// Its [`What::Sent`].
        sent: Seq,
        /// Its new arrival.
        arrives: Option<Time>,
    },
    /// A message arrived; `cause` is its [`What::Sent`].
    Delivered {
        /// Sender.
        from: NodeId,
        /// What it says.
        message: Arc<MessageView>,
    },
    /// A message will never arrive.
    Lost {
        /// Its [`What::Sent`].
        sent: Seq,
        /// Why.
        why: LostWhy,
    },
    /// A Stream connection opened towards this peer.
    Dialled(NodeId),
    /// The node learned that its Stream connection with this peer is gone.
    Closed(NodeId),
    /// A timer fired.
    TimerFired(Cow<'static, str>),
    /// Writes were handed to the disk and an fsync began.
    FsyncBegan {
        /// Writes it will make durable.
        writes: u16,
        /// When it will end.
        ends: Time,
    },
    /// An fsync ended: these writes survive a crash.
    FsyncEnded {
        /// Writes it made durable.
        writes: u16,
    },
    /// A client issued an operation.
    Requested(Arc<Op>),
    /// A client got its outcome; `cause` is the input that brought it.
    Replied {
        /// Its [`What::Requested`].
        requested: Seq,
        /// The operation.
        op: Arc<Op>,
        /// What it was told.
        outcome: Arc<Outcome>,
        /// The reply header's zxid: the own one for a write, the server's last processed for a read.
        zxid: Zxid,
    },
    /// Bytes left for the program outside that this node stands for; `None`: it was hung up on.
    Outside(Option<Arc<[u8]>>),
    /// A protocol step.
    Milestone(Milestone),
    /// A check found that these records clash.
    Violated {
        /// The check's name.
        check: Arc<String>,
        /// The records that cannot both be, oldest first.
        clash: Arc<Vec<Seq>>,
        /// In a sentence.
        why: Arc<String>,
    },
    /// A limit of the simulator ended the run.
    LimitReached(Arc<str>),
}

/// Why a message will never arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LostWhy {
    /// The network lost the datagram.
    Network,
    /// The connection it travelled on is gone.
    ConnectionGone,
    /// There was no connection to send it on.
    NotConnected,
    /// A newer message took its place in the one-slot queue.
    Replaced,
    /// The receiver was not running.
    ReceiverDown,
    /// A person dropped it.
    Dropped,
}

impl LostWhy {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Network => "lost by the network",
            Self::ConnectionGone => "its connection is gone",
            Self::NotConnected => "no connection to send it on",
            Self::Replaced => "replaced by a newer one in the one-slot queue",
            Self::ReceiverDown => "the receiver is down",
            Self::Dropped => "dropped by hand",
        }
    }
}

/// The network as people set it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NetView {
    /// Directions that carry no packets, partitions included.
    pub cut: BTreeSet<(NodeId, NodeId)>,
    /// Directions whose messages wait until released.
    pub held: BTreeSet<(NodeId, NodeId)>,
    /// Directions with a latency other than usual, in percent.
    pub slow: BTreeSet<(NodeId, NodeId, u32)>,
}
