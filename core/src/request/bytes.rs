//! What a znode holds: any bytes, which are shown and written as text where they are text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Bytes, shared by all that hold them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(Arc<[u8]>);

impl Bytes {
    /// The text they are, if they are UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The bytes themselves, shared.
    pub fn shared(&self) -> Arc<[u8]> {
        self.0.clone()
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Bytes {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<String> for Bytes {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl From<Arc<[u8]>> for Bytes {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => f.write_str(text),
            None => write!(f, "0x{}", hex::encode(&self.0)),
        }
    }
}

impl fmt::Debug for Bytes {
    /// Text in quotes; other bytes are told apart by having none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => fmt::Debug::fmt(text, f),
            None => fmt::Display::fmt(self, f),
        }
    }
}

/// Bytes that are no text, in a saved trace.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hex {
    hex: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Saved {
    Text(String),
    Hex(Hex),
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => to.serialize_str(text),
            None => Hex { hex: hex::encode(&self.0) }.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Saved::deserialize(from)? {
            Saved::Text(text) => Ok(text.into()),
            Saved::Hex(Hex { hex }) => match hex::decode(&hex) {
                Ok(bytes) => Ok(bytes.into()),
                Err(why) => Err(serde::de::Error::custom(format!("`{hex}` is no hex: {why}"))),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_and_saved_as_text_and_other_bytes_as_hex() {
        for (bytes, shown, quoted, saved) in [
            (Bytes::from("é \"1\""), "é \"1\"", r#""é \"1\"""#, r#""é \"1\"""#),
            (Bytes::from(""), "", r#""""#, r#""""#),
            (Bytes::from("0xff"), "0xff", r#""0xff""#, r#""0xff""#),
            (Bytes::from(vec![0xFF, 0]), "0xff00", "0xff00", r#"{"hex":"ff00"}"#),
        ] {
            assert_eq!((bytes.to_string().as_str(), format!("{bytes:?}").as_str()), (shown, quoted));
            assert_eq!(serde_json::to_string(&bytes).ok().as_deref(), Some(saved));
            assert_eq!(serde_json::from_str::<Bytes>(saved).ok(), Some(bytes));
        }
        for wrong in [r#"{"hex":"f"}"#, r#"{"hex":"zz"}"#, r#"{"bytes":""}"#, "1", "null"] {
            assert!(serde_json::from_str::<Bytes>(wrong).is_err(), "{wrong}");
        }
    }
}
