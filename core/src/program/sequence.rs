//! Names of sequential znodes, and their order.

use crate::scenario::Mutation;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The number in a name, as text: what the server has added to `part`. `None` if it is no such name.
pub(super) fn number<'a>(name: &'a str, parts: &[&str]) -> Option<&'a str> {
    parts.iter().find_map(|part| name.rfind(part).map(|at| &name[at + part.len()..]))
}

/// The children that take part, in the order in which they came. Curator sorts by what follows the lock's name,
/// for in front of it stands a random id (facts 11).
pub(super) fn queue(children: &[Arc<str>], parts: &[&str], guards: &BTreeSet<Mutation>) -> Vec<Arc<str>> {
    let takes_part = |name: &&Arc<str>| number(name, parts).is_some();
    let mut queue: Vec<Arc<str>> = children.iter().filter(takes_part).cloned().collect();
    if guards.contains(&Mutation::SortWithGuid) {
        queue.sort();
    } else {
        queue.sort_by(|one, other| number(one, parts).cmp(&number(other, parts)));
    }
    queue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_behind_the_name() {
        for (name, parts, found) in [
            ("lock-0000000007", &["lock-"] as &[&str], Some("0000000007")),
            ("_c_ff-lock-0000000007", &["lock-"], Some("0000000007")),
            // After 2147483647 the counter is negative.
            ("_c_ff-lock--2147483648", &["lock-"], Some("-2147483648")),
            ("_c_ff-__WRIT__0000000003", &["__READ__", "__WRIT__"], Some("0000000003")),
            ("other", &["lock-"], None),
        ] {
            assert_eq!(number(name, parts), found, "{name}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_numbers_unless_the_guard_is_off() {
        let names = ["_c_b-lock-0000000001", "_c_a-lock-0000000002", "other"].map(Arc::from);
        let sorted = queue(&names, &["lock-"], &BTreeSet::new());
        assert_eq!(sorted, names[..2]);
        let wrong = queue(&names, &["lock-"], &BTreeSet::from([Mutation::SortWithGuid]));
        assert_eq!(wrong[0], names[1]);
    }
}
