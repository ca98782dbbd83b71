//! Suggestions for misspelt names.

/// "did you mean `Crash`?" if one of `known` is near, else a list of them after `expected`.
pub fn suggest<'a>(found: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(found, known.clone()) {
        return format!("did you mean `{near}`?");
    }
    let names: Vec<&str> = known.collect();
    format!("expected {}", one_of(&names))
}

/// "a, b or c".
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The known name with the fewest letters to change, if they are few; the first of equals.
pub(super) fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    let limit = (found.chars().count() / 3).max(1);
    let ranked = known.map(|name| {
        let lower = name.to_lowercase();
        // Half a name, such as `until` for `until_ms`, is as good as one wrong letter.
        let is_part = found.len() > 2 && lower.starts_with(&found);
        (if is_part { 1 } else { distance(&found, &lower) }, name)
    });
    let best = ranked.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= limit && !found.is_empty()).then_some(best.1)
}

/// Letters to insert, remove, replace or swap with a neighbour (Damerau's distance, restricted).
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().take(64).collect();
    let to: Vec<char> = to.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, letter) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(letter != other);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == to[j - 1] && from[i - 1] == *other {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        let known = ["Crash", "Restart", "Cut"];
        let said = |found: &str| suggest(found, known.into_iter());
        for (found, near) in [
            ("Crsh", "Crash"),
            ("crash", "Crash"),
            ("Retsart", "Restart"),
            ("Cutt", "Cut"),
            ("rest", "Restart"),
        ] {
            assert_eq!(said(found), format!("did you mean `{near}`?"));
        }
        assert_eq!(said("Explode"), "expected Crash, Restart or Cut");
        assert_eq!(said(""), "expected Crash, Restart or Cut");
    }
}
