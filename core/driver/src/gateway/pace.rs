//! Virtual time out of the wall clock.

use std::time::Duration;
use tokio::time::Instant;
use zoolab_core::time::Time;

/// Longest sleep: a look at the clock now and then costs nothing.
const NAP: Duration = Duration::from_millis(50);
/// How far the run may be ahead of the clock: what is due within it happens at once. A sleep is never shorter than
/// a millisecond, and a chain of messages of 100 us each would wait for one at every step.
const AHEAD: Duration = Duration::from_millis(1);

/// How virtual time follows the wall clock.
#[derive(Debug)]
pub(super) struct Pace {
    speed: f64,
    began: Option<Instant>,
}

impl Pace {
    /// Stands still until it is started.
    pub(super) fn new(speed: f64) -> Self {
        Self { speed, began: None }
    }

    pub(super) fn start(&mut self) {
        self.began = Some(Instant::now());
    }

    /// The virtual time now.
    pub(super) fn now(&self) -> Time {
        self.after(Duration::ZERO)
    }

    /// The virtual time up to which things may happen.
    pub(super) fn ahead(&self) -> Time {
        self.after(AHEAD)
    }

    fn after(&self, more: Duration) -> Time {
        let passed = self.began.map_or(Duration::ZERO, |began| began.elapsed() + more);
        Time((passed.as_secs_f64() * self.speed * 1e6) as u64)
    }

    /// Sleeps until what is due `at` may happen, or for a nap. Connections get their turn even if that is now.
    pub(super) async fn sleep_until(&self, at: Time) {
        let left = at.since(self.ahead()).0 as f64 / 1e6 / self.speed;
        if left > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(left.min(NAP.as_secs_f64()))).await;
        } else {
            tokio::task::yield_now().await;
        }
    }
}
