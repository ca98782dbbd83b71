//! The thread that owns an engine: asks in, answers out, both bounded.

use super::{Engine, SLICE};
use crate::channel::{Answer, Ask, Link};
use crossbeam_channel::{Receiver, Select, Sender, TryRecvError, bounded};

/// Asks that may wait; the window sends a few each frame.
const ASKS: usize = 256;
/// Answers that may wait; when the window does not take them, the engine rests.
const ANSWERS: usize = 64;

/// Starts an engine on a thread of its own.
pub fn start() -> Link {
    start_waking(|| {})
}

/// The same; `wake` is called whenever there is something to read, from the engine's thread.
pub fn start_waking(wake: impl Fn() + Send + 'static) -> Link {
    let (ask, asks) = bounded(ASKS);
    let (answer, answers) = bounded(ANSWERS);
    let spare = answer.clone();
    let thread = std::thread::Builder::new().name("zoolab-engine".to_owned());
    if let Err(error) = thread.spawn(move || serve(&asks, &answer, &wake)) {
        // The channel is new and empty, so there is room for one answer.
        let _ = spare.try_send(Answer::Problem(format!("the engine's thread does not start: {error}")));
    }
    Link { asks: ask, answers }
}

/// Serves until the window is gone.
fn serve(asks: &Receiver<Ask>, answers: &Sender<Answer>, wake: &impl Fn()) {
    let mut engine = Engine::new();
    while !engine.has_quit() {
        if !engine.has_work() && engine.answers.is_empty() {
            rest(asks, &engine.events());
        }
        if !take_in(&mut engine, asks) {
            return;
        }
        // Somebody who asks without end must not keep the window from its answers.
        engine.welcome();
        if engine.answers.is_empty() {
            engine.pump(SLICE);
        }
        engine.flush();
        if !hand_out(&mut engine, asks, answers) {
            return;
        }
        wake();
    }
}

/// Rests until there is something to do, or the window is gone.
fn rest<T>(asks: &Receiver<Ask>, events: &Receiver<T>) {
    let mut select = Select::new();
    select.recv(asks);
    select.recv(events);
    select.ready();
}

/// Takes in everything that waits; `false` when the window is gone.
fn take_in(engine: &mut Engine, asks: &Receiver<Ask>) -> bool {
    loop {
        match asks.try_recv() {
            Ok(ask) => engine.ask(ask),
            Err(TryRecvError::Empty) => return true,
            Err(TryRecvError::Disconnected) => return false,
        }
    }
}

/// Hands out every answer, and takes in asks while the window does not take any; `false` when it is gone.
fn hand_out(engine: &mut Engine, asks: &Receiver<Ask>, answers: &Sender<Answer>) -> bool {
    while !engine.answers.is_empty() && !engine.has_quit() {
        let mut select = Select::new();
        let to_window = select.send(answers);
        select.recv(asks);
        let ready = select.select();
        if ready.index() == to_window {
            let answer = engine.next_answer().expect("the loop runs while there are answers");
            if ready.send(answers, answer).is_err() {
                return false;
            }
        } else {
            match ready.recv(asks) {
                Ok(ask) => engine.ask(ask),
                Err(_) => return false,
            }
        }
    }
    true
}
