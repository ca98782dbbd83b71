//! What the space-time diagram shows: which stretch of time, which lanes, what is searched for, what is marked.

use crate::feed::Feed;
use crate::lang::Lang;
use egui::{Key, KeyboardShortcut, Modifiers};
use std::collections::BTreeSet;
use zoolab_core::ids::{NodeId, Seq};
use zoolab_core::time::{Span, Time};
use zoolab_core::trace::Line;

/// The shortest stretch that can be shown.
const LEAST: Span = Span(20);
/// How long a stretch "around the playhead" is.
const AROUND: Span = Span::from_ms(60);
/// Where the playhead stands while the diagram follows it, as a part of the width.
const FOLLOWED: f64 = 0.8;
/// How much nearer a key zooms, and how far it pans, as parts of the width.
const ZOOM: f64 = 1.5;
const PAN: f64 = 0.2;

/// A change of what the diagram shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The whole run, as far as it was seen.
    Fit,
    /// A short stretch around the playhead.
    Around,
    /// Follow the playhead, or not.
    Follow,
    /// Nearer.
    ZoomIn,
    /// Farther.
    ZoomOut,
    /// Earlier.
    Earlier,
    /// Later.
    Later,
    /// This stretch.
    Window(Time, Time),
    /// Hide this lane, or show it.
    Lane(NodeId),
    /// Search for this.
    Search(String),
    /// Mark this stretch for a sequence diagram, or none.
    Mark(Option<(Time, Time)>),
    /// Show the marked stretch, or what the diagram shows, as a sequence diagram; or go back.
    Sequence,
}

impl Change {
    /// The id of its texts in the catalogues.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Fit => "cmd-spacetime-fit",
            Self::Around => "cmd-spacetime-around",
            Self::Follow => "cmd-spacetime-follow",
            Self::ZoomIn => "cmd-spacetime-zoom-in",
            Self::ZoomOut => "cmd-spacetime-zoom-out",
            Self::Earlier => "cmd-spacetime-earlier",
            Self::Later => "cmd-spacetime-later",
            Self::Sequence => "cmd-spacetime-sequence",
            Self::Window(..) | Self::Lane(_) | Self::Search(_) | Self::Mark(_) => "cmd-spacetime",
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let alt = |key| KeyboardShortcut::new(Modifiers::ALT, key);
        Some(match self {
            Self::ZoomIn => alt(Key::ArrowUp),
            Self::ZoomOut => alt(Key::ArrowDown),
            Self::Earlier => alt(Key::ArrowLeft),
            Self::Later => alt(Key::ArrowRight),
            _ => return None,
        })
    }
}

/// What the diagram shows.
#[derive(Clone, Debug, Default)]
pub struct SpaceTime {
    window: Option<(Time, Time)>,
    /// Whether the window moves with the playhead.
    pub follows: bool,
    /// Lanes that are hidden.
    pub hidden: BTreeSet<NodeId>,
    /// What is searched for, and where it is.
    pub search: Feed,
    /// A stretch that was marked.
    pub marked: Option<(Time, Time)>,
    /// The stretch that is shown as a sequence diagram.
    pub sequence: Option<(Time, Time)>,
}

impl SpaceTime {
    /// The run is another one.
    pub fn reset(&mut self) {
        let search = std::mem::take(&mut self.search.search);
        *self = Self::default();
        self.search.search = search;
    }

    /// The stretch that is shown, with the playhead at `at` and a run that was seen up to `end`.
    pub fn window(&self, at: Time, end: Time) -> (Time, Time) {
        let (from, to) = self.window.unwrap_or((Time::ZERO, end.max(Time::from_ms(1))));
        let outside = at < from || at.0 as f64 > from.0 as f64 + to.since(from).0 as f64 * FOLLOWED;
        if !self.follows || !outside || self.window.is_none() {
            return (from, to);
        }
        let whole = to.since(from);
        let before = Span((whole.0 as f64 * FOLLOWED) as u64);
        let from = at - before;
        (from, from + whole)
    }

    /// Changes it, with the playhead at `at` and a run that was seen up to `end`.
    pub fn change(&mut self, change: Change, at: Time, end: Time) {
        let (from, to) = self.window(at, end);
        let whole = to.since(from).0 as f64;
        match change {
            Change::Fit => self.window = None,
            Change::Around => {
                let half = Span(AROUND.0 / 2);
                self.window = Some((at - half, (at - half) + AROUND));
            }
            Change::Follow => {
                self.window = Some((from, to));
                self.follows = !self.follows;
            }
            Change::ZoomIn => self.show(zoomed((from, to), at, 1.0 / ZOOM)),
            Change::ZoomOut => self.show(zoomed((from, to), at, ZOOM)),
            Change::Earlier => self.show(panned((from, to), -whole * PAN)),
            Change::Later => self.show(panned((from, to), whole * PAN)),
            Change::Window(from, to) => self.show((from, to)),
            Change::Lane(node) => {
                if !self.hidden.remove(&node) {
                    self.hidden.insert(node);
                }
            }
            Change::Search(text) => self.search.search = text,
            Change::Mark(stretch) => self.marked = stretch,
            Change::Sequence => {
                let stretch = self.marked.unwrap_or((from, to));
                self.sequence = if self.sequence.is_some() { None } else { Some(stretch) };
            }
        }
    }

    fn show(&mut self, (from, to): (Time, Time)) {
        self.window = Some((from, to.max(from + LEAST)));
    }

    /// The lanes that are shown, in the order of the run.
    pub fn lanes(&self, line: Line<'_>) -> Vec<NodeId> {
        line.nodes().iter().copied().filter(|node| !self.hidden.contains(node)).collect()
    }

    /// Searches on; returns whether it is done.
    pub fn catch_up(&mut self, lang: Lang, line: Line<'_>, seen: usize, pings: bool) -> bool {
        self.search.search.trim().is_empty() || self.search.catch_up(lang, line, seen, pings)
    }

    /// What was found, ascending.
    pub fn found(&self) -> &[Seq] {
        if self.search.search.trim().is_empty() { &[] } else { self.search.rows() }
    }
}

/// A stretch made longer by a factor around a time, which keeps its place if it is in it.
pub fn zoomed((from, to): (Time, Time), around: Time, factor: f64) -> (Time, Time) {
    let around = if around < from || around > to { from + Span(to.since(from).0 / 2) } else { around };
    let before = around.since(from).0 as f64 * factor;
    let after = to.since(around).0 as f64 * factor;
    (around - Span(before as u64), around + Span((after as u64).max(LEAST.0)))
}

/// A stretch moved by so many microseconds, not before the start of the run.
pub fn panned((from, to): (Time, Time), by: f64) -> (Time, Time) {
    let start = (from.0 as f64 + by).max(0.0) as u64;
    (Time(start), Time(start) + to.since(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Time = Time::from_ms(1000);

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let (from, to) = zoomed((Time(1000), Time(3000)), Time(1500), 0.5);
        assert_eq!((from, to), (Time(1250), Time(2250)));
        let (from, to) = panned((Time(1000), Time(3000)), -5000.0);
        assert_eq!((from, to), (Time(0), Time(2000)), "no time is before the run");
    }

    #[test]
    fn it_follows_the_playhead_only_if_asked() {
        let mut shown = SpaceTime::default();
        shown.change(Change::Around, Time::from_ms(100), END);
        let still = shown.window(Time::from_ms(500), END);
        assert_eq!(still, (Time::from_ms(70), Time::from_ms(130)));
        shown.change(Change::Follow, Time::from_ms(100), END);
        let (from, to) = shown.window(Time::from_ms(500), END);
        assert!(from < Time::from_ms(500) && to > Time::from_ms(500), "{from} to {to}");
        shown.change(Change::Fit, Time::from_ms(500), END);
        assert_eq!(shown.window(Time::from_ms(500), END), (Time::ZERO, END));
    }
}
