//! A server: one entry for everything that happens to it, one role at a time.

use super::base::Base;
use super::config::Config;
use super::disk::ZabDisk;
use super::election::{Decision, Election};
use super::leader::Leader;
use super::learner::Learner;
use super::message::{ClientPacket, Message, Notification, Packet};
use super::store::Store;
use super::{Out, Timer, Zab};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::protocol::Input;
use crate::view::{Phase, Role, ServerView, State};
use std::sync::Arc;

/// A server of the ensemble.
#[derive(Clone, Debug)]
pub struct Peer {
    base: Base,
    role: PeerRole,
}

/// What a server is at the moment; each role owns its data.
#[derive(Clone, Debug)]
enum PeerRole {
    Looking(Election),
    /// Following, or observing if it has no vote.
    Learning(Box<Learner>),
    Leading(Box<Leader>),
    /// Refused to start.
    Dead,
}

/// Where a handler leaves its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// As it is.
    Stay,
    /// Back to an election, for this reason.
    Look(String),
    /// The process ends, for this reason.
    Exit(String),
}

impl Peer {
    /// Loads what the disk holds and begins to look for a leader.
    pub fn boot(me: NodeId, config: &Config, disk: ZabDisk, out: &mut Out) -> Self {
        let (store, refusal) = match Store::boot(disk, out) {
            Ok(store) => (store, None),
            Err(why) => (Store::load(ZabDisk::default()), Some(why)),
        };
        let mut base = Base {
            me,
            config: Arc::new(config.clone()),
            store,
            round: 0,
            vote: super::message::Vote { leader: me, zxid: crate::ids::Zxid::ZERO, epoch: 0 },
            vote_round: 0,
            next_session: Base::first_session(me, config, out.now()),
        };
        if let Some(why) = refusal {
            out.exit(format!("refuses to start: {why}"));
            return Self { base, role: PeerRole::Dead };
        }
        base.vote = base.own_vote();
        let election = Election::begin(&mut base, "it has just started", out);
        Self { base, role: PeerRole::Looking(election) }
    }

    /// Something happened.
    pub fn handle(&mut self, input: Input<Zab>, out: &mut Out) {
        let next = match input {
            Input::Message { from, message } => self.on_message(from, message, out),
            Input::Timer(timer) => self.on_timer(timer, out),
            Input::Fsynced => self.on_fsynced(out),
            Input::Closed(peer) => self.on_closed(peer, out),
            Input::Request(_) | Input::Recipe(_) | Input::Connect(_) | Input::Outside(_) => {
                out.ignore("a server is not a client");
                Next::Stay
            }
        };
        self.go(next, out);
    }

    fn on_message(&mut self, from: NodeId, message: Message, out: &mut Out) -> Next {
        match message {
            Message::Notification(note) => {
                self.on_notification(from, note, out);
                Next::Stay
            }
            Message::Quorum(packet) | Message::Loose(packet) => self.on_packet(from, packet, out),
            Message::Client(packet) => self.on_client(from, packet, out),
            Message::Work(_) => {
                out.ignore("a server is no storage");
                Next::Stay
            }
        }
    }

    /// The receiver thread answers whoever knows less, then the election sees the vote (facts 1.5).
    fn on_notification(&mut self, from: NodeId, note: Notification, out: &mut Out) {
        if !self.base.config.quorum.is_voter(from) {
            // Whatever it is doing, and without a look at its vote: that can never win.
            if !matches!(self.role, PeerRole::Dead) {
                out.send(from, Message::Notification(self.base.current(self.role_word())));
            }
            return;
        }
        match &mut self.role {
            PeerRole::Looking(election) => {
                if note.state == Role::Looking && note.round < self.base.round {
                    out.send(from, Message::Notification(election.notification(&self.base)));
                }
                if let Some(decision) = election.on_notification(&mut self.base, from, note, out) {
                    self.decide(decision, out);
                }
            }
            PeerRole::Dead => {}
            PeerRole::Learning(_) | PeerRole::Leading(_) => {
                if note.state == Role::Looking {
                    out.send(from, Message::Notification(self.base.settled(self.role_word())));
                }
            }
        }
    }

    /// The election is over for this server, whatever the others think.
    fn decide(&mut self, decision: Decision, out: &mut Out) {
        for timer in [Timer::Notification, Timer::Finalize] {
            out.disarm(timer);
        }
        let Decision { vote, round } = decision;
        self.base.vote = vote;
        self.base.vote_round = round;
        out.milestone(Milestone::Elected(vote.shown(round)));
        self.role = if vote.leader == self.base.me {
            PeerRole::Leading(Box::new(Leader::begin(&mut self.base, out)))
        } else {
            PeerRole::Learning(Box::new(Learner::begin(&self.base, vote.leader, out)))
        };
    }

    fn on_packet(&mut self, from: NodeId, packet: Packet, out: &mut Out) -> Next {
        match &mut self.role {
            PeerRole::Leading(leader) => leader.on_packet(&mut self.base, from, packet, out),
            PeerRole::Learning(learner) if learner.leader == from => {
                learner.on_packet(&mut self.base, packet, out)
            }
            _ => {
                // Nobody listens on the quorum port of a server that does not lead.
                out.ignore(format!("{} does not lead: {from} is refused", self.base.me));
                out.close(from);
                Next::Stay
            }
        }
    }

    fn on_client(&mut self, client: NodeId, packet: ClientPacket, out: &mut Out) -> Next {
        match &mut self.role {
            PeerRole::Learning(learner) if learner.service.is_some() => {
                let service = learner.service.as_mut();
                let forward = service.and_then(|s| s.on_packet(&mut self.base, client, packet, out));
                if let Some(forward) = forward {
                    learner.forward(forward, out);
                }
                Next::Stay
            }
            PeerRole::Leading(leader) => {
                let Leader { broadcast: Some(broadcast), learners, .. } = leader.as_mut() else {
                    out.close(client);
                    return Next::Stay;
                };
                broadcast.on_client(&mut self.base, learners, client, packet, out)
            }
            _ => {
                // "This ZooKeeper instance is not currently serving requests": the socket is closed.
                out.close(client);
                Next::Stay
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out) -> Next {
        match (&mut self.role, timer) {
            (PeerRole::Looking(election), Timer::Notification) => {
                election.on_silence(&mut self.base, out);
                Next::Stay
            }
            (PeerRole::Looking(election), Timer::Finalize) => {
                if let Some(decision) = election.on_finalize(&self.base) {
                    self.decide(decision, out);
                }
                Next::Stay
            }
            (PeerRole::Learning(learner), Timer::Read) => learner.on_read_timer(&self.base, out),
            (PeerRole::Learning(learner), Timer::Connect) => {
                learner.on_connect_timer(&self.base, out);
                Next::Stay
            }
            (PeerRole::Leading(leader), Timer::Tick) => leader.on_tick(&mut self.base, out),
            (PeerRole::Leading(leader), Timer::Phase) => leader.on_phase_timer(),
            _ => Next::Stay,
        }
    }

    fn on_fsynced(&mut self, out: &mut Out) -> Next {
        let Some(mark) = self.base.store.on_fsynced(out) else { return Next::Stay };
        match &mut self.role {
            PeerRole::Learning(learner) => {
                learner.on_durable(&mut self.base, mark, out);
                Next::Stay
            }
            PeerRole::Leading(leader) => leader.on_durable(&mut self.base, mark, out),
            PeerRole::Looking(_) | PeerRole::Dead => Next::Stay,
        }
    }

    fn on_closed(&mut self, peer: NodeId, out: &mut Out) -> Next {
        match &mut self.role {
            PeerRole::Learning(learner) if peer == learner.leader => learner.on_closed(out),
            PeerRole::Learning(learner) => {
                if let Some(service) = &mut learner.service {
                    service.on_closed(peer);
                }
                Next::Stay
            }
            PeerRole::Leading(leader) => {
                leader.on_closed(peer);
                if let Some(broadcast) = &mut leader.broadcast {
                    broadcast.service.on_closed(peer);
                }
                Next::Stay
            }
            PeerRole::Looking(_) | PeerRole::Dead => Next::Stay,
        }
    }

    fn go(&mut self, next: Next, out: &mut Out) {
        match next {
            Next::Stay => {}
            Next::Exit(why) => out.exit(why),
            Next::Look(why) => {
                match std::mem::replace(&mut self.role, PeerRole::Dead) {
                    PeerRole::Learning(learner) => learner.leave(&mut self.base, out),
                    PeerRole::Leading(leader) => {
                        out.milestone(Milestone::SteppedDown(why.as_str().into()));
                        leader.leave(&mut self.base, out);
                    }
                    PeerRole::Looking(_) | PeerRole::Dead => {}
                }
                self.role = PeerRole::Looking(Election::begin(&mut self.base, &why, out));
            }
        }
    }

    fn role_word(&self) -> Role {
        match &self.role {
            PeerRole::Looking(_) | PeerRole::Dead => Role::Looking,
            PeerRole::Learning(_) if self.base.votes() => Role::Following,
            PeerRole::Learning(_) => Role::Observing,
            PeerRole::Leading(_) => Role::Leading,
        }
    }

    /// What the server shows.
    pub fn view(&self) -> State {
        let store = &self.base.store;
        let settled = self.base.vote.shown(self.base.vote_round);
        let (phase, leader, vote, waits) = match &self.role {
            PeerRole::Looking(election) => {
                let vote = election.proposal.shown(self.base.round);
                (Phase::Election, None, vote, Some(crate::view::Wait::Votes))
            }
            PeerRole::Learning(learner) => (learner.phase(), Some(learner.leader), settled, learner.waits()),
            PeerRole::Leading(leader) => (leader.phase(), Some(self.base.me), settled, leader.waits()),
            PeerRole::Dead => return State::None,
        };
        let ballots = match &self.role {
            PeerRole::Looking(election) => election.ballots().collect(),
            _ => Arc::default(),
        };
        let (learners, outstanding) = match &self.role {
            PeerRole::Leading(leader) => (
                leader.shown.clone(),
                leader.broadcast.as_ref().map_or(0, super::broadcast::Broadcast::outstanding),
            ),
            _ => (Arc::default(), 0),
        };
        let service = match &self.role {
            PeerRole::Leading(leader) => leader.broadcast.as_ref().map(super::broadcast::Broadcast::view),
            PeerRole::Learning(learner) => learner.service.as_ref().map(super::service::Service::view),
            _ => None,
        };
        let service = service.unwrap_or_default();
        State::Server(ServerView {
            role: self.role_word(),
            phase,
            leader,
            accepted_epoch: store.accepted_epoch,
            current_epoch: store.current_epoch,
            round: self.base.round,
            vote,
            ballots,
            log: store.log.clone(),
            base: store.base,
            logged: store.logged(),
            durable: store.durable,
            committed: store.committed,
            tree: store.tree.clone(),
            learners,
            outstanding,
            service,
            waits,
        })
    }
}
