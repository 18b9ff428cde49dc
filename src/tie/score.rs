//! From findings to probabilities: a conditional logit whose weights stand in `config/weights.toml`.
//!
//! The reports of one authority compete with each other and with "none of them": the probability of report i is
//! exp(zᵢ) / (1 + Σ exp(zⱼ)), with z the bias plus the weighted features (McFadden, 1974).

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::features::{Candidate, Findings, NAMES};

/// The model as fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    bias: f64,
    by_feature: [f64; NAMES.len()],
    /// From this probability on a tie is made without asking.
    pub auto: f64,
    /// From this probability on a tie is offered.
    pub possible: f64,
}

/// Why the weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    #[error("cannot read the weights: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("the weights name no feature `{0}`")]
    Missing(&'static str),
    #[error("the weights name `{0}`, which is no feature")]
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFile {
    bias: f64,
    auto: f64,
    possible: f64,
    weight: HashMap<String, f64>,
}

/// The weights in the order of their names, of which each must have one.
pub fn by_name<const N: usize>(names: [&'static str; N], mut weights: HashMap<String, f64>) -> Result<[f64; N], WeightsError> {
    let mut ordered = [0.0; N];
    for (name, weight) in names.into_iter().zip(&mut ordered) {
        *weight = weights.remove(name).ok_or(WeightsError::Missing(name))?;
    }
    match weights.into_keys().min() {
        Some(name) => Err(WeightsError::Unknown(name)),
        None => Ok(ordered),
    }
}

impl Weights {
    /// Reads a weights file; each feature must have its weight.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: WeightsFile = toml::from_str(text)?;
        Ok(Self { bias: file.bias, by_feature: by_name(NAMES, file.weight)?, auto: file.auto, possible: file.possible })
    }

    /// The weights that the program ships with.
    pub fn built_in() -> Result<Self, WeightsError> {
        Self::parse(include_str!("../../config/weights.toml"))
    }

    /// What one feature adds to the log-odds.
    pub fn part(&self, findings: &Findings, name: &str) -> f64 {
        NAMES.iter().position(|known| *known == name).map_or(0.0, |at| self.by_feature[at] * findings.values[at])
    }

    fn log_odds(&self, findings: &Findings) -> f64 {
        self.bias + self.by_feature.iter().zip(&findings.values).map(|(weight, value)| weight * value).sum::<f64>()
    }

    /// The probability of each candidate, in their order.
    pub fn probabilities(&self, candidates: &[Candidate], found: &[Findings]) -> Vec<f64> {
        let odds: Vec<f64> = found.iter().map(|findings| self.log_odds(findings).clamp(-30.0, 30.0).exp()).collect();
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for (candidate, odds) in candidates.iter().zip(&odds) {
            *sums.entry(candidate.card.authority.as_deref().unwrap_or("")).or_default() += odds;
        }
        candidates
            .iter()
            .zip(&odds)
            .map(|(candidate, odds)| odds / (1.0 + sums[candidate.card.authority.as_deref().unwrap_or("")]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_name_each_feature_once() {
        let weights = Weights::built_in().unwrap();
        assert!(weights.possible < weights.auto && weights.auto < 1.0);
        assert!(weights.by_feature.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn a_missing_or_unknown_feature_is_named() {
        let shipped = include_str!("../../config/weights.toml");
        let lacking = shipped.replace("link-file", "link-flie");
        assert!(Weights::parse(&lacking).unwrap_err().to_string().contains("link-file"));
        let more = format!("{shipped}\nmoon-phase = 1.0\n");
        assert!(Weights::parse(&more).unwrap_err().to_string().contains("moon-phase"));
    }
}
