//! One real server alone on a bench. Everything that could happen to it is done by hand, and everything it
//! wants done is written down, in order.
//!
//! | command | does |
//! |---|---|
//! | `boot s1 of 3 …` | starts it on a disk: `log= snapshot= base= acceptedEpoch= currentEpoch= torn=yes …` |
//! | `note s2 LOOKING s3 zxid=1.2 epoch=1 round=1` | a notification arrives |
//! | `packet s2 LEADERINFO epoch=2` | a packet arrives |
//! | `fsynced` | the oldest fsync ends |
//! | `timer read` | a timer fires, at the moment it was armed for |
//! | `closed s2` | the connection with s2 is gone |
//! | `wait 5s` | time passes; no timer fires |
//! | `crash`, `restart` | power fails: what no fsync has made durable is lost |
//! | `view`, `disk` | shows the server, or what is durable |
//! | `become leader with s2` | does all of the handshake up to broadcast, s2 being one with it |
//! | `become learner of s3 epoch=2` | does all of it up to ACKEPOCH |

use super::args::{self, Args};
use super::script::Bench;
use super::{cast, packets, shown};
use std::collections::{BTreeMap, VecDeque};
use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::protocol::{Durable, Effect, Input, Named, Outbox, Protocol};
use zoolab_core::rng::Dice;
use zoolab_core::time::Time;
use zoolab_core::view::{Role, ServerView, State};
use zoolab_core::zab::{Config, Message, Notification, Packet, Timer, Vote, Zab, ZabDisk, ZabWrite};

/// All timers of a server.
const TIMERS: [Timer; 6] =
    [Timer::Notification, Timer::Finalize, Timer::Phase, Timer::Tick, Timer::Read, Timer::Connect];

/// The bench; empty before `boot`.
#[derive(Default)]
pub struct Puppet {
    on: Option<On>,
}

/// A server on the bench.
struct On {
    me: NodeId,
    config: Config,
    /// `None` after a crash.
    server: Option<Zab>,
    disk: ZabDisk,
    /// Writes that wait for an fsync, one list for each one asked for, oldest first.
    asked: VecDeque<Vec<ZabWrite>>,
    /// Writes since.
    unasked: Vec<ZabWrite>,
    armed: BTreeMap<Timer, Time>,
    now: Time,
}

impl Bench for Puppet {
    fn command(&mut self, verb: &str, args: &mut Args, said: &mut Vec<String>) -> Result<(), String> {
        if verb == "boot" {
            let on = self.on.insert(On::read(args)?);
            on.boot(said);
            return Ok(());
        }
        let on = self.on.as_mut().ok_or("nothing is on the bench; `boot` first")?;
        on.command(verb, args, said)
    }
}

impl On {
    /// `s1 of 3 log=1.1,1.2 …`: a server that is off, with its disk.
    fn read(args: &mut Args) -> Result<Self, String> {
        let me = args.node()?;
        if !args.eat("of") {
            return Err("expected `boot s1 of 3`".to_owned());
        }
        let servers = args::number(&args.word("how many servers")?)?;
        let scenario = cast::scenario(servers, args)?;
        let history = args.option("log", args::history)?.unwrap_or_default();
        let base = args.option("base", args::zxid)?.unwrap_or_default();
        let snapshots = args.option("snapshot", args::history)?.unwrap_or_default();
        let snapshot = |at: Zxid| (at, cast::tree(history.iter().filter(|zxid| **zxid <= at)));
        let snapshots = snapshots.into_iter().map(|at| {
            let (at, mut tree) = snapshot(at);
            tree.set_last_zxid(at);
            (at, tree)
        });
        let disk = ZabDisk {
            accepted_epoch: args.option("acceptedEpoch", args::number)?,
            current_epoch: args.option("currentEpoch", args::number)?,
            updating_epoch: args.option("currentEpoch.tmp", args::number)?,
            log: history.iter().filter(|zxid| **zxid > base).map(|zxid| cast::entry(*zxid)).collect(),
            base,
            torn: args.option("torn", |_| Ok(true))?.unwrap_or_default(),
            snapshots: snapshots.collect(),
        };
        Ok(Self {
            me,
            config: Config::of(&scenario),
            server: None,
            disk,
            asked: VecDeque::new(),
            unasked: Vec::new(),
            armed: BTreeMap::new(),
            now: Time::ZERO,
        })
    }

    fn command(&mut self, verb: &str, args: &mut Args, said: &mut Vec<String>) -> Result<(), String> {
        match verb {
            "note" => {
                let from = args.node()?;
                let message = Message::Notification(packets::notification(args)?);
                self.feed(Input::Message { from, message }, said)
            }
            "packet" => {
                let from = args.node()?;
                let message = Message::Quorum(packets::packet(args)?);
                self.feed(Input::Message { from, message }, said)
            }
            "closed" => {
                let peer = args.node()?;
                self.feed(Input::Closed(peer), said)
            }
            "fsynced" => self.fsynced(said),
            "timer" => {
                let times = args.option("times", args::number)?.unwrap_or(1);
                let name = args.word("a timer")?;
                (0..times).try_for_each(|_: u64| self.fire(&name, said))
            }
            "wait" => {
                self.now = self.now + args::span(&args.word("a time")?)?;
                Ok(())
            }
            "view" => self.view().map(|view| said.extend(shown::server(&view))),
            "disk" => {
                said.extend(shown::disk(&self.disk));
                Ok(())
            }
            "crash" => {
                self.server = None;
                self.asked.clear();
                self.unasked.clear();
                self.armed.clear();
                Ok(())
            }
            "restart" => {
                self.boot(said);
                Ok(())
            }
            "become" => self.grow(args, said),
            _ => Err("no such command for a server on the bench".to_owned()),
        }
    }

    fn boot(&mut self, said: &mut Vec<String>) {
        let mut out = self.outbox();
        self.server = Some(Zab::boot(self.me, &self.config, self.disk.clone(), &mut out));
        self.carry_out(&mut out, said);
    }

    fn outbox(&self) -> Outbox<Zab> {
        Outbox::new(self.me, self.now, Dice::new(1))
    }

    fn feed(&mut self, input: Input<Zab>, said: &mut Vec<String>) -> Result<(), String> {
        let mut out = self.outbox();
        self.server.as_mut().ok_or("the server is not running")?.handle(input, &mut out);
        self.carry_out(&mut out, said);
        Ok(())
    }

    /// Does what the server wants as far as a bench can, and writes it down.
    fn carry_out(&mut self, out: &mut Outbox<Zab>, said: &mut Vec<String>) {
        for effect in out.take() {
            match &effect {
                Effect::Arm(timer, span) => {
                    self.armed.insert(*timer, self.now + *span);
                }
                // It was not running: nothing to tell.
                Effect::Disarm(timer) if self.armed.remove(timer).is_none() => continue,
                Effect::Write(write) => self.unasked.push(write.clone()),
                Effect::Fsync => self.asked.push_back(std::mem::take(&mut self.unasked)),
                Effect::Exit => self.server = None,
                _ => {}
            }
            said.push(shown::effect(&effect));
        }
    }

    fn fsynced(&mut self, said: &mut Vec<String>) -> Result<(), String> {
        let writes = self.asked.pop_front().ok_or("no fsync is under way")?;
        for write in &writes {
            self.disk.apply(write);
        }
        self.feed(Input::Fsynced, said)
    }

    fn fire(&mut self, name: &str, said: &mut Vec<String>) -> Result<(), String> {
        let timer = TIMERS.into_iter().find(|timer| timer.name() == name);
        let timer = timer.ok_or_else(|| format!("`{name}` is not a timer"))?;
        let due = self.armed.remove(&timer).ok_or_else(|| format!("{name} does not run"))?;
        self.now = self.now.max(due);
        self.feed(Input::Timer(timer), said)
    }

    fn view(&self) -> Result<ServerView, String> {
        match &self.server.as_ref().map(Protocol::view) {
            Some(State::Server(view)) => Ok(ServerView::clone(view)),
            _ => Err("the server is not running".to_owned()),
        }
    }

    fn grow(&mut self, args: &mut Args, said: &mut Vec<String>) -> Result<(), String> {
        let what = args.word("leader or learner")?;
        args.maybe(); // `with` or `of`
        let peer = args.node()?;
        match what.as_str() {
            "leader" => self.become_leader(peer, said),
            "learner" => {
                let epoch = args.need("epoch", args::number)?;
                self.become_learner(peer, epoch, said)
            }
            _ => Err(format!("nobody becomes `{what}`")),
        }
    }

    /// Everybody agrees with this server, then `with` shakes hands with it as one of the same history.
    fn become_leader(&mut self, with: NodeId, said: &mut Vec<String>) -> Result<(), String> {
        let mine = self.view()?;
        self.decide(with, Role::Looking, self.me, said)?;
        let (zxid, current_epoch) = (mine.vote.zxid, Some(mine.current_epoch));
        self.hear(with, Packet::Info { accepted_epoch: mine.accepted_epoch, observer: false }, said)?;
        self.fsynced(said)?;
        self.hear(with, Packet::AckEpoch { zxid, current_epoch }, said)?;
        self.fsynced(said)?;
        let epoch = self.view()?.accepted_epoch;
        self.hear(with, Packet::Ack { zxid: Zxid::new(epoch, 0) }, said)
    }

    /// `leader` is elected and opens `epoch`.
    fn become_learner(&mut self, leader: NodeId, epoch: u32, said: &mut Vec<String>) -> Result<(), String> {
        if self.config.quorum.is_voter(self.me) {
            self.decide(leader, Role::Looking, leader, said)?;
        } else {
            let voters: Vec<NodeId> = self.config.quorum.voters().collect();
            for voter in voters {
                let role = if voter == leader { Role::Leading } else { Role::Following };
                if self.view()?.role == Role::Looking {
                    self.note(voter, role, leader, said)?;
                }
            }
        }
        self.hear(leader, Packet::LeaderInfo { epoch }, said)?;
        self.fsynced(said)
    }

    fn decide(
        &mut self,
        from: NodeId,
        state: Role,
        leader: NodeId,
        said: &mut Vec<String>,
    ) -> Result<(), String> {
        self.note(from, state, leader, said)?;
        self.fire(Timer::Finalize.name(), said)
    }

    /// `from` votes for `leader`, whose history is this server's own.
    fn note(
        &mut self,
        from: NodeId,
        state: Role,
        leader: NodeId,
        said: &mut Vec<String>,
    ) -> Result<(), String> {
        let mine = self.view()?;
        let vote = Vote { leader, zxid: mine.vote.zxid, epoch: mine.vote.epoch };
        let message = Message::Notification(Notification { state, vote, round: mine.round });
        self.feed(Input::Message { from, message }, said)
    }

    fn hear(&mut self, from: NodeId, packet: Packet, said: &mut Vec<String>) -> Result<(), String> {
        self.feed(Input::Message { from, message: Message::Quorum(packet) }, said)
    }
}
