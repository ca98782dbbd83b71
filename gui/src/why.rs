//! The causal chain that is shown: asked for once, kept while the playhead walks through it, and put into words.

use crate::lang::{FluentValue, Lang, shown};
use crate::selection::Item;
use crate::words::{action::action, reason::reason};
use zoolab_core::ids::Seq;
use zoolab_core::trace::{BranchId, Line, What};
use zoolab_core::view::{State, Status};
use zoolab_core::why::{self, Chain, Question, Rule, Step};

/// What was asked last, and its answer.
#[derive(Clone, Debug, Default)]
pub struct Why {
    asked: Option<(BranchId, Chain)>,
    steps: Vec<Seq>,
}

impl Why {
    /// Asks at moment `len`; `false` if there is nothing to ask.
    pub fn ask(&mut self, line: Line<'_>, len: usize, question: Question) -> bool {
        let chain = why::ask(line, len, question);
        self.steps = chain.iter().flat_map(|chain| chain.steps.iter().map(|step| step.seq)).collect();
        self.asked = chain.map(|chain| (line.id(), chain));
        self.asked.is_some()
    }

    /// Forgets it: the run is another one.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Forgets what is no longer so: a chain of records that were taken back.
    pub fn forget_from(&mut self, branch: BranchId, len: u32) {
        let gone = self.asked.as_ref().is_some_and(|(of, _)| *of == branch)
            && self.steps.iter().any(|seq| seq.0 >= len);
        if gone {
            self.reset();
        }
    }

    /// The chain, if it is one of the line we look at.
    pub fn chain(&self, branch: BranchId) -> Option<&Chain> {
        self.asked.as_ref().filter(|(of, _)| *of == branch).map(|(_, chain)| chain)
    }

    /// Its records, effect first.
    pub fn steps(&self, branch: BranchId) -> &[Seq] {
        if self.chain(branch).is_some() { &self.steps } else { &[] }
    }
}

/// What "why?" means of a selected thing.
pub fn of_item(line: Line<'_>, len: usize, item: Item) -> Question {
    match item {
        Item::Node(node) => match line.view(node, len).map(|view| (view.status, &view.state)) {
            Some((Status::Up, State::Server(_))) => Question::Role(node),
            Some((Status::Up, State::Member(view))) if view.waits.is_some() => Question::Waits(node),
            Some((Status::Up, State::Member(_))) => Question::Role(node),
            Some((Status::Up, State::Client(_))) => Question::Client(node),
            _ => Question::Status(node),
        },
        Item::Link(a, b) => Question::Link(a, b),
        Item::Message(seq) => Question::Message(seq),
        Item::Cell(node, zxid) => Question::Cell(node, zxid),
        Item::Slot(node, number) => Question::Slot(node, number),
    }
}

/// A question in words.
pub fn title(lang: Lang, question: Question) -> String {
    let of = |id, node| lang.say_with(id, &[("node", shown(node))]);
    match question {
        Question::Status(node) => of("ask-status", node),
        Question::Role(node) => of("ask-role", node),
        Question::Leader(node) => of("ask-leader", node),
        Question::Vote(node) => of("ask-vote", node),
        Question::Phase(node) => of("ask-phase", node),
        Question::AcceptedEpoch(node) => of("ask-accepted-epoch", node),
        Question::CurrentEpoch(node) => of("ask-current-epoch", node),
        Question::Cell(node, zxid) => {
            lang.say_with("ask-cell", &[("node", shown(node)), ("zxid", shown(zxid))])
        }
        Question::Slot(node, number) => {
            lang.say_with("ask-slot", &[("node", shown(node)), ("number", shown(number))])
        }
        Question::Waits(node) => of("ask-waits", node),
        Question::Locks(node) => of("ask-locks", node),
        Question::Client(node) => of("ask-client", node),
        Question::LastAnswer(node) => of("ask-last-answer", node),
        Question::Link(a, b) => lang.say_with("ask-link", &[("a", shown(a)), ("b", shown(b))]),
        Question::Message(_) => lang.say("ask-message"),
        Question::Record(_) => lang.say("ask-record"),
    }
}

/// What happened in a step.
pub fn sentence(lang: Lang, line: Line<'_>, step: &Step) -> String {
    let value = |name: &str, value: &String| -> FluentValue<'static> {
        match (step.rule, name, line.get(step.seq).map(|record| &record.what)) {
            (
                Rule::Acts | Rule::Refused,
                "action",
                Some(What::Acted { action: it, .. } | What::Refused { action: it, .. }),
            ) => shown(action(lang, it)),
            (_, "why" | "what", _) => shown(reason(lang, value)),
            _ => shown(value),
        }
    };
    let arguments: Vec<(&'static str, FluentValue<'_>)> =
        step.args.iter().map(|(name, text)| (*name, value(name, text))).collect();
    lang.say_with(&format!("rule-{}", step.rule.id()), &arguments)
}

/// The rule behind a step, in words.
pub fn rule(lang: Lang, rule: Rule) -> String {
    lang.say(&format!("rule-{}.rule", rule.id()))
}
