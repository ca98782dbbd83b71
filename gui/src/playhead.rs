//! Where in the run we look, and how fast that place moves.
//!
//! Three clocks, never mixed:
//!
//! - **virtual**: the time inside the run ([`Time`]); the engine's clock and every record carry it.
//! - **playhead**: the virtual time at which we look, here as [`Playhead::at`], with the moment
//!   ([`Playhead::len`], a number of records) that decides ties. Looking back is moving it.
//! - **screen**: seconds a person waits, [`Screen`]. Speed is playhead time per screen time.

pub use crate::pace::{Goal, Pace, Screen, Stop, counts};

use crate::lang::{Lang, shown};
use crate::pace::{Quiet, answered, happens};
use crate::tokens;
use crate::words;
use zoolab_core::ids::Seq;
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::Line;

/// Slowest and fastest: virtual seconds per screen second.
pub const SPEEDS: (f64, f64) = (0.001, 100.0);
/// Slow enough to follow a message with the eye.
pub const SPEED_START: f64 = 0.01;
/// What one press of a key changes the speed by.
pub(crate) const SPEED_STEP: f64 = 2.0;
/// A cluster in which nothing has happened for so long is not worth watching.
const IDLE_MOST: Span = Span::from_ms(30_000);
/// A step or a milestone that is further away than this is not looked for.
pub(crate) const SEARCH_MOST: Span = Span::from_ms(120_000);
/// How far the engine is asked to run ahead of the playhead at least.
pub(crate) const AHEAD_LEAST: Span = Span::from_ms(2500);
/// The same in screen time, for fast playing.
const AHEAD_SCREEN: Screen = Screen(1.0);

/// The place at which we look.
#[derive(Clone, Debug)]
pub struct Playhead {
    at: Time,
    /// Part of a microsecond that slow playing has not made up yet.
    rest_us: f64,
    len: usize,
    playing: bool,
    speed: f64,
    goal: Option<Goal>,
    hop: Option<Hop>,
    quiet: Option<Quiet>,
}

/// A step under way on the screen: the picture goes from one moment to the next.
#[derive(Clone, Copy, Debug)]
struct Hop {
    len: usize,
    from: Time,
    done: Screen,
}

impl Default for Playhead {
    fn default() -> Self {
        Self {
            at: Time::ZERO,
            rest_us: 0.0,
            len: 0,
            playing: true,
            speed: SPEED_START,
            goal: None,
            hop: None,
            quiet: None,
        }
    }
}

impl Playhead {
    /// Plays or stops.
    pub fn set_playing(&mut self, playing: bool) {
        self.playing = playing;
        self.goal = None;
        self.hop = None;
    }

    /// Sets the speed, within [`SPEEDS`].
    pub fn set_speed(&mut self, speed: f64) {
        self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
    }

    /// One notch faster.
    pub fn faster(&mut self) {
        self.set_speed(self.speed * SPEED_STEP);
    }

    /// One notch slower.
    pub fn slower(&mut self) {
        self.set_speed(self.speed / SPEED_STEP);
    }

    /// Moves to a moment, whatever lies between.
    pub fn jump(&mut self, line: Line<'_>, len: usize) {
        self.len = len.min(line.len());
        self.at = match self.len.checked_sub(1).and_then(|last| line.get(Seq(last as u32))) {
            Some(record) => record.at,
            None => Time::ZERO,
        };
        self.settle();
    }

    /// Moves to the moment after everything up to a time.
    pub fn jump_to_time(&mut self, line: Line<'_>, at: Time) {
        self.at = at;
        self.len = line.moment(at);
        self.settle();
    }

    fn settle(&mut self) {
        self.rest_us = 0.0;
        self.hop = None;
        self.quiet = None;
    }

    /// Stops at a moment that was looked for.
    pub fn halt(&mut self, line: Line<'_>, len: usize) {
        self.set_playing(false);
        self.jump(line, len);
    }

    /// Goes to a goal, now or as soon as the engine has got there.
    pub fn pursue(&mut self, goal: Goal) {
        if !matches!(goal, Goal::Time(_)) {
            self.playing = false;
        }
        self.goal = Some(goal);
    }

    /// Goes to the moment before the last step that changed something.
    pub fn step_back(&mut self, line: Line<'_>, pace: Pace) {
        self.playing = false;
        self.goal = None;
        let mut len = line.step_back(self.len);
        while len > 0 && !happens(line, line.step_back(len), len, pace) {
            len = line.step_back(len);
        }
        self.jump(line, len);
    }

    /// Goes to the turning point before this one.
    pub fn previous_milestone(&mut self, line: Line<'_>) {
        self.playing = false;
        self.goal = None;
        let begin = line.step_back(self.len);
        let len = line.previous_major(begin).map_or(0, |seq| line.step_end(seq.index() + 1));
        self.jump(line, len);
    }

    /// Lets screen time pass. `horizon` is how far the engine has told the run; `finished` says that
    /// nothing comes after it.
    ///
    /// Returns why it stopped by itself, if it did.
    pub fn advance(
        &mut self,
        line: Line<'_>,
        passed: Screen,
        horizon: Time,
        finished: bool,
        pace: Pace,
    ) -> Option<Stop> {
        if let Some(goal) = self.goal {
            return self.approach(line, goal, horizon, finished, pace);
        }
        if let Some(hop) = &mut self.hop {
            hop.done.0 += passed.0;
            if hop.done.0 >= tokens::HOP_S {
                self.hop = None;
            }
        }
        if self.playing && self.goal.is_none() {
            self.play(line, passed, horizon, pace);
            let idle = |quiet: Quiet| quiet.ends.is_none() && self.at.since(quiet.begins) >= IDLE_MOST;
            let stop = match self.quiet {
                _ if finished && self.at >= horizon => Some(Stop::End),
                Some(quiet) if idle(quiet) => Some(Stop::Idle),
                _ => None,
            };
            if stop.is_some() {
                self.playing = false;
                self.quiet = None;
            }
            return stop;
        }
        None
    }

    fn play(&mut self, line: Line<'_>, passed: Screen, horizon: Time, pace: Pace) {
        let speed = if pace.skip_quiet { self.hurried(line, pace) } else { self.speed };
        let us = passed.0 * speed * 1e6 + self.rest_us;
        self.rest_us = us.fract();
        let mut to = self.at + Span(us as u64);
        if let Some(Quiet { ends: Some(ends), .. }) = self.quiet.filter(|_| speed > self.speed) {
            // The hurry ends where something happens.
            to = to.min(ends);
        }
        if to >= horizon {
            to = horizon.max(self.at);
            self.rest_us = 0.0;
        }
        self.at = to;
        self.len = line.moment(to).max(self.len.min(line.len()));
        if self.quiet.and_then(|quiet| quiet.ends).is_some_and(|ends| ends <= self.at) {
            self.quiet = None;
        }
    }

    /// The speed that takes us through a quiet stretch in a short screen time, or the usual one.
    fn hurried(&mut self, line: Line<'_>, pace: Pace) -> f64 {
        let quiet = self.quiet.get_or_insert(Quiet::begin(self.at, self.len));
        quiet.look(line, pace);
        quiet.speed(self.speed)
    }

    /// Goes to the goal if it is there already; returns why it gave up, if it did.
    fn approach(
        &mut self,
        line: Line<'_>,
        goal: Goal,
        horizon: Time,
        finished: bool,
        pace: Pace,
    ) -> Option<Stop> {
        let reached = match goal {
            Goal::Step => self.step_forward(line, pace),
            Goal::Milestone => {
                let after = line.step_end(self.len);
                let next = line.next_major(after).map(|seq| line.step_end(seq.index() + 1));
                next.inspect(|len| self.jump(line, *len)).is_some()
            }
            Goal::Answer(acted) => {
                let from = self.len.min(acted.index());
                answered(line, from, acted).inspect(|len| self.jump(line, (*len).max(self.len))).is_some()
            }
            // Whoever looks ahead stops us there.
            Goal::Found => false,
            Goal::Time(time) => {
                self.jump_to_time(line, time.min(horizon));
                time <= horizon
            }
        };
        if reached {
            self.goal = None;
        } else if finished || horizon.since(self.at) > SEARCH_MOST {
            self.goal = None;
            self.playing = false;
            return Some(if finished { Stop::End } else { Stop::NothingAhead });
        }
        None
    }

    /// Goes one step further; false if the engine has not told the next one yet.
    fn step_forward(&mut self, line: Line<'_>, pace: Pace) -> bool {
        let mut begin = line.step_end(self.len);
        loop {
            let end = line.step_end((begin + 1).min(line.len()));
            // The last step may still grow: its consequences come in the same batch, so a step that
            // reaches the end is whole once there is a record at all.
            if begin >= line.len() {
                return false;
            }
            if happens(line, begin, end, pace) {
                let hop = Hop { len: self.len, from: self.at, done: Screen(0.0) };
                self.jump(line, end);
                self.hop = (!pace.reduced_motion).then_some(hop);
                return true;
            }
            begin = end;
        }
    }

    /// Virtual time at which we look.
    pub fn at(&self) -> Time {
        self.at
    }

    /// The moment at which we look.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether it moves by itself.
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Virtual seconds per screen second.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// What it waits for.
    pub fn goal(&self) -> Option<Goal> {
        self.goal
    }

    /// Whether the picture changes with screen time.
    pub fn moves(&self) -> bool {
        self.playing || self.hop.is_some()
    }

    /// Whether a quiet stretch is hurried through right now.
    pub fn hurries(&self) -> bool {
        self.playing && self.quiet.is_some_and(|quiet| quiet.speed(self.speed) > self.speed)
    }

    /// What to draw: the moment and the time, between two moments while a step is under way.
    pub fn picture(&self) -> (usize, Time) {
        let Some(hop) = self.hop else { return (self.len, self.at) };
        let part = (hop.done.0 / tokens::HOP_S).clamp(0.0, 1.0);
        let way = self.at.since(hop.from).0 as f64 * part;
        (hop.len, hop.from + Span(way as u64))
    }

    /// Up to when the engine should have told the run, which it has up to `horizon`.
    pub fn wants(&self, horizon: Time) -> Time {
        let ahead = Span((self.speed * AHEAD_SCREEN.0 * 1e6) as u64).max(AHEAD_LEAST);
        match self.goal {
            Some(Goal::Time(time)) => time.max(self.at) + ahead,
            Some(Goal::Step | Goal::Milestone | Goal::Answer(_) | Goal::Found) => {
                horizon.max(self.at) + ahead
            }
            _ => self.at + ahead,
        }
    }

    /// The speed as people read it, such as "1 s of cluster time = 20 s".
    pub fn speed_text(&self, lang: Lang) -> String {
        speed_text(lang, self.speed)
    }

    /// Looks where another clock says: at this moment and time.
    pub fn show(&mut self, len: usize, at: Time) {
        self.set_playing(false);
        (self.len, self.at) = (len, at);
        self.settle();
    }
}

/// A speed as people read it.
pub fn speed_text(lang: Lang, speed: f64) -> String {
    let (id, speed) = if speed >= 1.0 { ("speed-fast", speed) } else { ("speed-slow", 1.0 / speed) };
    lang.say_with(id, &[("speed", shown(words::number(speed)))])
}

#[cfg(test)]
mod tests;
