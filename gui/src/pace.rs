//! What counts as something that happens, and how long the stretches without it take.
//!
//! Knows the trace and screen time, but not where we look: that is the playhead's.

use crate::lang::Lang;
use crate::tokens;
use crate::words;
use zoolab_core::action::Action;
use zoolab_core::ids::Seq;
use zoolab_core::milestone::Milestone;
use zoolab_core::time::Time;
use zoolab_core::trace::{Line, Record, What};

/// A length of screen time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
pub struct Screen(pub f64);

/// How a step counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Pings are drawn, so they are things that happen.
    pub pings: bool,
    /// Hurry through stretches in which nothing happens.
    pub skip_quiet: bool,
    /// Do not animate steps.
    pub reduced_motion: bool,
}

/// What the playhead is on its way to but cannot reach yet: the engine has not got there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The next thing that happens.
    Step,
    /// The next turning point.
    Milestone,
    /// A time.
    Time(Time),
    /// The answer to a request that this intervention made.
    Answer(Seq),
    /// What the look ahead of the playhead looks for.
    Found,
}

/// Why the playhead stopped by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The run is over.
    End,
    /// Nothing has happened for long.
    Idle,
    /// What was looked for is not near.
    NothingAhead,
}

impl Stop {
    /// In words, with what a person may do now.
    pub fn text(self, lang: Lang) -> String {
        lang.say(self.id())
    }

    fn id(self) -> &'static str {
        match self {
            Self::End => "stop-end",
            Self::Idle => "stop-idle",
            Self::NothingAhead => "stop-nothing-ahead",
        }
    }
}

/// Records looked through for the next thing that happens, per frame.
const LOOK_AHEAD: usize = 4000;

/// The stretch up to the next thing that happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quiet {
    /// Where we were when it began.
    pub begins: Time,
    /// Records looked through.
    scanned: usize,
    /// The next thing, once found.
    pub ends: Option<Time>,
}

impl Quiet {
    /// A stretch that begins here and now.
    pub(crate) fn begin(at: Time, len: usize) -> Self {
        Self { begins: at, scanned: len, ends: None }
    }

    /// Looks a little further for its end.
    pub(crate) fn look(&mut self, line: Line<'_>, pace: Pace) {
        if self.ends.is_some() {
            return;
        }
        let stop = (self.scanned + LOOK_AHEAD).min(line.len());
        let next = line.range(self.scanned, stop).find(|record| counts(line, record, pace));
        self.ends = next.map(|record| record.at);
        self.scanned = stop;
    }

    /// The speed that goes through it in a short screen time; at least `usual`.
    pub(crate) fn speed(&self, usual: f64) -> f64 {
        match self.ends {
            Some(ends) => (ends.since(self.begins).0 as f64 / 1e6 / tokens::QUIET_S).max(usual),
            // Nobody knows how long it is: as fast as a clock.
            None => usual.max(1.0),
        }
    }
}

/// The moment after the step in which an intervention is answered: a request by its reply, a turn to another
/// server by the connection.
pub fn answered(line: Line<'_>, from: usize, acted: Seq) -> Option<usize> {
    let client = line.get(acted)?.node?;
    let turns = matches!(&line.get(acted)?.what, What::Acted { action, .. } if matches!(**action, Action::Connect(..)));
    let mut after = line.range(from, line.len()).filter(|record| record.node == Some(client));
    let answer = after.find(|record| match &record.what {
        What::Replied { requested, .. } => {
            !turns && line.get(*requested).is_some_and(|asked| asked.cause == Some(acted))
        }
        What::Milestone(Milestone::Connected(_)) => turns,
        _ => false,
    });
    answer.map(|record| line.step_end(record.seq.index() + 1))
}

/// Whether something that people see happens in the step from one moment to another.
pub fn happens(line: Line<'_>, begin: usize, end: usize, pace: Pace) -> bool {
    line.range(begin, end).any(|record| counts(line, record, pace))
}

/// Whether a record is something that happens, as opposed to keeping connections alive.
pub fn counts(line: Line<'_>, record: &Record, pace: Pace) -> bool {
    match &record.what {
        What::TimerFired(_) | What::FsyncBegan { .. } => false,
        _ => pace.pings || !words::is_routine(line, record),
    }
}
