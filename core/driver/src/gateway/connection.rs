//! One connection: bytes in, frames to the world; frames of the world, bytes out.

use super::control::Control;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use zoolab_core::ids::NodeId;
use zoolab_core::wire::frame::{Frames, Piece};

/// Frames that may wait for a client to read them: one that is further behind is hung up on.
const BEHIND: usize = 4096;
/// Bytes read at a time.
const BYTES: usize = 16 * 1024;
/// How long a port rests after an accept failed, for want of descriptors for instance.
const REST: Duration = Duration::from_millis(50);

/// What a connection tells the world.
#[derive(Debug)]
pub(super) enum Event {
    /// A program has connected to a server's port.
    Opened {
        /// Whose.
        server: NodeId,
        /// Where it comes from.
        from: SocketAddr,
        /// Where answers go.
        line: Line,
        /// Told which node stands for it, if there is one left.
        answer: oneshot::Sender<Option<NodeId>>,
    },
    /// It sent a frame.
    Frame {
        /// The node that stands for it.
        node: NodeId,
        /// Without its length.
        bytes: Arc<[u8]>,
    },
    /// It is gone.
    Closed {
        /// The node that stood for it.
        node: NodeId,
    },
    /// Somebody asks about the run, or acts on it.
    Control(Control),
}

/// The way back to a program; dropping it closes the connection.
#[derive(Debug)]
pub(super) struct Line(mpsc::Sender<Arc<[u8]>>);

impl Line {
    /// Sends a frame; `false` if the program does not read.
    pub(super) fn send(&self, bytes: Arc<[u8]>) -> bool {
        self.0.try_send(bytes).is_ok()
    }
}

/// Takes connections on a server's port for as long as the world is there.
pub(super) async fn accept(server: NodeId, port: TcpListener, events: mpsc::Sender<Event>) {
    while !events.is_closed() {
        match port.accept().await {
            Ok((stream, address)) => {
                tokio::spawn(converse(server, stream, address, events.clone()));
            }
            Err(_) => tokio::time::sleep(REST).await,
        }
    }
}

/// A connection from its beginning to its end.
async fn converse(server: NodeId, stream: TcpStream, address: SocketAddr, events: mpsc::Sender<Event>) {
    // Replies are small and waited for; without it each may wait for the one before it.
    let _ = stream.set_nodelay(true);
    let (mut from, mut to) = stream.into_split();
    let mut frames = Frames::of_server();
    let mut buffer = vec![0; BYTES];
    // Nobody is a client before its first frame: a word, or a port scan, takes no node.
    let first = loop {
        match frames.take() {
            Ok(Some(Piece::Word(word))) => {
                let (answer, hears) = oneshot::channel();
                // A server that does not run says nothing and hangs up.
                if events.send(Event::Control(Control::Word { server, word, answer })).await.is_ok()
                    && let Ok(text) = hears.await
                {
                    let _ = to.write_all(text.as_bytes()).await;
                }
                return;
            }
            Ok(Some(Piece::Frame(frame))) => break Arc::<[u8]>::from(frame),
            Ok(None) => {}
            Err(_) => return,
        }
        match from.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => frames.feed(&buffer[..count]),
        }
    };
    let (line, mut replies) = mpsc::channel::<Arc<[u8]>>(BEHIND);
    let (told, hears) = oneshot::channel();
    if events.send(Event::Opened { server, from: address, line: Line(line), answer: told }).await.is_err() {
        return;
    }
    let Ok(Some(node)) = hears.await else { return };
    let mut writer = tokio::spawn(async move {
        while let Some(bytes) = replies.recv().await {
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    });
    let mut next = Some(first);
    loop {
        while let Some(bytes) = next.take() {
            if events.send(Event::Frame { node, bytes }).await.is_err() {
                return;
            }
            next = match frames.take() {
                Ok(Some(Piece::Frame(frame))) => Some(Arc::from(frame)),
                _ => None,
            };
        }
        // A server that hangs up ends the connection even if the program never closes its side: its node is
        // free for the next one.
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = &mut writer => break,
        };
        match read {
            Ok(0) | Err(_) => break,
            Ok(count) => frames.feed(&buffer[..count]),
        }
        next = match frames.take() {
            Ok(Some(Piece::Frame(frame))) => Some(Arc::from(frame)),
            Ok(Some(Piece::Word(_)) | None) => None,
            // A length that cannot be: ZooKeeper hangs up.
            Err(_) => break,
        };
    }
    // Whether the world has gone first makes no difference now.
    let _ = events.send(Event::Closed { node }).await;
    writer.abort();
}
