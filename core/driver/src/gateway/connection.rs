//! One connection: bytes in, frames to the world; frames of the world, bytes out.

use super::control::Control;
use super::line::{Line, Load};
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use zoolab_core::ids::NodeId;
use zoolab_core::wire::frame::{Frames, Piece};
use zoolab_core::wire::jute::MAX_BUFFER;
use zoolab_core::wire::word::Word;

/// Bytes read at a time.
const BYTES: usize = 16 * 1024;
/// How long the last words to a program may take.
const LINGER: Duration = Duration::from_secs(5);
/// How long a port rests after an accept failed, for want of descriptors for instance.
const REST: Duration = Duration::from_millis(50);

/// What a connection tells the world.
#[derive(Debug)]
pub(super) enum Event {
    /// A program has begun to talk to a server.
    Opened(Arc<Line>),
    /// It sent a frame, here without its length.
    Frame(Arc<Line>, Arc<[u8]>),
    /// It is gone.
    Closed(Arc<Line>),
    /// Somebody asks about the run, or acts on it.
    Control(Control),
}

/// The world's inbox. What is in it is bounded by what each connection may have under way.
pub(super) type Events = mpsc::UnboundedSender<Event>;

/// Takes connections on a server's port for as long as the world is there. One that is not answered within
/// `patience` is hung up on.
pub(super) async fn accept(
    server: NodeId,
    port: TcpListener,
    load: Arc<Load>,
    patience: Duration,
    events: Events,
) {
    while !events.is_closed() {
        match port.accept().await {
            Ok((stream, from)) => {
                // Replies are small and waited for; without it each may wait for the one before it.
                let _ = stream.set_nodelay(true);
                // One too many is closed at once, as beyond `maxClientCnxns`.
                let Some(line) = Line::new(server, from, stream, &load) else { continue };
                let deadline = Instant::now() + patience;
                tokio::spawn(converse(Arc::new(line), deadline, events.clone()));
            }
            Err(_) => tokio::time::sleep(REST).await,
        }
    }
}

/// A connection from its beginning to its end.
async fn converse(line: Arc<Line>, deadline: Instant, events: Events) {
    let mut frames = Frames::of_server();
    // Nobody is a client before its first frame: a word, or a port scan, takes no node.
    let first = tokio::time::timeout_at(deadline, first(&line, &mut frames)).await;
    let frame = match first {
        Ok(Some(First::Frame(frame))) => frame,
        Ok(Some(First::Word(word))) => return answer(&line, word, &events).await,
        Ok(None) | Err(_) => return,
    };
    if events.send(Event::Opened(line.clone())).is_err() {
        return;
    }
    line.asked(frame.len());
    let _ = events.send(Event::Frame(line.clone(), frame));
    let _ = go_on(&line, &mut frames, deadline, &events).await;
    let _ = events.send(Event::Closed(line));
}

/// What a connection begins with.
enum First {
    Frame(Arc<[u8]>),
    Word(Word),
}

async fn first(line: &Line, frames: &mut Frames) -> Option<First> {
    loop {
        match frames.take() {
            Ok(Some(Piece::Word(word))) => return Some(First::Word(word)),
            Ok(Some(Piece::Frame(frame))) => return Some(First::Frame(frame.into())),
            Ok(None) => {}
            Err(_) => return None,
        }
        while !line.may_come(announced(frames)) {
            line.load().eased.notified().await;
        }
        line.stream.readable().await.ok()?;
        read(line, frames).ok()?;
    }
}

/// A four-letter word is answered, and that is all. A server that does not run says nothing and hangs up.
async fn answer(line: &Line, word: Word, events: &Events) {
    let (answer, hears) = oneshot::channel();
    if events.send(Event::Control(Control::Word { server: line.server, word, answer })).is_ok()
        && let Ok(text) = hears.await
        && line.send(text.as_bytes(), false)
    {
        while line.flush().is_ok() && line.is_behind() {
            if line.stream.writable().await.is_err() {
                return;
            }
        }
    }
}

/// Passes frames on in both directions until one side ends the connection.
async fn go_on(line: &Arc<Line>, frames: &mut Frames, deadline: Instant, events: &Events) -> io::Result<()> {
    let mut was_long = false;
    let mut lingers = None;
    loop {
        let mut reads = false;
        while !reads && line.may_ask() {
            match frames.take() {
                Ok(Some(Piece::Frame(frame))) => {
                    let frame: Arc<[u8]> = frame.into();
                    was_long |= frame.len() > BYTES;
                    line.asked(frame.len());
                    events
                        .send(Event::Frame(line.clone(), frame))
                        .map_err(|_| io::ErrorKind::NotConnected)?;
                }
                Ok(Some(Piece::Word(_)) | None) => reads = true,
                // A length that cannot be: ZooKeeper hangs up.
                Err(_) => return Ok(()),
            }
        }
        if was_long && frames.rest().is_empty() {
            (*frames, was_long) = (Frames::with_limit(MAX_BUFFER), false);
        }
        // What the server has said last still arrives; then the connection ends even if the program never
        // closes its side, so that its node is free for the next one.
        let behind = line.is_behind();
        if line.is_over() && !behind {
            return Ok(());
        }
        let held_back = reads && !line.may_come(announced(frames));
        let until = if line.is_over() {
            Some(*lingers.get_or_insert_with(|| Instant::now() + LINGER))
        } else {
            // A handshake that leads nowhere must not keep a node.
            (!line.is_greeted()).then_some(deadline)
        };
        tokio::select! {
            () = line.wake.notified() => {}
            ready = line.stream.readable(), if reads && !held_back && !line.is_over() => {
                ready?;
                read(line, frames)?;
            }
            ready = line.stream.writable(), if behind => ready?,
            () = line.load().eased.notified(), if held_back => {}
            () = sleep_until(until) => {
                // It may have been answered since.
                if line.is_over() || !line.is_greeted() {
                    return Ok(());
                }
            }
        }
        if behind {
            line.flush()?;
        }
    }
}

/// Sleeps until then, or for ever.
async fn sleep_until(then: Option<Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then).await,
        None => pending().await,
    }
}

/// How long the frame is that comes in, as far as it has said so.
fn announced(frames: &Frames) -> usize {
    let head = frames.rest().first_chunk::<4>();
    head.map_or(0, |head| usize::try_from(i32::from_be_bytes(*head)).unwrap_or(0))
}

/// Takes in what is there; an error at the end of the connection.
fn read(line: &Line, frames: &mut Frames) -> io::Result<()> {
    let mut buffer = [0; BYTES];
    match line.stream.try_read(&mut buffer) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(count) => {
            frames.feed(&buffer[..count]);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(error),
    }
}
