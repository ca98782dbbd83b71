//! The way between a program and the world: what is under way in either direction, in bounds.
//!
//! A program that asks faster than it is answered is not read from until it has been answered; one that does not
//! read is not read from either, and is hung up on when too much waits for it. All programs together share what
//! may be under way, so that many at once cannot use up the memory.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use zoolab_core::ids::NodeId;

/// Requests of one connection that may be without an answer, as `globalOutstandingLimit` has it for a server
/// (facts 1).
const ASKED: usize = 1000;
/// The same while all connections together are busy.
const ASKED_WHEN_BUSY: usize = 16;
/// Requests of all connections from which on they are busy.
const BUSY: usize = 20_000;
/// Bytes of a connection's requests that may be without an answer; one request may always be.
const ASKED_BYTES: usize = 1 << 20;
/// A frame up to this long needs no place among those that are held back when many long ones are under way.
pub(super) const SHORT: usize = 64 * 1024;
/// Bytes of requests of all connections under way, from which on long frames wait.
const LONG_BYTES: usize = 256 << 20;
/// Bytes that wait for a program, from which on it is not read from.
const BEHIND: usize = 256 * 1024;
/// Bytes that wait for a program, beyond which it is hung up on.
const FAR_BEHIND: usize = 64 << 20;
/// Bytes of answers that a program may have asked for, going by the last ones.
const EXPECTED: usize = 8 << 20;
/// How long an answer may be before any was seen.
const FIRST_ANSWERS: usize = 128 * 1024;
/// Bytes that wait for all programs, beyond which those are hung up on that are behind.
const ALL_BEHIND: usize = 512 << 20;
/// A buffer longer than this is not kept once it is empty.
const KEPT: usize = 64 * 1024;

/// What all connections have under way.
#[derive(Debug, Default)]
pub(super) struct Load {
    sums: Mutex<Sums>,
    /// Told when a long frame may have room.
    pub(super) eased: Notify,
    /// Connections that may be open at a time.
    pub(super) limit: usize,
}

#[derive(Debug, Default)]
struct Sums {
    open: usize,
    asked: usize,
    asked_bytes: usize,
    waiting_bytes: usize,
}

impl Load {
    /// Nothing is under way, and so many connections may be open.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection as the world sees it.
#[derive(Debug)]
pub(crate) struct Line {
    /// Whose port.
    pub(super) server: NodeId,
    /// Where it comes from.
    pub(super) from: SocketAddr,
    /// The connection.
    pub(super) stream: TcpStream,
    /// Told when there is something for the connection's task to do.
    pub(super) wake: Notify,
    load: Arc<Load>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    node: Option<NodeId>,
    /// Lengths of the requests without an answer, oldest first.
    asked: VecDeque<u32>,
    asked_bytes: usize,
    /// How long its answers are lately: the longest, fading.
    answer: usize,
    /// A long frame that is on its way in, and counted already.
    coming: usize,
    out: Vec<u8>,
    written: usize,
    is_greeted: bool,
    is_over: bool,
    /// Whether the task waits for an answer before it goes on.
    is_held: bool,
}

impl State {
    fn waiting(&self) -> usize {
        self.out.len() - self.written
    }
}

impl Line {
    /// A connection, if there may be one more.
    pub(super) fn new(server: NodeId, from: SocketAddr, stream: TcpStream, load: &Arc<Load>) -> Option<Self> {
        let mut sums = load.sums();
        if sums.open >= load.limit {
            return None;
        }
        sums.open += 1;
        drop(sums);
        let state = State {
            node: None,
            asked: VecDeque::new(),
            asked_bytes: 0,
            answer: FIRST_ANSWERS,
            coming: 0,
            out: Vec::new(),
            written: 0,
            is_greeted: false,
            is_over: false,
            is_held: false,
        };
        let (wake, state) = (Notify::new(), Mutex::new(state));
        Some(Self { server, from, stream, wake, load: load.clone(), state })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node that stands for it.
    pub(super) fn node(&self) -> Option<NodeId> {
        self.state().node
    }

    /// From now on this node stands for it.
    pub(super) fn stand(&self, node: NodeId) {
        self.state().node = Some(node);
    }

    /// Whether it has been answered at all.
    pub(super) fn is_greeted(&self) -> bool {
        self.state().is_greeted
    }

    /// Whether one more request may be taken from it. If not, its task is told when that may have changed.
    pub(super) fn may_ask(&self) -> bool {
        let busy = self.load.sums().asked >= BUSY;
        let most = if busy { ASKED_WHEN_BUSY } else { ASKED };
        let mut state = self.state();
        let asked = state.asked.len();
        let few = asked < most && state.asked_bytes < ASKED_BYTES && asked * state.answer < EXPECTED;
        let may = (asked == 0 || few) && state.waiting() < BEHIND;
        state.is_held = !may;
        may
    }

    /// Whether a frame of this length may be read; `false` if it must wait for [`Load::eased`].
    pub(super) fn may_come(&self, length: usize) -> bool {
        let (mut sums, mut state) = (self.load.sums(), self.state());
        if length <= SHORT || state.coming > 0 {
            return true;
        }
        if sums.asked_bytes > 0 && sums.asked_bytes + length > LONG_BYTES {
            return false;
        }
        sums.asked_bytes += length;
        state.coming = length;
        true
    }

    /// A request has been taken from it.
    pub(super) fn asked(&self, length: usize) {
        let (mut sums, mut state) = (self.load.sums(), self.state());
        sums.asked += 1;
        sums.asked_bytes += length.saturating_sub(std::mem::take(&mut state.coming));
        state.asked.push_back(length as u32);
        state.asked_bytes += length;
    }

    /// Adds a frame to what it is sent; `false` if it is too far behind with reading.
    pub(super) fn send(&self, bytes: &[u8], answers: bool) -> bool {
        let (mut sums, mut state) = (self.load.sums(), self.state());
        if answers && let Some(length) = state.asked.pop_front() {
            sums.asked -= 1;
            sums.asked_bytes -= length as usize;
            state.asked_bytes -= length as usize;
            state.answer = bytes.len().max(state.answer - state.answer / 8);
            state.is_greeted = true;
            if length as usize > SHORT {
                self.load.eased.notify_waiters();
            }
        }
        let waiting = state.waiting();
        let behind = waiting > FAR_BEHIND || (waiting > BEHIND && sums.waiting_bytes > ALL_BEHIND);
        if state.is_over || (waiting > 0 && behind) {
            return state.is_over;
        }
        state.out.extend_from_slice(bytes);
        sums.waiting_bytes += bytes.len();
        true
    }

    /// Writes what was sent, and tells the connection's task if there is something left for it to do.
    pub(super) fn pass_on(&self) {
        let done = self.flush();
        let state = self.state();
        if done.is_err() || state.is_held || state.is_over || state.waiting() > 0 {
            self.wake.notify_one();
        }
    }

    /// Writes what waits, as far as the connection takes it now.
    pub(super) fn flush(&self) -> io::Result<()> {
        let mut state = self.state();
        let mut done = Ok(());
        let before = state.written;
        while state.waiting() > 0 {
            match self.stream.try_write(&state.out[state.written..]) {
                Ok(count) => state.written += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => {
                    done = Err(error);
                    break;
                }
            }
        }
        let count = state.written - before;
        if state.waiting() == 0 {
            state.written = 0;
            state.out.clear();
            if state.out.capacity() > KEPT {
                state.out = Vec::new();
            }
        } else if state.written > KEPT {
            let written = std::mem::take(&mut state.written);
            state.out.drain(..written);
        }
        drop(state);
        self.load.sums().waiting_bytes -= count;
        done
    }

    /// Whether something waits to be written.
    pub(super) fn is_behind(&self) -> bool {
        self.state().waiting() > 0
    }

    /// The server has hung up: what waits is still written.
    pub(super) fn end(&self) {
        self.state().is_over = true;
        self.wake.notify_one();
    }

    /// Whether the server has hung up.
    pub(super) fn is_over(&self) -> bool {
        self.state().is_over
    }

    /// What all connections have under way.
    pub(super) fn load(&self) -> &Load {
        &self.load
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let (mut sums, state) = (self.load.sums(), self.state());
        sums.open -= 1;
        sums.asked -= state.asked.len();
        sums.asked_bytes -= state.asked_bytes + state.coming;
        sums.waiting_bytes -= state.waiting();
        drop((state, sums));
        self.load.eased.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Connections as programs have them, with the lines behind.
    async fn pairs(load: &Arc<Load>, count: usize) -> (Vec<TcpStream>, Vec<Option<Line>>) {
        let port = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has ports");
        let at = port.local_addr().expect("it listens");
        let (mut programs, mut lines) = (Vec::new(), Vec::new());
        for _ in 0..count {
            programs.push(TcpStream::connect(at).await.expect("it listens"));
            let (stream, from) = port.accept().await.expect("it was dialled");
            lines.push(Line::new(NodeId::Server(1), from, stream, load));
        }
        (programs, lines)
    }

    #[tokio::test]
    async fn who_does_not_read_is_given_up_and_gives_back_what_it_took() {
        let load = Arc::new(Load::new(2));
        let (_programs, mut lines) = pairs(&load, 3).await;
        assert!(lines.pop().expect("three").is_none(), "two may be open");
        let line = lines[0].take().expect("open");
        let event = vec![0; 1 << 20];
        let mut sent = 0;
        while line.send(&event, false) {
            let _ = line.flush();
            sent += 1;
            assert!(sent < 1000, "no bound");
        }
        assert!(sent > 60 && !line.may_ask());
        assert!(load.sums().waiting_bytes <= FAR_BEHIND + event.len());
        drop(line);
        let sums = load.sums();
        assert_eq!((sums.waiting_bytes, sums.open), (0, 1));
    }

    #[tokio::test]
    async fn requests_without_an_answer_are_bounded() {
        let load = Arc::new(Load::new(4));
        let (_programs, mut lines) = pairs(&load, 2).await;
        let [Some(one), Some(two)] = &lines[..] else { panic!("both are open") };
        let ask = |line: &Line, length: usize| {
            let mut count = 0;
            while line.may_ask() && line.may_come(length) {
                line.asked(length);
                count += 1;
            }
            count
        };
        let begun = ask(one, 20);
        assert_eq!(begun, EXPECTED / FIRST_ANSWERS, "careful at first");
        (0..begun).for_each(|_| assert!(one.send(&[0; 20], true)));
        assert_eq!(ask(one, 20), ASKED);
        assert_eq!(ask(two, 500_000), 3, "a megabyte, and the request that goes beyond it");
        lines.clear();
        let sums = load.sums();
        assert_eq!((sums.asked, sums.asked_bytes, sums.waiting_bytes, sums.open), (0, 0, 0, 0));
    }

    #[tokio::test]
    async fn long_frames_wait_for_each_other_and_short_ones_for_nobody() {
        let load = Arc::new(Load::new(1000));
        let (_programs, lines) = pairs(&load, 300).await;
        let lines: Vec<Line> = lines.into_iter().flatten().collect();
        let coming = lines.iter().take_while(|line| line.may_come(1 << 20)).count();
        assert_eq!(coming, LONG_BYTES >> 20);
        assert!(lines[299].may_come(SHORT) && !lines[299].may_come(SHORT + 1));
        let mut lines = lines.into_iter();
        drop(lines.next());
        assert!(lines.next_back().is_some_and(|line| line.may_come(1 << 20)));
    }
}
