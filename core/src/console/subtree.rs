//! Commands about a znode and everything below it: `ls -R`, `setAcl -R`, `deleteall`.

use super::Printed;
use super::job::{Told, failed};
use super::print;
use crate::request::{Acl, Answer, ErrorCode, Op, Outcome};
use std::sync::Arc;

/// Visits a subtree: a znode's children all come before what is below the first of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    root: Arc<str>,
    watch: bool,
    /// The list each znode is given, with the version expected; `None` to print the paths.
    gives: Option<(Acl, i32)>,
    /// What was asked last.
    asked: Step,
    /// What is still to do, the next step last.
    todo: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// Is the first znode there?
    Root,
    /// Print this one, or give it its list.
    Visit(Arc<str>),
    /// Which children has this one?
    Below(Arc<str>),
}

impl Walk {
    /// `ls -R`.
    pub fn listing(root: Arc<str>, watch: bool) -> Self {
        Self::new(root, watch, None)
    }

    /// `setAcl -R`.
    pub fn giving(root: Arc<str>, acl: Acl, version: i32) -> Self {
        Self::new(root, false, Some((acl, version)))
    }

    fn new(root: Arc<str>, watch: bool, gives: Option<(Acl, i32)>) -> Self {
        let todo = vec![Step::Below(root.clone()), Step::Visit(root.clone())];
        Self { root, watch, gives, asked: Step::Root, todo }
    }

    /// What to ask first.
    pub fn first(&self) -> Op {
        Op::GetData { path: self.root.clone(), watch: self.watch }
    }

    /// What was asked last has this outcome.
    pub fn on(&mut self, outcome: &Outcome) -> Told {
        let mut printed = Vec::new();
        match (&self.asked, outcome) {
            (Step::Below(above), Ok(Answer::Children(names, _))) => {
                let paths: Vec<Arc<str>> = names.iter().rev().map(|name| join(above, name)).collect();
                self.todo.extend(paths.iter().cloned().map(Step::Below));
                self.todo.extend(paths.into_iter().map(Step::Visit));
            }
            // Gone since its parent was read.
            (Step::Below(path), Err(ErrorCode::NoNode)) if *path != self.root => {}
            // What cannot be given its list does not stop the others.
            (Step::Visit(path), Err(code)) => printed.push(Printed::err(print::exception(*code, path))),
            (Step::Root | Step::Below(_), Err(code)) => {
                let path = if let Step::Below(path) = &self.asked { path } else { &self.root };
                return Told::failed(print::failure(*code, path));
            }
            _ => {}
        }
        let next = self.go_on(&mut printed);
        Told { printed, next }
    }

    fn go_on(&mut self, printed: &mut Vec<Printed>) -> Option<Op> {
        while let Some(step) = self.todo.pop() {
            let op = match (&step, &self.gives) {
                (Step::Visit(path), None) => {
                    printed.push(Printed::out(&**path));
                    continue;
                }
                (Step::Visit(path), Some((acl, version))) => {
                    Op::SetAcl { path: path.clone(), acl: acl.clone(), version: *version }
                }
                (Step::Below(path), _) => Op::GetChildren { path: path.clone(), watch: self.watch },
                (Step::Root, _) => continue,
            };
            self.asked = step;
            return Some(op);
        }
        None
    }
}

/// Removes a subtree: lists it level by level, then deletes from its leaves on, a multi for each batch.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteAll {
    /// Every znode found, a parent before its children.
    found: Vec<Arc<str>>,
    /// How many of them have been asked for their children.
    listed: usize,
    batch: usize,
    deleting: bool,
    is_partial: bool,
}

impl DeleteAll {
    /// Of this znode and all below, so many in a multi.
    pub fn new(root: Arc<str>, batch: usize) -> Self {
        Self { found: vec![root], listed: 0, batch: batch.max(1), deleting: false, is_partial: false }
    }

    /// What to ask first.
    pub fn first(&self) -> Op {
        self.list(0)
    }

    fn list(&self, nth: usize) -> Op {
        Op::GetChildren { path: self.found.get(nth).cloned().unwrap_or_default(), watch: false }
    }

    /// What was asked last has this outcome.
    pub fn on(&mut self, outcome: &Outcome) -> Told {
        if self.deleting {
            self.is_partial |= crate::request::failure(outcome).is_some();
            return self.delete();
        }
        match outcome {
            Ok(Answer::Children(names, _)) => {
                let above = self.found.get(self.listed).cloned().unwrap_or_default();
                self.found.extend(names.iter().map(|name| join(&above, name)));
            }
            outcome => return Told { printed: failed(&self.list(self.listed), outcome), next: None },
        }
        self.listed += 1;
        if self.listed < self.found.len() {
            return Told::ask(self.list(self.listed));
        }
        self.deleting = true;
        self.delete()
    }

    fn delete(&mut self) -> Told {
        let from = self.found.len().saturating_sub(self.batch);
        let batch = self.found.split_off(from);
        if batch.is_empty() {
            let partial = Printed::err("Failed to delete some node(s) in the subtree!");
            return Told { printed: self.is_partial.then_some(partial).into_iter().collect(), next: None };
        }
        let deletes = batch.into_iter().rev().map(|path| Op::Delete { path, version: -1 });
        Told::ask(Op::Multi(deletes.collect()))
    }
}

fn join(above: &str, name: &str) -> Arc<str> {
    format!("{}/{name}", above.trim_end_matches('/')).into()
}
