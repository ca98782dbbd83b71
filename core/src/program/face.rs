//! What a program shows, and what it tells people of it: what nearly all recipes share.

use super::Hand;
use crate::milestone::Milestone;
use crate::recipe::{Recipe, RecipeView, Standing};
use crate::time::Time;
use std::fmt::Display;
use std::sync::Arc;

/// What is shown of a cache in one line: more names than these make no sense to anybody.
const MOST: usize = 8;

/// How a program stands, as it shows itself.
#[derive(Clone, Debug)]
pub(super) struct Face {
    /// What was asked for.
    pub recipe: Recipe,
    /// Its own znode.
    pub znode: Option<Arc<str>>,
    /// The znode whose watch it waits for.
    pub waits_for: Option<Arc<str>>,
    /// How many turns it has had.
    pub turns: u32,
    standing: Standing,
    since: Time,
    woken: u32,
    knows: Arc<str>,
}

impl Face {
    /// Of a program that has not begun.
    pub(super) fn new(recipe: &Recipe) -> Self {
        Self {
            recipe: recipe.clone(),
            znode: None,
            waits_for: None,
            turns: 0,
            standing: Standing::Asking,
            since: Time::ZERO,
            woken: 0,
            knows: "".into(),
        }
    }

    /// It begins now.
    pub(super) fn begin(&mut self, hand: &Hand) {
        self.since = hand.now;
    }

    /// The znode it is about.
    pub(super) fn path(&self) -> Arc<str> {
        self.recipe.path.clone()
    }

    /// How it stands.
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether it stands so.
    pub(super) fn is(&self, standing: Standing) -> bool {
        self.standing == standing
    }

    /// From now on it stands so.
    pub(super) fn stand(&mut self, standing: Standing, hand: &Hand) {
        if self.standing != standing {
            self.standing = standing;
            self.since = hand.now;
        }
        if standing != Standing::Waiting {
            self.waits_for = None;
        }
    }

    /// It waits for this znode to go, or to change.
    pub(super) fn wait_for(&mut self, znode: Arc<str>, hand: &Hand) {
        self.stand(Standing::Waiting, hand);
        self.waits_for = Some(znode);
    }

    /// A watch has woken it.
    pub(super) fn wake(&mut self, path: &Arc<str>, hand: &mut Hand) {
        self.woken += 1;
        hand.say(Milestone::Woken { path: path.clone() });
    }

    /// What it knows now, without a word.
    pub(super) fn note(&mut self, knows: impl Into<Arc<str>>) {
        self.knows = knows.into();
    }

    /// What it knows now, and people are told if it is new.
    pub(super) fn learn(&mut self, knows: impl Into<Arc<str>>, hand: &mut Hand) {
        let what = knows.into();
        if what != self.knows {
            hand.say(Milestone::Learned { path: self.path(), what: what.clone() });
            self.knows = what;
        }
    }

    /// It gives up, for this reason.
    pub(super) fn fail(&mut self, why: impl Display, hand: &Hand) {
        self.knows = why.to_string().into();
        self.stand(Standing::Failed, hand);
    }

    /// A connection was lost: what it has may be out of date.
    pub(super) fn doubt(&mut self, hand: &Hand) {
        if self.standing == Standing::Holding {
            self.stand(Standing::Doubting, hand);
        }
    }

    /// How many turns it is to have.
    pub(super) fn wanted(&self, custom: u32) -> u32 {
        self.recipe.with.times.unwrap_or(custom)
    }

    /// What is shown.
    pub(super) fn view(&self) -> RecipeView {
        RecipeView {
            kind: self.recipe.kind,
            path: self.recipe.path.clone(),
            standing: self.standing,
            znode: self.znode.clone(),
            waits_for: self.waits_for.clone(),
            since: self.since,
            turns: self.turns,
            woken: self.woken,
            knows: self.knows.clone(),
        }
    }
}

/// The nth value of somebody who writes several: `v-1`, `v-2`; a single one is the value itself.
pub(super) fn nth_value(recipe: &Recipe, nth: u32) -> String {
    let value = recipe.with.value.as_deref().unwrap_or_default();
    match recipe.with.times {
        None | Some(1) => value.to_owned(),
        Some(_) => format!("{value}-{nth}"),
    }
}

/// The first of many, in one line.
pub(super) fn few<T: Display>(all: impl Iterator<Item = T>) -> String {
    let all: Vec<String> = all.map(|one| one.to_string()).collect();
    let shown = all.iter().take(MOST).cloned().collect::<Vec<_>>().join(" ");
    match all.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} +{more}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_many_is_cut_short() {
        assert_eq!(few(1..=3), "1 2 3");
        assert_eq!(few(1..=10), "1 2 3 4 5 6 7 8 +2");
        assert_eq!(few(0..0), "");
    }
}
