//! Where the pages stand: tabs and splits that a person drags, names and keeps.
//!
//! All pages are always in the tree; one that is put away is only invisible, so that it comes back where it
//! was. The tree is the one thing that drawing changes by itself, like the offset of a scrolled list.

mod arrange;
#[cfg(test)]
mod tests;

pub use arrange::id;

use crate::cx::Cx;
use crate::page::{self, Page};
use crate::selection::Item;
use crate::tokens;
use egui::{Frame, Margin, Response, Ui, WidgetText};
use egui_tiles::{Behavior, Container, SimplificationOptions, Tabs, Tile, TileId, Tiles, Tree, UiResponse};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zoolab_core::scenario::LayoutName;

/// The tree of pages, and those that a person has named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dock {
    tree: Tree<Page>,
    /// By name.
    named: BTreeMap<String, Tree<Page>>,
    /// How the pages stood before the presenter's layout took their place.
    before: Option<Tree<Page>>,
    /// How they stood before a lesson took its place, while one is open.
    #[serde(skip)]
    before_lesson: Option<Tree<Page>>,
}

impl Default for Dock {
    fn default() -> Self {
        Self {
            tree: arrange::tree(LayoutName::Ensemble),
            before: None,
            before_lesson: None,
            named: BTreeMap::new(),
        }
    }
}

impl Dock {
    /// The same with every page that this version knows, whatever an older one has kept.
    #[must_use]
    pub fn completed(mut self) -> Self {
        complete(&mut self.tree);
        self.named.values_mut().for_each(complete);
        self.before = None;
        self
    }

    /// Lays the pages out anew.
    pub fn arrange(&mut self, layout: LayoutName) {
        self.tree = self.led(arrange::tree(layout));
    }

    /// The same with the page of the lesson in its place, while one is open.
    fn led(&self, mut tree: Tree<Page>) -> Tree<Page> {
        if self.before_lesson.is_some() {
            arrange::lead(&mut tree);
        }
        tree
    }

    /// Makes room for a lesson beside whatever layout there is, or gives back what was there before.
    pub fn teach(&mut self, lesson: bool) {
        if lesson == self.before_lesson.is_some() {
            return;
        }
        if lesson {
            self.before_lesson = Some(self.before.as_ref().unwrap_or(&self.tree).clone());
            self.before = self.before.take().map(|before| self.led(before));
            self.tree = self.led(self.tree.clone());
            self.show(Page::Stage);
        } else if let Some(before) = self.before_lesson.take() {
            if self.before.is_some() {
                self.before = Some(before);
                self.tree = arrange::tree(LayoutName::Lecture);
            } else {
                self.tree = before;
            }
        }
    }

    /// Makes room for a presenter, or gives back what was there before.
    pub fn present(&mut self, presenter: bool) {
        if presenter {
            let lecture = self.led(arrange::tree(LayoutName::Lecture));
            let before = std::mem::replace(&mut self.tree, lecture);
            self.before.get_or_insert(before);
        } else if let Some(before) = self.before.take() {
            self.tree = before;
        }
    }

    /// Lays the pages out as they were when somebody gave this name; whether there is such a name.
    pub fn recall(&mut self, name: &str) -> bool {
        let Some(tree) = self.named.get(name) else { return false };
        self.tree = self.led(tree.clone());
        true
    }

    /// Keeps the present layout under a name.
    pub fn keep(&mut self, name: String) {
        let mut dock = self.clone();
        dock.teach(false);
        self.named.insert(name, dock.tree);
    }

    /// Forgets a name.
    pub fn forget(&mut self, name: &str) {
        self.named.remove(name);
    }

    /// The same as it is without the presenter's layout and without a lesson.
    #[must_use]
    pub fn at_rest(&self) -> Self {
        let mut dock = self.clone();
        dock.teach(false);
        dock.present(false);
        dock
    }

    /// The names that somebody gave.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// Brings a page to the front.
    pub fn show(&mut self, page: Page) {
        let Some(tile) = self.tree.tiles.find_pane(&page) else { return };
        self.tree.set_visible(tile, true);
        self.tree.make_active(|id, _| id == tile);
    }

    /// Puts a page away; the stage always stays.
    pub fn put_away(&mut self, page: Page) {
        if let Some(tile) = self.tree.tiles.find_pane(&page).filter(|_| page != Page::Stage) {
            hide(&mut self.tree.tiles, tile);
        }
    }

    /// The pages that are drawn: neither put away nor behind others.
    pub fn front(&self) -> BTreeSet<Page> {
        let active = self.tree.active_tiles();
        active.into_iter().filter_map(|tile| self.tree.tiles.get_pane(&tile).copied()).collect()
    }

    /// Draws all pages; returns what the pointer is over. Without `bars`, only what is in front is there.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, bars: bool) -> Option<Item> {
        let mut painter = Pages { cx, bars, over: None };
        self.tree.ui(&mut painter, ui);
        painter.over
    }
}

/// Adds the pages that a tree lacks, put away beside the events.
fn complete(tree: &mut Tree<Page>) {
    let beside = tree.tiles.find_pane(&Page::Events).and_then(|tile| tree.tiles.parent_of(tile));
    for page in Page::ALL {
        if tree.tiles.find_pane(&page).is_some() {
            continue;
        }
        let tile = tree.tiles.insert_pane(page);
        tree.set_visible(tile, false);
        if let Some(place) = beside.or(tree.root()) {
            tree.move_tile_to_container(tile, place, usize::MAX, false);
        }
    }
}

/// Makes a page invisible; the next one of its tabs comes to the front.
fn hide(tiles: &mut Tiles<Page>, tile: TileId) {
    tiles.set_visible(tile, false);
    let Some(parent) = tiles.parent_of(tile) else { return };
    let next = tiles
        .get_container(parent)
        .and_then(|container| container.children().copied().find(|child| tiles.is_visible(*child)));
    if let Some(Tile::Container(Container::Tabs(tabs))) = tiles.get_mut(parent)
        && tabs.active == Some(tile)
    {
        tabs.active = next;
    }
}

/// How the tree draws.
struct Pages<'a, 'b> {
    cx: &'a Cx<'b>,
    bars: bool,
    over: Option<Item>,
}

impl Behavior<Page> for Pages<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, page: &mut Page) -> UiResponse {
        let margin = if *page == Page::Stage { Margin::same(4) } else { Margin::symmetric(8, 4) };
        Frame::new().fill(self.cx.tokens.panel).inner_margin(margin).show(ui, |ui| {
            ui.push_id(*page, |ui| {
                self.over = page::page_ui(ui, self.cx, *page).or(self.over);
                // A page takes all its room, so that what lies behind never shows.
                ui.take_available_space();
            });
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, page: &Page) -> WidgetText {
        self.cx.say(page.id()).into()
    }

    fn on_tab_button(&mut self, tiles: &mut Tiles<Page>, tile: TileId, response: Response) -> Response {
        let Some(page) = tiles.get_pane(&tile) else { return response };
        response.on_hover_text(page.command().hint(self.cx.lang))
    }

    /// Only what is in front can be put away: a ✖ on every tab would leave no room for their names.
    fn is_tab_closable(&self, tiles: &Tiles<Page>, tile: TileId) -> bool {
        let in_front = tiles
            .parent_of(tile)
            .and_then(|parent| tiles.get_container(parent))
            .is_some_and(|container| matches!(container, Container::Tabs(tabs) if tabs.active == Some(tile)));
        in_front && tiles.get_pane(&tile).is_some_and(|page| *page != Page::Stage)
    }

    fn on_tab_close(&mut self, tiles: &mut Tiles<Page>, tile: TileId) -> bool {
        hide(tiles, tile);
        false
    }

    fn is_tab_bar_visible(&self, _tile: TileId, _tabs: &Tabs) -> bool {
        self.bars
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        tokens::DOCK_GAP
    }

    fn min_size(&self) -> f32 {
        tokens::PAGE_LEAST
    }

    fn tab_bar_color(&self, _visuals: &egui::Visuals) -> egui::Color32 {
        self.cx.tokens.bar
    }

    fn tab_bg_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<Page>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.cx.tokens.panel } else { egui::Color32::TRANSPARENT }
    }

    fn tab_text_color(
        &self,
        _visuals: &egui::Visuals,
        _tiles: &Tiles<Page>,
        _tile: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.cx.tokens.text } else { self.cx.tokens.weak }
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}
