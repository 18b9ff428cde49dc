//! Councils that do not exist, with one trust and one pair of names that hold each other.

use tieback::model::authority::{Authority, Gazetteer, ServiceBody};

pub fn gazetteer() -> Gazetteer {
    let authority = |name: &str, official: &str, urn: &str, body: Option<&str>| Authority {
        name: name.into(),
        official: official.into(),
        urn: Some(urn.into()),
        bodies: body.map(|name| ServiceBody { name: name.into(), variants: vec![], from: None, to: None }).into_iter().collect(),
        ..Authority::default()
    };
    Gazetteer::new(vec![
        authority("Wexcombe", "Wexcombe County Council", "90001", None),
        authority("North Wexcombe", "North Wexcombe Council", "90002", None),
        authority("Marlow Vale", "London Borough of Marlow Vale", "90003", Some("Vale Children’s Trust")),
        authority("Port Ashby", "Port Ashby City Council", "90004", None),
        // It had the number before.
        authority("Port Ashby (county)", "Port Ashby County Council", "90004", None),
    ])
}
