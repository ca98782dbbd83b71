//! What each protocol calls things: the one place where the window knows protocols apart.

use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::ledger_strip::Words as Ledger;

/// The words of a protocol.
#[derive(Debug)]
pub struct Words {
    /// What the colours count, if anything: `epoch`, `round`.
    pub term: Option<&'static str>,
    /// The one that leads, in a word: "s1 leads".
    pub leads: &'static str,
    /// What the leader band says while nobody leads.
    pub nobody: &'static str,
    /// Title of the strip of items.
    pub items: &'static str,
    /// The words of that strip.
    pub ledger: Ledger,
    /// Whether paths can be locked.
    pub locks: bool,
    /// What the glyphs of messages mean, in the order of the legend.
    pub glyphs: &'static [(Glyph, &'static str)],
    /// What the shapes of nodes mean.
    pub roles: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The words of a protocol.
    pub fn of(protocol: ProtocolName) -> &'static Self {
        match protocol {
            ProtocolName::Zab => &ZAB,
            ProtocolName::TwoPhase => &TWO_PHASE,
            ProtocolName::ThreePhase => &THREE_PHASE,
            ProtocolName::Paxos => &PAXOS,
            ProtocolName::Generals => &GENERALS,
            ProtocolName::Registry => &REGISTRY,
        }
    }
}

/// The whole name of a protocol, for menus and titles.
pub fn full_name(protocol: ProtocolName) -> &'static str {
    match protocol {
        ProtocolName::Zab => "ZooKeeper's atomic broadcast (ZAB)",
        ProtocolName::TwoPhase => "Two-phase commit (2PC)",
        ProtocolName::ThreePhase => "Three-phase commit (3PC)",
        ProtocolName::Paxos => "Paxos",
        ProtocolName::Generals => "Two generals",
        ProtocolName::Registry => "AP registry",
    }
}

const DOWN: (&str, &str) = ("Grey with ✖", "down");
const BARS: (&str, &str) = ("Two bars", "paused, or a direction of a link that is held");
const ARCS: (&str, &str) = ("Arcs around a node", "timers: they shrink until they fire");
const DISK: (&str, &str) = ("Disk with a number", "writes that a power failure would take");
const PADLOCK: (&str, &str) = ("Padlock", "holds locks: nobody else can write there");

const REQUEST: (Glyph, &str) = (Glyph::Request, "request of a client");
const REPLY: (Glyph, &str) = (Glyph::Reply, "reply to a client");

static ZAB: Words = Words {
    term: Some("epoch"),
    leads: "leads",
    nobody: "no leader yet",
    items: "Transactions",
    ledger: Ledger::TRANSACTIONS,
    locks: false,
    glyphs: &[
        (Glyph::Vote, "vote of an election"),
        (Glyph::Proposal, "PROPOSAL of a transaction"),
        (Glyph::Ack, "ACK: it is durable here"),
        (Glyph::Commit, "COMMIT: a quorum has it"),
        (Glyph::Sync, "handshake or history"),
        (Glyph::Ping, "ping, shown by Pings"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("Dashed ring", "LOOKING: takes part in an election"),
        ("Plain ring", "FOLLOWING: votes on every transaction"),
        ("Double ring, crown", "LEADING"),
        ("Hexagon", "OBSERVING: follows without a vote"),
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static TWO_PHASE: Words = Words {
    term: None,
    leads: "coordinates",
    nobody: "no coordinator now",
    items: "Transactions",
    ledger: Ledger::TWO_PHASE,
    locks: true,
    glyphs: &[
        (Glyph::Proposal, "PREPARE: can you commit?"),
        (Glyph::Vote, "vote: YES or NO"),
        (Glyph::Commit, "decision: COMMIT, ABORT"),
        (Glyph::Sync, "question in doubt, answer"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("Double ring, crown", "COORDINATOR: asks, and decides"),
        ("Plain ring", "PARTICIPANT: votes"),
        PADLOCK,
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static THREE_PHASE: Words = Words {
    term: None,
    leads: "coordinates",
    nobody: "no coordinator now",
    items: "Transactions",
    ledger: Ledger::TRANSACTIONS,
    locks: true,
    glyphs: &[
        (Glyph::Proposal, "CAN-COMMIT, PRE-COMMIT"),
        (Glyph::Vote, "vote: YES or NO"),
        (Glyph::Ack, "ACK: it is durable here"),
        (Glyph::Commit, "decision: DO-COMMIT, ABORT"),
        (Glyph::Sync, "STATE-REQ, STATE"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("Double ring, crown", "COORDINATOR, or the substitute for it"),
        ("Plain ring", "PARTICIPANT: votes"),
        PADLOCK,
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static PAXOS: Words = Words {
    term: Some("round"),
    leads: "proposes for all",
    nobody: "nobody proposes for all",
    items: "Log slots",
    ledger: Ledger::SLOTS,
    locks: false,
    glyphs: &[
        (Glyph::Sync, "PREPARE, LEARN-REQ"),
        (Glyph::Vote, "PROMISE or REJECT"),
        (Glyph::Proposal, "ACCEPT: a value for a slot"),
        (Glyph::Ack, "ACCEPTED: it is durable"),
        (Glyph::Commit, "DECIDED: it is chosen"),
        (Glyph::Ping, "HEARTBEAT, shown by Pings"),
        (Glyph::Request, "request, or FORWARD"),
        REPLY,
    ],
    roles: &[
        ("Double ring, crown", "proposes for everybody"),
        ("Plain ring", "ACCEPTOR, or PROPOSER in a ballot of its own"),
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static GENERALS: Words = Words {
    term: None,
    leads: "has the plan",
    nobody: "nobody has a plan now",
    items: "Plans",
    ledger: Ledger::PLANS,
    locks: false,
    glyphs: &[(Glyph::Proposal, "ATTACK: the plan"), (Glyph::Ack, "ACK: it has arrived"), REQUEST, REPLY],
    roles: &[
        ("Double ring, crown", "the general who has the plan"),
        ("Plain ring", "a general"),
        DOWN,
        BARS,
        ARCS,
    ],
};

static REGISTRY: Words = Words {
    term: None,
    leads: "leads",
    nobody: "nobody leads: every server answers for itself",
    items: "Registered writes",
    ledger: Ledger::WRITES,
    locks: false,
    glyphs: &[
        (Glyph::Proposal, "REPLICATE: a write"),
        (Glyph::Sync, "GOSSIP: all that is held"),
        (Glyph::Request, "request, or FETCH of a peer"),
        (Glyph::Reply, "reply, or REGISTRY for a peer"),
    ],
    roles: &[("Plain ring", "answers whatever happens"), DOWN, BARS, ARCS],
};
