//! A sequence diagram as Mermaid text: it can be pasted into any Markdown that draws such diagrams.

use crate::scene::sequence::{Happening, Sequence};
use std::fmt::Write;

/// The text of a sequence: participants first, then a line for each message and note.
pub fn sequence_diagram(sequence: &Sequence) -> String {
    let mut out = String::from("sequenceDiagram\n");
    for node in &sequence.participants {
        let _ = writeln!(out, "    participant {node}");
    }
    let over_all = match (sequence.participants.first(), sequence.participants.last()) {
        (Some(first), Some(last)) if first != last => format!("{first},{last}"),
        (Some(only), _) => only.to_string(),
        _ => return out,
    };
    for row in &sequence.rows {
        let _ = match &row.what {
            Happening::Message { from, to, text, lost: None, .. } => {
                writeln!(out, "    {from}->>{to}: {}", escaped(text))
            }
            Happening::Message { from, to, text, lost: Some(why), .. } => {
                writeln!(out, "    {from}--x{to}: {} ({})", escaped(text), escaped(why.text()))
            }
            Happening::Note { node, text, .. } => {
                let over = node.map_or_else(|| over_all.clone(), |node| node.to_string());
                writeln!(out, "    Note over {over}: {}", escaped(text))
            }
        };
    }
    if sequence.is_cut {
        let _ = writeln!(out, "    Note over {over_all}: …");
    }
    out
}

/// Mermaid ends a statement at a semicolon or a line's end, and reads `#…;` as a character and `<…>` as markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '#' | ';' | '<' | '>' | '"' | '%' => {
                let _ = write!(out, "#{};", u32::from(letter));
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{NodeId, Seq};
    use crate::scene::sequence::Row;
    use crate::time::Time;
    use crate::trace::LostWhy;

    #[test]
    fn what_mermaid_would_read_as_its_own_is_escaped() {
        let [s1, c1] = [NodeId::Server(1), NodeId::Client(1)];
        let message = |from, to, text: &str, lost| Happening::Message {
            from,
            to,
            text: text.to_owned(),
            epoch: 1,
            lost,
        };
        let row = |what| Row { seq: Seq(0), at: Time::ZERO, what };
        let note = |node, text: &str| Happening::Note { node, text: text.to_owned(), fault: false };
        let sequence = Sequence {
            participants: vec![s1, c1],
            rows: vec![
                row(message(c1, s1, "OP(op create /a \"x;y\n#1\")", None)),
                row(message(s1, c1, "REPLY", Some(LostWhy::Dropped))),
                row(note(Some(s1), "crash <s1>")),
                row(note(None, "partition s1 | c1")),
            ],
            is_cut: false,
        };
        let expected = "sequenceDiagram\n    participant s1\n    participant c1\n    c1->>s1: OP(op create /a #34;x#59;y #35;1#34;)\n    s1--xc1: REPLY (dropped by hand)\n    Note over s1: crash #60;s1#62;\n    Note over s1,c1: partition s1 | c1\n";
        assert_eq!(sequence_diagram(&sequence), expected);
    }
}
