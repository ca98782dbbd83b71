//! Whole frames: a header and what belongs behind it, and what a frame that makes no sense leads to.

use super::frame;
use super::jute::{Reader, Record};
use super::malformed::Malformed;
use super::op_code::OpCode;
use super::records::{ReplyHeader, RequestHeader, WatcherEvent, XID_EVENT};
use super::request::Request;
use super::response::Response;

/// A frame that is no request, and what ZooKeeper does about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not even a header: hang up without an answer.
    #[error("request header: {0}")]
    Header(Malformed),
    /// A type that no request has: answer -6, then hang up.
    #[error("xid {}: no request has type {}", .0.xid, .0.op)]
    UnknownOp(RequestHeader),
    /// A body that does not decode: answer -5 and go on. But auth and sasl are read by the connection itself,
    /// which hangs up without an answer.
    #[error("xid {}, {op}: {why}", .header.xid)]
    Body {
        /// The header before it.
        header: RequestHeader,
        /// What kind of request it was to be.
        op: OpCode,
        /// Where it went wrong.
        why: Malformed,
    },
}

/// Unimplemented (facts 5.7).
const UNIMPLEMENTED: i32 = -6;
/// MarshallingError (facts 5.7).
const MARSHALLING_ERROR: i32 = -5;

impl Refused {
    /// The xid and the error of the reply, if there is to be one.
    pub fn reply(&self) -> Option<(i32, i32)> {
        match self {
            Self::Header(_) => None,
            Self::UnknownOp(header) => Some((header.xid, UNIMPLEMENTED)),
            Self::Body { op: OpCode::Auth | OpCode::Sasl, .. } => None,
            Self::Body { header, .. } => Some((header.xid, MARSHALLING_ERROR)),
        }
    }

    /// Whether the server ends the connection, after the reply if there is one.
    pub fn hangs_up(&self) -> bool {
        match self {
            Self::Header(_) | Self::UnknownOp(_) => true,
            Self::Body { op, .. } => matches!(op, OpCode::Auth | OpCode::Sasl),
        }
    }
}

/// A frame from a client, its connect request apart. Bytes behind the body are not looked at, as in ZooKeeper.
pub fn read_request(frame: &[u8]) -> Result<(RequestHeader, Request), Refused> {
    let mut from = Reader::new(frame);
    let header = RequestHeader::read(&mut from).map_err(Refused::Header)?;
    let op = OpCode::from_code(header.op).ok_or(Refused::UnknownOp(header))?;
    let body = Request::read(op, &mut from).map_err(|why| Refused::Body { header, op, why })?;
    Ok((header, body.ok_or(Refused::UnknownOp(header))?))
}

/// Writes a request as one frame.
pub fn write_request(out: &mut Vec<u8>, xid: i32, request: &Request) {
    frame::write(out, |to| {
        RequestHeader { xid, op: request.op().code() }.write(to);
        request.write(to);
    });
}

/// Writes a reply as one frame. A reply with an error has no body.
pub fn write_reply(out: &mut Vec<u8>, header: ReplyHeader, body: &Response) {
    frame::write(out, |to| {
        header.write(to);
        if header.err == 0 {
            body.write(to);
        }
    });
}

/// Writes a watch event as one frame. 3.8.0 sends zxid -1, later versions that of the change (facts 7.3).
pub fn write_event(out: &mut Vec<u8>, zxid: i64, event: &WatcherEvent) {
    frame::write(out, |to| {
        ReplyHeader { xid: XID_EVENT, zxid, err: 0 }.write(to);
        event.write(to);
    });
}

/// A frame from a server, the connect response apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// The reply to a request; without a body if its header has an error.
    Reply(ReplyHeader, Option<Response>),
    /// Something watched has changed.
    Event(ReplyHeader, WatcherEvent),
}

/// Reads a frame from a server; `asked` says what was asked under an xid. A frame for an xid that was never
/// asked for is read as a reply without a body.
pub fn read_reply(frame: &[u8], asked: impl FnOnce(i32) -> Option<OpCode>) -> Result<Incoming, Malformed> {
    // A server may answer longer than it lets clients ask (facts 5.6).
    let mut from = Reader::with_length_max(frame, usize::MAX);
    let header = ReplyHeader::read(&mut from)?;
    let incoming = if header.xid == XID_EVENT {
        Incoming::Event(header, WatcherEvent::read(&mut from)?)
    } else if header.err == 0
        && let Some(op) = asked(header.xid)
    {
        Incoming::Reply(header, Some(Response::read(op, &mut from)?))
    } else {
        Incoming::Reply(header, None)
    };
    from.end()?;
    Ok(incoming)
}
