//! A real server on a free port, with a database of its own, spoken to as its clients do.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod cors;
mod cuts;
mod delivery;
mod documents;
mod frames;
mod friends;
mod handshake;
mod hostile;
mod killed;
mod leaks;
mod limits;
mod memory;
mod messages;
mod metrics;
mod model;
mod oidc;
mod pages;
mod recovery;
mod recurrence;
mod rest;
mod rest_edit;
mod rest_input;
mod schedules;
mod sharing;
mod sharing_plans;
mod slow;
mod socket;
mod start;
mod support;
mod tags;
mod todos;
mod visibility;
