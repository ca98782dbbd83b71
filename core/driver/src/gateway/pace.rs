//! Virtual time out of the wall clock.

use std::time::Duration;
use tokio::time::Instant;
use zoolab_core::time::Time;

/// Longest sleep: a look at the clock now and then costs nothing.
const NAP: Duration = Duration::from_millis(50);

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
        let passed = self.began.map_or(Duration::ZERO, |began| began.elapsed());
        Time((passed.as_secs_f64() * self.speed * 1e6) as u64)
    }

    /// Sleeps until it is `at`, or for a nap.
    pub(super) async fn sleep_until(&self, at: Time) {
        let left = at.since(self.now()).0 as f64 / 1e6 / self.speed;
        tokio::time::sleep(Duration::from_secs_f64(left.min(NAP.as_secs_f64()))).await;
    }
}
