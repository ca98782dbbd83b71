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
const FAR_BEHIND: usize = 8 << 20;
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
pub(super) struct Line {
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

#[derive(Debug, Default)]
struct State {
    node: Option<NodeId>,
    /// Lengths of the requests without an answer, oldest first.
    asked: VecDeque<u32>,
    asked_bytes: usize,
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
        let (wake, state) = (Notify::new(), Mutex::default());
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
        let room = state.asked.is_empty() || (state.asked.len() < most && state.asked_bytes < ASKED_BYTES);
        let may = room && state.waiting() < BEHIND;
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
        if state.is_held || state.is_over || state.waiting() > 0 || done.is_err() {
            self.wake.notify_one();
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
