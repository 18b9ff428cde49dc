//! Table `shingle`: where each shingle of the reports stands, to find shared text whatever the authority.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Statement, params};

use super::{
    Store, StoreError, Writer,
    columns::{hashes_from_bytes, hashes_to_bytes},
};
use crate::model::report::ReportId;

/// Where a shingle of a story stands in the reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShingleHit {
    pub hash: u64,
    /// Reports that have it, counted up to one more than was asked for.
    pub reports: usize,
    /// Those reports with the passage's index, by first storage and reading order; empty where more have it than was asked for.
    pub places: Vec<(ReportId, u32)>,
}

impl Store {
    /// Looks up shingles; those that stand in no report are left out. Shingles of more than `max_reports` reports are
    /// set phrases: their places are not worth reading.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn shingle_hits(&self, hashes: &[u64], max_reports: usize) -> Result<Vec<ShingleHit>, StoreError> {
        self.read(|store| {
            // In the order of the index, so that neighbours are read from one page; then back into the order asked.
            let mut asked: Vec<(usize, u64)> = hashes.iter().copied().enumerate().collect();
            asked.sort_unstable_by_key(|&(_, hash)| hash.cast_signed());
            let mut select = store.db.prepare_cached("SELECT report, passage FROM shingle WHERE hash = ?1 ORDER BY report, passage")?;
            let mut ids = HashMap::new();
            let mut hits = Vec::new();
            for (at, hash) in asked {
                hits.extend(store.shingle_hit(&mut select, hash, max_reports, &mut ids)?.map(|hit| (at, hit)));
            }
            hits.sort_unstable_by_key(|(at, _)| *at);
            Ok(hits.into_iter().map(|(_, hit)| hit).collect())
        })
    }

    fn shingle_hit(
        &self,
        select: &mut Statement<'_>,
        hash: u64,
        max_reports: usize,
        ids: &mut HashMap<i64, ReportId>,
    ) -> Result<Option<ShingleHit>, StoreError> {
        let mut rows = select.query([hash.cast_signed()])?;
        let mut places: Vec<(i64, u32)> = Vec::new();
        let mut reports = 0;
        while let Some(row) = rows.next()? {
            let report = row.get(0)?;
            if places.last().is_none_or(|(last, _)| *last != report) {
                reports += 1;
            }
            if reports > max_reports {
                return Ok(Some(ShingleHit { hash, reports, places: Vec::new() }));
            }
            places.push((report, row.get(1)?));
        }
        let places = places.into_iter().map(|(n, passage)| Ok((self.report_id(n, ids)?, passage)));
        let places = places.collect::<Result<Vec<_>, StoreError>>()?;
        Ok((reports > 0).then_some(ShingleHit { hash, reports, places }))
    }

    fn report_id(&self, n: i64, known: &mut HashMap<i64, ReportId>) -> Result<ReportId, StoreError> {
        if let Some(id) = known.get(&n) {
            return Ok(id.clone());
        }
        let id: ReportId = self.db.prepare_cached("SELECT id FROM report WHERE n = ?1")?.query_row([n], |row| row.get(0))?;
        known.insert(n, id.clone());
        Ok(id)
    }
}

impl Writer<'_> {
    /// Replaces the shingles of a report: hash, and index of the passage it stands in.
    ///
    /// # Errors
    /// Where there is no such report, or the database cannot be written.
    pub fn set_shingles(&self, id: &ReportId, shingles: &[(u64, u32)]) -> Result<(), StoreError> {
        let n = self.report_n(id)?;
        self.clear_shingles(n)?;
        let mut rows: Vec<(i64, u32)> = shingles.iter().map(|&(hash, passage)| (hash.cast_signed(), passage)).collect();
        // In the order of the index, so that neighbours share a page.
        rows.sort_unstable();
        rows.dedup();
        let mut insert = self.db.prepare_cached("INSERT INTO shingle (hash, report, passage) VALUES (?1, ?2, ?3)")?;
        for (hash, passage) in &rows {
            insert.execute(params![hash, n, passage])?;
        }
        rows.dedup_by_key(|(hash, _)| *hash);
        let hashes: Vec<u64> = rows.iter().map(|(hash, _)| hash.cast_unsigned()).collect();
        let mut insert = self.db.prepare_cached("INSERT INTO shingle_set (report, hashes) VALUES (?1, ?2)")?;
        insert.execute(params![n, hashes_to_bytes(&hashes)])?;
        Ok(())
    }

    /// Takes the shingles of a report out of the index.
    pub(super) fn clear_shingles(&self, n: i64) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached("SELECT hashes FROM shingle_set WHERE report = ?1")?;
        let Some(hashes) = select.query_row([n], |row| row.get::<_, Vec<u8>>(0)).optional()? else { return Ok(()) };
        let mut delete = self.db.prepare_cached("DELETE FROM shingle WHERE hash = ?1 AND report = ?2")?;
        for hash in hashes_from_bytes(&hashes) {
            delete.execute(params![hash.cast_signed(), n])?;
        }
        self.db.prepare_cached("DELETE FROM shingle_set WHERE report = ?1")?.execute([n])?;
        Ok(())
    }
}
