//! What is meant: the configuration and the gazetteer, read from TOML and checked.

mod error;
mod gazetteer;

pub use error::ConfigError;
pub use gazetteer::gazetteer;
