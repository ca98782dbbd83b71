//! The letters of the window: egui's own fonts, and behind them those of Chinese.
//!
//! A letter is looked for in each font in turn, so Latin text looks the same in every language. The Chinese
//! font is a subset: `assets/fonts/subset.py` says of what, and makes it again.

use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// 6,861 characters in 1.5 MB; its licence lies beside it.
const CHINESE: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-subset.otf");
const CHINESE_NAME: &str = "Noto Sans SC";

/// All fonts, in the order in which a letter is looked for.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    // Arrows and dashes that the first fonts lack are in the monospaced one.
    let monospace = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    fonts.families.entry(FontFamily::Proportional).or_default().extend(monospace);
    fonts.font_data.insert(CHINESE_NAME.to_owned(), Arc::new(FontData::from_static(CHINESE)));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.entry(family).or_default().push(CHINESE_NAME.to_owned());
    }
    fonts
}
