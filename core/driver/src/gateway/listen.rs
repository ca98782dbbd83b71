//! Ports for the servers.

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use thiserror::Error;
use zoolab_core::ids::NodeId;

/// Connections that may wait to be accepted: thousands may come at once.
const BACKLOG: i32 = 4096;

/// Why there is no port for a server.
#[derive(Debug, Error)]
pub enum ListenError {
    /// The last port is not high enough.
    #[error("{servers} servers from port {first} on would need a port above 65535; expected at most {most}")]
    Beyond {
        /// Of the first server.
        first: u16,
        /// How many.
        servers: u8,
        /// The highest first port.
        most: u16,
    },
    /// Somebody else has it.
    #[error("{0} is in use by another program; expected a port that is free")]
    Taken(SocketAddr),
    /// Anything else.
    #[error("cannot listen on {at}: {error}")]
    Io {
        /// Where.
        at: SocketAddr,
        /// Why.
        error: io::Error,
    },
}

/// A port on an address for each server, from `first` on; 0 for any that are free.
pub fn listen(address: IpAddr, first: u16, servers: u8) -> Result<Vec<(NodeId, TcpListener)>, ListenError> {
    let most = u16::MAX - (u16::from(servers).max(1) - 1);
    if first > most {
        return Err(ListenError::Beyond { first, servers, most });
    }
    let of = |sid: u8| {
        let port = if first == 0 { 0 } else { first + u16::from(sid) - 1 };
        let at = SocketAddr::new(address, port);
        match open(at) {
            Ok(listener) => Ok((NodeId::Server(sid), listener)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(ListenError::Taken(at)),
            Err(error) => Err(ListenError::Io { at, error }),
        }
    };
    (1..=servers).map(of).collect()
}

/// As the standard library does it, but with a longer queue.
fn open(at: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, None)?;
    // A port that was served a moment ago is free. Elsewhere than on Unix the same words would share the port.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&at.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
