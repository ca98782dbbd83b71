//! The first exchange of a connection: it has no headers (facts 9.2).

use super::jute::{Buffer, Reader, Record, Writer};
use super::malformed::Malformed;
use std::sync::Arc;

/// Bytes of a session's password.
pub const PASSWORD_LEN: usize = 16;

/// What a client opens with: a new session, or the one it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    /// 0. Not looked at.
    pub protocol_version: i32,
    /// The last zxid the client has seen; a server that is behind it hangs up.
    pub last_zxid_seen: i64,
    /// The session timeout it would like, in milliseconds.
    pub timeout_ms: i32,
    /// 0 for a new session.
    pub session: i64,
    /// The session's password; for a new session usually 16 zeros.
    pub password: Buffer,
    /// Whether a server that only reads will do. `None` if the byte is missing, as in what the clients for
    /// Node and Go send: the reply must then miss it too.
    pub read_only: Option<bool>,
}

impl ConnectRequest {
    /// A client that asks for the session with this id and password, or for a new one if the id is 0.
    pub fn new(timeout_ms: i32, session: i64, password: &[u8]) -> Self {
        let password = Some(password.into());
        Self { protocol_version: 0, last_zxid_seen: 0, timeout_ms, session, password, read_only: Some(false) }
    }

    /// A client without a session.
    pub fn fresh(timeout_ms: i32) -> Self {
        Self::new(timeout_ms, 0, &[0; PASSWORD_LEN])
    }
}

/// What the server answers: the session, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectResponse {
    /// 0.
    pub protocol_version: i32,
    /// The session timeout agreed on, in milliseconds; 0 if there is no such session.
    pub timeout_ms: i32,
    /// The session, 0 if there is none.
    pub session: i64,
    /// The password to come back with.
    pub password: Buffer,
    /// Whether this server only reads; there if it was there in the request.
    pub read_only: Option<bool>,
}

impl ConnectResponse {
    /// The answer to an unknown or expired session and to a wrong password: timeout, session and password are
    /// zeros, and the connection ends (facts 6.1). This is how a client learns that its session has expired.
    pub fn expired(request: &ConnectRequest, read_only: bool) -> Self {
        Self::new(request, 0, 0, [0; PASSWORD_LEN], read_only)
    }

    /// The answer to `request`; the byte `read_only` goes with it only if the request had one.
    pub fn new(
        request: &ConnectRequest,
        timeout_ms: i32,
        session: i64,
        password: [u8; PASSWORD_LEN],
        read_only: bool,
    ) -> Self {
        Self {
            protocol_version: 0,
            timeout_ms,
            session,
            password: Some(Arc::from(password.as_slice())),
            read_only: request.read_only.map(|_| read_only),
        }
    }
}

impl Record for ConnectRequest {
    const BYTES_MIN: usize = 28;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            protocol_version: from.field("ConnectRequest.protocolVersion")?,
            last_zxid_seen: from.field("ConnectRequest.lastZxidSeen")?,
            timeout_ms: from.field("ConnectRequest.timeOut")?,
            session: from.field("ConnectRequest.sessionId")?,
            password: from.field("ConnectRequest.passwd")?,
            read_only: last_bool(from),
        })
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.int(self.protocol_version);
        to.long(self.last_zxid_seen);
        to.int(self.timeout_ms);
        to.long(self.session);
        self.password.write(to);
        write_last_bool(self.read_only, to);
    }
}

impl Record for ConnectResponse {
    const BYTES_MIN: usize = 20;

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            protocol_version: from.field("ConnectResponse.protocolVersion")?,
            timeout_ms: from.field("ConnectResponse.timeOut")?,
            session: from.field("ConnectResponse.sessionId")?,
            password: from.field("ConnectResponse.passwd")?,
            read_only: last_bool(from),
        })
    }

    fn write(&self, to: &mut Writer<'_>) {
        to.int(self.protocol_version);
        to.int(self.timeout_ms);
        to.long(self.session);
        self.password.write(to);
        write_last_bool(self.read_only, to);
    }
}

/// The boolean at the end, or `None` where an older client ends before it.
fn last_bool(from: &mut Reader<'_>) -> Option<bool> {
    from.bool().ok()
}

fn write_last_bool(value: Option<bool>, to: &mut Writer<'_>) {
    if let Some(value) = value {
        to.bool(value);
    }
}
