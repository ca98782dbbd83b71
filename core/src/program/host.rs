//! The client library's side of the recipes: which programs run on a client, whose question an answer belongs to, and
//! retries after a lost connection (facts 11).
//!
//! Pure: the client of a protocol hands in what happens and carries out what comes back.

use super::{Hand, Heard, Program, Session, Tag, Wish, Work, of};
use crate::ids::{NodeId, SessionId, Zxid};
use crate::milestone::Milestone;
use crate::recipe::{Kind, Recipe, RecipeView, Standing};
use crate::request::{ErrorCode, EventKind, Op, Outcome};
use crate::rng::{Dice, Purpose};
use crate::scenario::Mutation;
use crate::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The programs of one client.
#[derive(Clone, Debug)]
pub struct Host {
    me: NodeId,
    guards: Arc<BTreeSet<Mutation>>,
    runs: Vec<Run>,
    started: u16,
    asked: BTreeMap<Ticket, Asked>,
    tickets: Ticket,
    shown: Arc<[RecipeView]>,
    changed: bool,
}

/// A question on its way: its answer comes back with it.
pub type Ticket = u32;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// By a program, with its own tag.
    Program(u16, Tag),
    /// To ask a question again.
    Retry(Ticket),
}

/// What the client is to do.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Issue this operation.
    Issue(Ticket, Op),
    /// Tell when this much time is over.
    Wait(Wait, Span),
    /// Do not tell.
    StopWaiting(Wait),
    /// Tell people.
    Say(Milestone),
    /// Tell another client.
    Tell(NodeId, Work),
    /// Tell people that an order met nobody.
    Refuse(&'static str),
}

/// Where a host reads time and randomness.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The client's clock.
    pub now: Time,
    /// The dice of the run.
    pub dice: Dice,
    /// The client's session.
    pub session: SessionId,
}

#[derive(Debug)]
struct Run {
    number: u16,
    recipe: Recipe,
    program: Box<dyn Program>,
    /// Connection losses in a row, and when the first was.
    losses: u32,
    lost_at: Time,
}

impl Run {
    /// Whether it is about this znode, alone or among others.
    fn is_at(&self, path: &Arc<str>) -> bool {
        self.recipe.path == *path || self.recipe.with.paths.contains(path)
    }
}

impl Clone for Run {
    fn clone(&self) -> Self {
        let Self { number, losses, lost_at, .. } = *self;
        Self { number, recipe: self.recipe.clone(), program: self.program.fork(), losses, lost_at }
    }
}

#[derive(Clone, Debug)]
struct Asked {
    run: u16,
    tag: Tag,
    op: Op,
    /// Whether its program sees itself to its being asked again.
    once: bool,
}

impl Host {
    /// No program yet.
    pub fn new(me: NodeId, guards: &BTreeSet<Mutation>) -> Self {
        Self {
            me,
            guards: Arc::new(guards.clone()),
            runs: Vec::new(),
            started: 0,
            asked: BTreeMap::new(),
            tickets: 0,
            shown: Arc::from([]),
            changed: false,
        }
    }

    /// Whether a program runs that is not over.
    pub fn is_busy(&self) -> bool {
        self.runs.iter().any(|run| !run.program.view().standing.is_over())
    }

    /// What is shown of the programs, oldest first.
    pub fn view(&self) -> Arc<[RecipeView]> {
        if self.changed {
            self.runs.iter().map(|run| run.program.view()).collect()
        } else {
            self.shown.clone()
        }
    }

    /// A person or a script asks for a recipe, or gives an order to one that runs.
    pub fn begin(&mut self, recipe: &Recipe, moment: Moment) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let Some(program) = of(recipe) else {
            let runs = self.runs.iter().filter(|run| run.is_at(&recipe.path));
            // The last that was begun is the first that is given back.
            let ordered =
                runs.filter(|run| !run.program.view().standing.is_over()).map(|run| run.number).next_back();
            match ordered {
                Some(number) => self.hear(number, Heard::Order(recipe), moment, &mut deeds),
                None => deeds.push(Deed::Refuse("no recipe runs at this path")),
            }
            return deeds;
        };
        let same = |run: &&mut Run| run.recipe.kind == recipe.kind && run.recipe.path == recipe.path;
        let held = self.runs.iter_mut().find(same).map(|run| (run.number, run.program.view().standing));
        match held {
            Some((number, Standing::Holding)) if recipe.kind.is_reentrant() => {
                self.hear(number, Heard::Again, moment, &mut deeds);
                return deeds;
            }
            Some((number, standing)) if standing.is_over() => self.runs.retain(|run| run.number != number),
            _ => {}
        }
        let number = self.started;
        self.started += 1;
        self.runs.push(Run { number, recipe: recipe.clone(), program, losses: 0, lost_at: Time::ZERO });
        self.hear(number, Heard::Begin, moment, &mut deeds);
        deeds
    }

    /// An operation has its outcome.
    pub fn told(&mut self, ticket: Ticket, outcome: &Outcome, zxid: Zxid, moment: Moment) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let Some(asked) = self.asked.remove(&ticket) else { return deeds };
        if let Err(ErrorCode::ConnectionLoss | ErrorCode::SessionMoved) = outcome {
            if let Some(wait) = self.pause(asked.run, moment) {
                self.asked.insert(ticket, asked);
                deeds.push(Deed::Wait(Wait::Retry(ticket), wait));
                return deeds;
            }
        } else if let Some(run) = self.runs.iter_mut().find(|run| run.number == asked.run) {
            run.losses = 0;
        }
        self.hear(asked.run, Heard::Told(asked.tag, &asked.op, outcome, zxid), moment, &mut deeds);
        deeds
    }

    /// A watch of the client has fired.
    pub fn event(&mut self, kind: EventKind, path: &Arc<str>, moment: Moment) -> Vec<Deed> {
        self.hear_all(&Heard::Event(kind, path), moment)
    }

    /// The state of the connection has changed.
    pub fn session(&mut self, session: Session, moment: Moment) -> Vec<Deed> {
        self.hear_all(&Heard::Session(session), moment)
    }

    /// Another client says something.
    pub fn work(&mut self, from: NodeId, work: &Work, moment: Moment) -> Vec<Deed> {
        self.hear_all(&Heard::Work(from, work), moment)
    }

    /// A wait is over.
    pub fn waited(&mut self, wait: Wait, moment: Moment) -> Vec<Deed> {
        let mut deeds = Vec::new();
        match wait {
            Wait::Program(number, tag) => self.hear(number, Heard::Waited(tag), moment, &mut deeds),
            Wait::Retry(ticket) => match self.asked.get(&ticket) {
                Some(Asked { once: false, op, .. }) => deeds.push(Deed::Issue(ticket, op.clone())),
                Some(&Asked { once: true, run, tag, .. }) => {
                    self.asked.remove(&ticket);
                    self.hear(run, Heard::Lost(tag), moment, &mut deeds);
                }
                None => {}
            },
        }
        deeds
    }

    /// What was asked in a session that is over has no answer any more.
    pub fn forget(&mut self) {
        self.asked.clear();
    }

    /// The client is closed for good: nothing can be asked any more.
    pub fn end(&mut self) {
        self.asked.clear();
        self.runs.clear();
        self.changed = true;
        self.shown = Arc::from([]);
    }

    fn hear_all(&mut self, heard: &Heard<'_>, moment: Moment) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let numbers: Vec<u16> = self.runs.iter().map(|run| run.number).collect();
        for number in numbers {
            self.hear(number, heard.clone(), moment, &mut deeds);
        }
        deeds
    }

    fn hear(&mut self, number: u16, heard: Heard<'_>, moment: Moment, deeds: &mut Vec<Deed>) {
        let writes_here = self.writes_at(number);
        let Some(run) = self.runs.iter_mut().find(|run| run.number == number) else { return };
        let mut hand = Hand {
            now: moment.now,
            me: self.me,
            session: moment.session,
            writes_here,
            program: u64::from(number),
            dice: moment.dice,
            guards: self.guards.clone(),
            wishes: Vec::new(),
        };
        run.program.hear(heard, &mut hand);
        self.changed = true;
        for wish in hand.wishes {
            deeds.push(match wish {
                Wish::Ask(tag, op) => self.question(number, tag, op, false),
                Wish::AskOnce(tag, op) => self.question(number, tag, op, true),
                Wish::Wait(tag, span) => Deed::Wait(Wait::Program(number, tag), span),
                Wish::StopWaiting(tag) => Deed::StopWaiting(Wait::Program(number, tag)),
                Wish::Say(milestone) => Deed::Say(milestone),
                Wish::Tell(to, work) => Deed::Tell(to, work),
            });
        }
    }

    /// Whether the client holds the write lock where this program is to read: Curator's downgrade (facts 11).
    fn writes_at(&self, number: u16) -> bool {
        let reads = |run: &&Run| run.number == number && run.recipe.kind == Kind::ReadLock;
        self.runs.iter().find(reads).is_some_and(|reader| {
            self.runs.iter().any(|run| {
                run.recipe.kind == Kind::WriteLock
                    && run.recipe.path == reader.recipe.path
                    && run.program.view().standing == Standing::Holding
            })
        })
    }

    fn question(&mut self, run: u16, tag: Tag, op: Op, once: bool) -> Deed {
        self.tickets += 1;
        let asked = Asked { run, tag, op: op.clone(), once };
        self.asked.insert(self.tickets, asked);
        Deed::Issue(self.tickets, op)
    }

    /// A connection was lost under a program's question: how long to wait before the next try; `None` to give up.
    fn pause(&mut self, number: u16, moment: Moment) -> Option<Span> {
        let key = self.me.key();
        let run = self.runs.iter_mut().find(|run| run.number == number)?;
        let tries = run.losses;
        if tries == 0 {
            run.lost_at = moment.now;
        }
        run.losses += 1;
        run.recipe.with.retry.unwrap_or_default().pause(tries, run.lost_at, moment.now, |most| {
            let keys = [key, u64::from(number), u64::from(tries), moment.now.0];
            moment.dice.between(Purpose::Jitter, &keys, 1, most)
        })
    }

    /// Keeps what is shown, so that it is shared while nothing changes.
    pub fn settle(&mut self) {
        if self.changed {
            self.shown = self.view();
            self.changed = false;
        }
    }
}
