//! Calls the providers of a service in turn: not by asking ZooKeeper each time, but from a cache that a watch keeps up to
//! date. While the ensemble is gone it goes on with what it knows; a provider that does not answer twice is left out for a
//! while (facts 11, Curator's `ServiceProvider` with its round-robin strategy and `DownInstancePolicy`).

use super::children::{Change, Children};
use super::face::{Face, few};
use super::provider::Instance;
use super::{Hand, Heard, Program, Session, Tag, Work};
use crate::ids::NodeId;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::time::{Span, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

const CALL: Tag = 0;
const OVERDUE: Tag = 1;
const CACHE: Tag = 2;

/// Nobody answers later than this, nor later than half the time between calls.
const PATIENCE: Span = Span::from_ms(500);
/// `DownInstancePolicy`: so many errors leave a provider out for so long.
const ERRORS: u32 = 2;
const DOWN: Span = Span::from_ms(30_000);

/// A client that calls a service.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    face: Face,
    cache: Children,
    providers: BTreeMap<Arc<str>, Instance>,
    /// Errors of each provider, and when the first of them was.
    errors: BTreeMap<Arc<str>, (u32, Time)>,
    /// Of the call that is under way: its number and its provider.
    calls: Option<(u32, Arc<str>)>,
    nth: u32,
    failed: u32,
}

impl Caller {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            cache: Children::new(recipe.path.clone(), CACHE),
            providers: BTreeMap::new(),
            errors: BTreeMap::new(),
            calls: None,
            nth: 0,
            failed: 0,
        }
    }

    fn every(&self) -> Span {
        self.face.recipe.with.every.unwrap_or(Span::from_ms(1000))
    }

    /// The next provider in turn that is not left out.
    fn choose(&self, now: Time) -> Option<(Arc<str>, Instance)> {
        let is_down = |id: &Arc<str>| {
            self.errors.get(id).is_some_and(|(count, since)| *count >= ERRORS && now.since(*since) < DOWN)
        };
        let up: Vec<_> = self.providers.iter().filter(|(id, _)| !is_down(id)).collect();
        let turn = (self.nth as usize).checked_rem(up.len())?;
        up.get(turn).map(|(id, instance)| ((*id).clone(), (*instance).clone()))
    }

    fn call(&mut self, hand: &mut Hand) {
        hand.wait(CALL, self.every());
        let Some((id, instance)) = self.choose(hand.now) else {
            self.show("");
            return;
        };
        self.nth += 1;
        match instance.client {
            Some(client) => {
                self.calls = Some((self.nth, id));
                hand.tell(client, Work::Call { nth: self.nth });
                hand.wait(OVERDUE, PATIENCE.min(Span(self.every().0 / 2)));
            }
            // Outside of the run nobody answers, and nobody fails.
            None => self.face.turns += 1,
        }
        self.show(&instance.address);
    }

    fn served(&mut self, by: NodeId, nth: u32, hand: &mut Hand) {
        if let Some((_, id)) = self.calls.take_if(|(under_way, _)| *under_way == nth) {
            hand.stop_waiting(OVERDUE);
            self.face.turns += 1;
            self.errors.remove(&id);
            self.show(&by.to_string());
        }
    }

    fn overdue(&mut self, hand: &Hand) {
        if let Some((_, id)) = self.calls.take() {
            self.failed += 1;
            let (count, since) = self.errors.entry(id).or_insert((0, hand.now));
            if *count >= ERRORS {
                (*count, *since) = (0, hand.now);
            }
            *count += 1;
            self.show("");
        }
    }

    /// What it knows, with whom it calls.
    fn show(&mut self, calls: &str) {
        let mut shown = few(self.providers.values().map(|instance| instance.address.clone()));
        if !calls.is_empty() {
            shown.push_str(&format!(" > {calls}"));
        }
        if self.failed > 0 {
            shown.push_str(&format!(" failed={}", self.failed));
        }
        self.face.note(shown);
    }

    fn know(&mut self, hand: &mut Hand) {
        let read = self.cache.all().map(|(id, data)| (id.clone(), Instance::read(data)));
        let providers: BTreeMap<_, _> = read.collect();
        self.face.stand(Standing::Holding, hand);
        if providers != self.providers {
            self.providers = providers;
            self.errors.retain(|id, _| self.providers.contains_key(id));
            let addresses = few(self.providers.values().map(|instance| instance.address.clone()));
            self.face.learn(addresses, hand);
        }
    }
}

impl Program for Caller {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        match &heard {
            Heard::Begin => {
                self.cache.begin(hand);
                hand.wait(CALL, self.every());
            }
            Heard::Order(_) => {
                for tag in [CALL, OVERDUE] {
                    hand.stop_waiting(tag);
                }
                return self.face.stand(Standing::Done, hand);
            }
            Heard::Waited(CALL) => self.call(hand),
            Heard::Waited(OVERDUE) => self.overdue(hand),
            Heard::Work(from, Work::Served { nth }) => self.served(*from, *nth, hand),
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            _ => {}
        }
        match self.cache.hear(&heard, hand) {
            Some(Change::Known) if self.cache.is_whole() => self.know(hand),
            Some(Change::Asks) => self.face.wake(&self.face.path(), hand),
            Some(Change::Failed(code)) => self.face.fail(code, hand),
            Some(Change::Known) | None => {}
        }
    }

    fn view(&self) -> RecipeView {
        self.face.view()
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}
