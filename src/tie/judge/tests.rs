//! Made-up stories about made-up councils: what each is tied to, recalls and waits for.

use jiff::civil::{Date, date};

use crate::{
    model::{
        report::{Framework, Grade},
        story::Story,
        tie::{GradeCheck, TieKind, TieState},
        verdict::{Judged, StoryState},
    },
    tie::{
        features::Candidate,
        judge::SIGNS,
        made_up::{reader, stored, story},
    },
};

fn judge(published: Option<Date>, title: &str, paragraphs: &[&str], candidates: &[Candidate]) -> Judged {
    let reader = reader();
    reader.judge(&reader.prepare(&story(published, title, paragraphs)), candidates)
}

fn tied(judged: &Judged) -> Vec<&str> {
    judged.ties.iter().filter(|tie| tie.state == TieState::Auto).map(|tie| tie.report.0.as_str()).collect()
}

fn waits(judged: &Judged) -> Option<Framework> {
    judged.waiting_for.as_ref().map(|waiting| waiting.framework)
}

const NEWS: [&str; 3] = [
    "Children’s services at Fernshire Council require improvement, Ofsted said in a report published today.",
    "Inspectors found that social workers know their children well. In 2018 the council was rated inadequate.",
    "Inspectors said that children in care and care leavers wait too long for help, the report says.",
];

#[test]
fn a_new_report_is_tied_and_the_old_one_is_recalled() {
    let judged = judge(Some(date(2022, 5, 9)), "Fernshire children’s services must improve, says Ofsted", &NEWS, &stored());
    assert_eq!(tied(&judged), ["fern-22"]);
    assert_eq!((judged.ties[0].grade_check, waits(&judged)), (GradeCheck::Agrees, None));
    assert_eq!(judged.mentions.iter().map(|mention| mention.report.0.as_str()).collect::<Vec<_>>(), ["fern-18"]);
}

#[test]
fn a_story_without_a_date_is_of_no_report_that_came_after_it_was_seen() {
    let title = "Fernshire children’s services must improve, says Ofsted";
    let paragraphs = ["Children’s services at Fernshire Council require improvement, Ofsted said.", NEWS[2]];
    let reader = reader();
    let seen = |day: Date| {
        let at = day.at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let mut story = story(None, title, &paragraphs);
        story.first_seen = at;
        let judged = reader.judge(&reader.prepare(&story), &stored());
        let spoken = judged.ties.iter().map(|tie| &tie.report).chain(judged.mentions.iter().map(|mention| &mention.report));
        spoken.map(|report| report.0.clone()).collect::<Vec<_>>()
    };
    assert!(seen(date(2022, 5, 10)).contains(&"fern-22".to_owned()));
    assert!(!seen(date(2021, 5, 10)).contains(&"fern-22".to_owned()));
    // Its text is another since.
    let mut rewritten = story(None, title, &paragraphs);
    rewritten.first_seen = date(2021, 5, 10).at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    rewritten.changed = Some(date(2022, 5, 10).at(9, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp());
    let judged = reader.judge(&reader.prepare(&rewritten), &stored());
    assert!(judged.ties.iter().any(|tie| tie.report.0 == "fern-22"), "{:?}", judged.ties);
}

#[test]
fn a_story_of_the_evening_before_is_offered_at_least() {
    let judged = judge(Some(date(2022, 5, 8)), "Fernshire children’s services must improve, says Ofsted", &NEWS, &stored());
    assert!(judged.ties.iter().any(|tie| tie.report.0 == "fern-22"), "{:?}", judged.ties);
}

#[test]
fn a_new_grade_waits_and_is_not_tied_to_an_old_report_of_that_grade() {
    let text = [
        "Children’s services at Fernshire Council have been rated as requiring improvement by Ofsted in a new report published today.",
        "Inspectors found that social workers know their children well, and that care leavers wait too long.",
    ];
    let judged = judge(Some(date(2023, 3, 14)), "Fernshire children’s services require improvement, says Ofsted", &text, &stored());
    assert!(tied(&judged).is_empty(), "{:?}", judged.ties);
}

#[test]
fn a_visit_without_its_name_waits_for_its_letter() {
    let text = [
        "Ofsted has told Fernshire’s children’s services that too much work falls on too few people.",
        "Inspectors who called last month say that a shortage of social workers has held the council back since 2022, when a full inspection found that it requires improvement.",
        "Their visit looked at children in need and those with a child protection plan. In its letter the watchdog praised managers.",
    ];
    let judged = judge(Some(date(2023, 7, 15)), "Workloads hold back Fernshire’s work with families, Ofsted says", &text, &stored());
    assert_eq!((tied(&judged), waits(&judged)), (vec![], Some(Framework::FocusedVisit)));
}

/// Each in its own words, with a story nearly like it that is no news of a visit.
#[test]
fn visits_in_many_words_and_what_only_sounds_like_one() {
    use Framework::{FocusedVisit, MonitoringVisit};
    let of = |published: Date, title: &str, text: &[&str]| waits(&judge(Some(published), title, text, &stored()));
    let mixed = [
        "After visiting early this month Ofsted gave Fernshire Council’s children’s services a mixed review.",
        "Inspectors looked at help for children in need and those with a child protection plan.",
        "“Assessments are thorough but plans drift for months,” the report says. Inspectors found that managers know their service.",
    ];
    assert_eq!(of(date(2024, 10, 30), "Mixed review for Fernshire children’s services", &mixed), Some(FocusedVisit));
    let asked = [
        "Parents want Ofsted to visit the children’s services of Fernshire Council early next year.",
        "The council’s cabinet looked at help for children in need, and says that its improvement plan is on course.",
        "Services require improvement, inspectors found in 2022. The committee will be told of progress.",
    ];
    assert_eq!(of(date(2024, 10, 30), "Parents want more help from Fernshire children’s services", &asked), None);
    let front_door = [
        "In April Ofsted inspected the front door of Fernshire Council’s children’s services, and it has praise for staff.",
        "Inspectors said that early help is well coordinated and that thresholds are applied with care.",
        "A focused visit carries no grade. The letter says that managers must record consent.",
    ];
    assert_eq!(of(date(2025, 5, 9), "Praise for Fernshire children’s services", &front_door), Some(FocusedVisit));
    let graded = [
        "Ofsted rated Mossley Council’s children’s services good overall in a report published today.",
        "Inspectors looked at the front door and early help, and said that thresholds are applied with care.",
        "The council had a focused visit in 2019, whose letter said that managers must record consent.",
    ];
    assert_eq!(of(date(2021, 11, 26), "Mossley children’s services are good", &graded), None);
    let third = [
        "In February 2018 inspectors judged services for children in Fernshire inadequate. Since then Ofsted has come back every quarter.",
        "At the third of these monitoring visits it found that most children are safer now.",
        "In a letter it says that social workers know the children well.",
    ];
    let reader = reader();
    let early = story(Some(date(2019, 6, 5)), "‘Inadequate’ council makes solid progress, Ofsted finds", &third);
    assert_eq!(waits(&reader.judge(&reader.prepare(&early), &stored()[..1])), Some(MonitoringVisit));
}

/// A council of which nothing is stored: what it was found before says which kind of visit it was, whatever else it does.
#[test]
fn a_good_council_is_not_monitored() {
    let reader = reader();
    let of = |found: &str| {
        let told = [
            "Ofsted says in a letter that its inspectors saw delays when they looked at the front door on a visit in May.",
            found,
            "The council is an improvement partner in the region.",
        ];
        let story = story(Some(date(2021, 9, 2)), "Ofsted visit finds delays at Mossley’s front door", &told);
        waits(&reader.judge(&reader.prepare(&story), &[]))
    };
    assert_eq!(
        of("At the last full inspection, in 2018, Mossley’s children’s services were rated outstanding."),
        Some(Framework::FocusedVisit)
    );
    assert_eq!(
        of("At the last full inspection, in 2018, Mossley’s children’s services were rated inadequate."),
        Some(Framework::MonitoringVisit)
    );
}

#[test]
fn each_sign_stands_where_its_weight_is() {
    let reader = reader();
    let story = story(Some(date(2022, 5, 9)), "Fernshire children’s services must improve, says Ofsted", &NEWS);
    let told = reader.signs(&reader.prepare(&story), &stored());
    let [(authority, signs)] = told[..] else { panic!("{told:?}") };
    assert_eq!((authority, signs.map(|(name, _)| name)), ("Fernshire", SIGNS));
    let of = |wanted: &str| signs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
    assert_eq!((of("covered"), of("undated"), of("inadequate"), of("named-lead")), (Some(1.0), Some(0.0), Some(1.0), Some(0.0)));
    assert!(of("graded").is_some_and(|graded| graded > 0.5), "{signs:?}");
}

#[test]
fn what_is_told_of_a_neighbour_as_before_is_not_the_storys() {
    let text = [
        "Last year it was Mossley’s children’s services that were rated good; now Ofsted has told Fernshire Council to improve.",
        "Children’s services at Fernshire require improvement, Ofsted said in a report published today.",
        "Inspectors found that social workers at Fernshire know their children well.",
    ];
    let judged = judge(Some(date(2022, 5, 9)), "Fernshire children’s services must improve, says Ofsted", &text, &stored());
    assert_eq!(tied(&judged), ["fern-22"]);
}

#[test]
fn an_announcement_is_of_the_council_that_it_is_about() {
    let text = [
        "On Monday Ofsted starts an inspection of the children’s services of Mossley Council.",
        "Inspectors will look at its help for children in care. The report is expected to be published in May.",
        "Mossley Council is ready, its leader said. Mossley learned much from a trust such as that of Fernshire.",
    ];
    let judged = judge(Some(date(2022, 3, 11)), "Ofsted to inspect Mossley children’s services", &text, &stored());
    assert_eq!((tied(&judged), waits(&judged)), (vec![], Some(Framework::Ilacs)));
}

#[test]
fn only_the_inadequate_are_monitored() {
    let text = [
        "Ofsted inspectors returned to Fernshire in January and see some progress in children’s services, they write in a letter.",
        "It was their second visit since the council was rated inadequate in July.",
    ];
    let stored = &stored()[..1];
    let judged = judge(Some(date(2019, 2, 7)), "Fernshire children’s services are improving, say inspectors", &text, stored);
    assert_eq!((tied(&judged), waits(&judged)), (vec![], Some(Framework::MonitoringVisit)));
}

/// Papers call every visit one to monitor; and where no report is stored, what is done about a council tells what it was found.
#[test]
fn which_visit_it_was_is_told_by_what_the_council_was_found() {
    let text = [
        "A monitoring visit by Ofsted last month found that children’s services at Mossley Council have got better still.",
        "Inspectors looked at the front door and at help for children in need. No grade is given after such a visit.",
        "The letter praises managers. The council was rated good in November 2021.",
    ];
    let judged = judge(Some(date(2023, 4, 7)), "Ofsted praises Mossley children’s services", &text, &stored());
    assert_eq!(waits(&judged), Some(Framework::FocusedVisit));
    let letter = |second: &str| {
        let text = ["In a letter to Mossley Council out today Ofsted says that help for children in need is too slow.", second];
        waits(&judge(Some(date(2023, 4, 7)), "Ofsted: Mossley children wait too long for help", &text, &[]))
    };
    let commissioner = "Inspectors visited in February and looked at children in need. The commissioner said that more is to be done.";
    assert_eq!(letter(commissioner), Some(Framework::MonitoringVisit));
    let leader = "Inspectors visited in February and looked at children in need. The leader said that more is to be done.";
    assert_eq!(letter(leader), Some(Framework::FocusedVisit));
}

#[test]
fn a_grade_beside_a_monitoring_visit_is_the_old_one() {
    let text = [
        "Mossley Council waits to hear how it did at the first of its monitoring visits after its inadequate rating.",
        "On 15 and 16 October inspectors were back in Mossley. They looked at front-line services.",
        "A letter on the monitoring visit comes next month. Children were left for too long, Ofsted had said in March.",
    ];
    let judged = judge(Some(date(2019, 10, 31)), "Mossley children’s services after ‘inadequate’: Ofsted is back", &text, &[]);
    assert_eq!(waits(&judged), Some(Framework::MonitoringVisit));
}

#[test]
fn a_page_of_jobs_is_not_about_the_report_that_it_boasts_of() {
    let text = [
        "Working in children’s social care at Mossley Council pays you back without end.",
        "Ofsted judged our children’s services good in November 2021. Inspectors found front line workers who feel safe.",
        "Salaries that can compete and generous leave are part of it.",
    ];
    let reader = reader();
    let told = |url: &str| {
        let page = Story { url: url.into(), ..story(Some(date(2021, 12, 1)), "Children’s social care at Mossley", &text) };
        reader.judge(&reader.prepare(&page), &stored()).relevance.relevant
    };
    assert!(!told("https://jobs.mossley.example/childrens-social-care"));
    assert!(told("https://www.mossley.example/news/childrens-social-care"));
}

/// Of an inspection that is told in an undated story the years of others tell nothing.
#[test]
fn a_story_without_a_date_waits_for_an_inspection_of_its_time() {
    let news = |second: &str| {
        let text = [
            "Ofsted has rated children’s services at Mossley Council good in a report published today.",
            second,
            "Inspectors found that social workers know their children well, and that leaders listen.",
        ];
        waits(&judge(None, "Ofsted rates Mossley children’s services good", &text, &[]))
    };
    assert_eq!(news("It has kept to its aims since the previous inspection, in 2017."), Some(Framework::Ilacs));
    assert_eq!(news("Inspectors were there in March 2016 for four weeks."), Some(Framework::Sif));
    assert_eq!(news("At its last inspection, in 2012, it was rated adequate."), Some(Framework::Sif));
    assert_eq!(news("Its adoption services were rated outstanding."), Some(Framework::Sif));
    let since = "It has grown since the inspections of services for children in care in 2010 and child protection in 2013.";
    assert_eq!(news(since), Some(Framework::Sif));
}

/// A page that moved bears the day of its move.
#[test]
fn a_story_that_says_which_day_it_is_was_written_then() {
    let tied_to = |said: &str| {
        let lead = format!("Children’s services at Fernshire Council are inadequate, Ofsted said in a report published {said}.");
        let judged = judge(Some(date(2021, 3, 5)), "Fernshire children’s services are failing, says Ofsted", &[&lead, NEWS[2]], &stored());
        tied(&judged).iter().map(|report| (*report).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tied_to("today (Friday 20 July 2018)"), ["fern-18"]);
    assert_eq!(tied_to("today (Friday 5 March)"), Vec::<String>::new());
}

/// A story that only names a council may be about its newest report, and is not tied to it without asking.
#[test]
fn a_council_that_is_only_named_is_a_possible_tie() {
    let says = |second: &str| {
        let text = ["The director of children’s services at Fernshire Council is to step down.", second];
        judge(Some(date(2022, 5, 20)), "Fernshire’s children’s director to leave", &text, &stored()).ties
    };
    let bare = says("She came after a critical inspection by Ofsted.");
    assert!(bare.iter().all(|tie| tie.state == TieState::Possible), "{bare:?}");
    let told = says("Ofsted inspectors said in May that the children’s services she leads require improvement.");
    assert!(told.iter().any(|tie| tie.state == TieState::Auto && tie.report.0 == "fern-22"), "{told:?}");
}

/// "Fernshire & the Fens", above the text, is the region of a broadcaster.
#[test]
fn the_region_above_a_story_is_not_what_it_is_about() {
    let passing = |line: &str| {
        let text = [line, "Ofsted has rated children’s services at Mossley Council good in a report published today.", NEWS[2]];
        let read = reader().prepare(&story(Some(date(2022, 5, 12)), "Mossley children’s services are good, says Ofsted", &text));
        read.actors.iter().filter(|actor| !actor.in_title).map(|actor| actor.passing).collect::<Vec<_>>()
    };
    assert_eq!(passing("Fernshire & the Fens"), [true]);
    assert_eq!(passing("Fernshire was inspected, too."), [false]);
}

#[test]
fn points_that_count_bodies_are_no_list_of_councils() {
    let text = [
        "Ofsted and the Care Quality Commission inspected help for children with special educational needs and disabilities (SEND) in Fernshire.",
        "A report published today on the local area partnership says that families wait too long.",
        "Those who plan and pay for SEND support are:",
        "• Fernshire Council",
        "• NHS Mossley",
        "Inspectors found that needs are not identified early. EHC plans are late, the SEND report says.",
    ];
    let judged = judge(Some(date(2024, 1, 30)), "Fernshire’s SEND services must improve", &text, &stored());
    assert_eq!(waits(&judged), Some(Framework::AreaSend));
}

#[test]
fn a_follow_up_is_tied_to_what_it_follows_and_does_not_wait() {
    let text = [
        "A commissioner will look at the children’s services of Fernshire Council, which Ofsted rated inadequate in July.",
        "The Department for Education has issued a statutory direction. The inspection found that social workers had too many cases.",
        "The council’s improvement board will meet every month.",
    ];
    let judged = judge(Some(date(2018, 10, 3)), "Commissioner for Fernshire children’s services after Ofsted report", &text, &stored());
    assert_eq!((tied(&judged), waits(&judged)), (vec!["fern-18"], None));
    assert_eq!(judged.ties[0].kind, TieKind::FollowUp);
}

const ANNOUNCED: [&str; 3] = [
    "On Monday Ofsted starts an inspection of the children’s services of Fernshire Council.",
    "Inspectors will look at social workers’ help for children in care and care leavers.",
    "Services were rated inadequate in 2018. The report is expected to be published in May.",
];

#[test]
fn an_announcement_waits_and_is_tied_when_the_report_comes() {
    let before = judge(Some(date(2022, 3, 11)), "Ofsted to inspect Fernshire children’s services", &ANNOUNCED, &stored()[..1]);
    assert_eq!((tied(&before), waits(&before), before.state), (vec![], Some(Framework::Ilacs), StoryState::Waiting));
    let after = judge(Some(date(2022, 3, 11)), "Ofsted to inspect Fernshire children’s services", &ANNOUNCED, &stored());
    assert_eq!(waits(&after), None);
    assert!(after.ties.iter().any(|tie| tie.report.0 == "fern-22" && tie.kind == TieKind::Announcement), "{:?}", after.ties);
    assert!(!tied(&after).contains(&"fern-18"));
}

#[test]
fn another_councils_report_is_not_the_storys() {
    let text = [
        "Children’s services at Fernshire Council require improvement, Ofsted said in a report published today.",
        "Inspectors found that social workers know their children well. Leaders point to Mossley, rated good in November, as proof that it can be done.",
    ];
    let judged = judge(Some(date(2022, 5, 9)), "Fernshire children’s services must improve, says Ofsted", &text, &stored());
    assert_eq!(tied(&judged), ["fern-22"]);
}

#[test]
fn in_a_list_each_line_has_its_own() {
    let text = [
        "Ofsted’s ratings of children’s services, council by council, after the latest inspections.",
        "Fernshire",
        "Inspectors reported in May 2022: children’s services require improvement.",
        "Mossley",
        "Inspectors reported in November 2021: children’s services are good.",
    ];
    let judged = judge(Some(date(2022, 6, 1)), "Children’s services: the Ofsted ratings of councils", &text, &stored());
    let mut all: Vec<&str> = judged.ties.iter().map(|tie| tie.report.0.as_str()).collect();
    all.sort_unstable();
    assert_eq!((all, waits(&judged)), (vec!["fern-22", "moss-21"], None));
}

#[test]
fn a_hope_is_no_doubt_about_the_grade() {
    let text = [NEWS[0], NEWS[2], "The ambition is to be rated good overall in two years, the cabinet member said."];
    let judged = judge(Some(date(2022, 5, 9)), "Fernshire children’s services must improve, says Ofsted", &text, &stored());
    assert_eq!(judged.ties[0].grade_check, GradeCheck::Agrees);
    assert!(judged.stated_grades.iter().all(|said| said.grade == Grade::RequiresImprovement), "{:?}", judged.stated_grades);
}

#[test]
fn a_grade_of_several_gives_way_to_one_said_by_name() {
    let stated = |title: &str, paragraphs: &[&str]| {
        let judged = judge(Some(date(2022, 5, 10)), title, paragraphs, &stored());
        judged.stated_grades.into_iter().map(|stated| (stated.authority, stated.grade)).collect::<Vec<_>>()
    };
    let (fernshire, mossley) = ("Fernshire".to_owned(), "Mossley".to_owned());
    let both = [
        "Fernshire Council joins the outstanding few. Mossley Council’s children’s services are good, Ofsted said today.",
        "Inspectors said that children in care at Fernshire and at Mossley wait too long for help, the report says.",
    ];
    assert_eq!(
        stated("Councils rated outstanding on one day as another is not", &both),
        [(fernshire.clone(), Grade::Outstanding), (mossley, Grade::Good)]
    );
    let far = "The council met. ".repeat(60);
    let one = ["Fernshire Council’s children’s services are in Ofsted’s report.", NEWS[2], &far, "Inspectors went to Mossley before, too."];
    assert_eq!(stated("Children’s services are ‘outstanding’, Ofsted says", &one), [(fernshire, Grade::Outstanding)]);
}
