//! The made-up councils, in a gazetteer beside the real ones, so that the demo reads and ties as every run does.

use jiff::civil::{Date, date};

use crate::{
    config::{self, ConfigError},
    model::authority::{Authority, Gazetteer},
};

/// Name, official name, URN, host of its pages, first day.
const COUNCILS: [(&str, &str, &str, &str, Option<Date>); 3] = [
    ("Marlshire", "Marlshire County Council", "99990001", "marlshire-council.example", None),
    ("Wexcombe", "Wexcombe Council", "99990002", "wexcombe-council.example", None),
    ("Thornmouth", "Thornmouth Council", "99990003", "thornmouth-council.example", Some(date(2023, 4, 1))),
];

/// The councils among which the listed report of this URN is read: the made-up ones stand in no real reader's way.
pub fn gazetteer_for(urn: Option<&str>) -> Result<Gazetteer, ConfigError> {
    let made_up = COUNCILS.iter().any(|(_, _, known, _, _)| urn == Some(*known));
    if made_up { gazetteer() } else { config::gazetteer() }
}

/// The real councils and the made-up ones.
pub fn gazetteer() -> Result<Gazetteer, ConfigError> {
    let real = config::gazetteer()?;
    let made_up = COUNCILS.into_iter().map(|(name, official, urn, host, from)| Authority {
        name: name.into(),
        official: official.into(),
        urn: Some(urn.into()),
        from,
        variants: vec![format!("{name} Council")],
        hosts: vec![host.into()],
        ..Authority::default()
    });
    Ok(Gazetteer::new(real.all().iter().cloned().chain(made_up).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_councils_are_no_real_ones() {
        let (real, all) = (config::gazetteer().unwrap(), gazetteer().unwrap());
        assert_eq!(all.all().len(), real.all().len() + COUNCILS.len());
        assert_eq!(gazetteer_for(Some("80426")).unwrap().all().len(), real.all().len());
        for (name, official, urn, _, _) in COUNCILS {
            assert_eq!(real.get(name), None);
            assert_eq!(real.in_title(official, None), None);
            assert_eq!(real.by_urn(urn), None);
            assert_eq!(all.by_urn(urn).unwrap().name, name);
            assert!(gazetteer_for(Some(urn)).unwrap().get(name).is_some());
        }
    }
}
