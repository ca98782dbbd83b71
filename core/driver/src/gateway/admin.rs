//! The admin port: HTTP on loopback, for scripts and for tests of other programs.
//!
//! ```text
//! GET  /state               the ensemble at a glance
//! GET  /trace               records as they happen, one JSON object a line
//! POST /actions             actions as scenario files write them, one a line
//! GET  /commands            ZooKeeper's AdminServer; ?server=s2 names a server
//! GET  /commands/NAME       …
//! ```

use super::commands::COMMANDS;
use super::connection::{Event, Events};
use super::control::Control;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use zoolab_core::ids::NodeId;

/// Bytes of a list of actions.
const BODY: usize = 1 << 20;

/// Answers on this port for as long as the world is there.
pub(super) async fn serve(port: TcpListener, events: Events) -> io::Result<()> {
    let routes = Router::new()
        .route("/state", get(state))
        .route("/trace", get(trace))
        .route("/actions", post(act).layer(DefaultBodyLimit::max(BODY)))
        .route("/commands", get(commands))
        .route("/commands/{name}", get(command))
        .fallback(|| async {
            let paths = "/state, /trace, /actions, /commands or /commands/NAME";
            told(StatusCode::NOT_FOUND, &format!("there is nothing here; expected {paths}"))
        })
        .layer(from_fn(no_browsers))
        .with_state(events);
    axum::serve(port, routes).await
}

/// A page in a browser must not act on the ensemble: such requests carry an origin, those of scripts none.
async fn no_browsers(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        return told(StatusCode::FORBIDDEN, "requests from web pages are refused");
    }
    next.run(request).await
}

/// Asks the world and waits for its answer; `None` if the world has ended.
async fn ask<T>(events: &Events, question: impl FnOnce(oneshot::Sender<T>) -> Control) -> Option<T> {
    let (answer, hears) = oneshot::channel();
    events.send(Event::Control(question(answer))).ok()?;
    hears.await.ok()
}

async fn state(State(events): State<Events>) -> Response {
    ask(&events, Control::State).await.map_or_else(ended, |state| Json(state).into_response())
}

async fn act(State(events): State<Events>, text: String) -> Response {
    match ask(&events, |answer| Control::Act { text, answer }).await {
        Some(Ok(done)) => Json(done).into_response(),
        Some(Err(why)) => told(StatusCode::BAD_REQUEST, &why),
        None => ended(),
    }
}

async fn trace(State(events): State<Events>) -> Response {
    let Some(lines) = ask(&events, Control::Trace).await else { return ended() };
    let stream = futures_util::stream::unfold(lines, |mut lines| async {
        lines.recv().await.map(|batch| (Ok::<_, io::Error>(batch), lines))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(stream)).into_response()
}

async fn commands() -> Html<String> {
    let link = |name: &str| format!("<a href=\"/commands/{name}\">{name}</a><br/>\n");
    Html(COMMANDS.iter().map(|(name, _)| link(name)).collect())
}

async fn command(
    State(events): State<Events>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let server = match query.get("server").map(|typed| typed.parse::<NodeId>()) {
        None => None,
        Some(Ok(server)) => Some(server),
        Some(Err(_)) => {
            return told(StatusCode::BAD_REQUEST, "`server` names no server; expected such as s1");
        }
    };
    match ask(&events, |answer| Control::Command { server, name, answer }).await {
        Some(Ok(found)) => Json(found).into_response(),
        Some(Err(why)) => told(StatusCode::NOT_FOUND, &why),
        None => ended(),
    }
}

fn ended() -> Response {
    told(StatusCode::SERVICE_UNAVAILABLE, "the run has ended")
}

fn told(status: StatusCode, why: &str) -> Response {
    let body: Value = json!({ "error": why });
    (status, Json(body)).into_response()
}
