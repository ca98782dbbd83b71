//! `zoolab serve`: real clients on the simulated ensemble.

use super::{CliError, Done, Out, Verdict, input};
use crate::files;
use crate::gateway::{Gateway, listen};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use zoolab_core::scenario::{DiskSpec, NetSpec, ProtocolName, Scenario, write};
use zoolab_core::time::{Span, Time};

/// Let real ZooKeeper clients connect to the simulated ensemble
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each server listens on a port of its own on loopback. The steps of a scenario happen at their times. With
--save, what clients did is kept as a scenario that replays the run without them.

Examples:
  zoolab serve
  zoolab serve --servers 5 --port 3181
  zoolab serve mine.ron --speed 0.1 --save live.ron

Ends with Ctrl-C. Exit codes: 0 ended, 2 bad input.")]
pub(super) struct Args {
    /// A scenario file, or the name of a shipped one; without it three quick servers
    #[arg(value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Servers, without a scenario
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=25))]
    servers: u8,
    /// Port of the first server; the others follow
    #[arg(long, value_name = "PORT", default_value_t = 2181)]
    port: u16,
    /// Virtual seconds a second
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Connections at a time
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=200))]
    connections: u8,
    /// tickTime in milliseconds: sessions last between 2 and 20 of them
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..))]
    tick: Option<u32>,
    /// Who may do everything: user and hash as in `superDigest`, such as super:D/InIHSb7yEEbrWz8b9l71RjZJU=
    #[arg(long, value_name = "DIGEST")]
    superdigest: Option<String>,
    /// Port for scripts over HTTP on loopback: state, trace, actions and ZooKeeper's AdminServer
    #[arg(long, value_name = "PORT")]
    admin: Option<u16>,
    /// Keep the servers' disks here: a write that was acknowledged outlasts the program, however it ends
    #[arg(long, value_name = "DIR", conflicts_with = "save")]
    data_dir: Option<PathBuf>,
    /// With --data-dir: acknowledge nothing before the real disk has it, so that it outlasts a power failure too
    #[arg(long, requires = "data_dir")]
    fsync: bool,
    /// Keep the run as a scenario when it ends
    #[arg(long, value_name = "OUT")]
    save: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let mut scenario = match &args.scenario {
        Some(typed) => input::scenario(typed)?,
        None => quick(args.servers),
    };
    if scenario.protocol != ProtocolName::Zab {
        let told = format!("{} does not speak ZooKeeper's client protocol; only ZAB does", scenario.protocol);
        return Err(CliError::Input(told));
    }
    scenario.remotes = scenario.remotes.max(u16::from(args.connections));
    settle(&mut scenario, args);
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let ports = listen(address, args.port, scenario.servers)
        .map_err(|error| CliError::Input(format!("cannot listen from port {} on: {error}", args.port)))?;
    let hosts: Vec<String> =
        ports.iter().filter_map(|(_, port)| port.local_addr().ok()).map(|at| at.to_string()).collect();
    out.say(&format!("{} servers for real clients: {}\nCtrl-C ends.\n", hosts.len(), hosts.join(",")));
    let admin = match args.admin {
        None => None,
        Some(port) => {
            // Whoever can act on the run can do anything to it: this port never leaves the machine.
            let port = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
                .map_err(|error| CliError::Input(format!("cannot listen on admin port {port}: {error}")))?;
            if let Ok(at) = port.local_addr() {
                out.say(&format!("Admin at http://{at}: /state, /trace, /actions, /commands\n"));
            }
            Some(port)
        }
    };
    let mut gateway = Gateway::new(&Arc::new(scenario), args.speed);
    if let Some(dir) = &args.data_dir {
        gateway.keep_in(dir, args.fsync).map_err(|error| CliError::Input(error.to_string()))?;
        out.say(&format!("Disks in {}\n", dir.display()));
    }
    let end = async {
        // Without the signal there is only the end of the process.
        let _ = tokio::signal::ctrl_c().await;
    };
    gateway.serve(ports, admin, end).map_err(|error| CliError::Input(format!("cannot serve: {error}")))?;
    if let Some(path) = &args.save {
        files::write(path, &write(&gateway.as_scenario()))?;
        out.say(&format!("The run is in {}.\n", path.display()));
    }
    Ok(Verdict::AllHeld)
}

/// The settings of this run. Real clients compare the times of znodes with their own clocks: the scenario says
/// what time it was when the run began, so that a replay has the same times.
fn settle(scenario: &mut Scenario, args: &Args) {
    if let Some(tick) = args.tick {
        scenario.zab.tick = Span::from_ms(u64::from(tick));
    }
    if let Some(digest) = &args.superdigest {
        scenario.zab.super_digest = Some(digest.as_str().into());
    }
    if scenario.zab.wall_ms == 0 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        scenario.zab.wall_ms = since.as_millis() as u64;
    }
}

/// Servers in one room: for programs that want an ensemble and no story.
fn quick(servers: u8) -> Scenario {
    Scenario {
        name: "Real clients".to_owned(),
        purpose: "an ensemble for programs outside".to_owned(),
        servers,
        until: Time::ZERO + Span::from_ms(1),
        net: NetSpec { latency: (Span(50), Span(150)), ..NetSpec::default() },
        disk: DiskSpec { fsync: (Span(50), Span(150)) },
        ..Scenario::default()
    }
}

fn speed(typed: &str) -> Result<f64, String> {
    typed
        .parse()
        .ok()
        .filter(|speed| (0.000_1..=1000.0).contains(speed))
        .ok_or_else(|| "expected a number from 0.0001 to 1000".to_owned())
}
