//! The numbers of the chapters, which SUMMARY.md's order gives them.

use mdbook_driver::book::{Book, BookItem, SectionNumber};

use crate::project::chapter_of;

/// Numbers the chapters again, without the pages between them: mdBook numbers whatever stands in a part, but a page
/// whose file is not named after a chapter, such as `cell-on-one-page.md`, is none.
pub fn number(book: &mut Book) {
    let mut count = 0;
    for item in &mut book.items {
        let BookItem::Chapter(chapter) = item else { continue };
        if chapter.number.is_some() {
            let is_chapter = chapter.path.as_deref().is_none_or(|page| chapter_of(page).is_some());
            count += u32::from(is_chapter);
            chapter.number = is_chapter.then(|| SectionNumber::new([count]));
        }
    }
}
