//! Pages are never lost, whatever is done to the layout.

use super::*;

fn pages(dock: &Dock) -> BTreeSet<Page> {
    dock.tree
        .tiles
        .tiles()
        .filter_map(|tile| match tile {
            Tile::Pane(page) => Some(*page),
            Tile::Container(_) => None,
        })
        .collect()
}

#[test]
fn every_layout_has_every_page_once_and_the_stage_in_front() {
    for (word, layout) in LayoutName::ALL {
        let mut dock = Dock::default();
        dock.arrange(layout);
        let all: BTreeSet<Page> = Page::ALL.into_iter().collect();
        assert_eq!(pages(&dock), all, "{word}");
        assert_eq!(dock.tree.tiles.tiles().filter(|tile| matches!(tile, Tile::Pane(_))).count(), all.len());
        assert!(dock.front().contains(&Page::Stage), "{word}");
    }
}

#[test]
fn a_page_that_was_put_away_comes_back() {
    let mut dock = Dock::default();
    for page in Page::ALL {
        dock.show(page);
        assert!(dock.front().contains(&page), "{page:?} is shown");
        dock.put_away(page);
        assert_eq!(dock.front().contains(&page), page == Page::Stage, "{page:?} is put away");
        dock.show(page);
        assert!(dock.front().contains(&page), "{page:?} is shown again");
    }
}

#[test]
fn a_presenter_gives_the_layout_back() {
    let mut dock = Dock::default();
    dock.show(Page::Tree);
    let before = dock.clone();
    dock.present(true);
    assert_ne!(dock.front(), before.front());
    assert_eq!(dock.at_rest(), before);
    dock.present(false);
    assert_eq!(dock, before);
}

#[test]
fn a_tree_of_an_older_version_gets_the_pages_it_lacks() {
    let mut dock = Dock::default();
    let tile = dock.tree.tiles.find_pane(&Page::Sessions).expect("every page is there");
    dock.tree.remove_recursively(tile);
    assert!(!pages(&dock).contains(&Page::Sessions));
    let dock = dock.completed();
    assert!(pages(&dock).contains(&Page::Sessions));
    assert!(!dock.front().contains(&Page::Sessions));
}
