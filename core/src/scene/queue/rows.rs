//! One row of a line, with everything that is known of it; made for the rows that are seen.

use super::census::{Member, READY};
use super::family::{Family, Part};
use super::{Finder, Queue, Stand};
use crate::ids::{NodeId, Seq, SessionId};
use crate::protocol::Value;
use crate::recipe::Standing;
use crate::time::Time;
use crate::trace::{Flight, Line};
use crate::tree::path;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The label of the message that tells of a watch.
const EVENT: &str = "EVENT";

/// One of those in line.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place in line, from 1; none for who is not in line.
    pub place: Option<u32>,
    /// Who it is, as far as a client says whose session that is.
    pub who: Option<NodeId>,
    /// Its znode.
    pub znode: Option<Arc<str>>,
    /// What it wants.
    pub part: Part,
    /// The session that its znode goes with.
    pub session: Option<SessionId>,
    /// When that session ends unless it is heard from, by the leader's clock, and its timeout.
    pub clock: Option<(Time, u32)>,
    /// Whether it has what it wants, as the service sees it.
    pub holds: bool,
    /// Since when it has it, or waits for it.
    pub since: Option<Time>,
    /// Who else waits for a change of its znode.
    pub watched_by: u32,
    /// What it watches in this line.
    pub watches: Option<Target>,
    /// How its recipe stands, as its client believes.
    pub belief: Option<Standing>,
    /// Whether the two agree.
    pub verdict: Verdict,
}

/// What somebody in line watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The znode of this row, and whose that is.
    Row(usize, Option<NodeId>),
    /// What stands for all: the folder, or a barrier's `ready`.
    Gate,
}

/// What a client believes beside what the service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The client says nothing: a program outside, or nobody's session.
    Silent,
    /// The same.
    Agrees,
    /// It has it and does not know that yet.
    NotYet,
    /// It has it and is in doubt.
    Doubts,
    /// It believes to have it, and has not.
    Wrong,
}

/// An event on its way to somebody in line.
#[derive(Clone, Debug, PartialEq)]
pub struct Wake {
    /// Its message.
    pub sent: Seq,
    /// How it is said: `EVENT from s1 to c2`.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// How much of its way is behind it.
    pub part: f32,
    /// Whether it stands still: cut off or held.
    pub waits: bool,
}

impl Finder {
    /// The znode of one of a line.
    pub(super) fn member<'a>(&'a self, queue: &'a Queue, stand: Stand) -> Option<&'a Member> {
        match stand {
            Stand::Member { folder, index, .. } => {
                let folder = queue.folders.get(usize::from(folder))?;
                self.census.below().get(folder)?.members.get(index as usize)
            }
            Stand::Other { index, .. } => queue.others.get(index as usize),
            Stand::Outside(_) | Stand::Watcher(_) => None,
        }
    }

    /// These rows of a line.
    pub fn rows(&self, queue: &Queue, range: Range<usize>) -> Vec<Row> {
        let outside = queue.stands.iter().take_while(|stand| matches!(stand, Stand::Outside(_))).count();
        let end = range.end.min(queue.stands.len());
        (range.start.min(end)..end).map(|index| self.row(queue, index, outside)).collect()
    }

    fn row(&self, queue: &Queue, index: usize, outside: usize) -> Row {
        let stand = queue.stands[index];
        match (stand, self.member(queue, stand)) {
            (Stand::Member { holds, .. } | Stand::Other { holds, .. }, Some(member)) => {
                let place = Some((index - outside) as u32 + 1);
                self.of_member(queue, index, member, holds, place)
            }
            (Stand::Watcher(client), _) => self.of_watcher(queue, client, outside),
            (Stand::Outside(client), _) => self.of_outsider(queue, client),
            (Stand::Member { .. } | Stand::Other { .. }, None) => blank(Part::Alone),
        }
    }

    fn of_member(
        &self,
        queue: &Queue,
        index: usize,
        member: &Member,
        holds: bool,
        place: Option<u32>,
    ) -> Row {
        let who = self.crowd.owner(member.session);
        let session = Some(member.session).filter(|session| *session != SessionId::NONE);
        let belief = who.and_then(|client| self.belief(queue, client, Some(&member.path)));
        // A line in which somebody reads has no plain locks: kazoo calls its writers so.
        let writes = member.part == Part::Alone && queue.family == Family::ReadWriteLock;
        Row {
            place,
            who,
            znode: Some(member.path.clone()),
            part: if writes { Part::Write } else { member.part },
            session,
            clock: session.and_then(|session| self.clock(session)),
            holds,
            since: Some(if holds { self.has_since(queue, member) } else { self.made_at(member) }),
            watched_by: self.watchers(&member.path).count() as u32,
            watches: who.and_then(|client| self.target(queue, index, client)),
            belief,
            verdict: match belief {
                _ if queue.family == Family::Queue => Verdict::Silent,
                None => Verdict::Silent,
                Some(Standing::Holding) if !holds => Verdict::Wrong,
                Some(Standing::Doubting) if holds => Verdict::Doubts,
                Some(Standing::Asking | Standing::Waiting) if holds => Verdict::NotYet,
                Some(_) => Verdict::Agrees,
            },
        }
    }

    fn of_watcher(&self, queue: &Queue, client: NodeId, outside: usize) -> Row {
        let session = self.crowd.session(client);
        let belief = self.belief(queue, client, None);
        let watches = if self.watches(client, &queue.path) && !queue.others.is_empty() {
            let holder = self.member(queue, queue.stands[outside]);
            Some(Target::Row(outside, holder.and_then(|member| self.crowd.owner(member.session))))
        } else {
            queue.folders.iter().any(|at| self.watches_children(client, at)).then_some(Target::Gate)
        };
        Row {
            who: Some(client),
            session,
            clock: session.and_then(|session| self.clock(session)),
            since: self.crowd.recipes(client, &queue.path).next_back().map(|recipe| recipe.since),
            watches,
            belief,
            verdict: if belief.is_some() { Verdict::Agrees } else { Verdict::Silent },
            ..blank(Part::Watcher)
        }
    }

    fn of_outsider(&self, queue: &Queue, client: NodeId) -> Row {
        let recipe = self.crowd.recipes(client, &queue.path).next_back();
        Row {
            who: Some(client),
            session: self.crowd.session(client),
            since: recipe.map(|recipe| recipe.since),
            belief: recipe.map(|recipe| recipe.standing),
            verdict: Verdict::Wrong,
            ..blank(Part::Alone)
        }
    }

    fn clock(&self, session: SessionId) -> Option<(Time, u32)> {
        let clock = self.sessions.get(&session)?;
        Some((Time::from_ms(clock.expires_ms), clock.timeout_ms))
    }

    fn made_at(&self, member: &Member) -> Time {
        self.wakes.time_of(member.czxid, member.ctime_ms)
    }

    /// When the last one went that kept it waiting; if there was none, when it was made.
    fn has_since(&self, queue: &Queue, member: &Member) -> Time {
        let made = self.made_at(member);
        if queue.is_open {
            let ready = self.tree.node(&format!("{}/{READY}", queue.path));
            return ready.map_or(made, |ready| self.wakes.time_of(ready.czxid, ready.ctime_ms)).max(made);
        }
        let folder = path::parent(&member.path).and_then(|folder| self.census.below().get(folder));
        let blocks = |gone: &&super::census::Gone| {
            gone.turn < member.turn && (gone.part.is_exclusive() || member.part.is_exclusive())
        };
        let gone = folder.and_then(|sequence| sequence.gone.iter().find(blocks));
        gone.map_or(made, |gone| self.wakes.time_of(gone.zxid, gone.time_ms).max(made))
    }

    /// How the recipe of a client stands that a znode belongs to.
    fn belief(&self, queue: &Queue, client: NodeId, znode: Option<&Arc<str>>) -> Option<Standing> {
        let all = || self.crowd.recipes(client, &queue.path);
        let own = znode.and_then(|znode| all().find(|recipe| recipe.znode.as_ref() == Some(znode)));
        let newest = || all().next_back().filter(|recipe| znode.is_none() || recipe.znode.is_none());
        own.or_else(newest).map(|recipe| recipe.standing)
    }

    /// Which of the others a client watches. Whoever waits in line watches the one before, the last or the first that
    /// it cannot pass, or the first of all (facts 11).
    fn target(&self, queue: &Queue, index: usize, client: NodeId) -> Option<Target> {
        let at = |index: usize| self.member(queue, queue.stands[index]);
        let blocks = |index: &usize| at(*index).is_some_and(|member| member.part.is_exclusive());
        let watched = |index: &usize| at(*index).is_some_and(|member| self.watches(client, &member.path));
        let first = queue.stands.iter().position(|stand| !matches!(stand, Stand::Outside(_)))?;
        let last = queue.stands.len() - 1;
        let candidates = [
            index.checked_sub(1).filter(|before| *before >= first),
            (first..index).rfind(blocks),
            (first..index).find(blocks),
            Some(first),
            Some(last),
        ];
        let target = candidates.into_iter().flatten().filter(|other| *other != index).find(watched);
        if let Some(target) = target {
            let whose = at(target).and_then(|member| self.crowd.owner(member.session));
            return Some(Target::Row(target, whose));
        }
        let gate = format!("{}/{READY}", queue.path);
        let by_gate = queue.folders.iter().any(|folder| self.watches_children(client, folder))
            || (queue.family == Family::DoubleBarrier && self.watches(client, &gate));
        by_gate.then_some(Target::Gate)
    }

    /// Events about a line that are on their way at a moment, by whom they will wake up.
    pub fn wakes(&self, queue: &Queue, line: Line<'_>, len: usize, at: Time) -> BTreeMap<NodeId, Wake> {
        let is_about = |path: &str| {
            path == &*queue.path
                || queue.folders.iter().any(|folder| path == &**folder)
                || path::parent(path).is_some_and(|above| {
                    above == &*queue.path || queue.folders.iter().any(|folder| above == &**folder)
                })
        };
        let wake = |flight: Flight<'_>| {
            if flight.message.label != EVENT {
                return None;
            }
            let about = match flight.message.get("path") {
                Some(Value::Text(path)) => is_about(path),
                _ => false,
            };
            let whole = flight.arrives.map(|arrives| arrives.since(flight.left).0.max(1));
            let gone = at.since(flight.left).0 as f32;
            let part = whole.map_or(0.5, |whole| (gone / whole as f32).clamp(0.0, 1.0));
            let waits = flight.arrives.is_none();
            let Flight { sent, from, to, .. } = flight;
            about.then_some((to, Wake { sent, from, to, part, waits }))
        };
        line.flights(len).into_iter().filter_map(wake).collect()
    }
}

fn blank(part: Part) -> Row {
    Row {
        place: None,
        who: None,
        znode: None,
        part,
        session: None,
        clock: None,
        holds: false,
        since: None,
        watched_by: 0,
        watches: None,
        belief: None,
        verdict: Verdict::Silent,
    }
}
