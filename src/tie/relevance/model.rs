//! The fitted model: a logistic regression over the cues, whose weights stand in `config/relevance.toml`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::tie::{
    fold::Folded,
    shingles::{combine, hash_word},
};

use super::cues::{Cues, Family, Side};

/// The model as fitted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    bias: f64,
    /// From these log-odds on a story is about our subject.
    threshold: f64,
    weights: BTreeMap<String, f64>,
    /// Words, and pairs of them, that reports have far oftener than other news.
    language: HashMap<u64, f64>,
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("cannot read the model of relevance: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("the model of relevance has no weight for `{0}`")]
    Missing(String),
    #[error("the model of relevance weighs `{0}`, which is no feature")]
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    bias: f64,
    threshold: f64,
    weight: BTreeMap<String, f64>,
    language: BTreeMap<String, f64>,
}

/// Words that a text is taken to have besides its own, so that a few prove little.
const UNSAID: f64 = 40.0;
/// The density of the reports' language that counts as one.
const DENSE: f64 = 0.5;
/// Log-odds from which another subject is named as the reason.
const RIVAL: f64 = 1.0;

impl Model {
    /// Reads a model; each feature of the cues must have its weight.
    ///
    /// # Errors
    /// Where it is no TOML of that shape, or its weights are not those of the features.
    pub fn parse(text: &str, cues: &Cues) -> Result<Self, ModelError> {
        let file: ModelFile = toml::from_str(text)?;
        let names = || cues.features().chain(["language", "authority.lead", "authority.title", "authority.weight", "job.address"]);
        if let Some(missing) = names().find(|name| !file.weight.contains_key(*name)) {
            return Err(ModelError::Missing(missing.to_owned()));
        }
        if let Some(unknown) = file.weight.keys().find(|weight| names().all(|name| name != weight.as_str())) {
            return Err(ModelError::Unknown(unknown.clone()));
        }
        let hash = |phrase: &str| match phrase.split_once(' ') {
            Some((one, two)) => combine(&[hash_word(one), hash_word(two)]),
            None => hash_word(phrase),
        };
        let language = file.language.iter().map(|(phrase, weight)| (hash(phrase), *weight)).collect();
        Ok(Self { bias: file.bias, threshold: file.threshold, weights: file.weight, language })
    }

    /// The model that the program ships with.
    pub fn built_in(cues: &Cues) -> Self {
        Self::parse(include_str!("../../../config/relevance.toml"), cues).unwrap_or_default()
    }

    /// How densely a text speaks the language of the reports, 0 to about 1, whatever its length.
    pub fn language(&self, folded: &Folded) -> f64 {
        let hashes: Vec<u64> = folded.words.iter().map(|word| hash_word(&word.folded)).collect();
        let known = |hash: u64| self.language.get(&hash).copied().unwrap_or(0.0);
        let sum: f64 =
            hashes.iter().map(|hash| known(*hash)).sum::<f64>() + hashes.windows(2).map(|pair| known(combine(pair))).sum::<f64>();
        (sum / (hashes.len() as f64 + UNSAID) / DENSE).min(1.5)
    }

    /// How far above the threshold the named values are, and which other subject speaks most against it.
    pub fn judge<'a>(&self, cues: &'a Cues, named: &[(String, f64)]) -> (f64, Option<&'a Family>) {
        let part = |(name, value): &(String, f64)| self.weights.get(name).map_or(0.0, |weight| weight * value);
        let odds = self.bias + named.iter().map(part).sum::<f64>();
        let against =
            |family: &str| -> f64 { -named.iter().filter(|(name, _)| name.split('.').next() == Some(family)).map(part).sum::<f64>() };
        let rival = cues
            .families
            .iter()
            .filter(|family| family.side == Side::Against)
            .map(|family| (against(&family.name), family))
            .filter(|(weight, _)| *weight >= RIVAL)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        (odds - self.threshold, rival.map(|(_, family)| family))
    }

    /// How strongly the families of these names speak against.
    pub fn against(&self, families: &[&str], named: &[(String, f64)]) -> f64 {
        let of = |name: &str| name.split_once('.').is_some_and(|(family, _)| families.contains(&family));
        -named
            .iter()
            .filter(|(name, _)| of(name))
            .map(|(name, value)| self.weights.get(name).map_or(0.0, |weight| weight * value))
            .sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../config/relevance.toml");

    #[test]
    fn the_shipped_model_weighs_each_feature_on_its_side() {
        let cues = Cues::built_in();
        let model = Model::parse(SHIPPED, &cues).unwrap();
        for family in &cues.families {
            for (name, weight) in model.weights.iter().filter(|(name, _)| name.split('.').next() == Some(&family.name)) {
                let right = if family.side == Side::For { *weight >= 0.0 } else { *weight <= 0.0 };
                assert!(right, "{name} = {weight}");
            }
        }
    }

    #[test]
    fn a_missing_or_unknown_weight_is_named() {
        let cues = Cues::built_in();
        let lacking = SHIPPED.replace("\"both.title\"", "\"both.tilte\"");
        assert!(Model::parse(&lacking, &cues).unwrap_err().to_string().contains("both.title"));
        let more = SHIPPED.replace("[language]", "\"moon.phase\" = 1.0\n[language]");
        assert!(Model::parse(&more, &cues).unwrap_err().to_string().contains("moon.phase"));
    }

    #[test]
    fn language_is_density_not_length() {
        let model = Model::built_in(&Cues::built_in());
        let of = |text: &str| model.language(&Folded::of(text));
        let report = "Senior leaders have effective oversight of social work practice, and assessments are thorough and timely. ";
        assert!(of(&report.repeat(3)) > 0.4 && of(&report.repeat(30)) < 2.0 * of(&report.repeat(3)));
        assert!(of("The striker turned in a low cross at the near post on Saturday, and the visitors went home unbeaten.") < 0.2);
    }
}
