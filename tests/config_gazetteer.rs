//! The shipped gazetteer: complete, free of contradictions, and able to tell apart what is easily confused.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, date};
use tieback::{
    config,
    model::{
        authority::{Authority, Gazetteer},
        text::folded,
    },
};

const TODAY: Date = date(2026, 11, 24);

fn gazetteer() -> Gazetteer {
    config::gazetteer().unwrap()
}

fn current(gazetteer: &Gazetteer) -> Vec<&Authority> {
    gazetteer.all().iter().filter(|authority| authority.existed(TODAY)).collect()
}

/// Every form that stands for an authority by itself.
fn forms(authority: &Authority) -> HashSet<String> {
    [&authority.name, &authority.official].into_iter().chain(&authority.variants).map(|form| folded(form)).collect()
}

#[test]
fn all_153_councils_of_today_have_a_urn_of_their_own() {
    let gazetteer = gazetteer();
    let current = current(&gazetteer);
    assert_eq!(current.len(), 153);
    let urns: HashSet<&str> = current.iter().filter_map(|authority| authority.urn.as_deref()).collect();
    assert_eq!(urns.len(), 153);
    for authority in current {
        let urn = authority.urn.as_deref().unwrap();
        assert_eq!(gazetteer.by_urn(urn).unwrap().name, authority.name, "URN {urn} leads to the council of today");
    }
}

#[test]
fn names_are_unique() {
    let gazetteer = gazetteer();
    let names: HashSet<&str> = gazetteer.all().iter().map(|authority| authority.name.as_str()).collect();
    assert_eq!(names.len(), gazetteer.all().len());
    assert_eq!(names.len(), 165);
}

#[test]
fn lineage_stands_in_both_directions() {
    let gazetteer = gazetteer();
    let mut links = 0;
    for authority in gazetteer.all() {
        for before in &authority.predecessors {
            let before = gazetteer.get(before).unwrap_or_else(|| panic!("{}: no authority {before}", authority.name));
            assert!(before.successors.contains(&authority.name), "{} does not name {}", before.name, authority.name);
            assert!(before.to.unwrap() < authority.from.unwrap(), "{} ends before {} begins", before.name, authority.name);
            links += 1;
        }
        for after in &authority.successors {
            let after = gazetteer.get(after).unwrap_or_else(|| panic!("{}: no authority {after}", authority.name));
            assert!(after.predecessors.contains(&authority.name), "{} does not name {}", after.name, authority.name);
            links += 1;
        }
    }
    assert_eq!(links, 34);
}

#[test]
fn no_form_is_shared_by_two_councils_of_today() {
    let gazetteer = gazetteer();
    let mut owner: HashMap<String, &str> = HashMap::new();
    for authority in current(&gazetteer) {
        for form in forms(authority) {
            if let Some(other) = owner.insert(form.clone(), &authority.name) {
                panic!("`{form}` means {other} and {}", authority.name);
            }
        }
    }
}

#[test]
fn a_place_points_to_one_council_and_is_no_councils_name() {
    let gazetteer = gazetteer();
    let named: HashMap<String, &str> = current(&gazetteer)
        .into_iter()
        .flat_map(|authority| forms(authority).into_iter().map(|form| (form, authority.name.as_str())))
        .collect();
    let mut owner: HashMap<String, &str> = HashMap::new();
    for authority in gazetteer.all() {
        assert!(authority.places.len() <= 12, "{}", authority.name);
        for place in &authority.places {
            let place = folded(place);
            assert_eq!(named.get(&place), None, "place `{place}` of {}", authority.name);
            if let Some(other) = owner.insert(place.clone(), &authority.name) {
                panic!("`{place}` points to {other} and {}", authority.name);
            }
        }
    }
}

#[test]
fn a_longer_name_to_leave_alone_holds_a_form_of_its_council() {
    for authority in gazetteer().all() {
        let mut held = forms(authority);
        held.insert(folded(authority.name.trim_end_matches(" (county)")));
        held.extend(authority.places.iter().map(|place| folded(place)));
        held.extend(authority.bodies.iter().map(|body| folded(&body.name)));
        for longer in &authority.not {
            let longer = folded(longer);
            let holds = held.iter().any(|form| format!(" {longer} ").contains(&format!(" {form} ")) && *form != longer);
            assert!(holds, "{}: `{longer}` holds no form of it", authority.name);
        }
    }
}

#[test]
fn hosts_are_bare_and_unique() {
    let gazetteer = gazetteer();
    let mut seen = HashSet::new();
    for host in gazetteer.all().iter().flat_map(|authority| &authority.hosts) {
        assert!(seen.insert(host), "{host} twice");
        assert!(!host.starts_with("www.") && !host.contains('/') && host.contains('.') && *host == host.to_lowercase(), "{host}");
    }
}

#[test]
fn words_that_are_also_something_else_need_company() {
    let gazetteer = gazetteer();
    for name in ["Reading", "Slough", "Bury", "Kent", "Barnet", "Bedford", "Sutton", "Merton", "Westminster", "Wigan", "York", "Derby"] {
        assert!(gazetteer.get(name).unwrap().needs_company, "{name}");
    }
    for (name, short) in [("Kingston upon Thames", "Kingston"), ("Richmond upon Thames", "Richmond"), ("Stoke-on-Trent", "Stoke")] {
        let authority = gazetteer.get(name).unwrap();
        assert!(authority.needs_company && authority.variants.iter().any(|variant| variant == short), "{name}");
    }
    for name in ["Croydon", "Cheshire East", "Tower Hamlets", "Bracknell Forest"] {
        assert!(!gazetteer.get(name).unwrap().needs_company, "{name}");
    }
}

#[test]
fn initials_that_several_councils_share_belong_to_none() {
    for authority in gazetteer().all() {
        for initials in ["NCC", "SCC", "DCC", "LCC", "WCC", "HCC", "BCC", "CBC", "SMBC", "RMBC", "TMBC"] {
            assert!(!authority.variants.iter().any(|variant| variant == initials), "{}: {initials}", authority.name);
        }
    }
}

#[test]
fn trusts_have_their_time_and_may_be_shared() {
    let gazetteer = gazetteer();
    let served_by = |trust: &str| {
        let mut names: Vec<&str> = gazetteer
            .all()
            .iter()
            .filter(|authority| authority.bodies.iter().any(|body| body.name == trust))
            .map(|authority| authority.name.as_str())
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(served_by("Achieving for Children"), ["Kingston upon Thames", "Richmond upon Thames", "Windsor and Maidenhead"]);
    assert_eq!(served_by("Northamptonshire Children's Trust"), ["North Northamptonshire", "Northamptonshire", "West Northamptonshire"]);
    assert_eq!(served_by("Together for Children"), ["Sunderland"]);
    for body in gazetteer.all().iter().flat_map(|authority| &authority.bodies) {
        assert!(body.from.is_none_or(|from| body.to.is_none_or(|to| from < to)), "{}", body.name);
    }
}

#[test]
fn printed_titles_lead_to_the_right_council() {
    let gazetteer = gazetteer();
    let check = |title: &str, on: Option<Date>, expected: &str| {
        assert_eq!(gazetteer.in_title(title, on).map(|found| found.name.as_str()), Some(expected), "{title}");
    };
    check("Inspection of Central Bedfordshire local authority children’s services", None, "Central Bedfordshire");
    check("Derbyshire County Council", None, "Derbyshire");
    check("Hull Inspection of local authority children’s services", None, "Kingston upon Hull");
    check("Bristol City of: inspection of services", None, "Bristol");
    check("Royal Borough of Kensington & Chelsea", None, "Kensington and Chelsea");
    check("Bournemouth, Christchurch & Poole", None, "Bournemouth, Christchurch and Poole");
    check("Redcar & Cleveland", None, "Redcar and Cleveland");
    check("London Borough of Hammersmith & Fulham", None, "Hammersmith and Fulham");
    check("Dorset", Some(date(2017, 5, 1)), "Dorset (county)");
    check("Dorset", Some(date(2024, 5, 1)), "Dorset");
    check("Borough of Poole", None, "Poole");
    check("Inspection of West Northamptonshire children’s services", None, "West Northamptonshire");
}
