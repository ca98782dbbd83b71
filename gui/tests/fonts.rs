//! Every letter that the window may show is in one of its fonts: a letter that is not would be drawn as a box.

use egui::{Context, FontId};
use std::fs;
use std::path::{Path, PathBuf};
use zoolab_window::tokens::Tokens;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("gui/ lies in the workspace").to_owned()
}

/// Every file below a folder of the workspace.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = entries
        .flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] })
        .collect();
    found.sort();
    found
}

/// Whatever a text needs beyond the fonts, for running text and at prompts.
fn lacking(texts: &[(String, String)]) -> Vec<String> {
    let ctx = Context::default();
    Tokens::apply(&ctx);
    // Fonts are there after the first frame; no graphics card takes the textures here.
    ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
    let mut lacking = Vec::new();
    for font in [FontId::proportional(14.0), FontId::monospace(13.0)] {
        for (name, text) in texts {
            let mut letters: Vec<char> = text.chars().filter(|letter| !letter.is_control()).collect();
            letters.sort_unstable();
            letters.dedup();
            letters.retain(|letter| !ctx.fonts_mut(|fonts| fonts.has_glyph(&font, *letter)));
            if !letters.is_empty() {
                let letters = String::from_iter(letters);
                lacking.push(format!("{name}: {letters:?} in no {:?} font", font.family));
            }
        }
    }
    lacking
}

#[test]
fn every_letter_of_the_catalogues_and_lessons_can_be_drawn() {
    let mut texts = Vec::new();
    for folder in ["assets/lang", "lessons/content"] {
        for path in files(&root().join(folder)) {
            let is_text =
                path.extension().is_some_and(|ending| ["ftl", "md", "ron"].iter().any(|e| ending == *e));
            if is_text {
                let text = fs::read_to_string(&path).expect("catalogues and lessons are text");
                texts.push((path.display().to_string(), text));
            }
        }
    }
    assert!(!texts.is_empty(), "no catalogue was found");
    let lacking = lacking(&texts);
    assert!(lacking.is_empty(), "run assets/fonts/subset.py:\n{}", lacking.join("\n"));
}

#[test]
fn everyday_chinese_of_users_can_be_drawn() {
    let text = "分布式协调服务：领导者选举、过半写入、会话过期、羊群效应。鑫、骞、翊……“数据”《锁》（１）";
    let lacking = lacking(&[("what users type".to_owned(), text.to_owned())]);
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}
