//! Colours that mean something stay apart for every kind of colour vision.
//!
//! Distances are CIEDE2000; what people without one of the three kinds of cones see is simulated after Machado,
//! Oliveira and Fernandes (2009) at full severity. Below 10, small dots are hard to tell apart.

mod ciede2000;
mod vision;

use ciede2000::distance;
use egui::{Color32, Theme};
use vision::Vision;
use zoolab_core::scene::Ink;
use zoolab_window::tokens::Tokens;

/// Colours that are nearer than this are not told apart at a glance.
const APART: f64 = 10.0;
/// Hues of epochs before they repeat.
const EPOCHS: u32 = 6;

type Named = (String, Color32);

fn epochs(tokens: &Tokens) -> Vec<Named> {
    (1..=EPOCHS).map(|epoch| (format!("epoch {epoch}"), tokens.ink(Ink::Epoch(epoch)))).collect()
}

/// Colours of what something is, rather than of when.
fn states(tokens: &Tokens) -> Vec<Named> {
    [
        ("fault", tokens.fault),
        ("good", tokens.good),
        ("selected", tokens.selected),
        ("link", tokens.link),
        ("dead", tokens.dead),
    ]
    .map(|(name, colour)| (name.to_owned(), colour))
    .into()
}

/// What of these pairs is too near, in words, for every theme and vision.
fn too_near(pairs: impl Fn(&Tokens) -> Vec<(Named, Named)>) -> Vec<String> {
    let mut near = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        let tokens = Tokens::of(theme);
        for vision in Vision::ALL {
            for ((a, first), (b, second)) in pairs(&tokens) {
                let far = distance(vision.lab(first), vision.lab(second));
                if far < APART {
                    near.push(format!("{theme:?}, {vision:?}: {a} and {b} are {far:.1} apart"));
                }
            }
        }
    }
    near
}

fn all_pairs(named: &[Named]) -> Vec<(Named, Named)> {
    let each = named.iter().enumerate();
    each.flat_map(|(n, one)| named[n + 1..].iter().map(|other| (one.clone(), other.clone()))).collect()
}

#[test]
fn epochs_stay_apart() {
    let near = too_near(|tokens| all_pairs(&epochs(tokens)));
    assert!(near.is_empty(), "{}", near.join("\n"));
}

#[test]
fn states_stay_apart_from_each_other_from_epochs_and_from_text() {
    let near = too_near(|tokens| {
        let named = states(tokens);
        let mut others = epochs(tokens);
        others.extend([("text".to_owned(), tokens.text), ("paper".to_owned(), tokens.paper)]);
        let mut pairs = all_pairs(&named);
        for state in &named {
            pairs.extend(others.iter().map(|other| (state.clone(), other.clone())));
        }
        pairs
    });
    assert!(near.is_empty(), "{}", near.join("\n"));
}

#[test]
fn a_repeated_hue_is_a_whole_cycle_away() {
    for theme in [Theme::Light, Theme::Dark] {
        let tokens = Tokens::of(theme);
        assert_eq!(tokens.epoch(1), tokens.epoch(1 + EPOCHS), "the cycle is not {EPOCHS} long");
    }
}
