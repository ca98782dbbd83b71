//! A persistent list that grows at one end: the shape of a transaction log.
//!
//! A clone is one reference count; push and truncate share everything they keep, so each trace record can
//! hold the log it left behind. Every cell also points a power-of-two-like distance back (Myers, "An
//! applicative random-access stack", 1983), which makes indexing O(log n).

use std::fmt;
use std::sync::Arc;

/// A list with O(1) clone, push and last, O(log n) index and truncate.
pub struct List<T> {
    head: Option<Arc<Cell<T>>>,
}

struct Cell<T> {
    value: T,
    /// Number of cells up to and including this one.
    len: u32,
    prev: Option<Arc<Cell<T>>>,
    jump: Option<Arc<Cell<T>>>,
}

impl<T> List<T> {
    /// The empty list.
    pub const fn new() -> Self {
        Self { head: None }
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        self.head.as_ref().map_or(0, |cell| cell.len as usize)
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.head.is_none()
    }

    /// The value pushed last.
    pub fn last(&self) -> Option<&T> {
        self.head.as_deref().map(|cell| &cell.value)
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        let len = self.head.as_ref().map_or(0, |cell| cell.len) + 1;
        let jump = self.head.as_ref().and_then(|top| {
            // Two equal jumps in a row merge into one of twice the length.
            let over = top.jump.as_ref()?;
            let far = over.jump.as_ref().map_or(0, |cell| cell.len);
            if top.len - over.len == over.len - far { over.jump.clone() } else { Some(top.clone()) }
        });
        let jump = jump.or_else(|| self.head.clone().filter(|top| top.jump.is_none()));
        let prev = self.head.take();
        self.head = Some(Arc::new(Cell { value, len, prev, jump }));
    }

    /// The value at `index`, counted from 0.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.cell(index + 1).map(|cell| &cell.value)
    }

    /// Keeps the first `len` values.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.head = find(self.head.as_ref(), len).cloned();
        }
    }

    /// Forgets all but the last `len` values: those are put into a list of their own, for a cell holds on to
    /// everything before it.
    pub fn keep_last(&mut self, len: usize)
    where
        T: Clone,
    {
        if len < self.len() {
            *self = self.from(self.len() - len).into_iter().collect();
        }
    }

    /// From the newest to the oldest.
    pub fn iter_back(&self) -> IterBack<'_, T> {
        IterBack { next: self.head.as_deref() }
    }

    /// How many leading values satisfy `keep`, which must be true up to some point and false after.
    pub fn partition_point(&self, keep: impl Fn(&T) -> bool) -> usize {
        let mut cursor = self.head.as_ref();
        while let Some(cell) = cursor {
            if keep(&cell.value) {
                return cell.len as usize;
            }
            cursor = match &cell.jump {
                Some(jump) if !keep(&jump.value) => Some(jump),
                _ => cell.prev.as_ref(),
            };
        }
        0
    }

    /// Whether both are the same list in memory: cheap, and exact for clones of one log.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.head, &other.head) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    fn cell(&self, len: usize) -> Option<&Arc<Cell<T>>> {
        if len == 0 { None } else { find(self.head.as_ref(), len) }
    }
}

/// The cell that ends the prefix of `len` values.
fn find<T>(mut cursor: Option<&Arc<Cell<T>>>, len: usize) -> Option<&Arc<Cell<T>>> {
    while let Some(cell) = cursor {
        let here = cell.len as usize;
        if here <= len {
            return (here == len).then_some(cell);
        }
        cursor = match &cell.jump {
            Some(jump) if jump.len as usize >= len => Some(jump),
            _ => cell.prev.as_ref(),
        };
    }
    None
}

impl<T: Clone> List<T> {
    /// The values from `start` on, oldest first.
    pub fn from(&self, start: usize) -> Vec<T> {
        let count = self.len().saturating_sub(start);
        let mut values: Vec<T> = self.iter_back().take(count).cloned().collect();
        values.reverse();
        values
    }
}

/// Values of a [`List`], newest first.
pub struct IterBack<'a, T> {
    next: Option<&'a Cell<T>>,
}

impl<'a, T> Iterator for IterBack<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        let cell = self.next?;
        self.next = cell.prev.as_deref();
        Some(&cell.value)
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self { head: self.head.clone() }
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values: Vec<&T> = self.iter_back().collect();
        values.reverse();
        f.debug_list().entries(values).finish()
    }
}

impl<T: Clone> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut list = Self::new();
        for value in values {
            list.push(value);
        }
        list
    }
}

impl<T> Drop for Cell<T> {
    /// Frees a long chain in a loop: the default would recurse once a cell and overflow the stack.
    fn drop(&mut self) {
        // The jump is a second reference to a cell that `prev` keeps alive, so it must go first for the
        // loop below to become the last owner of each cell.
        self.jump = None;
        let mut next = self.prev.take();
        while let Some(cell) = next {
            next = match Arc::try_unwrap(cell) {
                Ok(mut cell) => {
                    cell.jump = None;
                    cell.prev.take()
                }
                Err(_) => None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn behaves_like_a_vector(steps in prop::collection::vec((0u8..4, 0usize..200), 0..300)) {
            let mut list = List::new();
            let mut model = Vec::new();
            let mut kept: Vec<(List<usize>, Vec<usize>)> = Vec::new();
            for (step, number) in steps {
                match step {
                    0 => kept.push((list.clone(), model.clone())),
                    1 => { list.truncate(number); model.truncate(number); }
                    _ => { list.push(number); model.push(number); }
                }
                prop_assert_eq!(list.len(), model.len());
                prop_assert_eq!(list.get(number), model.get(number));
                prop_assert_eq!(list.last(), model.last());
            }
            for (list, model) in kept {
                prop_assert_eq!(list.from(0), model);
            }
        }

        #[test]
        fn the_last_values_are_a_list_like_any_other(len in 0usize..100, kept in 0usize..110, more in 0usize..9) {
            let mut list: List<usize> = (0..len).collect();
            list.keep_last(kept);
            (len..len + more).for_each(|value| list.push(value));
            let all: Vec<usize> = (len.saturating_sub(kept)..len + more).collect();
            prop_assert_eq!(list.from(0), all.clone());
            prop_assert_eq!(list.get(more), all.get(more));
        }

        #[test]
        fn partition_point_is_that_of_a_slice(len in 0usize..300, cut in 0usize..310) {
            let list: List<usize> = (0..len).collect();
            prop_assert_eq!(list.partition_point(|n| *n < cut), cut.min(len));
        }
    }

    #[test]
    fn a_million_cells_drop_without_recursion() {
        let list: List<u32> = (0..1_000_000).collect();
        let shared = list.clone();
        drop(list);
        assert_eq!(shared.get(500_000), Some(&500_000));
    }
}
