//! Reading stored report files again where the parser is newer than their reading; nothing is fetched.

use crate::{
    model::{authority::Gazetteer, report::ReportHints},
    read::report,
    store::Store,
};

use super::{Halt, ofsted::index, read};

/// Reads again every report whose reading is older than the parser. With `all`, every story becomes pending, too.
///
/// # Errors
/// Where the database fails.
pub fn older(store: &mut Store, gazetteer: &Gazetteer, all: bool) -> Result<(), Halt> {
    let ids = store.reports_needing_parse(report::PARSER)?;
    if !ids.is_empty() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        for id in ids {
            let (Some(mut stored), Some(file)) = (store.report(&id)?, store.report_file(&id)?) else { continue };
            let label = store.report_label(&id)?;
            let hints = ReportHints { urn: stored.urn.clone(), label, published: stored.published };
            stored.reading = runtime.block_on(read::read(&file, &hints));
            store.write(|writer| {
                writer.update_reading(&id, &stored.reading, report::PARSER)?;
                index(writer, &stored, gazetteer)
            })?;
        }
    }
    if all {
        store.write(|writer| writer.mark_pending_all())?;
    }
    Ok(())
}
