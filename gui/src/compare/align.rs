//! How the lanes' clocks stand to each other.

use crate::compare::lane::Lane;
use zoolab_core::milestone::Turn;
use zoolab_core::time::{Span, Time};

/// By what the lanes are aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Every lane began at the same time.
    #[default]
    Time,
    /// This turn of the nth write, counted from 1, happens in every lane at the same time.
    Write(Turn, u32),
}

impl Align {
    /// The three ways, with the nth write.
    pub fn all(nth: u32) -> [Self; 3] {
        [Self::Time, Self::Write(Turn::Begun, nth), Self::Write(Turn::Decided, nth)]
    }

    /// The id of its texts in the catalogues; its tooltip is the attribute `tip`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Time => "align-time",
            Self::Write(Turn::Begun, _) => "align-write-begun",
            Self::Write(Turn::Decided, _) => "align-write-decided",
        }
    }

    /// The way after this one, with the same write.
    #[must_use]
    pub fn next(self, nth: u32) -> Self {
        match self {
            Self::Time => Self::Write(Turn::Begun, nth),
            Self::Write(Turn::Begun, nth) => Self::Write(Turn::Decided, nth),
            Self::Write(Turn::Decided, _) => Self::Time,
        }
    }

    /// The turn of a lane, in its own time.
    pub fn turn(self, lane: &Lane) -> Option<Time> {
        match self {
            Self::Time => None,
            Self::Write(turn, nth) => lane.turn(turn, nth),
        }
    }

    /// Shifts the lanes; returns the common time of the turn, if any lane has one.
    pub fn apply(self, lanes: &mut [Lane]) -> Option<Time> {
        let turns: Vec<Option<Time>> = lanes.iter().map(|lane| self.turn(lane)).collect();
        let (offsets, meets) = offsets(&turns);
        for (lane, offset) in lanes.iter_mut().zip(offsets) {
            lane.set_offset(offset);
        }
        meets
    }

    /// Whether some lane's turn may still be found.
    pub fn is_looking(self, lanes: &[Lane]) -> bool {
        self != Self::Time && lanes.iter().any(|lane| self.turn(lane).is_none() && !lane.is_told())
    }
}

/// How far each lane must be behind so that the turns meet, and when they do: at the latest of them, so that
/// no lane begins before the common clock.
fn offsets(turns: &[Option<Time>]) -> (Vec<Span>, Option<Time>) {
    let meets = turns.iter().flatten().max().copied();
    let offset = |turn: &Option<Time>| match (meets, turn) {
        (Some(meets), Some(turn)) => meets.since(*turn),
        _ => Span::ZERO,
    };
    (turns.iter().map(offset).collect(), meets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_meet_at_the_latest_of_them() {
        let turns = [Some(Time::from_ms(100)), None, Some(Time::from_ms(250))];
        let (offsets, meets) = offsets(&turns);
        assert_eq!(offsets, [Span::from_ms(150), Span::ZERO, Span::ZERO]);
        assert_eq!(meets, Some(Time::from_ms(250)));
    }
}
