//! A service that registers its address, as Curator's `ServiceDiscovery` does: an ephemeral znode below the service's own,
//! named by an id. When the connection is back it registers again, by a delete and a create, so that everybody who follows
//! sees it (facts 11).

use super::face::Face;
use super::make::Make;
use super::place::child;
use super::{Hand, Heard, Program, Session, Tag, Work};
use crate::ids::NodeId;
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::request::{CreateMode, Data, ErrorCode, Op};
use crate::tree::path::name;
use std::sync::Arc;

const REPLACE: Tag = 0;
const DELETE: Tag = 1;
const MAKE: Tag = 2;

/// A client that provides a service.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    face: Face,
    make: Make,
    id: Arc<str>,
    address: Arc<str>,
    since_ms: u64,
    served: u32,
}

impl Provider {
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            face: Face::new(recipe),
            make: Make::new(MAKE),
            id: "".into(),
            address: "".into(),
            since_ms: 0,
            served: 0,
        }
    }

    fn path(&self) -> Arc<str> {
        child(&self.face.path(), &self.id)
    }

    fn register(&mut self, hand: &mut Hand) {
        let service = self.face.path();
        let json = describe(name(&service), &self.id, &self.address, hand.me, self.since_ms);
        self.make.begin(self.path(), Some(json.into()), CreateMode::Ephemeral, hand);
    }

    fn end(&mut self, hand: &mut Hand) {
        self.face.stand(Standing::Leaving, hand);
        hand.ask(DELETE, Op::Delete { path: self.path(), version: -1 });
    }
}

/// An instance as Curator's `JsonInstanceSerializer` writes it; the payload is the client that answers calls.
fn describe(service: &str, id: &str, address: &str, client: NodeId, since_ms: u64) -> String {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "null"));
    let port = if port.parse::<u16>().is_ok() { port } else { "null" };
    format!(
        "{{\"name\":\"{service}\",\"id\":\"{id}\",\"address\":\"{host}\",\"port\":{port},\"sslPort\":null,\
         \"payload\":\"{client}\",\"registrationTimeUTC\":{since_ms},\"serviceType\":\"DYNAMIC\",\
         \"uriSpec\":null,\"enabled\":true}}"
    )
}

/// A provider as its callers know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    /// Where it is.
    pub address: Arc<str>,
    /// Which client answers its calls; `None` for a service outside of the run.
    pub client: Option<NodeId>,
}

impl Instance {
    /// From the data of its znode; what is no such text is taken for an address.
    pub(super) fn read(data: &Data) -> Self {
        let text = data.as_ref().and_then(|data| data.text()).unwrap_or_default();
        let field = |name: &str| {
            let (_, rest) = text.split_once(&format!("\"{name}\":"))?;
            let end = rest.find([',', '}'])?;
            Some(rest[..end].trim().trim_matches('"').to_owned()).filter(|value| value != "null")
        };
        let address = match (field("address"), field("port")) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host,
            (None, _) => text.to_owned(),
        };
        let client = field("payload").and_then(|client| client.parse().ok());
        Self { address: address.into(), client: client.filter(|client| matches!(client, NodeId::Client(_))) }
    }
}

impl Program for Provider {
    fn hear(&mut self, heard: Heard<'_>, hand: &mut Hand) {
        if self.face.standing().is_over() {
            return;
        }
        let leaves = self.face.is(Standing::Leaving);
        match self.make.hear(&heard, hand) {
            _ if leaves => {}
            Some(Ok((znode, token))) => {
                self.face.znode = Some(znode.clone());
                hand.say(Milestone::Acquired { path: self.face.path(), znode, token });
                self.face.turns += 1;
                self.face.stand(Standing::Holding, hand);
            }
            Some(Err(ErrorCode::NodeExists)) => {
                hand.ask(REPLACE, Op::Delete { path: self.path(), version: -1 });
            }
            // Tried again when the connection is back.
            Some(Err(ErrorCode::ConnectionLoss)) | None => {}
            Some(Err(code)) => self.face.fail(code, hand),
        }
        match heard {
            Heard::Begin => {
                self.id = hand.guid(0);
                let own = || hand.me.to_string().into();
                self.address = self.face.recipe.with.value.clone().unwrap_or_else(own);
                self.since_ms = hand.now.0 / 1000;
                self.face.note(self.address.clone());
                self.register(hand);
            }
            Heard::Order(_) if !leaves => self.end(hand),
            Heard::Told(REPLACE, _, Ok(_) | Err(ErrorCode::NoNode), _) if !leaves => self.register(hand),
            Heard::Told(DELETE, _, Ok(_) | Err(ErrorCode::NoNode), _) => {
                self.face.znode = None;
                self.face.stand(Standing::Done, hand);
            }
            Heard::Told(DELETE, _, Err(_), _) => self.end(hand),
            Heard::Work(from, Work::Call { nth }) => {
                self.served += 1;
                self.face.note(format!("{} served={}", self.address, self.served));
                hand.tell(from, Work::Served { nth: *nth });
            }
            Heard::Session(Session::Suspended) => self.face.doubt(hand),
            Heard::Session(Session::Lost) if leaves => self.face.stand(Standing::Done, hand),
            Heard::Session(Session::Lost) => {
                if let Some(znode) = self.face.znode.take() {
                    let (path, why) = (self.face.path(), "its session is lost".into());
                    hand.say(Milestone::Released { path, znode, why });
                }
                self.face.stand(Standing::Asking, hand);
            }
            Heard::Session(Session::Reconnected) if !leaves => self.register(hand),
            _ => {}
        }
    }

    fn view(&self) -> RecipeView {
        self.face.view()
    }

    fn fork(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_read_as_it_is_written() {
        let json = describe("orders", "1", "10.0.0.1:8080", NodeId::Client(1), 2000);
        let read = Instance::read(&Some(json.as_str().into()));
        assert_eq!(read, Instance { address: "10.0.0.1:8080".into(), client: Some(NodeId::Client(1)) });
        let json = describe("orders", "1", "here", NodeId::Client(2), 0);
        assert_eq!(&*Instance::read(&Some(json.into())).address, "here");
        let plain = Instance::read(&Some("10.0.0.2".into()));
        assert_eq!(plain, Instance { address: "10.0.0.2".into(), client: None });
        assert_eq!(&*Instance::read(&None).address, "");
    }
}
