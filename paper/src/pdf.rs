//! The PDF: Chromium prints the sheet once to learn on which page everything is, and again with these
//! numbers; what it printed is then read, checked and only put in place if it holds what was promised.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use files::Names;
use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions};
use press::project::Project;

use crate::browser::{self, flag};
use crate::sheet::{Pages, Sheet};

/// Where the PDF goes, relative to the project's root.
pub const PDF: &str = "target/lstm-line-by-line.pdf";

/// Prints the built site. The last good PDF stays until the new one has been checked.
///
/// Returns what was made, for the reader.
///
/// # Errors
/// If the site is not built, no Chromium is installed, it fails, or the PDF lacks something.
pub fn write(project: &Project) -> Result<String> {
    let sheet = Sheet::read(project)?;
    let mut output = Names::default().replace("", &project.root.join(PDF), files::PDF)?;
    let staging = browser::stage(project)?;

    // A number at the end of a line moves nothing, so the second printing settles it; if one did, once more.
    let mut pages = Pages::new();
    for _ in 0..3 {
        let (html, shown) = sheet.html(&pages);
        let mut document = print(staging.path(), &html)?;
        let printed = printed_on(&document)?;
        let settled =
            shown.iter().all(|id| printed.get(id).is_some_and(|on| pages.get(id) == Some(on)));
        if settled {
            let problems = problems(&document);
            ensure!(
                problems.is_empty(),
                "the printed PDF is not whole:\n- {}",
                problems.join("\n- ")
            );
            describe(&mut document)?;
            output.write(&packed(&mut document)?)?;
            return Ok(format!("wrote {PDF}: {} pages", document.get_pages().len()));
        }
        if let Some(missing) = shown.iter().find(|id| !printed.contains_key(*id)) {
            bail!("the PDF has no place `{missing}`, to which its contents lead");
        }
        pages = printed;
    }
    bail!("the page numbers did not settle after three printings")
}

/// Has the browser print `html`, whose files are in `folder`.
fn print(folder: &Path, html: &str) -> Result<Document> {
    let pdf = folder.join("book.pdf");
    let flags = [
        "--no-pdf-header-footer".into(),
        "--generate-pdf-document-outline".into(),
        flag("--print-to-pdf=", &pdf),
    ];
    let said = browser::show(folder, html, &flags)?;
    Document::load(&pdf).with_context(|| format!("the browser printed no PDF; it said:\n{said}"))
}

/// The page that each named place is on.
fn printed_on(document: &Document) -> Result<Pages> {
    let numbers: BTreeMap<ObjectId, u32> =
        document.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
    let places = document.catalog()?.get_deref(b"Dests", document)?.as_dict()?;
    let mut pages = Pages::new();
    for (name, place) in places {
        let (_, place) = document.dereference(place)?;
        if let Some(number) =
            place.as_array()?.first().and_then(|page| numbers.get(&page.as_reference().ok()?))
        {
            pages.insert(String::from_utf8_lossy(name).into_owned(), *number as usize);
        }
    }
    Ok(pages)
}

/// What the PDF lacks of what was promised: tags, language, bookmarks, links that lead somewhere.
pub fn problems(document: &Document) -> Vec<String> {
    let mut problems = Vec::new();
    let Ok(catalog) = document.catalog() else { return vec!["no catalog".to_owned()] };
    let entry = |name: &[u8]| catalog.get_deref(name, document);
    let marked = entry(b"MarkInfo").and_then(Object::as_dict).and_then(|info| info.get(b"Marked"));
    if entry(b"StructTreeRoot").is_err() || !matches!(marked, Ok(Object::Boolean(true))) {
        problems.push("it is not tagged, so a screen reader can't read it".to_owned());
    }
    if entry(b"Lang").is_err() {
        problems.push("it does not say its language".to_owned());
    }
    if entry(b"Outlines").and_then(Object::as_dict).and_then(|o| o.get(b"First")).is_err() {
        problems.push("it has no bookmarks".to_owned());
    }
    let places = entry(b"Dests").and_then(Object::as_dict).ok();
    for (number, page) in document.get_pages() {
        for link in document.get_page_annotations(page).unwrap_or_default() {
            if let Some(problem) = broken(document, link, places) {
                problems.push(format!("page {number}: {problem}"));
            }
        }
    }
    problems
}

/// What is wrong with a link, if anything is.
fn broken(document: &Document, link: &Dictionary, places: Option<&Dictionary>) -> Option<String> {
    if let Ok(name) = link.get_deref(b"Dest", document).and_then(Object::as_name) {
        let known = places.is_some_and(|places| places.has(name));
        return (!known)
            .then(|| format!("a link to `{}`, which is nowhere", String::from_utf8_lossy(name)));
    }
    let uri = link.get_deref(b"A", document).and_then(Object::as_dict);
    let uri = uri.and_then(|action| action.get_deref(b"URI", document)).and_then(Object::as_str);
    let Ok(uri) = uri.map(String::from_utf8_lossy) else {
        return Some("a link to nothing".to_owned());
    };
    let web = uri.starts_with("https://") || uri.starts_with("http://");
    (!web).then(|| format!("a link to `{uri}`, which only this machine has"))
}

/// Says what made the PDF; Chromium names itself and the system instead.
fn describe(document: &mut Document) -> Result<()> {
    let info = document.trailer.get(b"Info")?.as_reference()?;
    let info = document.get_object_mut(info)?.as_dict_mut()?;
    info.set("Creator", Object::string_literal("LSTM, Line by Line"));
    document.catalog_mut()?.set("PageMode", "UseOutlines");
    Ok(())
}

fn packed(document: &mut Document) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Thousands of tags: packed, they take a third of the room.
    let options =
        SaveOptions::builder().use_object_streams(true).use_xref_streams(true).compression_level(9);
    document.save_with_options(&mut bytes, options.build()).context("cannot pack the PDF")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    /// A PDF of one page, as whole as Chromium's: tags, a language, a bookmark, a link to a named place.
    fn whole() -> (Document, ObjectId, ObjectId) {
        let mut document = Document::with_version("1.5");
        let pages = document.new_object_id();
        let inside = dictionary! { "Subtype" => "Link", "Dest" => "here" };
        let inside = document.add_object(inside);
        let page = dictionary! {
            "Type" => "Page", "Parent" => pages, "Annots" => vec![inside.into()],
        };
        let page = document.add_object(page);
        let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
        document.objects.insert(pages, tree.into());
        let bookmark =
            document.add_object(dictionary! { "Title" => Object::string_literal("Here") });
        let catalog = document.add_object(dictionary! {
            "Type" => "Catalog",
            "Pages" => pages,
            "Lang" => Object::string_literal("en"),
            "MarkInfo" => dictionary! { "Marked" => true },
            "StructTreeRoot" => dictionary! {},
            "Outlines" => dictionary! { "First" => bookmark },
            "Dests" => dictionary! { "here" => vec![page.into(), "Fit".into()] },
        });
        document.trailer.set("Root", catalog);
        (document, catalog, inside)
    }

    #[test]
    fn a_whole_pdf_has_no_problem_and_its_places_have_pages() {
        let (document, ..) = whole();
        assert_eq!(problems(&document), Vec::<String>::new());
        assert_eq!(printed_on(&document).unwrap(), Pages::from([("here".to_owned(), 1)]));
    }

    #[test]
    fn what_a_pdf_lacks_is_said() {
        let cases = [
            ("StructTreeRoot", "not tagged"),
            ("MarkInfo", "not tagged"),
            ("Lang", "language"),
            ("Outlines", "bookmarks"),
            ("Dests", "page 1: a link to `here`, which is nowhere"),
        ];
        for (entry, expected) in cases {
            let (mut document, catalog, _) = whole();
            document.get_dictionary_mut(catalog).unwrap().remove(entry.as_bytes());
            assert!(problems(&document).concat().contains(expected), "{entry}");
        }
    }

    #[test]
    fn a_link_that_leaves_the_pdf_leads_to_the_web() {
        let uri = |uri: &str| dictionary! { "URI" => Object::string_literal(uri) };
        for (to, expected) in [
            ("file:///book/ch05.html", Some("which only this machine has")),
            ("https://doc.rust-lang.org", None),
        ] {
            let (mut document, _, link) = whole();
            let link = document.get_dictionary_mut(link).unwrap();
            link.remove(b"Dest");
            link.set("A", uri(to));
            let found = problems(&document).concat();
            assert_eq!(
                found.contains(expected.unwrap_or(": a link")),
                expected.is_some(),
                "{found}"
            );
        }
    }
}
