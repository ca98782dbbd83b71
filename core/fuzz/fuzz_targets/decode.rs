//! Any bytes as everything of the client protocol: nothing panics, and what decodes is what its own bytes decode to.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zoolab_core::wire::connect::{ConnectRequest, ConnectResponse};
use zoolab_core::wire::frame::{Frames, Piece};
use zoolab_core::wire::jute::{Reader, Record, Writer};
use zoolab_core::wire::op_code::OpCode;
use zoolab_core::wire::packet::{Incoming, read_reply, read_request, write_reply};
use zoolab_core::wire::request::Request;

fuzz_target!(|bytes: &[u8]| {
    frames(bytes);
    for op in OpCode::ALL {
        request(*op, bytes);
        reply(*op, bytes);
    }
    let _ = read_request(bytes);
    if let Ok(request) = ConnectRequest::decode(bytes) {
        assert_eq!(ConnectRequest::decode(&request.encode()), Ok(request));
    }
    if let Ok(response) = ConnectResponse::decode(bytes) {
        assert_eq!(ConnectResponse::decode(&response.encode()), Ok(response));
    }
});

/// A connection: what is in each frame is read as a request.
fn frames(bytes: &[u8]) {
    let mut frames = Frames::of_server();
    for part in bytes.chunks(7) {
        frames.feed(part);
        loop {
            match frames.take() {
                Ok(Some(Piece::Frame(frame))) => _ = read_request(frame),
                Ok(Some(Piece::Word(_))) | Err(_) => return,
                Ok(None) => break,
            }
        }
    }
}

fn request(op: OpCode, bytes: &[u8]) {
    let Ok(Some(request)) = Request::read(op, &mut Reader::new(bytes)) else { return };
    let mut again = Vec::new();
    request.write(&mut Writer::new(&mut again));
    let mut from = Reader::new(&again);
    assert_eq!(Request::read(op, &mut from), Ok(Some(request)));
    assert_eq!(from.end(), Ok(()));
}

fn reply(op: OpCode, bytes: &[u8]) {
    let Ok(Incoming::Reply(header, Some(body))) = read_reply(bytes, |_| Some(op)) else { return };
    let mut again = Vec::new();
    write_reply(&mut again, header, &body);
    assert_eq!(read_reply(&again[4..], |_| Some(op)), Ok(Incoming::Reply(header, Some(body))));
}
