//! The servers' logs side by side: one row a server, one column a transaction, under one header of zxids
//! split by epoch. Where two rows differ, two histories differ.

use super::strip::{Grid, Lines, draw_selection};
use super::{Anchor, Area, CellWord, Ink, Item, Pen, Phrase, Point, Scale, Scene, Shape, TextSize};
use crate::ids::{NodeId, Seq, Zxid};
use crate::milestone::Milestone;
use crate::trace::{Line, What};
use crate::view::{CellState, ServerView, State};
use std::collections::BTreeSet;

/// Turning points looked through for truncated transactions.
const MAJORS_BACK: usize = 64;
/// Records of a stopped server looked through for its last log.
const RECORDS_BACK: usize = 32;

/// How a cell is drawn: the states of [`CellState`], and three that no running server's log has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Held(CellState),
    /// Cut off by TRUNC.
    Truncated,
    /// Only in the snapshot.
    Snapshot,
    /// On the disk of a server that is down.
    OnDisk,
}

impl Cell {
    fn word(self) -> CellWord {
        match self {
            Self::Held(CellState::InMemory) => CellWord::InMemory,
            Self::Held(CellState::Written) => CellWord::Written,
            Self::Held(CellState::Durable) => CellWord::Durable,
            Self::Held(CellState::Committed) => CellWord::Committed,
            Self::Held(CellState::Applied) => CellWord::Applied,
            Self::Truncated => CellWord::Truncated,
            Self::Snapshot => CellWord::InSnapshot,
            Self::OnDisk => CellWord::OnDisk,
        }
    }
}

/// Always shown, in the order a transaction passes through.
const LEGEND: [Cell; 8] = [
    Cell::Held(CellState::InMemory),
    Cell::Held(CellState::Written),
    Cell::Held(CellState::Durable),
    Cell::Held(CellState::Committed),
    Cell::Held(CellState::Applied),
    Cell::Truncated,
    Cell::Snapshot,
    Cell::OnDisk,
];

/// One server's row.
struct Row<'a> {
    node: NodeId,
    /// The server, as it is or as it was when it stopped.
    view: Option<&'a ServerView>,
    down: bool,
    truncated: BTreeSet<Zxid>,
}

/// The strip at moment `len`, as wide as `width`: only the last columns that fit.
pub fn scene(line: Line<'_>, len: usize, width: f32, scale: Scale, selected: Option<Item>) -> Scene {
    let rows: Vec<Row<'_>> =
        line.nodes().iter().filter(|node| node.is_server()).map(|node| row(line, len, *node)).collect();
    let grid = Grid::new(scale, width, Lines { head: 2.3, legend: 6.4 }, rows.len(), LEGEND.len());
    let columns = columns(&rows, grid.fits);
    let mut scene = Scene::new(Point::new(width, grid.height()));
    if columns.is_empty() {
        grid.draw_empty(&mut scene, &scale.speech.say(Phrase::NoTransactions));
    }
    draw_header(&mut scene, &grid, &columns);
    for (index, row) in rows.iter().enumerate() {
        draw_row(&mut scene, &grid, index, row, &columns, selected);
    }
    draw_legend(&mut scene, &grid);
    scene
}

fn row(line: Line<'_>, len: usize, node: NodeId) -> Row<'_> {
    let mut down = false;
    let mut moment = len;
    let mut view = None;
    for _ in 0..RECORDS_BACK {
        let Some(record) = line.last_of_node(node, moment) else { break };
        if let State::Server(server) = &record.view.state {
            view = Some(server);
            break;
        }
        down = true;
        moment = record.seq.index();
    }
    Row { node, view, down, truncated: truncated(line, len, node) }
}

/// What a server once held and was told to cut off, as far as recent turning points tell.
fn truncated(line: Line<'_>, len: usize, node: NodeId) -> BTreeSet<Zxid> {
    let mut gone = BTreeSet::new();
    let mut moment = len;
    for _ in 0..MAJORS_BACK {
        let Some(seq) = line.previous_major(moment) else { break };
        moment = seq.index();
        let Some(record) = line.get(seq).filter(|record| record.node == Some(node)) else { continue };
        let What::Milestone(Milestone::Truncated { to, .. }) = &record.what else { continue };
        if let Some(log) = log_before(line, node, seq) {
            gone.extend(log.log.iter_back().map(|entry| entry.zxid).take_while(|zxid| zxid > to));
        }
    }
    gone
}

/// A server's state before the step of this record; its record may show what the step left already.
fn log_before(line: Line<'_>, node: NodeId, seq: Seq) -> Option<&ServerView> {
    let start = line.step_back(seq.index() + 1);
    match &line.view(node, start)?.state {
        State::Server(server) => Some(server),
        _ => None,
    }
}

/// The newest zxids that some row has something to show for.
fn columns(rows: &[Row<'_>], fits: usize) -> Vec<Zxid> {
    let mut all: BTreeSet<Zxid> = BTreeSet::new();
    for row in rows {
        all.extend(&row.truncated);
        if let Some(view) = row.view {
            all.extend(view.log.iter_back().take(fits).map(|entry| entry.zxid));
        }
    }
    let skip = all.len().saturating_sub(fits);
    all.into_iter().skip(skip).collect()
}

fn draw_header(scene: &mut Scene, grid: &Grid, columns: &[Zxid]) {
    let line = grid.scale.line;
    let mut start = 0;
    while let Some(first) = columns.get(start) {
        let epoch = first.epoch();
        let count = columns[start..].iter().take_while(|zxid| zxid.epoch() == epoch).count();
        let min = Point::new(grid.left + start as f32 * grid.scale.cell + 1.0, 0.0);
        let area = Area::sized(min, count as f32 * grid.scale.cell - 2.0, line * 1.1);
        scene.draw(None, Shape::Rect { area, round: 3.0, fill: Some(Ink::Epoch(epoch)), pen: None });
        let text = if count > 2 { grid.scale.speech.say(Phrase::Epoch(epoch)) } else { epoch.to_string() };
        let (anchor, size, ink) = (Anchor::Middle, TextSize::Small, Ink::OnEpoch(epoch));
        scene.draw(None, Shape::Text { at: area.centre(), anchor, size, ink, backed: false, text });
        start += count;
    }
    for (index, zxid) in columns.iter().enumerate() {
        grid.draw_number(scene, index, line * 1.75, zxid.counter());
    }
    if !columns.is_empty() {
        grid.draw_head(scene, line * 1.75, "zxid");
    }
}

fn draw_row(
    scene: &mut Scene,
    grid: &Grid,
    index: usize,
    row: &Row<'_>,
    columns: &[Zxid],
    selected: Option<Item>,
) {
    grid.draw_row(scene, index, row.node, row.down);
    for (column, zxid) in columns.iter().enumerate() {
        let Some(cell) = cell(row, *zxid) else { continue };
        let area = grid.cell(index, column);
        let item = Item::Cell(row.node, *zxid);
        draw_cell(scene, Some(item), area, cell, zxid.epoch());
        draw_selection(scene, item, area, selected);
        let name = grid.scale.speech.say(Phrase::LogCell(row.node, *zxid, cell.word()));
        scene.hit(item, area, name);
    }
}

fn cell(row: &Row<'_>, zxid: Zxid) -> Option<Cell> {
    let view = row.view?;
    let at = view.log.partition_point(|entry| entry.zxid < zxid);
    let held = view.log.get(at).is_some_and(|entry| entry.zxid == zxid);
    match held {
        true if row.down && zxid <= view.durable => Some(Cell::OnDisk),
        true if row.down => None,
        true => Some(Cell::Held(view.cell(zxid))),
        false if row.truncated.contains(&zxid) => Some(Cell::Truncated),
        false if zxid <= view.base => Some(Cell::Snapshot),
        false => None,
    }
}

fn draw_cell(scene: &mut Scene, item: Option<Item>, area: Area, cell: Cell, epoch: u32) {
    let (colour, soft) = (Ink::Epoch(epoch), Ink::EpochSoft(epoch));
    let rect = |area, fill, pen| Shape::Rect { area, round: 2.0, fill, pen };
    let thin = Some(Pen::new(colour, 1.5));
    let thick = Some(Pen::new(Ink::Text, 2.5));
    match cell {
        Cell::Held(CellState::InMemory) => scene.draw(item, rect(area, Some(Ink::Paper), thin)),
        Cell::Held(CellState::Written) => {
            scene.draw(item, rect(area, Some(Ink::Paper), thin));
            let half = Area { min: Point::new(area.min.x, area.centre().y), max: area.max };
            scene.draw(item, rect(half, Some(colour), None));
        }
        Cell::Held(CellState::Durable) => scene.draw(item, rect(area, Some(colour), thin)),
        Cell::Held(CellState::Committed) => scene.draw(item, rect(area, Some(colour), thick)),
        Cell::Held(CellState::Applied) => {
            scene.draw(item, rect(area, Some(colour), thick));
            scene.draw(item, Shape::Hatch { area, pen: Pen::new(Ink::OnEpoch(epoch), 1.0) });
        }
        Cell::Truncated => {
            scene.draw(item, rect(area, Some(Ink::Paper), Some(Pen::new(colour, 1.5).dashed())));
            let strike =
                vec![Point::new(area.min.x - 2.0, area.max.y), Point::new(area.max.x + 2.0, area.min.y)];
            let pen = Some(Pen::new(Ink::Fault, 2.5));
            scene.draw(item, Shape::Path { points: strike, fill: None, pen });
        }
        Cell::Snapshot => scene.draw(item, rect(area, Some(soft), None)),
        Cell::OnDisk => scene.draw(item, rect(area, Some(soft), Some(Pen::new(Ink::Dead, 1.5)))),
    }
}

fn draw_legend(scene: &mut Scene, grid: &Grid) {
    for (index, cell) in LEGEND.into_iter().enumerate() {
        let word = grid.scale.speech.say(Phrase::Cell(cell.word()));
        let area = grid.draw_legend(scene, index, &word);
        draw_cell(scene, None, area, cell, 1);
    }
}
