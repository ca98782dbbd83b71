//! The one clock of all lanes: where we look, and how fast that place moves.
//!
//! Its time is common to the lanes; a lane's own time is this one less the lane's offset. Steps go to the
//! next time at which anything happens in any lane.

use crate::pace::{Goal, Pace, Screen, Stop};
use crate::playhead::{AHEAD_LEAST, SEARCH_MOST, SPEED_START, SPEED_STEP, SPEEDS};
use crate::tokens;
use zoolab_core::time::{Span, Time};

/// What the clock asks of the lanes; all times are common ones.
pub trait Happenings {
    /// Up to when every lane has been told; `None` when nothing can happen in any of them any more.
    fn horizon(&self) -> Option<Time>;
    /// The last time at which anything has happened so far.
    fn end(&self) -> Time;
    /// The next time after `at` at which something happens in some lane.
    fn next(&self, at: Time, majors: bool) -> Option<Time>;
    /// The last time before `at` at which something happened in some lane.
    fn previous(&self, at: Time, majors: bool) -> Option<Time>;
}

/// The place at which we look.
#[derive(Clone, Debug)]
pub struct Clock {
    at: Time,
    rest_us: f64,
    playing: bool,
    speed: f64,
    goal: Option<Goal>,
    /// A step under way on the screen: where it began, and for how long it has lasted.
    hop: Option<(Time, Screen)>,
    /// The stretch up to the next thing that happens, if that is known.
    quiet: Option<(Time, Option<Time>)>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            at: Time::ZERO,
            rest_us: 0.0,
            playing: false,
            speed: SPEED_START,
            goal: None,
            hop: None,
            quiet: None,
        }
    }
}

impl Clock {
    /// Plays or stops.
    pub fn set_playing(&mut self, playing: bool) {
        (self.playing, self.goal, self.hop, self.quiet) = (playing, None, None, None);
    }

    /// Sets the speed.
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

    /// Looks at this time.
    pub fn jump(&mut self, at: Time) {
        self.at = at;
        (self.rest_us, self.hop, self.quiet) = (0.0, None, None);
    }

    /// Goes to a goal, now or as soon as the engines have got there.
    pub fn pursue(&mut self, goal: Goal) {
        if !matches!(goal, Goal::Time(_)) {
            self.playing = false;
        }
        self.goal = Some(goal);
    }

    /// Goes to before the last thing that happened, or to the turning point before.
    pub fn back(&mut self, lanes: &dyn Happenings, majors: bool) {
        self.set_playing(false);
        let undone =
            if majors { self.at } else { lanes.previous(self.at + Span(1), false).unwrap_or(self.at) };
        self.jump(lanes.previous(undone, majors).unwrap_or(Time::ZERO));
    }

    /// Lets screen time pass; returns why it stopped by itself, if it did.
    pub fn advance(&mut self, lanes: &dyn Happenings, passed: Screen, pace: Pace) -> Option<Stop> {
        if let Some(goal) = self.goal {
            return self.approach(lanes, goal, pace);
        }
        if let Some((_, done)) = &mut self.hop {
            done.0 += passed.0;
            if done.0 >= tokens::HOP_S {
                self.hop = None;
            }
        }
        if !self.playing {
            return None;
        }
        self.play(lanes, passed, pace);
        let over = lanes.horizon().is_none() && self.at >= lanes.end();
        self.playing = !over;
        over.then_some(Stop::End)
    }

    fn play(&mut self, lanes: &dyn Happenings, passed: Screen, pace: Pace) {
        let next = lanes.next(self.at, false);
        let begins = self.quiet.filter(|(_, ends)| *ends == next).map_or(self.at, |(begins, _)| begins);
        self.quiet = Some((begins, next));
        let hurried = match next {
            Some(next) => next.since(begins).0 as f64 / 1e6 / tokens::QUIET_S,
            // Nobody knows how long it is: as fast as a clock.
            None => 1.0,
        };
        let speed = if pace.skip_quiet { hurried.max(self.speed) } else { self.speed };
        let us = passed.0 * speed * 1e6 + self.rest_us;
        self.rest_us = us.fract();
        let mut to = self.at + Span(us as u64);
        if let Some(next) = next.filter(|_| speed > self.speed) {
            to = to.min(next);
        }
        let most = lanes.horizon().unwrap_or(lanes.end());
        self.at = to.min(most.max(self.at));
    }

    fn approach(&mut self, lanes: &dyn Happenings, goal: Goal, pace: Pace) -> Option<Stop> {
        let horizon = lanes.horizon();
        let found = match goal {
            Goal::Time(time) => Some(time),
            Goal::Step => lanes.next(self.at, false),
            // Lanes have no consoles that could wait for an answer.
            Goal::Milestone | Goal::Answer(_) | Goal::Found => lanes.next(self.at, true),
        };
        // An earlier one may still come in a lane that has not been told so far.
        let certain = found.filter(|found| horizon.is_none_or(|horizon| *found <= horizon));
        if let Some(found) = certain {
            let from = self.at;
            self.jump(found);
            self.goal = None;
            let hops = matches!(goal, Goal::Step) && !pace.reduced_motion;
            self.hop = hops.then_some((from, Screen(0.0)));
            return None;
        }
        let hopeless = match horizon {
            None => Some(Stop::End),
            Some(horizon) if horizon.since(self.at) > SEARCH_MOST => Some(Stop::NothingAhead),
            Some(_) => None,
        };
        if hopeless.is_some() {
            self.goal = None;
        }
        hopeless
    }

    /// The time at which we look.
    pub fn at(&self) -> Time {
        self.at
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
        let long =
            |ends: Time, begins: Time| ends.since(begins).0 as f64 / 1e6 / tokens::QUIET_S > self.speed;
        self.playing && self.quiet.is_some_and(|(begins, ends)| ends.is_none_or(|ends| long(ends, begins)))
    }

    /// What to draw: the moment, and the time between two moments while a step is under way.
    pub fn picture(&self) -> (Time, Time) {
        let Some((from, done)) = self.hop else { return (self.at, self.at) };
        let part = (done.0 / tokens::HOP_S).clamp(0.0, 1.0);
        (from, from + Span((self.at.since(from).0 as f64 * part) as u64))
    }

    /// Up to when the engines should have told their runs, which they have up to `horizon`.
    pub fn wants(&self, horizon: Time) -> Time {
        let ahead = Span((self.speed * 1e6) as u64).max(AHEAD_LEAST);
        match self.goal {
            Some(Goal::Time(time)) => time.max(self.at) + ahead,
            Some(Goal::Step | Goal::Milestone | Goal::Answer(_) | Goal::Found) => {
                horizon.max(self.at) + ahead
            }
            None => self.at + ahead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something happens at these times, and more may come.
    struct Times(Vec<u64>, Option<u64>);

    impl Happenings for Times {
        fn horizon(&self) -> Option<Time> {
            self.1.map(Time::from_ms)
        }
        fn end(&self) -> Time {
            Time::from_ms(self.0.last().copied().unwrap_or(0))
        }
        fn next(&self, at: Time, _: bool) -> Option<Time> {
            self.0.iter().map(|ms| Time::from_ms(*ms)).find(|time| *time > at)
        }
        fn previous(&self, at: Time, _: bool) -> Option<Time> {
            self.0.iter().rev().map(|ms| Time::from_ms(*ms)).find(|time| *time < at)
        }
    }

    const PACE: Pace = Pace { pings: false, skip_quiet: true, reduced_motion: true };

    #[test]
    fn a_step_waits_for_the_lane_that_was_told_least() {
        let mut clock = Clock::default();
        clock.pursue(Goal::Step);
        assert_eq!(clock.advance(&Times(vec![5, 9], Some(3)), Screen(0.1), PACE), None);
        assert_eq!((clock.at(), clock.goal()), (Time::ZERO, Some(Goal::Step)), "5 is not certain yet");
        assert_eq!(clock.advance(&Times(vec![4, 5, 9], Some(6)), Screen(0.1), PACE), None);
        assert_eq!((clock.at(), clock.goal()), (Time::from_ms(4), None));
    }

    #[test]
    fn stepping_back_undoes_stepping_forward() {
        let times = Times(vec![4, 5, 9], None);
        let mut clock = Clock::default();
        for ms in [4, 5, 9] {
            clock.pursue(Goal::Step);
            clock.advance(&times, Screen(0.1), PACE);
            assert_eq!(clock.at(), Time::from_ms(ms));
        }
        for ms in [5, 4, 0] {
            clock.back(&times, false);
            assert_eq!(clock.at(), Time::from_ms(ms));
        }
    }

    #[test]
    fn playing_ends_where_every_lane_ends() {
        let times = Times(vec![4, 4000], None);
        let mut clock = Clock::default();
        clock.set_playing(true);
        let stop = (0..200).find_map(|_| clock.advance(&times, Screen(0.1), PACE));
        assert_eq!((stop, clock.at(), clock.playing()), (Some(Stop::End), Time::from_ms(4000), false));
    }
}
