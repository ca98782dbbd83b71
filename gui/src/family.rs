//! What each protocol calls things: the one place where the window knows protocols apart.

use crate::lang::Lang;
use zoolab_core::protocol::Glyph;
use zoolab_core::scenario::ProtocolName;
use zoolab_core::scene::ledger_strip::Words as Ledger;

/// The words of a protocol: ids of the catalogues, but for those of the strip, which pictures say in English too.
#[derive(Debug)]
pub struct Words {
    /// What the colours count, if anything: epochs, rounds.
    pub term: Option<&'static str>,
    /// Who led, and in which epoch or round.
    pub reign: &'static str,
    /// What the leader band says while nobody leads.
    pub nobody: &'static str,
    /// Title of the strip of items.
    pub items: &'static str,
    /// The words of that strip.
    pub ledger: Ledger<'static>,
    /// What the colours mean, if anything.
    pub colours: Option<&'static str>,
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
pub fn full_name(lang: Lang, protocol: ProtocolName) -> String {
    lang.say(match protocol {
        ProtocolName::Zab => "protocol-zab",
        ProtocolName::TwoPhase => "protocol-two-phase",
        ProtocolName::ThreePhase => "protocol-three-phase",
        ProtocolName::Paxos => "protocol-paxos",
        ProtocolName::Generals => "protocol-generals",
        ProtocolName::Registry => "protocol-registry",
    })
}

const DOWN: (&str, &str) = ("shape-grey", "means-down");
const BARS: (&str, &str) = ("shape-bars", "means-bars");
const ARCS: (&str, &str) = ("shape-arcs", "means-arcs");
const DISK: (&str, &str) = ("shape-disk", "means-disk");
const PADLOCK: (&str, &str) = ("shape-padlock", "means-padlock");

const REQUEST: (Glyph, &str) = (Glyph::Request, "glyph-request");
const REPLY: (Glyph, &str) = (Glyph::Reply, "glyph-reply");

static ZAB: Words = Words {
    term: Some("term-epoch"),
    colours: Some("colours-epoch"),
    reign: "reign-leads",
    nobody: "nobody-leads",
    items: "items-transactions",
    ledger: Ledger::TRANSACTIONS,
    locks: false,
    glyphs: &[
        (Glyph::Vote, "glyph-vote"),
        (Glyph::Proposal, "glyph-proposal"),
        (Glyph::Ack, "glyph-ack"),
        (Glyph::Commit, "glyph-commit"),
        (Glyph::Sync, "glyph-sync"),
        (Glyph::Ping, "glyph-ping"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("shape-dashed", "means-looking"),
        ("shape-plain", "means-following"),
        ("shape-double", "means-leading"),
        ("shape-hexagon", "means-observing"),
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static TWO_PHASE: Words = Words {
    term: None,
    colours: None,
    reign: "reign-coordinates",
    nobody: "nobody-coordinates",
    items: "items-transactions",
    ledger: Ledger::TWO_PHASE,
    locks: true,
    glyphs: &[
        (Glyph::Proposal, "glyph-prepare"),
        (Glyph::Vote, "glyph-yes-no"),
        (Glyph::Commit, "glyph-decision"),
        (Glyph::Sync, "glyph-question"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("shape-double", "means-coordinator"),
        ("shape-plain", "means-participant"),
        PADLOCK,
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static THREE_PHASE: Words = Words {
    term: None,
    colours: None,
    reign: "reign-coordinates",
    nobody: "nobody-coordinates",
    items: "items-transactions",
    ledger: Ledger::TRANSACTIONS,
    locks: true,
    glyphs: &[
        (Glyph::Proposal, "glyph-can-commit"),
        (Glyph::Vote, "glyph-yes-no"),
        (Glyph::Ack, "glyph-ack"),
        (Glyph::Commit, "glyph-do-commit"),
        (Glyph::Sync, "glyph-state"),
        REQUEST,
        REPLY,
    ],
    roles: &[
        ("shape-double", "means-substitute"),
        ("shape-plain", "means-participant"),
        PADLOCK,
        DOWN,
        BARS,
        ARCS,
        DISK,
    ],
};

static PAXOS: Words = Words {
    term: Some("term-round"),
    colours: Some("colours-round"),
    reign: "reign-proposes",
    nobody: "nobody-proposes",
    items: "items-slots",
    ledger: Ledger::SLOTS,
    locks: false,
    glyphs: &[
        (Glyph::Sync, "glyph-paxos-prepare"),
        (Glyph::Vote, "glyph-promise"),
        (Glyph::Proposal, "glyph-accept"),
        (Glyph::Ack, "glyph-accepted"),
        (Glyph::Commit, "glyph-decided"),
        (Glyph::Ping, "glyph-heartbeat"),
        (Glyph::Request, "glyph-forward"),
        REPLY,
    ],
    roles: &[("shape-double", "means-proposes"), ("shape-plain", "means-acceptor"), DOWN, BARS, ARCS, DISK],
};

static GENERALS: Words = Words {
    term: None,
    colours: None,
    reign: "reign-plan",
    nobody: "nobody-plans",
    items: "items-plans",
    ledger: Ledger::PLANS,
    locks: false,
    glyphs: &[(Glyph::Proposal, "glyph-attack"), (Glyph::Ack, "glyph-arrived"), REQUEST, REPLY],
    roles: &[("shape-double", "means-has-plan"), ("shape-plain", "means-general"), DOWN, BARS, ARCS],
};

static REGISTRY: Words = Words {
    term: None,
    colours: None,
    reign: "reign-registry",
    nobody: "nobody-needed",
    items: "items-writes",
    ledger: Ledger::WRITES,
    locks: false,
    glyphs: &[
        (Glyph::Proposal, "glyph-replicate"),
        (Glyph::Sync, "glyph-gossip"),
        (Glyph::Request, "glyph-fetch"),
        (Glyph::Reply, "glyph-registry"),
    ],
    roles: &[("shape-plain", "means-answers"), DOWN, BARS, ARCS],
};
