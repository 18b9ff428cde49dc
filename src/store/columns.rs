//! How values stand in columns: times, days, words of fixed lists, ids, JSON, 64-bit hashes.

use jiff::{Timestamp, civil::Date};
use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error as WordError},
};

use crate::model::{
    evidence::EvidenceKind,
    fetched::FailureKind,
    page::DateSource,
    piece::News,
    piece::PieceId,
    report::{Framework, Grade, JudgementKey, PassageKind, ReportId, ReportStatus},
    story::StoryId,
    tie::{GradeCheck, MentionedAs, TieKind, TieState},
    verdict::{Review, StoryKind, StoryState},
};

/// A moment in whole seconds of UTC, so that text order is time order.
pub(super) struct Time(pub Timestamp);

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let seconds = Timestamp::from_second(self.0.as_second()).unwrap_or(self.0);
        Ok(seconds.to_string().into())
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

/// A day.
pub(super) struct Day(pub Date);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

/// A value as JSON text.
pub(super) struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(text.into())
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A word of a fixed list, by its name in serde, which is its name everywhere.
fn word<T: for<'de> Deserialize<'de>>(value: ValueRef<'_>) -> FromSqlResult<T> {
    let text = value.as_str()?;
    let deserializer: serde::de::value::StrDeserializer<'_, WordError> = text.into_deserializer();
    T::deserialize(deserializer).map_err(FromSqlError::other)
}

macro_rules! words {
    ($($list:ty),* $(,)?) => {$(
        impl ToSql for $list {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }
        impl FromSql for $list {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                word(value)
            }
        }
    )*};
}

words!(
    Framework, JudgementKey, Grade, ReportStatus, DateSource, EvidenceKind, TieState, TieKind, GradeCheck, MentionedAs, StoryKind,
    StoryState, Review, News, FailureKind
);

impl ToSql for PassageKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let word = match self {
            Self::Cover => "cover",
            Self::Heading => "heading",
            Self::Paragraph => "paragraph",
            Self::Bullet => "bullet",
            Self::Footnote => "footnote",
        };
        Ok(word.into())
    }
}

impl FromSql for PassageKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        word(value)
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }
        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                String::column_result(value).map(Self)
            }
        }
    )*};
}

ids!(StoryId, ReportId, PieceId);

pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    row.get::<_, Time>(column).map(|time| time.0)
}

pub(super) fn maybe_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<Time>>(column).map(|time| time.map(|time| time.0))
}

pub(super) fn maybe_day(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Date>> {
    row.get::<_, Option<Day>>(column).map(|day| day.map(|day| day.0))
}

pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    row.get::<_, Json<T>>(column).map(|json| json.0)
}

/// Hashes as a column of bytes, little-endian.
pub(super) fn hashes_to_bytes(hashes: &[u64]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

/// The reverse of [`hashes_to_bytes`]; bytes over are dropped.
pub(super) fn hashes_from_bytes(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: ToSql + FromSql + PartialEq + std::fmt::Debug>(values: &[T]) {
        for value in values {
            let ToSqlOutput::Owned(written) = value.to_sql().unwrap().to_owned_output() else { panic!("not owned") };
            assert_eq!(&T::column_result(ValueRef::from(&written)).unwrap(), value);
        }
    }

    trait ToOwnedOutput {
        fn to_owned_output(self) -> ToSqlOutput<'static>;
    }

    impl ToOwnedOutput for ToSqlOutput<'_> {
        fn to_owned_output(self) -> ToSqlOutput<'static> {
            match self {
                ToSqlOutput::Borrowed(value) => ToSqlOutput::Owned(value.try_into().unwrap()),
                ToSqlOutput::Owned(value) => ToSqlOutput::Owned(value),
                _ => panic!("unexpected output"),
            }
        }
    }

    #[test]
    fn every_word_comes_back() {
        check(&Framework::ALL);
        check(&Grade::ALL);
        check(&ReportStatus::ALL);
        check(&EvidenceKind::ALL);
        check(&TieState::ALL);
        check(&TieKind::ALL);
        check(&GradeCheck::ALL);
        check(&MentionedAs::ALL);
        check(&StoryKind::ALL);
        check(&StoryState::ALL);
        check(&Review::ALL);
        check(&News::ALL);
        check(&[PassageKind::Cover, PassageKind::Heading, PassageKind::Paragraph, PassageKind::Bullet, PassageKind::Footnote]);
        check(&[DateSource::Feed, DateSource::JsonLd, DateSource::Meta, DateSource::TimeElement, DateSource::Printed, DateSource::Address]);
        use JudgementKey::{
            Adoption, Capacity, CareLeavers, HelpProtection, InCare, InCareAndLeavers, InCarePermanence, Leaders, Lscb, Outcome, Outcomes,
            Overall, Provision,
        };
        check(&[Overall, Leaders, HelpProtection, InCare, CareLeavers, InCareAndLeavers, InCarePermanence]);
        check(&[Adoption, Lscb, Outcome, Capacity, Outcomes, Provision]);
        assert!(TieState::column_result(ValueRef::Text(b"perhaps")).is_err());
    }

    #[test]
    fn hashes_come_back() {
        let hashes = [0, 1, u64::MAX, 0x0123_4567_89ab_cdef];
        assert_eq!(hashes_from_bytes(&hashes_to_bytes(&hashes)), hashes);
        assert!(hashes_from_bytes(&[1, 2, 3]).is_empty());
    }
}
