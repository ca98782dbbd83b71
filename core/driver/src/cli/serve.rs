//! `zoolab serve`: real clients on the simulated ensemble.

use super::{CliError, Done, Out, Verdict, input};
use crate::files;
use crate::gateway::{Gateway, listen};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use zoolab_core::ids::NodeId;
use zoolab_core::scenario::{DiskSpec, NetSpec, ProtocolName, Scenario, ZabSpec, write};
use zoolab_core::time::{Span, Time};
use zoolab_core::world::Service;

/// File descriptors besides those of connections: ports, disks, standard streams.
const OTHER_FILES: u64 = 100;
/// Transactions between two snapshots of the usual ensemble: few, since the log that is kept is memory.
const SNAP_COUNT: u32 = 1000;

/// Let real ZooKeeper clients connect to the simulated ensemble
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each server listens on a port of its own. The steps of a scenario happen at their times.

A run may go on for as long as you like: it remembers nothing but its present state. With --save all that clients
do is kept as well, as a scenario that replays the run without them, and with --check the properties of ZAB are
checked at every step against everything that has happened; with either of them memory grows for as long as the
run goes on. Without a scenario the network and the disks take no time; a scenario says how long they take.

Examples:
  zoolab serve
  zoolab serve --servers 5 --observers 2 --client-ports 3181-3185
  zoolab serve mine.ron --speed 0.1 --save live.ron

Ends with Ctrl-C. Exit codes: 0 ended, 1 a check has failed, 2 bad input.")]
pub(super) struct Args {
    /// A scenario file, or the name of a shipped one; without it three quick servers
    #[arg(value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Servers, without a scenario
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=25),
          conflicts_with = "scenario")]
    servers: u8,
    /// How many of the servers, the last ones, have no vote
    #[arg(long, value_name = "M", default_value_t = 0, conflicts_with = "scenario")]
    observers: u8,
    /// Port of the first server; the others follow
    #[arg(long, value_name = "PORT", default_value_t = 2181)]
    port: u16,
    /// Ports of the servers, such as 2181-2185
    #[arg(long, value_name = "FIRST-LAST", conflicts_with = "port", value_parser = ports)]
    client_ports: Option<(u16, u16)>,
    /// Address to listen on
    #[arg(long, value_name = "A", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Virtual seconds a second
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Connections at a time; those beyond are closed at once
    #[arg(long, value_name = "K", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=60_000))]
    connections: u16,
    /// Check the properties of ZAB at every step; memory grows
    #[arg(long)]
    check: bool,
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
    #[arg(long, value_name = "DIR", conflicts_with_all = ["save", "check"])]
    data_dir: Option<PathBuf>,
    /// With --data-dir: acknowledge nothing before the real disk has it, so that it outlasts a power failure too
    #[arg(long, requires = "data_dir")]
    fsync: bool,
    /// Keep the run as a scenario when it ends; memory grows
    #[arg(long, value_name = "OUT")]
    save: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Out<'_>) -> Done {
    let mut scenario = match &args.scenario {
        Some(typed) => input::scenario(typed)?,
        None => quick(args.servers, args.observers)?,
    };
    if scenario.protocol != ProtocolName::Zab {
        let told = format!("{} does not speak ZooKeeper's client protocol; only ZAB does", scenario.protocol);
        return Err(CliError::Input(told));
    }
    scenario.remotes = scenario.remotes.max(args.connections);
    settle(&mut scenario, args);
    let bad = |error: &dyn std::fmt::Display| CliError::Input(error.to_string());
    let first = first_port(args, scenario.servers)?;
    let ports = listen(args.address, first, scenario.servers).map_err(|error| bad(&error))?;
    let hosts: Vec<String> =
        ports.iter().filter_map(|(_, port)| port.local_addr().ok()).map(|at| at.to_string()).collect();
    out.say(&format!("{} servers for real clients: {}\nCtrl-C ends.\n", hosts.len(), hosts.join(",")));
    if !args.address.is_loopback() {
        let address = args.address;
        out.complain(&format!("warning: whoever reaches {address} can read and write everything here"));
    }
    allow_files(u64::from(scenario.remotes), out);
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
    let service = Service { keeps: args.save.is_some(), checks: args.check };
    let mut gateway = Gateway::new(&Arc::new(scenario), args.speed, service);
    if let Some(dir) = &args.data_dir {
        gateway.keep_in(dir, args.fsync).map_err(|error| bad(&error))?;
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
    let broken = gateway.broken();
    for (check, why) in &broken {
        out.say(&format!("{check} is broken: {why}\n"));
    }
    Ok(Verdict::of(broken.is_empty()))
}

/// The first server's port.
fn first_port(args: &Args, servers: u8) -> Result<u16, CliError> {
    let Some((first, last)) = args.client_ports else { return Ok(args.port) };
    let named = u32::from(last) - u32::from(first) + 1;
    if named < u32::from(servers) {
        let told = format!(
            "--client-ports {first}-{last} names {named} ports; expected one for each of {servers} servers"
        );
        return Err(CliError::Input(told));
    }
    Ok(first)
}

/// Each connection takes a file descriptor: as many as the system allows are asked for.
fn allow_files(connections: u64, out: &mut Out<'_>) {
    let wanted = connections + OTHER_FILES;
    let allowed = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    if allowed < wanted {
        out.complain(&format!(
            "warning: this system allows {allowed} open files, {connections} connections need {wanted}; those \
             beyond will wait (see `ulimit -Hn`)"
        ));
    }
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
fn quick(servers: u8, observers: u8) -> Result<Scenario, CliError> {
    if observers >= servers {
        let told = format!(
            "{observers} of {servers} servers cannot be observers; expected at least one with a vote"
        );
        return Err(CliError::Input(told));
    }
    let observers: BTreeSet<NodeId> = (servers - observers + 1..=servers).map(NodeId::Server).collect();
    Ok(Scenario {
        name: "Real clients".to_owned(),
        purpose: "an ensemble for programs outside".to_owned(),
        servers,
        observers,
        until: Time::ZERO + Span::from_ms(1),
        net: NetSpec { latency: (Span(0), Span(0)), ..NetSpec::default() },
        disk: DiskSpec { fsync: (Span(0), Span(0)) },
        zab: ZabSpec { snap_count: SNAP_COUNT, autopurge: true, ..ZabSpec::default() },
        ..Scenario::default()
    })
}

fn ports(typed: &str) -> Result<(u16, u16), String> {
    let (first, last) = typed.split_once('-').unwrap_or((typed, typed));
    let port = |text: &str| text.parse().ok().filter(|port: &u16| *port > 0);
    match (port(first), port(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        _ => Err("expected two ports from 1 to 65535, the lower one first, such as 2181-2185".to_owned()),
    }
}

fn speed(typed: &str) -> Result<f64, String> {
    typed
        .parse()
        .ok()
        .filter(|speed| (0.000_1..=1000.0).contains(speed))
        .ok_or_else(|| "expected a number from 0.0001 to 1000".to_owned())
}
