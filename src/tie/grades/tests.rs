//! Tables of texts with what they say of grades.

use super::*;
use crate::tie::made_up;

fn check(text: &str, expected: &[(Grade, bool, bool)]) {
    let story = made_up::story(None, "", &[text]);
    let text = StoryText::of(&story);
    let folded = Folded::of(&text.whole);
    let times = crate::tie::when::find(&text.whole, &folded, Some(jiff::civil::date(2024, 6, 1)));
    let found: Vec<_> = find(&text, &folded, &times, &[], Some(jiff::civil::date(2024, 6, 1)))
        .iter()
        .map(|said| (said.grade, said.overall, said.standing != EventStanding::New))
        .collect();
    assert_eq!(found, expected, "{}", text.whole);
}

#[test]
fn whole_part_and_past() {
    use Grade::*;
    check("Ofsted rated the council’s children’s services inadequate.", &[(Inadequate, true, false)]);
    check("Services for care leavers were judged good.", &[(Good, false, false)]);
    check("They were rated ‘good’ in 2019.", &[(Good, true, true)]);
    check("Once ‘inadequate’ children’s services are on the mend.", &[(Inadequate, true, true)]);
    check("Services that were once judged inadequate are on the mend.", &[(Inadequate, true, true)]);
    check("It was rated good in 2019 and since found inadequate.", &[(Good, true, true), (Inadequate, true, false)]);
    check("The council was once more rated inadequate.", &[(Inadequate, true, false)]);
    check("Children’s services moved from inadequate to good.", &[(Inadequate, true, true), (Good, true, false)]);
    check(
        "The council was rated good overall, with care leavers requiring improvement.",
        &[(Good, true, false), (RequiresImprovement, false, false)],
    );
    check(
        "Services that were rated outstanding in 2012 have been judged inadequate.",
        &[(Outstanding, true, true), (Inadequate, true, false)],
    );
    check("A council that failed most care leavers when they turned 21 has been rated inadequate.", &[(Inadequate, true, false)]);
    check("It was outstanding for leadership.", &[(Outstanding, false, false)]);
    check("This is a good plan with good enough help.", &[]);
    check("Inspectors gave it the lowest possible rating.", &[(Inadequate, true, false)]);
}

#[test]
fn words_that_grade_nothing() {
    use Grade::*;
    check("Inspectors found good systems and outstanding debts.", &[]);
    check("There is good leadership, but inadequate oversight.", &[]);
    check("Each is graded from outstanding to inadequate.", &[]);
    check("b) Good progress was made with the plan.", &[]);
    check("The grades are outstanding, good, requires improvement to be good, and inadequate.", &[]);
    check("Services were rated inadequate.", &[(Inadequate, true, false)]);
    check("The ‘inadequate’ department is on the mend.", &[(Inadequate, true, false)]);
    check("Inadequate Sunderland services", &[(Inadequate, true, false)]);
}

/// Parts, whole, standing of what is said in a text.
fn parts(text: &str, expected: &[(Grade, &[GradedPart])]) {
    let text = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
    let folded = Folded::of(&text.whole);
    let found: Vec<(Grade, Vec<GradedPart>)> =
        find(&text, &folded, &[], &[], None).into_iter().map(|said| (said.grade, said.parts)).collect();
    let expected: Vec<(Grade, Vec<GradedPart>)> = expected.iter().map(|(grade, parts)| (*grade, parts.to_vec())).collect();
    assert_eq!(found, expected, "{}", text.whole);
}

#[test]
fn parts_are_read_with_those_listed_beside_them() {
    use Grade::*;
    use GradedPart::*;
    parts("Help and protection, children in care and care leavers are all rated good.", &[(Good, &[CareLeavers, InCare, HelpProtection])]);
    parts("One blot is help for care leavers, which requires improvement.", &[(RequiresImprovement, &[CareLeavers])]);
    parts(
        "The judgement for children who need help and protection was that it requires improvement.",
        &[(RequiresImprovement, &[HelpProtection])],
    );
    parts("The council was rated good in every area, adoption too.", &[(Good, &[])]);
}

#[test]
fn grades_with_their_times_and_aims() {
    use Grade::*;
    check("Services were found “inadequate” at an inspection by Ofsted last July.", &[(Inadequate, true, true)]);
    check("Services were found “inadequate” at a meeting of the cabinet this May.", &[(Inadequate, true, false)]);
    check("It was rated good overall last year.", &[(Good, true, true)]);
    check("Last year it was Fernshire that was rated inadequate.", &[(Inadequate, true, true)]);
    check("Exclusive: Last year it was Fernshire that was rated inadequate.", &[(Inadequate, true, true)]);
    check("Rated good for first time in ten years by Ofsted.", &[(Good, true, false)]);
    check("Services are good for the first time in years.", &[(Good, true, false)]);
    check("Ofsted has rated it inadequate for over ten years.", &[(Inadequate, true, true)]);
    check("Last year Ofsted rated it inadequate, but it is now rated good.", &[(Inadequate, true, true), (Good, true, false)]);
    check("It was rated good after an inspection last year.", &[(Good, true, false)]);
    check("It was rated good after its progress since last year.", &[(Good, true, false)]);
    check("It aims at services for children that are outstanding.", &[(Outstanding, true, true)]);
    check("The aim of services for children that are rated good can be met.", &[(Good, true, true)]);
    check("It aims high, and services that are rated good are the result.", &[(Good, true, false)]);
    check("It is good to see our strengths brought out by Ofsted.", &[]);
    check("It was very good to hear from inspectors.", &[]);
    check("Services were rated good to the delight of the council.", &[(Good, true, false)]);
    check("Of those inspected 28% of councils were rated good.", &[]);
    check("It was rated inadequate, as are 12% of councils.", &[(Inadequate, true, false)]);
    check("Inspectors have watched it since a damning report found it ‘inadequate’.", &[(Inadequate, true, true)]);
    check("There are hopes that it may leave behind its rating of inadequate.", &[(Inadequate, true, true)]);
    check("Officers expect it to be outstanding by 2027.", &[(Outstanding, true, true)]);
    check("In January 2024 the department was rated inadequate. Since then Ofsted has made visits.", &[(Inadequate, true, true)]);
    check("It comes on top of the ‘good’ in the full inspection of 2023.", &[(Good, true, true)]);
    check("It comes on top of the ‘good’ in the full inspection of 2024.", &[(Good, true, false)]);
    check("Much was done since May 2023, when the full inspection of services ended in Good overall.", &[(Good, true, true)]);
    check(
        "Services went downhill since 2016, when they were rated ‘good’, and now ‘require improvement’.",
        &[(Good, true, true), (RequiresImprovement, true, false)],
    );
    check(
        "Since May 2019, when a new director was appointed, services for children have become outstanding, Ofsted found.",
        &[(Outstanding, true, false)],
    );
    check("Since 2019, when the director came, services have improved to good, Ofsted says.", &[(Good, true, false)]);
    check("Services have been rated outstanding by Ofsted for their 2023 inspection.", &[(Outstanding, true, false)]);
    check("Much was done since May 2023, and the full inspection of services ended in Good overall.", &[(Good, true, false)]);
    check("In May 2024 the department was rated inadequate. Then Ofsted came back.", &[(Inadequate, true, false)]);
}

#[test]
fn headlines_that_aim_at_a_grade() {
    use Grade::*;
    under("Services aim for ‘good’ after kind words", &[], &[(Good, true, false)]);
    under("Services on course for ‘good’ after kind words", &[], &[(Good, true, false)]);
    under("Services on track for ‘good’ after kind words", &[], &[(Good, true, false)]);
    under("Services on the right track are ‘good’, says Ofsted", &[], &[(Good, true, true)]);
    under("Services for children, in Ofsted’s eyes, good", &[], &[(Good, true, true)]);
    under("Services that aim high are ‘good’, says Ofsted", &[], &[(Good, true, true)]);
}

#[test]
fn a_grade_and_nothing_else() {
    for (words, bare) in [
        ("requires improvement to be good", true),
        ("Require improvement", true),
        ("inadequate", true),
        ("requires improvement to be good in leadership", false),
        ("good practice", false),
        ("", false),
    ] {
        assert_eq!(is_bare(words), bare, "{words}");
    }
}

#[test]
fn whoever_speaks_of_a_grade_is_not_graded() {
    use Grade::*;
    use GradedPart::*;
    parts("Care leavers told inspectors that the council was inadequate.", &[(Inadequate, &[])]);
    parts("Children in care say the authority is good.", &[(Good, &[])]);
    parts("Care leavers told to wait for help: inadequate.", &[(Inadequate, &[CareLeavers])]);
    parts("Support for care leavers was judged inadequate.", &[(Inadequate, &[CareLeavers])]);
}

#[test]
fn a_grade_is_read_in_any_words() {
    use Grade::*;
    check("Ofsted marked Fernshire’s services for children as good.", &[(Good, true, false)]);
    check("Overall, the city gets a good.", &[(Good, true, false)]);
    check("Children’s services, written off in 2010, are now good.", &[(Good, true, false)]);
    check("Ofsted says the children “receive good services”.", &[(Good, true, false)]);
    check("Ofsted’s verdict on the city: good, with a caution.", &[(Good, true, false)]);
    check("The mark is the second lowest of four.", &[(RequiresImprovement, true, false)]);
    check("The council has been put in the highest band.", &[(Outstanding, true, false)]);
    check("The area came out with the top outcome.", &[(TypicallyPositive, true, false)]);
    check("The SEND inspection found systemic failings.", &[(SystemicFailings, true, false)]);
    // Near misses.
    check("The report on its social workers spoke of systemic failures.", &[]);
    check("Morale in the office is good.", &[]);
    check("It is for the good of the town.", &[]);
    check("Staff had a good start and good relationships.", &[]);
    check("Plans are good and often better than before.", &[]);
    check("The top of the hill and the lowest of the hedges.", &[]);
}

#[test]
fn a_grade_that_is_gone() {
    let left = |text: &str| {
        let text = StoryText { whole: text.into(), sentences: vec![(0, text.len())], ..StoryText::default() };
        let folded = Folded::of(&text.whole);
        find(&text, &folded, &[], &[], None).first().map(|said| said.left)
    };
    assert_eq!(left("The council is no longer inadequate."), Some(true));
    assert_eq!(left("Fernshire sheds its inadequate rating."), Some(true));
    assert_eq!(left("Services climbed out of inadequate."), Some(true));
    assert_eq!(left("The council was rated inadequate."), Some(false));
    assert_eq!(left("People out of work know it. Services are inadequate."), Some(false));
}

#[test]
fn grades_of_another_time_or_of_none() {
    use Grade::*;
    check("Services improved after they were rated inadequate.", &[(Inadequate, true, true)]);
    check("The ambition is to be rated good overall in two years.", &[(Good, true, true)]);
    check("They are not rated inadequate.", &[(Inadequate, true, true)]);
    check("Their predecessor, the county council, was judged inadequate.", &[(Inadequate, true, true)]);
    check("It is better since 2014, but inspectors kept the grade at requires improvement.", &[(RequiresImprovement, true, false)]);
    check("To be rated good after three years is something.", &[(Good, true, false)]);
    check("Ofsted rated the service inadequate in May.", &[(Inadequate, true, false)]);
    check("Ofsted rated the service inadequate in May last year.", &[(Inadequate, true, true)]);
    check("Improvement is required in every area.", &[(RequiresImprovement, true, false)]);
}

#[test]
fn grades_whose_time_stands_elsewhere() {
    use Grade::*;
    // In the next sentence, in the last one, behind a semicolon, and none of their own.
    check("Inadequate in every area. Those were the marks handed out in July 2018.", &[(Inadequate, true, true)]);
    check("Inadequate in every area. Those were the marks handed out in May.", &[(Inadequate, true, false)]);
    check("The plan is to be where they were in 2021. That was a good.", &[(Good, true, true)]);
    check("The plan came in 2021. Services are good overall.", &[(Good, true, false)]);
    check("Now it is good overall; in 2015 it was inadequate.", &[(Good, true, false), (Inadequate, true, true)]);
    check("On 30 May it dropped from good to inadequate.", &[(Good, true, true), (Inadequate, true, false)]);
    check("A check on services, inadequate since September 2022, was kind.", &[(Inadequate, true, true)]);
    check("It is a year since the council was branded inadequate.", &[(Inadequate, true, true)]);
    check("Ofsted has lifted the council’s services two grades, to good.", &[(Good, true, false)]);
    check("Ofsted has lifted the inadequate label.", &[(Inadequate, true, true)]);
    check("Councillors are not disputing the bottom grade.", &[(Inadequate, true, false)]);
    check("The council’s rating is not the bottom grade.", &[(Inadequate, true, true)]);
}

#[test]
fn parts_that_open_a_sentence_or_are_left_out() {
    use Grade::*;
    check("Children in care, alone, still get a service that requires improvement.", &[(RequiresImprovement, false, false)]);
    check("Children in care told of it, and the council as a whole was rated inadequate.", &[(Inadequate, true, false)]);
    check("The rest, adoption apart, requires improvement.", &[(RequiresImprovement, true, false)]);
    check("That service gets the bottom mark.", &[(Inadequate, false, false)]);
}

#[test]
fn a_grade_by_its_place_on_a_scale() {
    use Grade::*;
    check("Ofsted gives the borough the worst of four grades.", &[(Inadequate, true, false)]);
    check("Its services were placed in the top bracket.", &[(Outstanding, true, false)]);
    check("Inspectors gave it the most favourable of the three possible outcomes.", &[(TypicallyPositive, true, false)]);
    check("Ofsted says that the services now need to improve.", &[(RequiresImprovement, true, false)]);
    check("Inspectors ruled that it needs to improve to be good.", &[(RequiresImprovement, true, false)]);
    check("Ofsted failed the council in May.", &[(Inadequate, true, false)]);
    check("Inspectors called the care “adequate”.", &[(Adequate, true, false)]);
    // Near misses.
    check("She was the second of three children.", &[]);
    check("The house is the third of four in the street.", &[]);
    check("Ofsted failed to bring out the report in May.", &[]);
    check("He failed the exam, and there was adequate light.", &[]);
}

#[test]
fn grades_that_are_no_more_and_those_that_stay() {
    use Grade::*;
    check("The city has come off the bottom rung, Ofsted says.", &[(Inadequate, true, true)]);
    check("The council’s ‘outstanding’ has gone.", &[(Outstanding, true, true)]);
    check("Four out of five judgements were outstanding.", &[(Outstanding, true, false)]);
    check("Both came out of the inspection good, Ofsted says.", &[(Good, true, false)]);
    check("The council failed to lift its services out of inadequate.", &[(Inadequate, true, false)]);
    check(
        "Its services required improvement in 2016. That is the verdict still.",
        &[(RequiresImprovement, true, true), (RequiresImprovement, true, false)],
    );
    check("Its services required improvement in 2016. That is long ago.", &[(RequiresImprovement, true, true)]);
    check("The rating is the one it had three years ago, that it requires improvement.", &[(RequiresImprovement, true, true)]);
    check("It keeps the rating it had three years ago, that it requires improvement.", &[(RequiresImprovement, true, false)]);
    check("They were told, as they were in 2021, that they require improvement.", &[(RequiresImprovement, true, false)]);
    check("They were rated as inadequate in 2019.", &[(Inadequate, true, true)]);
    check("Services have been rated inadequate since 2019.", &[(Inadequate, true, true)]);
    check("Ofsted has put it in the top bracket, as in 2017 and 2022.", &[(Outstanding, true, false)]);
    check("They were told in 2021 that they require improvement.", &[(RequiresImprovement, true, true)]);
    check("The borough was lifted from inadequate to good in three years.", &[(Inadequate, true, true), (Good, true, false)]);
    check("The borough hopes to go from inadequate to good in three years.", &[(Inadequate, true, true), (Good, true, true)]);
    check("It is one of seven boroughs to be rated good.", &[(Good, true, false)]);
    check("It wants to be one of seven boroughs to be rated good.", &[(Good, true, true)]);
    check("Inspectors found nothing short of outstanding.", &[(Outstanding, true, false)]);
}

#[test]
fn whose_part_a_grade_is() {
    use Grade::*;
    use GradedPart::*;
    parts("Ofsted gives care leavers the top mark.", &[(Outstanding, &[CareLeavers])]);
    parts("The board that is meant to keep watch on all of this has been branded inadequate.", &[(Inadequate, &[Board])]);
    parts("Ofsted has top marks for those who lead.", &[(Outstanding, &[Leaders])]);
    parts("Inspectors slated ‘inadequate’ support for young people who leave care.", &[(Inadequate, &[CareLeavers])]);
    parts("Services for children in need of help and protection, children looked after and care leavers were rated good.", &[(Good, &[])]);
    parts("It is good overall and gives care leavers the top mark.", &[(Good, &[]), (Outstanding, &[CareLeavers])]);
}

#[test]
fn what_was_then_and_what_is_now() {
    use Grade::*;
    check(
        "In November 2023 inspectors found its services inadequate. Now they say that the service requires improvement.",
        &[(Inadequate, true, true), (RequiresImprovement, true, false)],
    );
    check("In March 2024 inspectors found its services inadequate. Now the council wants a word with them.", &[(Inadequate, true, false)]);
    check(
        "That was 2022, when a service that used to be good came out of its inspection needing improvement.",
        &[(RequiresImprovement, true, true)],
    );
    check("That was the verdict on 3 May 2024: it requires improvement.", &[(RequiresImprovement, true, false)]);
    check("It has its good, having been inadequate before.", &[(Good, true, false), (Inadequate, true, true)]);
    check("Ofsted rated the service inadequate before Easter.", &[(Inadequate, true, false)]);
    check(
        "Ofsted, whose report says how much has changed since the last inspection in 2016, issued a rating of ‘requires improvement’.",
        &[(RequiresImprovement, true, false)],
    );
    check("The children’s services came out as good.", &[(Good, true, false)]);
    check("The sun came out and the day was good.", &[]);
    check("The majority of practice is less than “good”.", &[]);
    check("Inspectors say it is as good as certain that there is more.", &[]);
    check("It writes down what it found, and most of it was good: inspectors like it.", &[]);
    check("Inspectors said it was good that work with Leeds had begun.", &[]);
    check("“Outstanding”, which is the top of it, was given to nobody.", &[]);
    check("One has just been handed the worst grade there is.", &[]);
    check("The council has been handed the worst grade there is.", &[(Inadequate, true, false)]);
    check("It has a plan for the day when services will get Ofsted’s highest mark.", &[(Outstanding, true, true)]);
    check("In the batch one council is outstanding and another fails.", &[]);
    check("It hasn’t reached ‘good’.", &[(Good, true, true)]);
    check("The council’s plan to climb back to ‘good’ goes to cabinet.", &[(Good, true, true)]);
    check("The council is back to ‘good’, Ofsted says.", &[(Good, true, false)]);
    check("The council is outstanding, and another fails.", &[(Outstanding, true, false)]);
    check("They are here to see if services have done enough to be called good.", &[(Good, true, true)]);
}

#[test]
fn whose_part_a_grade_is_behind_it_and_before() {
    use Grade::*;
    use GradedPart::*;
    parts("The service for care leavers was the only one to be branded inadequate.", &[(Inadequate, &[CareLeavers])]);
    parts(
        "Two strands, help and protection and the support for young people leaving care, were told they require improvement.",
        &[(RequiresImprovement, &[CareLeavers])],
    );
    parts("Leadership went further, leapfrogging to good.", &[(Good, &[Leaders])]);
    parts(
        "You will find the word ‘good’ twice: for those who lead it, and for how it looks after kids in care.",
        &[(Good, &[Leaders, InCare])],
    );
    parts("It has “outstanding” leadership, Ofsted says.", &[(Outstanding, &[Leaders])]);
    parts("Ofsted has top marks for the safeguarding board as the council scores ‘good’", &[(Outstanding, &[Board]), (Good, &[])]);
    parts("The body that brings police and doctors together has been judged outstanding.", &[(Outstanding, &[Board])]);
    parts("The only crumb of comfort is an “adequate” for capacity to improve.", &[(Adequate, &[Other])]);
    // Near misses.
    parts("The council went further, leapfrogging to good.", &[(Good, &[])]);
    parts("‘Outstanding’ council leads the way.", &[(Outstanding, &[])]);
}

/// Grades, with what is of the whole and what is news, under a headline.
fn under(title: &str, paragraphs: &[&str], expected: &[(Grade, bool, bool)]) {
    let text = StoryText::of(&made_up::story(None, title, paragraphs));
    let folded = Folded::of(&text.whole);
    let day = Some(jiff::civil::date(2024, 6, 1));
    let times = crate::tie::when::find(&text.whole, &folded, day);
    let said = find(&text, &folded, &times, &[], day);
    let found: Vec<_> = said.iter().map(|said| (said.grade, said.overall, said.standing == EventStanding::New)).collect();
    assert_eq!(found, expected, "{}", text.whole);
}

#[test]
fn a_headline_and_what_stands_below_it() {
    use Grade::*;
    let earlier = ["‘Requires improvement’ in 2017. ‘Requires improvement’ in 2020. No prizes for guessing."];
    let twice = [(RequiresImprovement, true, false), (RequiresImprovement, true, false)];
    under("Fernshire rated the same for the third time", &earlier, &[&[(RequiresImprovement, true, true)][..], &twice[..]].concat());
    under("Fernshire in the news for the third time", &earlier, &twice);
    let rest = ["Ofsted has marked the service outstanding. The rest of what the council does for vulnerable children is good."];
    under("Praise for Fernshire", &rest, &[(Outstanding, false, true), (Good, true, true)]);
    let more = ["Ofsted has marked the service outstanding. Much of what the council does for vulnerable people is good."];
    under("Praise for Fernshire", &more, &[(Outstanding, true, true)]);
    under("Services bid for ‘good’", &[], &[(Good, true, false)]);
    under("Fernshire waits to hear if its ‘good’ has held", &[], &[(Good, true, false)]);
    under("Fernshire earns its ‘good’", &[], &[(Good, true, true)]);
}
