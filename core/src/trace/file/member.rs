//! A member's view as the difference to what it showed when it last ran.

use super::change::{changed, present};
use crate::request::Bytes;
use crate::view::{Fields, ItemView, MemberView};
use imbl::ordmap::DiffItem;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// What is absent has not changed.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent: as before; null: nothing any more")]
pub(super) struct MemberChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leads: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Fields>,
    /// Items that are new or other than before; `null` for those that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<(u32, Option<ItemView>)>,
    /// Values likewise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<(Arc<str>, Option<Bytes>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    waits: Option<Option<Arc<str>>>,
}

impl MemberChange {
    pub(super) fn between(old: &MemberView, new: &MemberView) -> Self {
        Self {
            role: changed(&old.role, &new.role),
            leads: changed(&old.leads, &new.leads),
            term: changed(&old.term, &new.term),
            says: changed(&old.says, &new.says),
            fields: changed(&old.fields, &new.fields),
            items: old.items.diff(&new.items).map(difference).collect(),
            values: old.values.diff(&new.values).map(difference).collect(),
            locked: changed(&old.locked, &new.locked),
            waits: changed(&old.waits, &new.waits),
        }
    }

    pub(super) fn restore(self, old: MemberView) -> MemberView {
        let (mut items, mut values) = (old.items, old.values);
        for (number, item) in self.items {
            match item {
                Some(item) => items.insert(number, item),
                None => items.remove(&number),
            };
        }
        for (path, value) in self.values {
            match value {
                Some(value) => values.insert(path, value),
                None => values.remove(&path),
            };
        }
        MemberView {
            role: self.role.unwrap_or(old.role),
            leads: self.leads.unwrap_or(old.leads),
            term: self.term.unwrap_or(old.term),
            says: self.says.unwrap_or(old.says),
            fields: self.fields.unwrap_or(old.fields),
            items,
            values,
            locked: self.locked.unwrap_or(old.locked),
            waits: self.waits.unwrap_or(old.waits),
        }
    }
}

/// A key with what it has become.
pub(super) fn difference<K: Clone, V: Clone>(item: DiffItem<'_, '_, K, V>) -> (K, Option<V>) {
    match item {
        DiffItem::Add(key, value) => (key.clone(), Some(value.clone())),
        DiffItem::Update { new: (key, value), .. } => (key.clone(), Some(value.clone())),
        DiffItem::Remove(key, _) => (key.clone(), None),
    }
}
