//! stub
use super::{Done, Verdict};
/// stub
#[derive(Debug, clap::Args)]
#[command(after_help="Example: x")]
pub(super) struct Args {}
pub(super) fn run(_: &Args) -> Done { Ok(Verdict::AllHeld) }
