//! A time axis on which stretches without events are short: runs are a few busy milliseconds between long
//! waits, and a linear scrubber would show the waits.

use zoolab_core::time::{Span, Time};

/// A wait longer than this takes no more room than this.
const WAIT_MOST: Span = Span::from_ms(20);
/// What the rest of a longer wait still takes, in room per doubling.
const WAIT_DOUBLING: Span = Span::from_ms(4);

/// Virtual time against room on the screen; grows as the run is told.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    /// Corners of the piecewise linear map: time and room, both ascending.
    corners: Vec<(Time, f64)>,
    end: (Time, f64),
}

impl Axis {
    /// Something happened at `at`, not before anything already pushed.
    pub fn push(&mut self, at: Time) {
        let wait = at.since(self.end.0);
        let room = self.end.1 + room_of(wait);
        if wait > WAIT_MOST {
            self.corners.push(self.end);
            self.corners.push((at, room));
        }
        self.end = (at.max(self.end.0), room);
    }

    /// The last thing that happened.
    pub fn end(&self) -> Time {
        self.end.0
    }

    /// Where `at` is, 0 to 1, on an axis that ends at `until`.
    pub fn part(&self, at: Time, until: Time) -> f32 {
        (self.room(at) / self.room(until).max(1.0)).clamp(0.0, 1.0) as f32
    }

    /// The time at `part` of an axis that ends at `until`.
    pub fn time(&self, part: f32, until: Time) -> Time {
        let room = f64::from(part.clamp(0.0, 1.0)) * self.room(until).max(1.0);
        let mut low = (Time::ZERO, 0.0);
        for corner in self.corners.iter().chain([&self.end]) {
            if corner.1 >= room {
                let whole = corner.1 - low.1;
                let part = if whole > 0.0 { (room - low.1) / whole } else { 0.0 };
                return low.0 + Span((corner.0.since(low.0).0 as f64 * part) as u64);
            }
            low = *corner;
        }
        // Beyond the last event waits are drawn the way `room_of` does, so go back the same way.
        (low.0 + wait_of(room - low.1)).min(until)
    }

    fn room(&self, at: Time) -> f64 {
        if at >= self.end.0 {
            return self.end.1 + room_of(at.since(self.end.0));
        }
        let next = self.corners.partition_point(|(time, _)| *time <= at);
        let low = next.checked_sub(1).and_then(|last| self.corners.get(last)).copied();
        let low = low.unwrap_or((Time::ZERO, 0.0));
        let high = self.corners.get(next).copied().unwrap_or(self.end);
        let whole = high.0.since(low.0).0.max(1) as f64;
        low.1 + (high.1 - low.1) * at.since(low.0).0 as f64 / whole
    }
}

fn room_of(wait: Span) -> f64 {
    if wait <= WAIT_MOST {
        return wait.as_ms();
    }
    WAIT_MOST.as_ms() + WAIT_DOUBLING.as_ms() * (wait.as_ms() / WAIT_MOST.as_ms()).log2()
}

fn wait_of(room: f64) -> Span {
    let ms = if room <= WAIT_MOST.as_ms() {
        room
    } else {
        WAIT_MOST.as_ms() * ((room - WAIT_MOST.as_ms()) / WAIT_DOUBLING.as_ms()).exp2()
    };
    Span((ms.max(0.0) * 1000.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_short_and_the_way_back_is_the_same() {
        let mut axis = Axis::default();
        for ms in [1, 3, 5, 7, 207, 209, 2209] {
            axis.push(Time::from_ms(ms));
        }
        let until = Time::from_ms(4000);
        let busy = axis.part(Time::from_ms(7), until) - axis.part(Time::from_ms(1), until);
        let wait = axis.part(Time::from_ms(207), until) - axis.part(Time::from_ms(7), until);
        assert!(wait < busy * 10.0, "200 ms of waiting take {wait}, 6 busy ms {busy}");
        for ms in [0, 1, 4, 100, 208, 1000, 2209, 3000, 4000] {
            let back = axis.time(axis.part(Time::from_ms(ms), until), until);
            assert!(back.as_ms() - 1.0 < ms as f64 + ms as f64 * 0.01, "{ms} came back as {back}");
            assert!(back.as_ms() + 1.0 > ms as f64 - ms as f64 * 0.01, "{ms} came back as {back}");
        }
    }

    #[test]
    fn an_axis_without_events_is_no_trap() {
        let axis = Axis::default();
        assert_eq!(axis.part(Time::ZERO, Time::ZERO), 0.0);
        assert_eq!(axis.time(0.5, Time::ZERO), Time::ZERO);
    }
}
