//! `setquota`, `listquota`, `delquota`: znodes below `/zookeeper/quota` (facts 5.5).

use super::Printed;
use super::job::Told;
use super::print;
use crate::request::{Answer, CreateMode, ErrorCode, Op, Outcome};
use crate::tree::path;
use std::collections::VecDeque;
use std::sync::Arc;

const ROOT: &str = "/zookeeper/quota";
const LIMITS: &str = "zookeeper_limits";
const STATS: &str = "zookeeper_stats";

/// What a quota limits, by the letter of its option: the place of the number in the znode's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    count: i64,
    bytes: i64,
    hard_bytes: i64,
    hard_count: i64,
}

impl Limits {
    const NONE: Self = Self { count: -1, bytes: -1, hard_bytes: -1, hard_count: -1 };

    fn set(&mut self, letter: char, value: i64) {
        match letter {
            'n' => self.count = value,
            'b' => self.bytes = value,
            'N' => self.hard_count = value,
            _ => self.hard_bytes = value,
        }
    }

    fn read(text: &str) -> Self {
        let number = |name: &str| {
            let value = text.split([',', ';']).find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.trim_end_matches('=').parse().ok()).unwrap_or(-1)
        };
        Self {
            count: number("count"),
            bytes: number("bytes"),
            hard_bytes: number("byteHardLimit"),
            hard_count: number("countHardLimit"),
        }
    }

    fn text(self) -> String {
        let Self { count, bytes, hard_bytes, hard_count } = self;
        format!("count={count},bytes={bytes}=;byteHardLimit={hard_bytes};countHardLimit={hard_count}")
    }
}

/// A command about a quota, as the operations that are still to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    path: Arc<str>,
    what: What,
    /// What was asked last, and what is to follow.
    steps: VecDeque<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    List,
    /// Sets the number of an option.
    Set(char, i64),
    /// Takes everything away.
    Delete,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// Is the znode itself there?
    Exists,
    /// No znode above may have a quota.
    NoneAbove(Arc<str>),
    /// No znode below may have one: which children has this folder of quotas?
    NoneBelow(Arc<str>),
    /// Read the limits.
    Limits,
    /// Read the statistics.
    Stats,
    /// Make or change or delete a znode; this failure of it does not matter.
    Do(Op, ErrorCode),
}

impl Quota {
    /// `listquota`.
    pub fn list(path: Arc<str>) -> Self {
        Self { path, what: What::List, steps: [Step::Limits].into() }
    }

    /// `setquota` of one option.
    pub fn set(path: Arc<str>, letter: char, value: i64) -> Self {
        let mut steps = VecDeque::from([Step::Exists]);
        let above = std::iter::successors(path::parent(&path), |above| path::parent(above));
        steps.extend(above.filter(|above| *above != "/").map(|above| Step::NoneAbove(above.into())));
        steps.extend([Step::NoneBelow(folder(&path)), Step::Limits]);
        Self { path, what: What::Set(letter, value), steps }
    }

    /// `delquota`, of one option or of all.
    pub fn delete(path: Arc<str>, letter: Option<char>) -> Self {
        let what = letter.map_or(What::Delete, |letter| What::Set(letter, -1));
        Self { path, what, steps: [Step::Limits].into() }
    }

    /// What to ask first.
    pub fn first(&self) -> Op {
        self.op(self.steps.front()).unwrap_or(Op::WhoAmI)
    }

    fn op(&self, step: Option<&Step>) -> Option<Op> {
        let read = |path| Op::GetData { path, watch: false };
        Some(match step? {
            Step::Exists => Op::Exists { path: self.path.clone(), watch: false },
            Step::NoneAbove(above) => Op::Exists { path: below(&folder(above), LIMITS), watch: false },
            Step::NoneBelow(at) => Op::GetChildren { path: at.clone(), watch: false },
            Step::Limits => read(below(&folder(&self.path), LIMITS)),
            Step::Stats => read(below(&folder(&self.path), STATS)),
            Step::Do(op, _) => op.clone(),
        })
    }

    /// What was asked last has this outcome.
    pub fn on(&mut self, outcome: &Outcome) -> Told {
        let Some(step) = self.steps.pop_front() else { return Told::default() };
        let mut printed = Vec::new();
        match (&step, outcome) {
            (Step::Exists, Err(ErrorCode::NoNode)) => {
                return Told::failed(format!("{} does not exist.", self.path));
            }
            (Step::NoneAbove(above), Ok(_)) => {
                return Told::failed(format!("{} has a parent {above} which has a quota", self.path));
            }
            (Step::NoneAbove(_) | Step::NoneBelow(_), Err(ErrorCode::NoNode)) | (Step::Exists, Ok(_)) => {}
            (Step::NoneBelow(at), Ok(Answer::Children(names, _))) => {
                if let Some(child) = self.quota_below(at, names) {
                    return Told::failed(format!("{} has a child {child} which has a quota", self.path));
                }
            }
            (Step::Limits, Ok(Answer::Data(data, _))) => self.on_limits(&print::text(data), &mut printed),
            (Step::Limits, Err(ErrorCode::NoNode)) => match self.on_no_limits() {
                Ok(()) => {}
                Err(told) => return told,
            },
            (Step::Stats, Ok(Answer::Data(data, _))) => {
                printed.push(Printed::out(format!("Output stat for {} {}", self.path, print::text(data))));
            }
            (Step::Do(_, known), Err(code)) if code == known => {}
            (Step::Do(..), Ok(_)) => {}
            (step, outcome) => {
                let asked = self.op(Some(step)).unwrap_or(Op::WhoAmI);
                return Told { printed: super::job::failed(&asked, outcome), next: None };
            }
        }
        Told { printed, next: self.op(self.steps.front()) }
    }

    /// A znode below with a quota of its own; its folders that are not known yet are looked into.
    fn quota_below(&mut self, at: &Arc<str>, names: &[Arc<str>]) -> Option<String> {
        let own = folder(&self.path);
        if *at != own && names.iter().any(|name| &**name == LIMITS) {
            return Some(at[ROOT.len()..].to_owned());
        }
        for name in names.iter().rev().filter(|name| ![LIMITS, STATS].contains(&&***name)) {
            self.steps.push_front(Step::NoneBelow(below(at, name)));
        }
        None
    }

    fn on_limits(&mut self, text: &str, printed: &mut Vec<Printed>) {
        let limits = below(&folder(&self.path), LIMITS);
        match self.what {
            What::List => {
                printed.push(Printed::err(absolute(&self.path)));
                printed.push(Printed::out(format!("Output quota for {} {text}", self.path)));
                self.steps.push_back(Step::Stats);
            }
            What::Set(letter, value) => {
                let mut numbers = Limits::read(text);
                numbers.set(letter, value);
                let data = print::data(Some(&numbers.text()));
                let write = Op::SetData { path: limits, data, version: -1 };
                self.steps.push_back(Step::Do(write, ErrorCode::NoNode));
            }
            What::Delete => {
                let stats = below(&folder(&self.path), STATS);
                // Folders that nobody else needs go too.
                let folders =
                    std::iter::successors(Some(folder(&self.path)), |at| path::parent(at).map(Arc::from));
                let folders = folders.take_while(|at| &**at != ROOT).map(|at| (at, ErrorCode::NotEmpty));
                let gone =
                    [(limits, ErrorCode::NoNode), (stats, ErrorCode::NoNode)].into_iter().chain(folders);
                let deletes = gone.map(|(path, code)| Step::Do(Op::Delete { path, version: -1 }, code));
                self.steps.extend(deletes);
            }
        }
    }

    fn on_no_limits(&mut self) -> Result<(), Told> {
        let What::Set(letter, value) = self.what else {
            return Err(self.none());
        };
        if value < 0 {
            return Err(self.none());
        }
        let folders = std::iter::successors(Some(folder(&self.path)), |at| path::parent(at).map(Arc::from));
        let mut folders: Vec<Arc<str>> = folders.take_while(|at| &**at != ROOT).collect();
        folders.reverse();
        let mut numbers = Limits::NONE;
        numbers.set(letter, value);
        let own = folder(&self.path);
        let texts = [
            (below(&own, LIMITS), print::data(Some(&numbers.text()))),
            (below(&own, STATS), print::data(Some("count=0,bytes=0"))),
        ];
        let creates = folders.into_iter().map(|path| (path, None)).chain(texts);
        self.steps.extend(creates.map(|(path, data)| {
            Step::Do(Op::create(path, data, CreateMode::Persistent), ErrorCode::NodeExists)
        }));
        Ok(())
    }

    fn none(&self) -> Told {
        match self.what {
            What::List => Told {
                printed: [absolute(&self.path), format!("quota for {} does not exist.", self.path)]
                    .map(Printed::err)
                    .into(),
                next: None,
            },
            _ => Told::failed(format!("Quota does not exist for {}", self.path)),
        }
    }
}

fn absolute(path: &str) -> String {
    format!("absolute path is {}", below(&folder(path), LIMITS))
}

/// Where the quota of a znode is kept.
fn folder(path: &str) -> Arc<str> {
    format!("{ROOT}{}", if path == "/" { "" } else { path }).into()
}

fn below(folder: &str, name: &str) -> Arc<str> {
    format!("{folder}/{name}").into()
}
