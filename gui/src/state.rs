//! What the window knows: its own copy of the trace, where it looks, what is selected and shown.
//!
//! Panels read it; only `App::logic` changes it, by answers of the engine and by commands.

use crate::command::Command;
use crate::console::Consoles;
use crate::control::Control;
use crate::editor::Editor;
use crate::feed::Feed;
use crate::files::{self, Files};
use crate::index::Index;
use crate::lang::{Lang, Language, shown};
use crate::lesson::{Lessons, Open};
use crate::live::Live;
use crate::meter::Meter;
use crate::page::Page;
use crate::panel::palette::Palette;
use crate::playhead::{Goal, Pace, Playhead, Screen};
use crate::queues::Queues;
use crate::recipe_form::RecipeForm;
use crate::request_form::RequestForm;
use crate::selection::{self, Item};
use crate::spacetime::SpaceTime;
use crate::tokens;
use crate::watchers::Watchers;
use crate::why::Why;
use crate::words;
use crate::znodes::Znodes;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::check::Checks;
use zoolab_core::ids::Seq;
use zoolab_core::scenario::{LayoutName, ProtocolName, Scenario};
use zoolab_core::time::Time;
use zoolab_core::trace::{BranchId, Line, Record, Trace, What};
use zoolab_driver::channel::Answer;

/// How a branch stands at the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The branch's clock: everything up to it has arrived here.
    pub now: Time,
    /// Nothing can happen any more without an action.
    pub finished: bool,
    /// The most records of it that were shown.
    pub seen: usize,
}

/// Something the window tells a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// A problem stays until it is read; other notices go by themselves.
    pub problem: bool,
    /// How long it has been shown.
    pub age: Screen,
    /// What it offers to do.
    pub offer: Option<Command>,
}

/// What is shown and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Pings on the stage and in the feed.
    pub pings: bool,
    /// Hurry through stretches in which nothing happens.
    pub skip_quiet: bool,
    /// Do not animate steps.
    pub reduced_motion: bool,
    /// The dark theme.
    pub dark: bool,
    /// The language of the window's texts.
    pub language: Language,
    /// How large everything is drawn; 1 is usual.
    pub size: f32,
    /// Large letters and no bars.
    pub presenter: bool,
    /// The console was asked for by its key.
    pub focus_console: bool,
    /// The help overlay.
    pub help: bool,
    /// The scenario menu was opened by its key.
    pub scenarios: bool,
    /// The menu of comparisons was opened by its key.
    pub comparisons: bool,
    /// The search of the feed was asked for by its key.
    pub search: bool,
    /// "Run until" was asked for by its key.
    pub focus_until: bool,
    /// The line that says what to try first.
    pub hint: bool,
}

/// Everything the window knows.
#[derive(Debug, Default)]
pub struct Store {
    /// The window's own copy of the trace.
    pub trace: Trace,
    /// What was loaded.
    pub scenario: Option<Arc<Scenario>>,
    /// The checks that apply: name and meaning.
    pub checks: Vec<(&'static str, &'static str)>,
    /// How each branch stands.
    pub progress: BTreeMap<BranchId, Progress>,
    /// The branch we look at.
    pub branch: BranchId,
    /// Where we look.
    pub playhead: Playhead,
    /// What is selected.
    pub selection: Option<Item>,
    /// What is shown.
    pub shown: Shown,
    /// The pages that are drawn, not put away or behind others.
    pub front: BTreeSet<Page>,
    /// The layout that the run which was just loaded asks for, until it is there.
    pub asked_layout: Option<LayoutName>,
    /// The names that a person gave to layouts.
    pub layouts: Vec<String>,
    /// The list of all commands, while it is open.
    pub palette: Option<Palette>,
    /// What a person has not yet put away, oldest first.
    pub notices: Vec<Notice>,
    /// The scrubber's and the lamps' knowledge of the line.
    pub index: Index,
    /// The rows of the event feed.
    pub feed: Feed,
    /// What is typed at the clients' prompts.
    pub consoles: Consoles,
    /// The page of the data tree.
    pub znodes: Znodes,
    /// What the run cost, for the page of that.
    pub meter: Meter,
    /// The page of sessions and watches.
    pub watchers: Watchers,
    /// The page of lines of clients.
    pub queues: Queues,
    /// The page of the space-time diagram.
    pub spacetime: SpaceTime,
    /// The page of causes.
    pub why: Why,
    /// The request that the client form holds.
    pub form: RequestForm,
    /// The recipe that the client form holds.
    pub recipe: RecipeForm,
    /// Branches, breakpoints, checks.
    pub control: Control,
    /// Files that were opened, and those on their way.
    pub files: Files,
    /// The scenario as text.
    pub editor: Editor,
    /// The course, and the lesson that is open.
    pub lessons: Lessons,
    /// An action is on its way to the engine.
    pub acting: bool,
    /// Real clients may connect.
    pub live: Option<Live>,
    /// They are to be let in as soon as the run that has room for them is loaded.
    pub opens: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            pings: false,
            skip_quiet: true,
            reduced_motion: false,
            dark: false,
            language: Language::English,
            size: 1.0,
            presenter: false,
            focus_console: false,
            help: false,
            scenarios: false,
            comparisons: false,
            search: false,
            focus_until: false,
            hint: true,
        }
    }
}

impl Store {
    /// The line we look at; `None` before anything is loaded.
    pub fn line(&self) -> Option<Line<'_>> {
        self.trace.branch(self.branch).map(|_| self.trace.line(self.branch))
    }

    /// Which protocol the run is of.
    pub fn protocol(&self) -> ProtocolName {
        self.scenario.as_ref().map_or(ProtocolName::Zab, |scenario| scenario.protocol)
    }

    /// How the branch we look at stands.
    pub fn progress(&self) -> Progress {
        self.progress.get(&self.branch).copied().unwrap_or_default()
    }

    /// The window's texts.
    pub fn lang(&self) -> Lang {
        Lang::of(self.shown.language)
    }

    /// How steps count.
    pub fn pace(&self) -> Pace {
        Pace {
            pings: self.shown.pings,
            skip_quiet: self.shown.skip_quiet,
            reduced_motion: self.shown.reduced_motion,
        }
    }

    /// Tells a person something.
    pub fn tell(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.notices.retain(|notice| notice.text != text);
        self.notices.push(Notice { text, problem: false, age: Screen(0.0), offer: None });
    }

    /// Tells a person something, with something to do about it.
    pub fn offer(&mut self, text: impl Into<String>, offer: Command) {
        self.tell(text);
        if let Some(notice) = self.notices.last_mut() {
            notice.offer = Some(offer);
        }
    }

    /// Tells a person of a problem.
    pub fn problem(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notices.iter().any(|notice| notice.text == text) {
            self.notices.push(Notice { text, problem: true, age: Screen(0.0), offer: None });
        }
    }

    /// The end of what a person has seen of the line we look at.
    pub fn seen_end(&self) -> Time {
        let last = self.progress().seen.checked_sub(1).map(|last| Seq(last as u32));
        let seen = self
            .line()
            .zip(last)
            .and_then(|(line, last)| line.get(last))
            .map_or(Time::ZERO, |record| record.at);
        seen.max(self.playhead.at())
    }

    /// Takes in an answer of the engine.
    pub fn apply(&mut self, answer: Answer) {
        match answer {
            Answer::Loaded { scenario, nodes } => self.on_loaded(scenario, nodes),
            Answer::Records { branch, records } => self.on_records(branch, records),
            Answer::Truncated { branch, len } => self.on_truncated(branch, len),
            Answer::Forked { branch, parent, len, name } => self.on_forked(branch, parent, len, name),
            Answer::Reached { branch, now, finished } => {
                let progress = self.progress.entry(branch).or_default();
                (progress.now, progress.finished) = (now, finished);
            }
            Answer::Scenario { branch, scenario } => files::on_scenario(self, branch, &scenario),
            Answer::Open { branch, hosts } => self.on_open(branch, hosts),
            Answer::Connected(connected) => {
                if let Some(live) = &mut self.live {
                    live.connected = connected;
                }
            }
            Answer::Shut => {
                if self.live.take().is_some() {
                    self.tell(self.lang().say("live-shut"));
                }
            }
            Answer::Problem(text) => {
                self.acting = false;
                self.lessons.on_refused();
                self.consoles.refused();
                self.problem(text);
            }
        }
    }

    fn on_loaded(&mut self, scenario: Arc<Scenario>, nodes: Vec<zoolab_core::ids::NodeId>) {
        let checks = Checks::of(&scenario);
        let speed = self.playhead.speed();
        self.checks = checks.verdicts().map(|(name, meaning, _)| (name, meaning)).collect();
        self.editor.on_loaded(&scenario);
        files::on_loaded(self);
        self.trace = Trace::new(nodes);
        let lesson = self.lessons.on_loaded(&scenario);
        self.asked_layout = lesson.or(scenario.layout);
        self.control.reset(&scenario);
        self.scenario = Some(scenario);
        self.progress.clear();
        self.branch = BranchId(0);
        self.playhead = Playhead::default();
        self.playhead.set_speed(speed);
        if self.lessons.open.as_ref().is_some_and(Open::is_here) {
            // Lessons say when time passes.
            self.playhead.set_playing(false);
        }
        self.selection = None;
        // What was told in this very moment is about the new run.
        self.notices.retain(|notice| notice.problem || notice.age.0 < tokens::FRESH_S);
        self.index.reset();
        self.feed.reset();
        self.consoles.reset(&self.trace.nodes);
        self.znodes.reset();
        self.watchers.reset();
        self.queues.reset();
        self.spacetime.reset();
        self.why.reset();
        self.meter.reset();
        self.acting = false;
    }

    fn on_records(&mut self, branch: BranchId, records: Vec<Record>) {
        if self.trace.branch(branch).is_none() {
            self.problem(self.lang().say_with("engine-unknown-branch", &[("branch", shown(branch.0))]));
            return;
        }
        let done = records.iter().find_map(|record| match &record.what {
            What::Acted { .. } if record.begins_step => Some((record.seq, None)),
            What::Refused { action, why } => Some((record.seq, Some(refusal(self.lang(), action, why)))),
            _ => None,
        });
        self.trace.extend(branch, records);
        if let Some((seq, refused)) = done.filter(|_| self.acting) {
            self.acting = false;
            self.lessons.on_acted(branch, seq);
            self.branch = branch;
            let line = self.trace.line(branch);
            let playing = self.playhead.playing();
            self.playhead.jump(line, line.step_end(seq.index() + 1));
            if let Some(why) = refused {
                self.consoles.refused();
                self.problem(why);
            } else if self.consoles.acted(branch, seq) && !playing {
                self.playhead.pursue(Goal::Answer(seq));
            }
        }
    }

    fn on_open(&mut self, branch: BranchId, hosts: Vec<SocketAddr>) {
        let live = Live { branch, hosts, connected: 0 };
        self.tell(self.lang().say_with("live-open", &[("hosts", shown(live.connect_string()))]));
        self.live = Some(live);
        self.shown.skip_quiet = false;
        self.branch = branch;
        let end = self.progress().now;
        let line = self.trace.line(branch);
        self.playhead.jump_to_time(line, end.max(line.end()));
        self.playhead.set_speed(1.0);
        self.playhead.set_playing(true);
    }

    /// The clients' branch, if it is the one we look at.
    pub fn is_live(&self) -> bool {
        self.live.as_ref().is_some_and(|live| live.branch == self.branch)
    }

    fn on_truncated(&mut self, branch: BranchId, len: u32) {
        if !self.trace.truncate(branch, len) {
            self.problem(self.lang().say_with("engine-took-back", &[("branch", shown(branch.0))]));
            return;
        }
        self.why.forget_from(branch, len);
        self.control.breakpoints.forget(branch);
        let progress = self.progress.entry(branch).or_default();
        let line = self.trace.line(branch);
        (progress.now, progress.finished) = (line.end(), false);
        progress.seen = progress.seen.min(len as usize);
        if branch == self.branch && self.playhead.len() > len as usize {
            self.playhead.jump(line, len as usize);
        }
    }

    fn on_forked(&mut self, branch: BranchId, parent: BranchId, len: u32, name: String) {
        let known = self.trace.branch(parent).is_some() && len as usize <= self.trace.line(parent).len();
        if !known {
            self.problem(self.lang().say_with("engine-never-was", &[("branch", shown(branch.0))]));
            return;
        }
        let at = self.trace.fork(parent, len, name.clone());
        let line = self.trace.line(at);
        let now = line.end();
        self.progress.insert(at, Progress { now, finished: false, seen: len as usize });
        self.branch = at;
        self.playhead.jump(line, len as usize);
        let lang = self.lang();
        let of_clients = self.live.as_ref().is_some_and(|live| live.branch == parent);
        let id = if of_clients { "branch-opened-live" } else { "branch-opened" };
        let arguments = [
            ("new", shown(words::branch(lang, at))),
            ("old", shown(words::branch(lang, parent))),
            ("at", shown(words::whole_moment(now))),
            ("name", shown(name)),
        ];
        self.tell(lang.say_with(id, &arguments));
    }

    /// Notes what is shown now, lets notices age, and drops a selection that means nothing here.
    pub fn settle(&mut self, passed: Screen) -> bool {
        for notice in &mut self.notices {
            notice.age.0 += passed.0;
        }
        self.notices.retain(|notice| notice.problem || notice.age.0 < tokens::NOTICE_S);
        let len = self.playhead.len();
        let progress = self.progress.entry(self.branch).or_default();
        progress.seen = progress.seen.max(len);
        let seen = progress.seen;
        let Some(line) = self.trace.branch(self.branch).map(|_| self.trace.line(self.branch)) else {
            return true;
        };
        if self.selection.is_some_and(|item| !selection::exists(line, item)) {
            self.selection = None;
        }
        let indexed = self.index.catch_up(line, seen);
        let listed = self.feed.catch_up(Lang::of(self.shown.language), line, seen, self.shown.pings);
        if self.front.contains(&Page::Tree) {
            self.znodes.catch_up(&self.trace, line, len);
        }
        let heard = !self.front.contains(&Page::Sessions) || self.watchers.catch_up(line, len, seen);
        let lined = !self.front.contains(&Page::Queues) || self.queues.catch_up(line, len, seen);
        let lang = Lang::of(self.shown.language);
        let found = self.spacetime.catch_up(lang, line, seen, self.shown.pings);
        let measured = match &self.scenario {
            Some(scenario) if self.front.contains(&Page::Cost) => self.meter.catch_up(scenario, line, seen),
            _ => true,
        };
        let printed = self.consoles.catch_up(&self.trace, line, seen);
        // The question was about the moment at which time stood still.
        if self.playhead.playing() || self.selection != self.control.crashing.map(Item::Node) {
            self.control.crashing = None;
        }
        let at = self.playhead.at();
        let controlled = self.control.catch_up(&self.trace, line, &self.progress, at, &self.front);
        indexed && listed && printed && heard && lined && found && measured && controlled
    }
}

fn refusal(lang: Lang, action: &Action, why: &str) -> String {
    let (action, why) = (words::action::action(lang, action), words::reason::reason(lang, why));
    lang.say_with("refused", &[("action", shown(action)), ("why", shown(why))])
}
