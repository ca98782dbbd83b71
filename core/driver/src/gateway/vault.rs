//! The disks of a served ensemble, kept in a directory: what a client was told stays true when the program is
//! killed at any moment and started again.
//!
//! ```text
//! DIR/lock            held while a program serves from DIR
//! DIR/journal-000007  the disks as they were when it was begun, then every write that became durable
//!
//! {"zoolab_disks":1,"servers":3,"observers":[]}
//! s1 {"append":{…}}
//! s2 {"append":{…}}
//! = 2 5d1f20c9              a batch: 2 lines, and the CRC-32 of their bytes
//! ```
//!
//! A batch counts whole or not at all, for each server builds on what others have said to be durable. Replies
//! leave only after the batch with the writes behind them. A journal that has grown is replaced by a new one,
//! written aside by a thread of its own, so that nobody waits for it, and renamed.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use thiserror::Error;
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::Scenario;
use zoolab_core::sim::{Disks, Kept};
use zoolab_core::world::World;

/// A journal that is not whole yet.
const DRAFT: &str = "journal.draft";
/// The version of the format.
const VERSION: u32 = 1;
/// Bytes of a journal below which it is not worth to be replaced.
const SMALL: u64 = 64 << 20;
/// How many times its beginning a journal may become.
const GROWTH: u64 = 4;

/// Why disks cannot be kept.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The system refuses.
    #[error("{what}: {error}: {}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The directory holds something else than it must.
    #[error("{}:{line}: {what}", path.display())]
    Wrong {
        /// The journal.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What was found and what was expected.
        what: String,
    },
    /// Another program serves from it.
    #[error("another program serves from this directory; end that one first: {}", .0.display())]
    InUse(PathBuf),
}

/// The first line of a journal: whose disks these are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    zoolab_disks: u32,
    servers: u8,
    observers: Vec<NodeId>,
}

impl Header {
    fn of(scenario: &Scenario) -> Self {
        let observers = scenario.observers.iter().copied().collect();
        Self { zoolab_disks: VERSION, servers: scenario.servers, observers }
    }
}

/// An open directory of disks.
#[derive(Debug)]
pub struct Vault {
    dir: PathBuf,
    header: Header,
    /// Whether to wait for the real disk.
    fsync: bool,
    number: u32,
    journal: File,
    /// Bytes of the journal, now and when it was begun.
    len: u64,
    began: u64,
    /// Bytes below which it is not replaced.
    small: u64,
    next: Option<Next>,
    /// Held until the end.
    _lock: File,
}

/// The next journal, on its way.
#[derive(Debug)]
struct Next {
    /// What became durable since the moment it begins with.
    since: Vec<u8>,
    /// The file, once it holds that moment, and its length.
    file: Receiver<io::Result<(File, u64)>>,
}

impl Vault {
    /// Opens a directory, or makes it, and reads the disks that it holds into `world`, which has not begun.
    /// With `fsync` nothing is acknowledged before the real disk has it.
    pub fn open(dir: &Path, world: &mut World, fsync: bool) -> Result<Self, VaultError> {
        fs::create_dir_all(dir).map_err(failed("cannot make the directory", dir))?;
        let lock = lock(dir)?;
        let header = Header::of(world.scenario());
        let last = journals(dir)?.pop();
        if let Some((_, path)) = &last {
            read(path, &header, world)?;
        }
        let number = last.map_or(0, |(number, _)| number) + 1;
        let aside = dir.join(DRAFT);
        let begun = write_beginning(&aside, &header, world.disks());
        let (journal, began) = begun.map_err(failed("cannot write", &aside))?;
        put_in_place(dir, number)?;
        world.keep_disks();
        let dir = dir.to_owned();
        let (len, small, next) = (began, SMALL, None);
        Ok(Self { dir, header, fsync, number, journal, len, began, small, next, _lock: lock })
    }

    /// Keeps what has become durable since the last time.
    pub fn keep(&mut self, world: &mut World) -> Result<(), VaultError> {
        let kept = world.take_kept();
        if kept.is_empty() {
            return Ok(());
        }
        let lines = kept.iter().flat_map(|(node, kept)| kept.iter().map(move |line| (*node, line)));
        let batch = batch(lines.map(|(node, kept)| match kept {
            Kept::Line(line) => format!("{node} {line}\n"),
            Kept::Wiped => format!("{node} wiped\n"),
        }));
        let path = self.path();
        self.journal.write_all(batch.as_bytes()).map_err(failed("cannot write", &path))?;
        if self.fsync {
            self.journal.sync_data().map_err(failed("cannot fsync", &path))?;
        }
        self.len += batch.len() as u64;
        match &mut self.next {
            Some(next) => {
                next.since.extend_from_slice(batch.as_bytes());
                match next.file.try_recv() {
                    Err(TryRecvError::Empty) => Ok(()),
                    Ok(written) => self.go_over(written),
                    Err(TryRecvError::Disconnected) => {
                        self.go_over(Err(io::Error::other("the thread that writes it has ended")))
                    }
                }
            }
            None if self.len > self.small.max(self.began * GROWTH) => self.begin_next(world),
            None => Ok(()),
        }
    }

    /// Begins to write the next journal, aside: it takes a while.
    fn begin_next(&mut self, world: &World) -> Result<(), VaultError> {
        let (tell, file) = channel();
        let (aside, header, disks) = (self.dir.join(DRAFT), self.header.clone(), world.disks());
        let thread = std::thread::Builder::new().name("zoolab-journal".to_owned());
        let path = aside.clone();
        let started = thread.spawn(move || {
            // The world may have ended meanwhile.
            let _ = tell.send(write_beginning(&aside, &header, disks));
        });
        started.map_err(failed("cannot write", &path))?;
        self.next = Some(Next { since: Vec::new(), file });
        Ok(())
    }

    /// The next journal has its beginning: it gets what came since, and takes the place of this one.
    fn go_over(&mut self, written: io::Result<(File, u64)>) -> Result<(), VaultError> {
        let aside = self.dir.join(DRAFT);
        let since = self.next.take().map_or_else(Vec::new, |next| next.since);
        let finished = written.and_then(|(mut file, began)| {
            file.write_all(&since)?;
            file.sync_data()?;
            Ok((file, began))
        });
        let (file, began) = finished.map_err(failed("cannot write", &aside))?;
        put_in_place(&self.dir, self.number + 1)?;
        self.number += 1;
        (self.journal, self.began, self.len) = (file, began, began + since.len() as u64);
        Ok(())
    }

    fn path(&self) -> PathBuf {
        path_of(&self.dir, self.number)
    }
}

impl Drop for Vault {
    /// Whoever opens the directory next finds nobody writing there.
    fn drop(&mut self) {
        if let Some(next) = self.next.take() {
            // What it is worth does not matter: the present journal has everything.
            let _ = next.file.recv();
        }
    }
}

fn path_of(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("journal-{number:06}"))
}

fn failed<'a>(what: &'static str, path: &'a Path) -> impl Fn(io::Error) -> VaultError + use<'a> {
    move |error| VaultError::Io { what, path: path.to_owned(), error }
}

fn lock(dir: &Path) -> Result<File, VaultError> {
    let path = dir.join("lock");
    let file = File::create(&path).map_err(failed("cannot write", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(VaultError::InUse(dir.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(failed("cannot lock", &path)(error)),
    }
}

/// Journals that are there, by number.
fn journals(dir: &Path) -> Result<Vec<(u32, PathBuf)>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed("cannot read", dir))? {
        let name = entry.map_err(failed("cannot read", dir))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("journal-")?.parse().ok());
        found.extend(number.map(|number| (number, path_of(dir, number))));
    }
    found.sort_unstable();
    Ok(found)
}

/// Writes the beginning of a journal, the disks as they are, to a file that is no journal yet; and its length.
fn write_beginning(aside: &Path, header: &Header, disks: Disks) -> io::Result<(File, u64)> {
    let mut to = BufWriter::new(File::create(aside)?);
    let header = serde_json::to_string(header)? + "\n";
    let disks = disks();
    let lines = disks.iter().flat_map(|(node, lines)| lines.iter().map(move |line| (node, line)));
    let batch = batch(lines.map(|(node, line)| format!("{node} {line}\n")));
    to.write_all(header.as_bytes())?;
    to.write_all(batch.as_bytes())?;
    let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok((file, (header.len() + batch.len()) as u64))
}

/// Gives a whole journal its name; those before it go.
fn put_in_place(dir: &Path, number: u32) -> Result<(), VaultError> {
    let path = path_of(dir, number);
    let renamed = fs::rename(dir.join(DRAFT), &path);
    // The name too must outlast a power failure before the old journal goes.
    let kept = renamed.and_then(|()| File::open(dir)?.sync_all());
    kept.map_err(failed("cannot write", &path))?;
    for (_, old) in journals(dir)?.into_iter().filter(|(older, _)| *older < number) {
        fs::remove_file(&old).map_err(failed("cannot remove", &old))?;
    }
    Ok(())
}

/// Lines with their count and checksum behind them.
fn batch(lines: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    let mut count = 0;
    for line in lines {
        text.push_str(&line);
        count += 1;
    }
    let crc = crc32fast::hash(text.as_bytes());
    text + &format!("= {count} {crc:08x}\n")
}

/// Reads a journal into the disks of a world. A last batch that is not whole was never acknowledged, and is
/// left out; anything else that is wrong is an error.
fn read(path: &Path, expected: &Header, world: &mut World) -> Result<(), VaultError> {
    let file = File::open(path).map_err(failed("cannot read", path))?;
    let mut lines = Lines { from: BufReader::new(file), line: 0, path };
    let wrong = |line, what: String| VaultError::Wrong { path: path.to_owned(), line, what };
    let first = lines.next()?.unwrap_or_default();
    let header: Header = serde_json::from_slice(&first)
        .map_err(|error| wrong(1, format!("not a journal of disks ({error}); expected its header")))?;
    if header.zoolab_disks != VERSION {
        let what = format!("a journal of version {}; expected {VERSION}", header.zoolab_disks);
        return Err(wrong(1, what));
    }
    if header != *expected {
        let named = |header: &Header| {
            format!("{} servers of which {} observe", header.servers, header.observers.len())
        };
        let what = format!("these are the disks of {}; expected {}", named(&header), named(expected));
        return Err(wrong(1, what));
    }
    let mut pending: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut crc = crc32fast::Hasher::new();
    while let Some(text) = lines.next()? {
        let Some(end) = text.strip_prefix(b"= ") else {
            crc.update(&text);
            pending.push((lines.line, text));
            continue;
        };
        let said = format!("{} {:08x}\n", pending.len(), std::mem::take(&mut crc).finalize());
        if end != said.as_bytes() {
            if lines.is_at_end()? {
                return Ok(());
            }
            let what = format!("the lines before do not add up; expected `= {}`", said.trim_end());
            return Err(wrong(lines.line, what));
        }
        for (line, text) in pending.drain(..) {
            apply(&text, world).map_err(|what| wrong(line, what))?;
        }
    }
    Ok(())
}

/// One line of a whole batch.
fn apply(text: &[u8], world: &mut World) -> Result<(), String> {
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let (node, line) =
        text.trim_end().split_once(' ').ok_or("expected a server and what happened to its disk")?;
    let node: NodeId = node.parse()?;
    if !world.scenario().server_ids().any(|server| server == node) {
        return Err(format!("there is no server {node}; expected s1 to s{}", world.scenario().servers));
    }
    if line == "wiped" { world.wipe_disk(node) } else { world.read_disk(node, line) }
}

/// Lines of bytes, each with its end.
struct Lines<'a> {
    from: BufReader<File>,
    line: usize,
    path: &'a Path,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, VaultError> {
        let mut text = Vec::new();
        self.from.read_until(b'\n', &mut text).map_err(failed("cannot read", self.path))?;
        self.line += 1;
        Ok((!text.is_empty()).then_some(text))
    }

    fn is_at_end(&mut self) -> Result<bool, VaultError> {
        Ok(self.from.fill_buf().map_err(failed("cannot read", self.path))?.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use zoolab_core::predicate::Predicate;
    use zoolab_core::scenario::load;
    use zoolab_core::time::Time;
    use zoolab_core::world::Progress;

    /// Three servers and a client that has written `/a`, `/b` and `/c`, unless it has no steps.
    fn scenario(steps: &str) -> Arc<Scenario> {
        let text = format!(
            "(name: \"kept\", servers: 3, clients: [\"s1\"], until_ms: 9000, \
              zab: (snap_count: 2), steps: [{steps}])"
        );
        Arc::new(load("kept.ron", &text).unwrap_or_else(|problems| panic!("{problems}")))
    }

    const WRITES: &str = "At(ms: 2000, act: Request(\"c1\", Create(\"/a\", \"1\"))), \
                          At(ms: 2100, act: Request(\"c1\", Create(\"/b\", \"2\"))), \
                          At(ms: 2200, act: Request(\"c1\", Create(\"/c\", \"3\"))), ";

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("zoolab-vault-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    /// Runs a scenario on the disks of a directory, with a batch every few records.
    fn run(dir: &Path, scenario: &Arc<Scenario>) -> World {
        let mut world = World::new(scenario);
        let mut vault = Vault::open(dir, &mut world, false).expect("the directory is good");
        while world.advance(Time::from_ms(9000), 5, &mut Vec::new()) == Progress::Budget {
            vault.keep(&mut world).expect("there is room");
        }
        vault.keep(&mut world).expect("there is room");
        world
    }

    fn has(world: &World, path: &str) -> bool {
        Predicate::Exists(path.to_owned(), None).holds(world.stage())
    }

    fn journal(dir: &Path) -> PathBuf {
        journals(dir).expect("it is there").pop().expect("one journal").1
    }

    #[test]
    fn what_was_written_is_there_when_the_program_starts_again() {
        let dir = folder("again");
        let world = run(&dir, &scenario(WRITES));
        assert!(has(&world, "/c"));
        let world = run(&dir, &scenario(""));
        assert!(["/a", "/b", "/c"].iter().all(|path| has(&world, path)));
        // And a third time, from disks that were read and written again; a wiped disk stays wiped.
        let wipe = "At(ms: 4000, act: Crash(\"s2\")), At(ms: 4100, act: WipeDisk(\"s2\"))";
        let world = run(&dir, &scenario(wipe));
        assert!(has(&world, "/a"));
        let lines = |world: &World| world.disks()();
        assert!(lines(&world).iter().any(|(node, lines)| *node == NodeId::Server(2) && lines.is_empty()));
        let mut read = World::new(&scenario(""));
        let _vault = Vault::open(&dir, &mut read, true).expect("the directory is good");
        assert_eq!(lines(&read), lines(&world));
        assert_eq!(journals(&dir).expect("it is there").len(), 1, "older journals are gone");
        fs::remove_dir_all(&dir).expect("it is ours");
    }

    /// A journal that grows is replaced again and again while the run goes on, and nothing is lost.
    #[test]
    fn a_journal_that_has_grown_is_replaced() {
        let dir = folder("grown");
        let scenario = scenario(WRITES);
        let mut world = World::new(&scenario);
        let mut vault = Vault::open(&dir, &mut world, false).expect("the directory is good");
        vault.small = 1;
        let mut numbers = Vec::new();
        while world.advance(Time::from_ms(9000), 5, &mut Vec::new()) == Progress::Budget {
            vault.keep(&mut world).expect("there is room");
            numbers.push(vault.number);
            if vault.next.is_some() {
                // The run would be over before a busy machine has written the next journal.
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        drop(vault);
        assert_eq!(journals(&dir).expect("it is there").len(), 1, "older journals are gone");
        let mut read = World::new(&scenario);
        let _vault = Vault::open(&dir, &mut read, false).expect("the directory is good");
        assert_eq!(read.disks()(), world.disks()());
        numbers.dedup();
        assert!(numbers.len() > 1, "it was never replaced");
        fs::remove_dir_all(&dir).expect("it is ours");
    }

    /// The program may be killed in the middle of any write: cut anywhere, the journal is that of a moment
    /// before, and a longer one never has less.
    #[test]
    fn a_journal_cut_anywhere_is_that_of_an_earlier_moment() {
        let (dir, cut) = (folder("whole"), folder("cut"));
        run(&dir, &scenario(WRITES));
        let path = journal(&dir);
        let whole = fs::read(&path).expect("it is there");
        let first_batch = whole.windows(3).position(|three| three == b"\n= ").expect("one batch") + 1;
        let start =
            first_batch + whole[first_batch..].iter().position(|byte| *byte == b'\n').expect("a line") + 1;
        let mut known = Vec::new();
        for end in (start..=whole.len()).rev().step_by(7).chain([start]) {
            let _ = fs::remove_dir_all(&cut);
            fs::create_dir_all(&cut).expect("there is room");
            fs::write(path_of(&cut, 1), &whole[..end]).expect("there is room");
            let mut world = World::new(&scenario(""));
            let vault = Vault::open(&cut, &mut world, false);
            assert!(vault.is_ok(), "cut at {end}: {:?}", vault.err());
            let count: usize = world.disks()().iter().map(|(_, lines)| lines.len()).sum();
            known.push(count);
        }
        // Snapshots replace what is before them, so the count alone may fall; the empty beginning is smallest.
        assert_eq!(known.last(), Some(&0));
        assert!(known[0] > 6, "{known:?}");
        let _ = (fs::remove_dir_all(&dir), fs::remove_dir_all(&cut));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_and_left_alone() {
        let dir = folder("wrong");
        run(&dir, &scenario(WRITES));
        let path = journal(&dir);
        let whole = fs::read_to_string(&path).expect("it is there");
        let told = |text: &str| {
            fs::write(&path, text).expect("there is room");
            let found = Vault::open(&dir, &mut World::new(&scenario("")), false);
            let told = found.map(|_| ()).expect_err("it is wrong").to_string();
            assert_eq!(fs::read_to_string(&path).expect("it is there"), text, "nothing was touched");
            told.replace(&dir.display().to_string(), "DIR")
        };
        let flipped = whole.replacen("accepted_epoch\":1", "accepted_epoch\":2", 1);
        let found = told(&flipped);
        assert!(found.contains("the lines before do not add up; expected `= "), "{found}");
        assert!(found.starts_with("DIR/journal-000001:"), "{found}");
        let found = told(&whole.replacen("\"servers\":3", "\"servers\":5", 1));
        assert!(
            found.ends_with(
                "these are the disks of 5 servers of which 0 observe; expected 3 servers of which 0 observe"
            ),
            "{found}"
        );
        let found = told(&whole.replacen("\"zoolab_disks\":1", "\"zoolab_disks\":9", 1));
        assert!(found.ends_with("a journal of version 9; expected 1"), "{found}");
        assert!(told("").contains("not a journal of disks"));
        fs::write(&path, whole).expect("there is room");
        let mut world = World::new(&scenario(""));
        let _held = Vault::open(&dir, &mut world, false).expect("it is whole again");
        let second = Vault::open(&dir, &mut World::new(&scenario("")), false);
        assert!(
            second.is_err_and(|error| error
                .to_string()
                .starts_with("another program serves from this directory"))
        );
        fs::remove_dir_all(&dir).expect("it is ours");
    }
}
