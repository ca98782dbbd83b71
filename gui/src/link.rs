//! The window's end of the channel to the engine: asks without waiting, answers without locks.

use crate::playhead::Screen;
use crate::tokens;
use std::collections::BTreeMap;
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::{Answer, Ask, Link};

/// Answers taken in one frame at most, so that a fast engine cannot freeze the window.
const ANSWERS_PER_FRAME: usize = 64;
/// How long the engine may stay silent before the window stops asking the screen for frames.
const PATIENCE: Screen = Screen(2.0);
/// An ask for less than this beyond the last one is not worth sending.
const ASK_STEP: Span = Span::from_ms(50);

/// The engine, as the window sees it.
#[derive(Debug)]
pub struct Remote {
    link: Link,
    asked: BTreeMap<BranchId, Time>,
    /// Asks that the bounded channel had no room for, oldest first.
    unsent: Vec<Ask>,
    silent: Option<Screen>,
}

impl Remote {
    /// The window's end of a running engine.
    pub fn new(link: Link) -> Self {
        Self { link, asked: BTreeMap::new(), unsent: Vec::new(), silent: None }
    }

    /// Asks for something that must not be left out.
    pub fn ask(&mut self, ask: Ask) {
        match &ask {
            Ask::Load(_) => self.asked.clear(),
            Ask::Act { branch, .. } => {
                self.asked.remove(branch);
            }
            _ => {}
        }
        self.unsent.push(ask);
        self.silent = Some(Screen(0.0));
        self.flush();
    }

    /// Asks for a branch to be told up to a time, unless that was asked already.
    pub fn run_to(&mut self, branch: BranchId, until: Time) {
        self.run_to_within(branch, until, ASK_STEP);
    }

    /// The same where each moment counts, since programs wait for it.
    pub fn run_to_exactly(&mut self, branch: BranchId, until: Time) {
        self.run_to_within(branch, until, Span(1));
    }

    fn run_to_within(&mut self, branch: BranchId, until: Time, step: Span) {
        let before = self.asked.get(&branch).copied();
        if before.is_some_and(|before| before + step > until) {
            return;
        }
        self.asked.insert(branch, until);
        self.ask(Ask::RunTo { branch, until });
    }

    /// Forgets what was asked of a branch: the engine has taken it back or begun it.
    pub fn forget(&mut self, branch: BranchId) {
        self.asked.remove(&branch);
    }

    fn flush(&mut self) {
        let mut rest = std::mem::take(&mut self.unsent).into_iter();
        for ask in rest.by_ref() {
            if let Err(error) = self.link.asks.try_send(ask) {
                self.unsent.push(error.into_inner());
                break;
            }
        }
        self.unsent.extend(rest);
    }

    /// What the engine has said since the last frame.
    pub fn receive(&mut self, passed: Screen) -> Vec<Answer> {
        self.flush();
        let answers: Vec<Answer> = self.link.answers.try_iter().take(ANSWERS_PER_FRAME).collect();
        if answers.iter().any(|answer| matches!(answer, Answer::Reached { .. } | Answer::Problem(_))) {
            self.silent = None;
        } else if !answers.is_empty() {
            self.silent = Some(Screen(0.0));
        } else if let Some(silent) = &mut self.silent {
            silent.0 += passed.0;
        }
        answers
    }

    /// When to look for answers again; `None` when nothing is owed.
    pub fn poll_s(&self) -> Option<f64> {
        let owed = self.silent.is_some_and(|silent| silent < PATIENCE);
        (owed || !self.unsent.is_empty() || !self.link.answers.is_empty()).then_some(tokens::POLL_S)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        // If the channel is full or closed, the engine learns of our end by the closed channel.
        let _ = self.link.asks.try_send(Ask::Quit);
    }
}
