//! Recipes, such as `Lock("/locks/a", hold_ms: 4000)`.

use super::values::Wanted;
use super::{Bound, Reader};
use crate::recipe::{Kind, Param, Recipe, Retry, Settings};
use crate::scenario::ProtocolName;
use crate::scenario::raw::Piece;
use std::sync::Arc;

impl<'a> Reader<'a> {
    /// A recipe of a client.
    pub(super) fn recipe(&mut self, piece: Piece<'a>) -> Option<Recipe> {
        let call = self.call(piece, "a recipe", &Kind::GRAMMAR)?;
        if self.cast.protocol != ProtocolName::Zab {
            let what = format!("{} has no recipes", self.cast.protocol);
            self.problem(piece.0, what, "expected the protocol Zab, with its sessions and watches");
            return None;
        }
        let kind = Kind::named(call.name)?;
        let path =
            if kind.takes(Param::Path) { self.path(call.arg("path")?, false) } else { Some("/".into()) };
        let with = self.recipe_settings(&call);
        Some(Recipe { kind, path: path?, with: with? })
    }

    fn recipe_settings(&mut self, call: &Bound<'a>) -> Option<Settings> {
        let before = self.problems.len();
        let number = |reader: &mut Self, name| {
            call.arg(name)
                .and_then(|piece| reader.whole(piece, 1..=u64::from(u32::MAX)))
                .map(|count| count as u32)
        };
        let (times, size) = (number(self, "times"), number(self, "size"));
        let settings = Settings {
            hold: call.arg("hold_ms").and_then(|piece| self.positive_ms(piece)),
            times,
            wait: call.arg("wait_ms").and_then(|piece| self.positive_ms(piece)),
            every: call.arg("every_ms").and_then(|piece| self.positive_ms(piece)),
            size,
            value: call.arg("value").and_then(|piece| self.text(piece, "a value")).map(Arc::from),
            paths: call.arg("paths").map(|piece| self.recipe_paths(piece)).unwrap_or_default(),
            store: call.arg("store").and_then(|piece| self.node(piece, Wanted::Client)),
            retry: call.arg("retry").and_then(|piece| self.word(piece, "retry policy", &Retry::ALL)),
        };
        (self.problems.len() == before).then_some(settings)
    }

    fn recipe_paths(&mut self, piece: Piece<'a>) -> Vec<Arc<str>> {
        let paths = self.list(piece, "paths of znodes, such as [\"/a\", \"/b\"],").unwrap_or_default();
        paths.into_iter().filter_map(|path| self.path(path, false)).collect()
    }
}
