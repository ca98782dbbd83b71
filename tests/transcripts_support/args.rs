//! The words of a command: plain ones in order, and `name=value` anywhere.

use std::collections::{BTreeMap, VecDeque};
use zoolab_core::ids::{NodeId, Zxid};
use zoolab_core::time::Span;

/// What follows the verb of a command.
pub struct Args {
    words: VecDeque<String>,
    options: BTreeMap<String, String>,
}

impl Args {
    /// A line as its verb and the rest.
    pub fn of(line: &str) -> Result<(String, Self), String> {
        let mut words = VecDeque::new();
        let mut options = BTreeMap::new();
        for word in line.split_whitespace() {
            match word.split_once('=') {
                Some((name, value)) => {
                    if options.insert(name.to_owned(), value.to_owned()).is_some() {
                        return Err(format!("`{name}=` stands twice"));
                    }
                }
                None => words.push_back(word.to_owned()),
            }
        }
        let verb = words.pop_front().ok_or("a command begins with a word")?;
        Ok((verb, Self { words, options }))
    }

    /// The next plain word.
    pub fn word(&mut self, what: &str) -> Result<String, String> {
        self.words.pop_front().ok_or_else(|| format!("{what} is missing"))
    }

    /// The next plain word, if there is one.
    pub fn maybe(&mut self) -> Option<String> {
        self.words.pop_front()
    }

    /// Takes the next word if it is this one.
    pub fn eat(&mut self, word: &str) -> bool {
        let there = self.words.front().is_some_and(|next| next == word);
        if there {
            self.words.pop_front();
        }
        there
    }

    /// The next word as a node.
    pub fn node(&mut self) -> Result<NodeId, String> {
        self.word("a node")?.parse()
    }

    /// All words left, as nodes.
    pub fn nodes(&mut self) -> Result<Vec<NodeId>, String> {
        self.words.drain(..).map(|word| word.parse()).collect()
    }

    /// All words left, as one text.
    pub fn rest(&mut self) -> String {
        self.words.drain(..).collect::<Vec<_>>().join(" ")
    }

    /// The value of `name=`, read by `read`.
    pub fn option<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        self.options.remove(name).map(|value| read(&value)).transpose()
    }

    /// The value of `name=`, which must be there.
    pub fn need<T>(&mut self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
        self.option(name, read)?.ok_or_else(|| format!("`{name}=` is missing"))
    }

    /// Everything must have been used.
    pub fn finish(&mut self) -> Result<(), String> {
        let left = self.words.iter().chain(self.options.keys());
        match left.map(String::as_str).collect::<Vec<_>>().join(" ") {
            left if left.is_empty() => Ok(()),
            left => Err(format!("what does `{left}` mean?")),
        }
    }
}

/// A plain number.
pub fn number<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    let wide = text.parse::<u64>().map_err(|_| format!("`{text}` is not a number"))?;
    T::try_from(wide).map_err(|_| format!("`{text}` is too large"))
}

/// A zxid, written `epoch.counter`; `0` is before all.
pub fn zxid(text: &str) -> Result<Zxid, String> {
    if text == "0" {
        return Ok(Zxid::ZERO);
    }
    let wrong = || format!("`{text}` is not a zxid; expected epoch.counter");
    let (epoch, counter) = text.split_once('.').ok_or_else(wrong)?;
    Ok(Zxid::new(number(epoch)?, number(counter)?))
}

/// Zxids in order: `1.1,1.2` or `1.1..1.9,2.1`.
pub fn history(text: &str) -> Result<Vec<Zxid>, String> {
    let mut zxids = Vec::new();
    for part in text.split(',') {
        match part.split_once("..") {
            Some((first, last)) => {
                let (first, last) = (zxid(first)?, zxid(last)?);
                zxids.extend((first.0..=last.0).map(Zxid));
            }
            None => zxids.push(zxid(part)?),
        }
    }
    if zxids.is_sorted() { Ok(zxids) } else { Err(format!("`{text}` is not in order")) }
}

/// Nodes, as in `s4,s5`.
pub fn nodes(text: &str) -> Result<Vec<NodeId>, String> {
    text.split(',').map(str::parse).collect()
}

/// Numbers of nodes, as in `s1:2,s3:0`.
pub fn numbered<T: TryFrom<u64>>(text: &str) -> Result<BTreeMap<NodeId, T>, String> {
    let pairs = text.split(',').map(|pair| {
        let (node, value) = pair.split_once(':').ok_or_else(|| format!("`{pair}` is not node:number"))?;
        Ok((node.parse()?, number(value)?))
    });
    pairs.collect()
}

/// A length of time, as in `200ms` or `12s`.
pub fn span(text: &str) -> Result<Span, String> {
    if let Some(ms) = text.strip_suffix("ms") {
        return Ok(Span::from_ms(number(ms)?));
    }
    let seconds =
        text.strip_suffix('s').ok_or_else(|| format!("`{text}` is not a time; expected 200ms or 12s"))?;
    Ok(Span::from_ms(number::<u64>(seconds)? * 1000))
}
