//! A lesson, read and resolved: runs, and beats that happen one after the other. It cannot name an unknown node.

use crate::words::{Language, Words};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use zoolab_core::action::Action;
use zoolab_core::ids::NodeId;
use zoolab_core::predicate::Predicate;
use zoolab_core::scenario::{Comparison, LayoutName, Scenario, Target};
use zoolab_core::time::Span;

/// A whole lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Its folder's name, such as `11-startup-election`.
    pub id: String,
    /// Counted up by its author when answers of before cannot be judged by it any more.
    pub version: u32,
    /// How long it takes a class.
    pub minutes: u32,
    /// Ids of lessons that come before it.
    pub after: Vec<String>,
    /// The runs it shows, by the number that [`Deed::Open`] gives.
    pub runs: Vec<Run>,
    /// What happens, in order.
    pub beats: Vec<Beat>,
    /// A way through it that gets everything right.
    pub solution: Script,
    /// A way that gets everything wrong.
    pub wrong: Script,
    /// All words, by language.
    pub words: BTreeMap<Language, Words>,
}

/// A run that a lesson shows.
#[derive(Clone, Debug)]
pub struct Run {
    /// What happens in it.
    pub scenario: Arc<Scenario>,
    /// How the window should stand.
    pub layout: Option<LayoutName>,
}

/// One beat, and where it stands in the file.
#[derive(Clone, Debug)]
pub struct Beat {
    /// What happens.
    pub deed: Deed,
    /// Bytes of `lesson.ron`.
    pub span: Range<usize>,
}

/// What happens in a beat.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A run is opened, before its first step: the number of [`Lesson::runs`].
    Open(usize),
    /// A card is read; its words stand at this id.
    Say(String),
    /// Something is pointed at while the next beats last.
    Focus(Focus),
    /// The run goes on until this is true.
    Play(Play),
    /// The clock stands; the learner predicts what comes.
    Predict(Question),
    /// The learner makes something happen.
    Task(Task),
    /// Several protocols under one fault schedule.
    Compare(String, Arc<Comparison>),
    /// The learner explores, and comes back to where the lesson stands.
    Free(String),
    /// What to remember, a line each.
    Recap(String),
}

impl Deed {
    /// The id of its words, if it has any.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Say(id) | Self::Compare(id, _) | Self::Free(id) | Self::Recap(id) => Some(id),
            Self::Predict(question) => Some(&question.id),
            Self::Task(task) => Some(&task.id),
            Self::Open(_) | Self::Focus(_) | Self::Play(_) => None,
        }
    }
}

/// What is pointed at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// These nodes.
    pub nodes: Vec<NodeId>,
    /// This page of the window.
    pub page: Option<PageName>,
    /// This znode.
    pub path: Option<String>,
}

/// The pages of the window that a lesson can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the window's, by its names")]
pub enum PageName {
    Stage,
    Logs,
    Inspector,
    Events,
    Console,
    Tree,
    Sessions,
    Queues,
    Checks,
    Disks,
    Guards,
    SpaceTime,
    Why,
    Cost,
}

impl PageName {
    /// Every page with its word in files.
    pub const ALL: [(&'static str, Self); 14] = [
        ("Stage", Self::Stage),
        ("Logs", Self::Logs),
        ("Inspector", Self::Inspector),
        ("Events", Self::Events),
        ("Console", Self::Console),
        ("Tree", Self::Tree),
        ("Sessions", Self::Sessions),
        ("Queues", Self::Queues),
        ("Checks", Self::Checks),
        ("Disks", Self::Disks),
        ("Guards", Self::Guards),
        ("SpaceTime", Self::SpaceTime),
        ("Why", Self::Why),
        ("Cost", Self::Cost),
    ];
}

/// A stretch of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Play {
    /// It ends after the step in which this is true; events are counted from where it begins.
    pub until: Predicate,
    /// How long it lasts at most; up to the end of the run if nothing is said.
    pub within: Option<Span>,
    /// Seconds on the screen for a second of the run; the window's usual pace if nothing is said.
    pub slowed: Option<u32>,
}

/// A question whose answer is found in the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The id of its words.
    pub id: String,
    /// What can be answered, by the keys 1 to 4.
    pub choices: Vec<Choice>,
    /// When the right one is known.
    pub judged: Judged,
    /// How far the run is looked at.
    pub within: Option<Span>,
}

/// When the right choices are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The first that comes true is right.
    First,
    /// Those that are true when the time is over are right.
    AtEnd,
    /// Those that are true where the clock stands are right.
    Now,
}

impl Judged {
    /// Every way with its word in files.
    pub const ALL: [(&'static str, Self); 3] =
        [("First", Self::First), ("AtEnd", Self::AtEnd), ("Now", Self::Now)];
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The last part of the id of its words.
    pub id: String,
    /// What it says of the run.
    pub claim: Claim,
    /// What must be done where the clock stands to make it right; empty if nothing is offered.
    pub what_if: Vec<Move>,
    /// Bytes of `lesson.ron`.
    pub span: Range<usize>,
}

/// What a choice says of the run.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// This is true.
    Is(Predicate),
    /// None of the others is.
    Otherwise,
    /// Something that is true in no run: a misconception, named.
    Never,
}

/// Something to bring about.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The id of its words.
    pub id: String,
    /// All of these must be true after one and the same step; events are counted from where the task begins.
    pub goal: Vec<Lamp>,
    /// Words of the actions that count; anything else can be done, and does not.
    pub allow: Vec<String>,
    /// How many actions count at most.
    pub at_most: Option<u32>,
    /// How much of the run there is; up to its end if nothing is said.
    pub within: Option<Span>,
}

/// A part of a goal, shown as a lamp.
#[derive(Clone, Debug, PartialEq)]
pub struct Lamp {
    /// The last part of the id of its words.
    pub id: String,
    /// When it is lit.
    pub is: Predicate,
}

/// Something that is done for the learner, after the move before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// When.
    pub cue: Cue,
    /// What, to whoever has that role then.
    pub action: Action<Target>,
}

/// When a move happens, counted from the one before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cue {
    /// At once.
    Now,
    /// After so long.
    After(Span),
    /// As soon as this is true.
    When(Predicate),
}

/// What somebody answers and does, by the ids of questions and tasks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// The choice of each question.
    pub answers: BTreeMap<String, String>,
    /// The moves of each task.
    pub moves: BTreeMap<String, Vec<Move>>,
    /// Bytes of `lesson.ron`.
    pub span: Range<usize>,
}

impl Lesson {
    /// The scenario of a run, with another seed if one is wanted.
    pub fn scenario(&self, run: usize, seed: Option<u64>) -> Arc<Scenario> {
        let scenario = &self.runs[run].scenario;
        match seed {
            Some(seed) if seed != scenario.seed => Arc::new(Scenario { seed, ..(**scenario).clone() }),
            _ => scenario.clone(),
        }
    }

    /// Its words in this language, or in English.
    pub fn words(&self, language: Language) -> &Words {
        static NONE: Words = Words::NONE;
        self.words.get(&language).or_else(|| self.words.get(&Language::English)).unwrap_or(&NONE)
    }

    /// Its questions, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.beats.iter().filter_map(|beat| match &beat.deed {
            Deed::Predict(question) => Some(question),
            _ => None,
        })
    }

    /// Its tasks, in order.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.beats.iter().filter_map(|beat| match &beat.deed {
            Deed::Task(task) => Some(task),
            _ => None,
        })
    }
}
