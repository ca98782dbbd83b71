//! A peer: answers at once, tells the others afterwards, and lets go of what nobody renews.

use super::{Book, Config, Entries, Entry, Message, Out, Registry, Timer, Version};
use crate::caller::Call;
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::Input;
use crate::request::{Answer, ErrorCode, Op, Outcome, Stat};
use crate::view::MemberView;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Numbers of writes of one peer: s2 counts from 20,001.
const NUMBERS: u32 = 10_000;
/// A peer that was not heard of for so many rounds of gossip is silent.
const SILENT: u32 = 3;

/// A server of the registry.
#[derive(Clone, Debug)]
pub struct Peer {
    me: NodeId,
    config: Config,
    book: Book,
    /// Rounds of gossip since each other peer was heard of.
    unheard: BTreeMap<NodeId, u32>,
    /// How often it has asked for the others' book; `None` once one has answered.
    fetches: Option<usize>,
    /// Writes it has taken.
    taken: u32,
}

impl Peer {
    /// Starts with nothing, and asks for what the others have.
    pub(super) fn boot(me: NodeId, config: &Config, out: &mut Out) -> Self {
        let mut peer = Self {
            me,
            config: config.clone(),
            book: Book::default(),
            unheard: config.others(me).map(|other| (other, 0)).collect(),
            fetches: Some(0),
            taken: 0,
        };
        peer.fetch(out);
        out.arm(Timer::Gossip, config.spec.gossip);
        peer
    }

    pub(super) fn handle(&mut self, input: Input<Registry>, out: &mut Out) {
        match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(Timer::Gossip) => self.on_gossip_round(out),
            Input::Timer(Timer::Reconnect) | Input::Fsynced => {}
            Input::Closed(_)
            | Input::Request(_)
            | Input::Recipe(_)
            | Input::Connect(_)
            | Input::Outside(_) => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) {
        if let Some(rounds) = self.unheard.get_mut(&from) {
            *rounds = 0;
        }
        match message {
            Message::Call(Call::Hello) => out.send(from, Message::Call(Call::Welcome)),
            Message::Call(Call::Request(number, op)) => {
                let outcome = if op.is_write() { self.write(&op, out) } else { self.book.read(&op) };
                out.send(from, Message::Call(Call::Reply(number, outcome)));
            }
            Message::Call(_) => out.ignore("not for a peer"),
            Message::Replicate(path, entry) => self.merge(from, &Entries::unit(path, entry), out),
            Message::Gossip(entries) => self.merge(from, &entries, out),
            Message::Fetch => out.send(from, Message::Registry(self.book.entries().clone())),
            Message::Registry(entries) => {
                self.fetches = None;
                self.merge(from, &entries, out);
            }
        }
    }

    /// A write is decided as soon as this peer has it.
    fn write(&mut self, op: &Op, out: &mut Out) -> Outcome {
        let Some(path) = op.path() else { return Err(ErrorCode::BadArguments) };
        // Renewing or taking back what is not there: the client has to register again, as with Eureka.
        if !matches!(op, Op::Create { .. }) && !self.book.values().contains_key(path) {
            return Err(ErrorCode::NoNode);
        }
        let txn = u32::from(self.me.sid().unwrap_or(0)) * NUMBERS + self.taken + 1;
        let entry = Entry::of(op, Version { at: out.now(), by: self.me, txn })?;
        self.taken += 1;
        out.milestone(Milestone::Began { txn, what: entry.what.clone() });
        out.milestone(Milestone::Decided { txn, commit: true, what: entry.what.clone() });
        if !self.book.merge(path, &entry) {
            out.ignore(format!("{txn} is lost at once: {path} has a write that looks later"));
        }
        out.send_all(self.config.others(self.me).collect(), Message::Replicate(path.clone(), entry));
        Ok(match op {
            Op::Create { path, .. } => Answer::Created(path.clone(), Stat::default()),
            Op::SetData { .. } => Answer::Stat(Stat::default()),
            _ => Answer::Done,
        })
    }

    /// Last write wins. What would be dropped at once is not taken over, or gossip would bring it back
    /// for ever.
    fn merge(&mut self, from: NodeId, entries: &Entries, out: &mut Out) {
        let mut newer = 0;
        for (path, entry) in entries {
            if !self.has_run_out(entry, out) && self.book.merge(path, entry) {
                newer += 1;
                if entry.version.by == self.me {
                    // Its own write from before a restart: numbers go on after it.
                    self.taken = self.taken.max(entry.version.txn % NUMBERS);
                }
            }
        }
        if newer > 0 {
            out.milestone(Milestone::Merged { from, entries: newer });
        }
    }

    fn on_gossip_round(&mut self, out: &mut Out) {
        for rounds in self.unheard.values_mut() {
            *rounds += 1;
        }
        self.drop_what_has_run_out(out);
        self.fetch(out);
        // An empty book too: gossip is how the others know that this peer is there.
        let all = Message::Gossip(self.book.entries().clone());
        out.send_all(self.config.others(self.me).collect(), all);
        out.arm(Timer::Gossip, self.config.spec.gossip);
    }

    /// Asks one peer after the other until one has answered.
    fn fetch(&mut self, out: &mut Out) {
        let Some(asked) = &mut self.fetches else { return };
        let others: Vec<NodeId> = self.config.others(self.me).collect();
        // The next one by sid first, so that peers that start together do not all ask the same.
        let place = others.partition_point(|other| *other < self.me) + *asked;
        *asked += 1;
        if !others.is_empty() {
            out.send(others[place % others.len()], Message::Fetch);
        }
    }

    /// Whether a peer may be there and not be heard.
    fn is_silent(&self, peer: NodeId) -> bool {
        self.unheard.get(&peer).is_some_and(|rounds| *rounds >= SILENT)
    }

    /// Self-preservation: no lease runs out that was last renewed at a silent peer, which may be taking
    /// renewals that cannot be seen from here.
    fn has_run_out(&self, entry: &Entry, out: &Out) -> bool {
        let ends = entry.version.at + self.config.spec.lease;
        out.now() > ends && !self.is_silent(entry.version.by)
    }

    /// Tombstones go after a lease too: what they bury has run out by then everywhere.
    fn drop_what_has_run_out(&mut self, out: &mut Out) {
        let over = self.book.entries().iter().filter(|(_, entry)| self.has_run_out(entry, out));
        let over: Vec<(Arc<str>, bool)> =
            over.map(|(path, entry)| (path.clone(), entry.value.is_some())).collect();
        for (path, is_registered) in over {
            self.book.remove(&path);
            if is_registered {
                out.milestone(Milestone::LeaseExpired(path));
            }
        }
    }

    pub(super) fn view(&self) -> MemberView {
        let silent = self.unheard.keys().filter(|peer| self.is_silent(**peer));
        let silent: Vec<String> = silent.map(ToString::to_string).collect();
        let says = match (silent.is_empty(), self.fetches) {
            (false, _) => format!("hears nothing of {}", silent.join(", ")).into(),
            (true, Some(_)) if !self.unheard.is_empty() => "asks for the registry".into(),
            (true, _) => "answers".into(),
        };
        let dead = self.book.entries().len() - self.book.values().len();
        MemberView {
            role: "PEER".into(),
            leads: false,
            term: 1,
            says,
            fields: Arc::from([
                ("registered".into(), (self.book.values().len() as u32).into()),
                ("tombstones".into(), (dead as u32).into()),
                ("writes taken".into(), self.taken.into()),
            ]),
            items: self.book.items().clone(),
            values: self.book.values().clone(),
            locked: 0,
            waits: None,
        }
    }
}
