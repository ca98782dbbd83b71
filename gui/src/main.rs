//! The program that people install: the window, and the same workbench on the command line.

use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(feature = "window")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    zoolab_driver::cli::main(std::env::args_os(), open_window)
}

#[cfg(feature = "window")]
fn open_window(file: Option<PathBuf>) -> Result<(), String> {
    zoolab_window::open(file, zoolab_driver::engine::start_waking)
}

#[cfg(not(feature = "window"))]
fn open_window(_file: Option<PathBuf>) -> Result<(), String> {
    Err("this program was built without its window".to_owned())
}
