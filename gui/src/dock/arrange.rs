//! The layouts that come with the program. A scenario may ask for one by its name.

use crate::page::Page;
use egui_tiles::{Container, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};
use zoolab_core::scenario::LayoutName;

/// Where things stand in a layout: pages by part of the room, pages in front first.
struct Plan {
    /// In the middle, from top to bottom, with parts of the height.
    middle: &'static [(f32, &'static [Page])],
    /// On the right.
    right: &'static [(f32, &'static [Page])],
    /// Part of the width that the right side takes.
    side: f32,
}

const ENSEMBLE: Plan = Plan {
    middle: &[
        (0.66, &[Page::Stage, Page::Lessons]),
        (
            0.34,
            &[
                Page::Events,
                Page::SpaceTime,
                Page::Upcoming,
                Page::Console,
                Page::Tree,
                Page::Sessions,
                Page::Queues,
            ],
        ),
    ],
    right: &[(0.44, &[Page::Logs]), (0.56, &[Page::Inspector, Page::Why, Page::Checks, Page::Disks])],
    side: 0.335,
};
const LECTURE: Plan =
    Plan { middle: &[(1.0, &[Page::Stage, Page::Lessons])], right: &[(1.0, &[Page::Logs])], side: 0.36 };
const CLIENTS: Plan = Plan {
    middle: &[(0.5, &[Page::Stage, Page::Lessons]), (0.5, &[Page::Console, Page::Queues, Page::Events])],
    right: &[(0.5, &[Page::Tree]), (0.5, &[Page::Sessions, Page::Inspector])],
    side: 0.45,
};
const INVESTIGATE: Plan = Plan {
    middle: &[
        (0.42, &[Page::Stage, Page::Lessons]),
        (0.58, &[Page::SpaceTime, Page::Events, Page::Upcoming]),
    ],
    right: &[
        (0.5, &[Page::Why, Page::Inspector, Page::Logs]),
        (0.5, &[Page::Checks, Page::Breakpoints, Page::Disks, Page::Compared]),
    ],
    side: 0.4,
};

/// Part of the width that a lesson takes.
const LESSON: f32 = 0.27;

fn plan(name: LayoutName) -> &'static Plan {
    match name {
        LayoutName::Ensemble => &ENSEMBLE,
        LayoutName::Lecture => &LECTURE,
        LayoutName::Clients => &CLIENTS,
        LayoutName::Investigate => &INVESTIGATE,
    }
}

/// The id of a layout's title in the catalogues; what it is for is the attribute `tip`.
pub fn id(name: LayoutName) -> &'static str {
    match name {
        LayoutName::Ensemble => "layout-ensemble",
        LayoutName::Lecture => "layout-lecture",
        LayoutName::Clients => "layout-clients",
        LayoutName::Investigate => "layout-investigate",
    }
}

/// The tree of a layout: what it does not name is put away beside its last tabs.
pub fn tree(name: LayoutName) -> Tree<Page> {
    let Plan { middle, right, side } = plan(name);
    let mut tiles = Tiles::default();
    let middle_tile = column(&mut tiles, middle);
    let right_tile = column(&mut tiles, right);
    let mut sides = Linear::new(LinearDir::Horizontal, vec![middle_tile, right_tile]);
    sides.shares.set_share(middle_tile, 1.0 - side);
    sides.shares.set_share(right_tile, *side);
    let root = tiles.insert_container(Container::Linear(sides));
    let mut tree = Tree::new(egui::Id::unique("pages"), root, tiles);
    super::complete(&mut tree);
    tree
}

/// Gives the page of an open lesson a column of its own, left of everything else.
pub fn lead(tree: &mut Tree<Page>) {
    let (Some(root), Some(pane)) = (tree.root(), tree.tiles.find_pane(&Page::Lesson)) else { return };
    let tabs = tree.tiles.insert_tab_tile(Vec::new());
    let away: Vec<TileId> = tree.tiles.tile_ids().filter(|tile| !tree.tiles.is_visible(*tile)).collect();
    match tree.tiles.get_mut(root) {
        Some(Tile::Container(Container::Linear(sides))) if sides.dir == LinearDir::Horizontal => {
            let seen = sides.children.iter().filter(|side| !away.contains(side));
            let others: f32 = seen.map(|side| sides.shares[*side]).sum();
            sides.shares.set_share(tabs, others * LESSON / (1.0 - LESSON));
            sides.children.insert(0, tabs);
        }
        _ => {
            let sides = Linear::new_binary(LinearDir::Horizontal, [tabs, root], LESSON);
            tree.root = Some(tree.tiles.insert_container(Container::Linear(sides)));
        }
    }
    tree.set_visible(pane, true);
    tree.move_tile_to_container(pane, tabs, 0, false);
    tree.make_active(|id, _| id == pane);
}

fn column(tiles: &mut Tiles<Page>, parts: &[(f32, &[Page])]) -> TileId {
    let mut column = Linear::new(LinearDir::Vertical, Vec::new());
    for (share, pages) in parts {
        let panes: Vec<TileId> = pages.iter().map(|page| tiles.insert_pane(*page)).collect();
        let mut tabs = Tabs::new(panes.clone());
        tabs.active = panes.first().copied();
        let tabs = tiles.insert_container(Container::Tabs(tabs));
        column.children.push(tabs);
        column.shares.set_share(tabs, *share);
    }
    tiles.insert_container(Container::Linear(column))
}
