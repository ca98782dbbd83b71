//! Where time stops by itself: breakpoints, and what one press of "run until" looks for.
//!
//! Records are looked through ahead of the playhead, as the engine tells them, and the playhead never passes what
//! was not looked at. So none is missed, however fast time passes and whatever is skipped.
//!
//! ```text
//!   ──●───────●──●─────○─────────────┤ horizon
//!     playhead   hit   looked at        the playhead may go up to the hit, else up to what was looked at
//! ```

use super::condition::Condition;
use std::collections::BTreeMap;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::predicate::Lookout;
use zoolab_core::scenario::{Cast, ProtocolName, Scenario, Source, read_predicate};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line};
use zoolab_core::view::{ItemStage, Phase, Role, State, Status};

/// Records looked through per frame at most.
const RECORDS_PER_FRAME: usize = 20_000;

/// One breakpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakpoint {
    /// Whether time stops there.
    pub on: bool,
    /// At what.
    pub condition: Condition,
    /// How often it has stopped time in this run.
    pub hits: u32,
    /// Whether it is one of those that are always offered.
    pub offered: bool,
}

/// Something a person does with breakpoints.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Switch one on or off, by its place.
    Toggle(usize),
    /// One more, switched on.
    Add(Condition),
    /// One less.
    Remove(usize),
    /// What is typed as a condition.
    Typing(String),
    /// Make a breakpoint of what was typed.
    AddTyped,
    /// Run until what was typed is true.
    Until,
}

impl Deed {
    /// The id of its texts.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Toggle(_) => "break-toggle",
            Self::Add(_) | Self::AddTyped => "break-add",
            Self::Remove(_) => "break-remove",
            Self::Typing(_) => "break-typing",
            Self::Until => "break-until",
        }
    }
}

/// A place at which time must stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The moment after the step.
    pub len: usize,
    /// Which breakpoints, by their place.
    pub places: Vec<usize>,
    /// Whether it is what one run looked for.
    pub until: bool,
}

/// All breakpoints, and how far the run was looked through for them.
#[derive(Debug, Default)]
pub struct Breakpoints {
    /// In the order of the list.
    pub list: Vec<Breakpoint>,
    /// What is typed as a condition.
    pub typed: String,
    /// Why that cannot be read.
    pub mistake: Option<String>,
    /// What the present run looks for.
    until: Option<Condition>,
    /// Where time was stopped last, and by what.
    pub stopped: Option<(BranchId, Hit)>,
    look: Option<Look>,
    cast: Option<Cast>,
}

/// A look ahead from one moment of a branch.
#[derive(Clone, Debug)]
struct Look {
    branch: BranchId,
    base: usize,
    read: usize,
    pings: bool,
    phases: BTreeMap<NodeId, Stand>,
    /// By place in the list; `None` for what one run looks for.
    lookouts: Vec<(Option<usize>, Lookout)>,
    hit: Option<Hit>,
}

/// Which phase of its protocol a server is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// Not running.
    Out,
    /// A server of ZAB.
    Of(Role, Phase),
    /// A server of another protocol: whether it leads, and its newest item.
    Item(bool, Option<(u32, ItemStage)>),
}

/// How far the playhead may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Up to this time.
    pub horizon: Time,
    /// Whether nothing comes after that.
    pub finished: bool,
    /// The moment at which it must stop, if there is one before the horizon.
    pub stop: Option<usize>,
}

impl Breakpoints {
    /// A run of this scenario begins: its protocol decides what is offered. What a person has added stays.
    pub fn begin(&mut self, scenario: &Scenario) {
        let offered = offered(scenario.protocol);
        let was_on =
            |condition: &Condition| self.list.iter().any(|old| old.on && old.condition == *condition);
        let mut list: Vec<Breakpoint> = offered
            .into_iter()
            .map(|condition| Breakpoint { on: was_on(&condition), condition, hits: 0, offered: true })
            .collect();
        let cast = Cast::of(scenario);
        for old in self.list.drain(..).filter(|old| !old.offered) {
            // A predicate may name servers that this run does not have.
            let known = match &old.condition {
                Condition::Predicate(_, text) => read(text, &cast).is_ok(),
                Condition::Node(node) => scenario.nodes().contains(node),
                _ => true,
            };
            if known {
                list.push(Breakpoint { hits: 0, ..old });
            }
        }
        *self = Self { list, typed: std::mem::take(&mut self.typed), cast: Some(cast), ..Self::default() };
    }

    /// The nodes and words that a condition may name.
    pub fn cast(&self) -> Option<&Cast> {
        self.cast.as_ref()
    }

    /// Does what a person asks. `true` if a run is to begin that looks for something.
    pub fn run(&mut self, deed: Deed) -> bool {
        self.look = None;
        match deed {
            Deed::Toggle(place) => {
                if let Some(breakpoint) = self.list.get_mut(place) {
                    breakpoint.on = !breakpoint.on;
                }
            }
            Deed::Add(condition) => self.add(condition),
            Deed::Remove(place) => {
                if self.list.get(place).is_some_and(|breakpoint| !breakpoint.offered) {
                    self.list.remove(place);
                    self.stopped = None;
                }
            }
            Deed::Typing(typed) => (self.typed, self.mistake) = (typed, None),
            Deed::AddTyped => {
                if let Some(condition) = self.read_typed() {
                    self.add(condition);
                }
            }
            Deed::Until => {
                self.until = self.read_typed();
                return self.until.is_some();
            }
        }
        false
    }

    fn add(&mut self, condition: Condition) {
        match self.list.iter_mut().find(|breakpoint| breakpoint.condition == condition) {
            Some(known) => known.on = true,
            None => self.list.push(Breakpoint { on: true, condition, hits: 0, offered: false }),
        }
    }

    fn read_typed(&mut self) -> Option<Condition> {
        let read = self.cast.as_ref().map(|cast| read(&self.typed, cast))?;
        self.mistake = read.as_ref().err().cloned();
        read.ok()
    }

    /// Looks once for this, from where the playhead is.
    pub fn look_for(&mut self, condition: Condition) {
        (self.until, self.look) = (Some(condition), None);
    }

    /// Nothing is looked for any more but the breakpoints.
    pub fn give_up(&mut self) {
        if self.until.take().is_some() {
            self.look = None;
        }
    }

    /// The branch has another future now.
    pub fn forget(&mut self, branch: BranchId) {
        if self.look.as_ref().is_some_and(|look| look.branch == branch) {
            self.look = None;
        }
    }

    /// Looks a little further ahead of the playhead, which stands at moment `len`; how far it may go.
    pub fn look(&mut self, line: Line<'_>, len: usize, pings: bool, horizon: Time, finished: bool) -> Reach {
        let free = Reach { horizon, finished, stop: None };
        if self.until.is_none() && !self.list.iter().any(|breakpoint| breakpoint.on) {
            self.look = None;
            return free;
        }
        let valid = self.look.as_ref().is_some_and(|look| {
            look.branch == line.id()
                && look.pings == pings
                && look.read <= line.len()
                && (look.base..=look.read).contains(&len)
                && look.hit.as_ref().is_none_or(|hit| hit.len > len)
        });
        if !valid {
            self.look = Some(self.begin_look(line, len, pings));
        }
        let Self { list, until, look, .. } = self;
        let Some(look) = look else { return free };
        look.go_on(line, list, until.as_ref());
        let time = |len: usize| {
            len.checked_sub(1).and_then(|last| line.get(Seq(last as u32))).map(|record| record.at)
        };
        match &look.hit {
            Some(hit) => {
                let at = time(hit.len).unwrap_or(horizon);
                Reach { horizon: horizon.min(at), finished: false, stop: Some(hit.len) }
            }
            None if look.read < line.len() => {
                // The last moment all of which was looked at.
                let at = time(look.read).unwrap_or(Time::ZERO);
                Reach { horizon: horizon.min(Time(at.0.saturating_sub(1))), finished: false, stop: None }
            }
            None => free,
        }
    }

    fn begin_look(&self, line: Line<'_>, len: usize, pings: bool) -> Look {
        let of_list = self.list.iter().enumerate().filter(|(_, breakpoint)| breakpoint.on);
        let conditions = of_list.map(|(place, breakpoint)| (Some(place), &breakpoint.condition));
        let all = conditions.chain(self.until.iter().map(|condition| (None, condition)));
        let lookouts = all.filter_map(|(place, condition)| match condition {
            Condition::Predicate(predicate, _) => Some((place, Lookout::new(predicate.clone(), line, len))),
            _ => None,
        });
        let stand = |node: &NodeId| {
            let view = line.view(*node, len)?;
            Some((*node, stand(view.status, &view.state)))
        };
        Look {
            branch: line.id(),
            base: len,
            read: len,
            pings,
            lookouts: lookouts.collect(),
            phases: line.nodes().iter().filter(|node| node.is_server()).filter_map(stand).collect(),
            hit: None,
        }
    }

    /// Notes that the playhead has come to the hit, if it has; what it was.
    pub fn arrive(&mut self, line: Line<'_>, len: usize) -> Option<Hit> {
        let look = self.look.as_mut().filter(|look| look.branch == line.id())?;
        let hit = look.hit.take_if(|hit| hit.len <= len)?;
        for place in &hit.places {
            if let Some(breakpoint) = self.list.get_mut(*place) {
                breakpoint.hits += 1;
            }
        }
        // What was looked for once is not looked for again, whatever stopped the run.
        self.until = None;
        self.look = None;
        self.stopped = Some((line.id(), hit.clone()));
        Some(hit)
    }
}

impl Look {
    fn go_on(&mut self, line: Line<'_>, list: &[Breakpoint], until: Option<&Condition>) {
        if self.hit.is_some() {
            return;
        }
        let upto = line.len().min(self.read + RECORDS_PER_FRAME);
        let mut first: Option<Hit> = None;
        for record in line.range(self.read, upto) {
            let turned = self.turns(record.node, &record.view.state, record.view.status);
            let is = |condition: &Condition| match condition {
                Condition::Phase => turned,
                condition => condition.matches(line, record, self.pings),
            };
            let on = list.iter().enumerate().filter(|(_, breakpoint)| breakpoint.on);
            let places: Vec<usize> =
                on.filter(|(_, breakpoint)| is(&breakpoint.condition)).map(|(place, _)| place).collect();
            let until = until.is_some_and(is);
            if until || !places.is_empty() {
                first = Some(Hit { len: line.step_end(record.seq.index() + 1), places, until });
                break;
            }
        }
        let upto = first.as_ref().map_or(upto, |hit| hit.len);
        for (place, lookout) in &mut self.lookouts {
            let Some(len) = lookout.next(line, upto) else { continue };
            let hit = first.get_or_insert(Hit { len, places: Vec::new(), until: false });
            if len < hit.len {
                *hit = Hit { len, places: Vec::new(), until: false };
            }
            if len == hit.len {
                hit.places.extend(*place);
                hit.until |= place.is_none();
            }
        }
        self.read = upto;
        self.hit = first;
    }

    /// Whether the node is in another phase than before.
    fn turns(&mut self, node: Option<NodeId>, state: &State, status: Status) -> bool {
        let Some(node) = node.filter(|node| node.is_server()) else { return false };
        let now = stand(status, state);
        self.phases.insert(node, now).is_some_and(|before| before != now)
    }
}

fn stand(status: Status, state: &State) -> Stand {
    match state {
        _ if !matches!(status, Status::Up | Status::Paused) => Stand::Out,
        State::Server(server) => Stand::Of(server.role, server.phase),
        State::Member(member) => {
            Stand::Item(member.leads, member.items.get_max().map(|(number, item)| (*number, item.stage)))
        }
        State::Client(_) | State::None => Stand::Out,
    }
}

/// Reads a condition; what is wrong with it in words.
fn read(text: &str, cast: &Cast) -> Result<Condition, String> {
    let source = Source { name: "", text };
    match read_predicate(source, text, cast) {
        Ok(predicate) => Ok(Condition::Predicate(predicate, text.trim().to_owned())),
        Err(problems) => {
            let told = problems.iter().map(|problem| format!("{}; {}", problem.what, problem.expected));
            Err(told.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The breakpoints that every run of a protocol offers.
fn offered(protocol: ProtocolName) -> Vec<Condition> {
    let milestone = |name: &str| Condition::Milestone(name.to_owned());
    let mut list = match protocol {
        ProtocolName::Zab => {
            vec![
                milestone("Elected"),
                milestone("Established"),
                Condition::Decided,
                milestone("SessionExpired"),
            ]
        }
        ProtocolName::TwoPhase | ProtocolName::ThreePhase => vec![Condition::Decided, milestone("Blocked")],
        ProtocolName::Paxos => vec![milestone("Prevailed"), Condition::Decided, milestone("Preempted")],
        ProtocolName::Generals => vec![Condition::Decided],
        ProtocolName::Registry => vec![Condition::Decided, milestone("LeaseExpired")],
    };
    list.extend([Condition::Check(None), Condition::Acted]);
    list
}
