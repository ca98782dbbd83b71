//! Several protocols side by side on one clock: each lane runs one scenario through an engine of its own.
//!
//! ```text
//!   Clock (common time) ──▶ Lane: own time = common − offset ──▶ Store, Tally ──▶ panels
//!     ▲                       ▲
//!     └ steps, plays          └ Align shifts the offsets
//! ```
//!
//! Branches of the lanes belong together: what is done in the past of the lanes opens a track, which is one
//! branch of each.

pub mod align;
pub mod beats;
pub mod clock;
pub mod lane;
pub mod run;
pub mod tally;
pub mod verb;

use crate::lang::{Lang, shown as text};
use crate::pace::{Pace, Screen};
use crate::state::{Notice, Shown};
use crate::{tokens, words};
use align::Align;
use clock::{Clock, Happenings};
use lane::Lane;
use std::time::Duration;
use zoolab_core::compare::Comparison;
use zoolab_core::time::Time;
use zoolab_core::trace::BranchId;
use zoolab_driver::channel::Link;

/// Everything of an open comparison.
#[derive(Debug)]
pub struct Compare {
    /// What is compared.
    pub comparison: Comparison,
    /// One a protocol, in the order of the file.
    pub lanes: Vec<Lane>,
    /// Where we look.
    pub clock: Clock,
    /// How the lanes' clocks stand to each other.
    pub align: Align,
    /// Which write they are aligned by, counted from 1.
    pub nth: u32,
    /// The common time at which the aligned turns meet.
    pub meets: Option<Time>,
    /// Which of the servers that do not lead verbs are about, counted from 1.
    pub other: u8,
    /// What a person has not yet put away, oldest first.
    pub notices: Vec<Notice>,
    /// Tracks, in the order they were opened.
    pub tracks: Vec<Track>,
    /// Which track is shown.
    pub track: usize,
    /// Writes made by hand.
    written: u32,
    /// Something was asked of the lanes and is not done yet: whether it opens a track, and its words.
    acting: Option<(bool, String)>,
}

/// One branch of each lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// How it began; empty for the first.
    pub name: String,
    /// The branches, by lane.
    pub branches: Vec<BranchId>,
    /// The latest common time of it that was shown.
    pub seen: Time,
}

impl Compare {
    /// Begins a comparison, with an engine for each lane.
    pub fn new(comparison: Comparison, engine: &dyn Fn() -> Link) -> Self {
        let lanes: Vec<Lane> =
            comparison.scenarios().into_iter().map(|scenario| Lane::new(engine(), scenario)).collect();
        let branches = vec![BranchId(0); lanes.len()];
        let track = Track { name: String::new(), branches, seen: Time::ZERO };
        Self {
            comparison,
            lanes,
            clock: Clock::default(),
            align: Align::Time,
            nth: 1,
            meets: None,
            other: 1,
            notices: Vec::new(),
            tracks: vec![track],
            track: 0,
            written: 0,
            acting: None,
        }
    }

    /// Takes in answers and lets time pass; returns whether everything was read.
    pub fn logic(&mut self, passed: Screen, shown: Shown) -> bool {
        for lane in &mut self.lanes {
            lane.store.shown = shown;
            for problem in lane.receive(passed) {
                tell(&mut self.notices, problem, true);
            }
        }
        let told: Vec<bool> = self.lanes.iter_mut().map(|lane| lane.catch_up(shown.pings)).collect();
        self.realign();
        self.finish_acting(Lang::of(shown.language));
        let pace =
            Pace { pings: shown.pings, skip_quiet: shown.skip_quiet, reduced_motion: shown.reduced_motion };
        if let Some(stop) = self.clock.advance(&Lanes(&self.lanes), passed, pace) {
            tell(&mut self.notices, stop.text(Lang::of(shown.language)), false);
        }
        let looking = self.align.is_looking(&self.lanes);
        let wanted = self.clock.wants(Lanes(&self.lanes).horizon().unwrap_or(Time::ZERO));
        let settled = self.look(passed);
        for lane in &mut self.lanes {
            lane.run_to(wanted, looking);
        }
        for notice in &mut self.notices {
            notice.age.0 += passed.0;
        }
        self.notices.retain(|notice| notice.problem || notice.age.0 < tokens::NOTICE_S);
        settled && told.into_iter().all(|told| told)
    }

    /// Shows every lane at the clock's time.
    fn look(&mut self, passed: Screen) -> bool {
        let (moment, at) = self.clock.picture();
        if let Some(track) = self.tracks.get_mut(self.track) {
            track.seen = track.seen.max(moment);
        }
        // Every lane must look, so this does not stop at the first that is not done.
        let settled: Vec<bool> = self.lanes.iter_mut().map(|lane| lane.look(moment, at, passed)).collect();
        settled.into_iter().all(|settled| settled)
    }

    /// Shifts the lanes as soon as their turns are known; the first lane that has one keeps its place.
    fn realign(&mut self) {
        let own = self.lanes.first().and_then(|lane| lane.own(self.clock.at()));
        let before = self.meets;
        self.meets = self.align.apply(&mut self.lanes);
        if before != self.meets
            && let (Some(own), Some(lane)) = (own, self.lanes.first())
        {
            self.clock.jump(lane.common(own));
        }
    }

    /// Notes which branches an action has led to, once every lane has done it.
    fn finish_acting(&mut self, lang: Lang) {
        if self.lanes.iter().any(|lane| lane.store.acting) {
            return;
        }
        let Some((opens, name)) = self.acting.take() else { return };
        let branches: Vec<BranchId> = self.lanes.iter().map(|lane| lane.store.branch).collect();
        if !opens {
            if let Some(track) = self.tracks.get_mut(self.track) {
                track.branches = branches;
            }
            return;
        }
        let seen = self.clock.at();
        let at = words::whole_moment(seen);
        self.track = self.tracks.len();
        let arguments = [("name", text(&name)), ("at", text(&at))];
        self.tracks.push(Track { name: lang.say_with("track-began", &arguments), branches, seen });
        let track = text(Self::track_name(lang, self.track));
        let arguments = [("track", track), ("at", text(at)), ("name", text(name))];
        tell(&mut self.notices, lang.say_with("track-opened", &arguments), false);
    }

    /// What a track is called on a button.
    pub fn track_name(lang: Lang, track: usize) -> String {
        words::branch(lang, BranchId(track as u16))
    }

    /// Whether somebody waits for something, and for how long the screen may rest.
    pub fn rest(&self) -> Option<Duration> {
        if self.clock.moves() || self.clock.goal().is_some() || self.acting.is_some() {
            return Some(Duration::ZERO);
        }
        let poll = self.lanes.iter().filter_map(Lane::poll_s).reduce(f64::min);
        let fading = self.notices.iter().filter(|notice| !notice.problem);
        let fades = fading.map(|notice| (tokens::NOTICE_S - notice.age.0).max(0.0)).reduce(f64::min);
        poll.into_iter().chain(fades).reduce(f64::min).map(Duration::from_secs_f64)
    }
}

/// Tells a person something, once.
fn tell(notices: &mut Vec<Notice>, text: String, problem: bool) {
    notices.retain(|notice| notice.text != text);
    notices.push(Notice { text, problem, age: Screen(0.0), offer: None });
}

/// All lanes, as the clock sees them.
pub struct Lanes<'a>(&'a [Lane]);

impl Happenings for Lanes<'_> {
    fn horizon(&self) -> Option<Time> {
        self.0.iter().filter_map(Lane::horizon).min()
    }

    fn end(&self) -> Time {
        let last = |lane: &Lane| lane.beats.events().last().map(|at| lane.common(*at));
        self.0.iter().filter_map(last).max().unwrap_or(Time::ZERO)
    }

    fn next(&self, at: Time, majors: bool) -> Option<Time> {
        let next = |lane: &Lane| {
            let times = times(lane, majors);
            // Before a lane has begun, its first beat is the next one.
            let place = lane.own(at).map_or(0, |own| times.partition_point(|time| *time <= own));
            times.get(place).map(|time| lane.common(*time))
        };
        self.0.iter().filter_map(next).min()
    }

    fn previous(&self, at: Time, majors: bool) -> Option<Time> {
        let previous = |lane: &Lane| {
            let times = times(lane, majors);
            let place = times.partition_point(|time| lane.common(*time) < at).checked_sub(1)?;
            times.get(place).map(|time| lane.common(*time))
        };
        self.0.iter().filter_map(previous).max()
    }
}

fn times(lane: &Lane, majors: bool) -> &[Time] {
    if majors { lane.beats.majors() } else { lane.beats.events() }
}
