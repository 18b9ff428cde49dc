//! The REST interface of WordPress: `/wp-json/wp/v2/posts`.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{json, told_error};
use crate::model::page::{FeedReading, Loss};
use crate::read::feed::item::{Raw, gather};
use crate::read::moment::moment;
use crate::read::unreadable::Unreadable;

/// Posts of one answer; WordPress gives 100 at most.
const MAX_POSTS: usize = 200;

/// Reads a list of posts that was fetched from `base`.
pub fn wordpress(body: &[u8], base: &Url, now: Timestamp) -> Result<FeedReading, Unreadable> {
    let value = json(body)?;
    let Some(posts) = value.as_array() else { return Err(told_error(&value)) };
    let mut reading = gather(posts.iter().take(MAX_POSTS).map(raw), base, now);
    reading.losses.extend((posts.len() > MAX_POSTS).then(|| Loss::OverLimit(posts.len() - MAX_POSTS)));
    Ok(reading)
}

fn raw(post: &Value) -> Raw {
    let text = |key: &str| post.get(key).and_then(Value::as_str).map(str::to_owned);
    let rendered = |key: &str| {
        post.get(key)
            .and_then(|part| part.get("rendered"))
            .and_then(Value::as_str)
            .map(str::to_owned)
            .filter(|text| !text.trim().is_empty())
    };
    // `date_gmt` is UTC without saying so; `date` is the site's own time.
    let dates = [text("date_gmt").map(|date| format!("{date}Z")), text("date")].into_iter().flatten();
    let author = post.pointer("/_embedded/author/0/name").and_then(Value::as_str).map(str::to_owned);
    Raw {
        // Some sites give no `guid`; the number of the post stays when its address changes, too.
        guid: rendered("guid").or_else(|| post.get("id").and_then(Value::as_u64).map(|id| id.to_string())),
        links: text("link").into_iter().collect(),
        title: rendered("title"),
        summary: rendered("excerpt").or_else(|| rendered("content")),
        author,
        dates: dates.filter_map(|date| moment(&date)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::unreadable::Instead;

    fn read(body: &str) -> Result<FeedReading, Unreadable> {
        wordpress(body.as_bytes(), &Url::parse("https://a.example/wp-json/wp/v2/posts").unwrap(), "2026-08-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn posts_become_items() {
        let body = r#"[{"id":7,"date":"2026-07-13T09:30:00","date_gmt":"2026-07-13T08:30:00","guid":{"rendered":"https://a.example/?p=7"},"link":"https://a.example/told-to-act/",
            "title":{"rendered":"Council &#8216;told to act&#8217;"},"excerpt":{"rendered":"<p>One &amp; two [&hellip;]</p>"},"_embedded":{"author":[{"name":"Ann Other"}]}},{"code":"x"}]"#;
        let reading = read(body).unwrap();
        assert_eq!((reading.items.len(), reading.losses.as_slice()), (1, [Loss::Unreadable(1)].as_slice()));
        let item = &reading.items[0];
        assert_eq!(
            (item.key.as_str(), item.title.as_str(), item.summary.as_str()),
            ("https://a.example/?p=7", "Council ‘told to act’", "One & two […]")
        );
        assert_eq!(item.published.map(|at| at.to_string()).as_deref(), Some("2026-07-13T08:30:00Z"));
        assert_eq!(item.author.as_deref(), Some("Ann Other"));
    }

    #[test]
    fn a_post_without_a_guid_is_known_by_its_number() {
        let post = |more: &str| format!(r#"[{{"link":"https://a.example/a","title":{{"rendered":"A"}}{more}}}]"#);
        let key = |more: &str| read(&post(more)).unwrap().items[0].key.clone();
        assert_eq!(key(r#","id":7"#), "7");
        assert_eq!(key(r#","id":7,"guid":{"rendered":"https://a.example/?p=7"}"#), "https://a.example/?p=7");
        assert_eq!(key(""), "https://a.example/a");
    }

    #[test]
    fn a_warning_before_the_posts_costs_nothing() {
        let posts = r#"[{"link":"https://a.example/a","title":{"rendered":"A [live]"}}]"#;
        assert_eq!(read(&format!("<br />\n<b>Warning</b>: Undefined index [x] in y<br />\n{posts}")).unwrap().items.len(), 1);
        assert_eq!(read(&format!("<html><body><script>var x = {posts}</script></body></html>")).unwrap_err().kind, Instead::HtmlPage);
    }

    #[test]
    fn errors_are_told() {
        let error = read(r#"{"code":"rest_no_route","message":"No route was found"}"#).unwrap_err();
        assert_eq!(error.to_string(), "JSON of another shape: No route was found");
        assert_eq!(read("<html>").unwrap_err().kind, Instead::HtmlPage);
        assert_eq!(read(" ").unwrap_err().kind, Instead::Empty);
    }
}
