//! The store on real files: what goes in comes out, nothing is half, decisions stand, what is deleted stays away.

mod crash;
mod files;
mod lists;
mod made;
mod reports;
mod review;
mod search;
mod stories;
