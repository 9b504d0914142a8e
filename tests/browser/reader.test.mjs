// What a reader does with the book: walks through it with the keyboard alone, searches, asks what a symbol means, copies,
// chooses a theme, reads without JavaScript, from a folder of a site or from disk. Each check is run once more on a page
// with a fault planted in it, and must report it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { bookDir, launch, open, serve } from "./browser.mjs";
import { axe, faults, strayMath, structure } from "./checks.mjs";

const CHAPTER = "ch05-forget-gate.html";
const REFERRING = "ch13-loss-and-optimiser.html";
const LISTING = "listings/ch05-forget-gate.html";
// A browser that hangs is a failure with a name, not a build that never ends.
const LIMIT = { timeout: 120_000 };
// How long something may take, in milliseconds; where a fault is planted, it is not waited for so long.
const SOON = 15_000;
const PLANTED = { patience: 4_000 };

const desk = { colorScheme: "light", viewport: { width: 1440, height: 900 } };
const phone = { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true };
const clipboard = { ...desk, permissions: ["clipboard-read", "clipboard-write"] };

const planted = new Map();
const browser = await launch();
const site = await serve({ planted });
after(async () => {
    await browser.close();
    await site.close();
});

const none = problems => assert.equal(problems.length, 0, `\n- ${problems.join("\n- ")}\n`);
const read = name => readFile(path.join(bookDir, name), "utf8");

// Opens a page, lets a check look for faults, and adds what the tab noticed by itself.
async function visit(url, options, check, { patience = SOON, ...more } = {}) {
    const { page, problems, close } = await open(browser, url, options, more);
    page.setDefaultTimeout(patience);
    try {
        return [...(await check(page)), ...problems];
    } finally {
        await close();
    }
}

// The check finds nothing in a page as it stands, and what is expected once the page is broken.
function holds(what, name, options, check, ...plantings) {
    test(what, LIMIT, async () => none(await visit(site.url + name, options, check)));
    for (const [breakIt, ...expected] of plantings) {
        test(`${what}: a planted fault is reported, ${expected.map(({ source }) => source).join(", ")}`, LIMIT, async () => {
            const html = await read(name);
            const broken = breakIt(html);
            assert.notEqual(broken, html, "the fault was planted");
            const place = name.replace(/[^/]*$/, `planted-${planted.size}.html`);
            planted.set(place, broken);
            const found = (await visit(site.url + place, options, check, PLANTED)).join("\n");
            expected.forEach(each => assert.match(found, each));
        });
    }
}

const intoMain = fault => html => html.replace("</main>", `${fault}</main>`);
const style = css => intoMain(`<style>${css}</style>`);
const has = (page, selector) => page.evaluate(selector => document.activeElement.matches(selector), selector);
const dark = page => page.evaluate(() => document.documentElement.classList.contains("dark"));
const appears = locator => locator.waitFor().then(() => true, () => false);

async function tabTo(page, selector, most = 100) {
    for (let n = 0; n < most; n += 1) {
        await page.keyboard.press("Tab");
        if (await has(page, selector)) {
            return [];
        }
    }
    return [`Tab never reaches ${selector}`];
}

const poorForKeys = html =>
    [
        style(".solution > summary { outline: none !important } html { scroll-padding: 0 !important }"),
        intoMain('<a href="#" style="position: absolute; left: -9999px">lost</a>'),
        html => html.replace("<summary>Solution", '<summary tabindex="-1">Solution'),
    ].reduce((all, breakIt) => breakIt(all), html);

describe("with the keyboard alone", { concurrency: 2 }, () => {
    holds("from the first stop of a chapter to the last and back, every fold opened", CHAPTER, desk, walk,
        [poorForKeys, /folds that the keyboard did not open: 1/, /no ring around <summary>/, /cannot be seen: <a> lost/, /cannot be seen: <button> Copy/],
        [html => html.replace("</h1>", '$&<button onkeydown="event.preventDefault()">trap</button>'), /the Tab key never leaves <button> trap/]);
    holds("the table of contents, the themes, the help", CHAPTER, desk, controls,
        [html => html.replace('id="mdbook-theme-toggle" class', 'id="mdbook-theme-toggle" tabindex="-1" class'), /Tab never reaches #mdbook-theme-toggle/],
        [intoMain("<script>addEventListener('keydown', event => event.stopPropagation(), true)</script>"), /the help does not open/]);
    holds("the table of contents on a phone", CHAPTER, phone, contents,
        [html => html.replace('<button id="mdbook-sidebar-toggle"', '<div id="mdbook-sidebar-toggle"'), /Tab never reaches #mdbook-sidebar-toggle/]);
    const searches = [
        ["f_t", /f_t/, /\/ch05-/],
        ["forget gate", /forget gate/i, /\/ch05-[^#]*#the-forget-gate$/],
        ["C_t", /C_t/, /\/ch07-[^#]*#eq-/],
        ["σ", /σ\(z\)/, /\/ch03-[^#]*#eq-/],
        ["θ", /θ/, /\/ch03-/],
        ["⊙", /f ⊙ C/, /\/notation/],
        ["gradcheck", /gradient check/, /\/ch03-[^#]*#search-gradient-check$/],
        ["gradient check", /gradient check/, /\/ch03-[^#]*#search-gradient-check$/],
        ["Gate::forward", /Gate::forward/, /\/ch05-[^#]*#ch05-forward$/],
        ["exercise 5.3", /exercise 5\.3/i, /\/ch05-[^#]*#exercise-53-/],
    ];
    for (const [words, says, leads] of searches) {
        holds(`the search finds ${words}, and leads there`, CHAPTER, desk, page => search(page, words, says, leads));
    }
    holds("the search finds forget", CHAPTER, desk, page => search(page, "forget", /forget/i, /\/ch05-/),
        [html => html.replace(/window\.path_to_searchindex_js = "[^"]*"/, 'window.path_to_searchindex_js = "none.js"'), /finds nothing/]);
});

// Where the focus is; whether it can be seen there, in the window and with nothing in front; whether a ring says so.
function focused() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const again = element === globalThis.before;
    globalThis.before = element;
    const seen = [...element.getClientRects()].some(box => {
        const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
        const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
        const front = document.elementFromPoint(x, y);
        return front !== null && (element.contains(front) || front.contains(element));
    });
    return {
        what: `<${element.localName}> ${(element.id || element.textContent).trim().slice(0, 60)}`,
        nowhere: element === document.body,
        again,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !/, 0\)$/.test(style.outlineColor),
        shut: element.localName === "summary" && !element.parentElement.open,
        seen,
    };
}

async function walk(page) {
    const problems = new Set();
    async function look(key) {
        await page.keyboard.press(key);
        const stop = await page.evaluate(focused);
        if (!stop.nowhere && !stop.seen) {
            problems.add(`the focus cannot be seen: ${stop.what}`);
        }
        if (!stop.nowhere && !stop.ring) {
            problems.add(`no ring around ${stop.what}`);
        }
        return stop;
    }

    const stops = [];
    for (let stop = await look("Tab"); !stop.nowhere; stop = await look("Tab")) {
        stops.push(stop.what);
        if (stop.shut) {
            await page.keyboard.press("Enter");
        }
        if (stop.again || stops.length > 1000) {
            return [...problems, `the Tab key never leaves ${stop.what}`];
        }
    }
    const shut = await page.locator("main details:not([open])").count();
    if (shut > 0) {
        problems.add(`folds that the keyboard did not open: ${shut}`);
    }
    if (!/skip-link|Skip/.test(stops[0]) || !/^<a> Next/.test(stops.at(-1))) {
        problems.add(`the way leads from ${stops[0]} to ${stops.at(-1)}`);
    }
    for (let n = 0; n < stops.length; n += 1) {
        await look("Shift+Tab");
    }
    return [...problems];
}

async function controls(page) {
    const problems = await tabTo(page, "a.skip-link", 1);
    problems.push(...(await tabTo(page, "#mdbook-sidebar a[href*='ch06']")), ...(await tabTo(page, "#mdbook-sidebar-toggle")));
    await page.keyboard.press("Enter");
    const folded = page.locator("#mdbook-sidebar a").first().waitFor({ state: "hidden" });
    if (!(await folded.then(() => true, () => false))) {
        problems.push("Enter does not fold the table of contents away");
    }

    const reached = await tabTo(page, "#mdbook-theme-toggle", 20);
    if (reached.length > 0) {
        return [...problems, ...reached];
    }
    for (const key of ["Enter", "End", "Enter"]) {
        await page.keyboard.press(key);
    }
    if (!(await dark(page))) {
        problems.push("the dark theme can't be chosen with the keyboard");
    }
    await page.keyboard.press("Escape");
    if (!(await has(page, "#mdbook-theme-toggle"))) {
        problems.push("Escape does not lead back from the themes");
    }

    await page.keyboard.press("?");
    if (!(await has(page, "#mdbook-help-popup"))) {
        problems.push("the help does not open");
    }
    await page.keyboard.press("Escape");
    if (!(await has(page, "#mdbook-theme-toggle"))) {
        problems.push("Escape does not lead back from the help");
    }
    return problems;
}

async function contents(page) {
    const link = page.locator("#mdbook-sidebar a[href*='ch06']").first();
    const problems = (await link.isVisible()) ? ["the table of contents covers a phone's page from the start"] : [];
    problems.push(...(await tabTo(page, "#mdbook-sidebar-toggle", 20)));
    if (problems.length > 0) {
        return problems;
    }
    await page.keyboard.press("Enter");
    if (!(await appears(link))) {
        return ["Enter does not open the table of contents"];
    }
    problems.push(...(await axe(page)));
    await link.focus();
    await page.keyboard.press("Enter");
    return page.waitForURL(/ch06/).then(() => problems, () => [...problems, "the table of contents leads nowhere"]);
}

async function search(page, words, says, leads) {
    await page.keyboard.press("/");
    await page.keyboard.type(words);
    const results = page.locator("#mdbook-searchresults li a");
    if (!(await appears(results.first()))) {
        return [`${words} finds nothing`];
    }
    const problems = [];
    const said = await page.locator("#mdbook-searchresults li").first().innerText();
    // Without what it asks the page to highlight, which has every word in it.
    const to = await results.first().evaluate(link => link.href.replace(/\?[^#]*/, ""));
    if (!says.test(said) || !leads.test(to)) {
        problems.push(`${words} finds first: ${said} (${to})`);
    }
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(url => url.href.replace(/\?[^#]*/, "") === to);
    await page.waitForLoadState("load");
    const there = await page.evaluate(() => {
        const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        return location.hash === "" || (place !== null && place.getBoundingClientRect().top < innerHeight && place.getBoundingClientRect().bottom > 0);
    });
    return there ? problems : [...problems, `${page.url()} is no place that can be seen`];
}

describe("what explains itself", { concurrency: 2 }, () => {
    const outside = [style("#tip { margin-left: 2000px !important }"), /the tip is outside the window/];
    const unknown = [html => html.replace(/<dl>[^]*?<\/dl>/g, ""), /a symbol shows no tip/];
    holds("a symbol tells what it is, to the mouse", CHAPTER, desk, page => symbol(page, "hover"), outside, unknown);
    holds("a symbol tells what it is, to the finger", CHAPTER, phone, page => symbol(page, "tap"), outside, unknown);
    holds("a reference shows its equation", REFERRING, desk, page => reference(page, '[href^="#eq-"]'),
        [html => html.replaceAll(/<a href="#eq-[^"]*">/g, "<a>"), /no reference to an equation/],
        [html => html.replaceAll(/ id="eq-/g, ' id="no-'), /the focus on a reference shows no equation/]);
    holds("a reference shows an equation of another page", REFERRING, desk, page => reference(page, '[href*=".html#eq-"]'),
        [html => html.replace(/<template[^]*?<\/template>/, ""), /the focus on a reference shows no equation/]);
    holds("a caption leads to a line of a listing, which stands out", CHAPTER, desk, line,
        [html => html.replaceAll(/(listings\/[^"#]*#)/g, "$1no-"), /is not on the page/]);
    test("a line that does not stand out is reported", LIMIT, async () => {
        const html = await read(LISTING);
        planted.set("listings/plain.html", style(".lines :target { background: none !important }")(html));
        planted.set("plain.html", (await read(CHAPTER)).replaceAll(/listings\/[^"#]*#/g, "listings/plain.html#"));
        assert.match((await visit(`${site.url}plain.html`, desk, line)).join("\n"), /does not stand out/);
    });
});

// Asks the first symbol of a sentence, and one of an equation.
async function symbol(page, ask) {
    const problems = [];
    for (const place of ["main p", "main .equation-body"]) {
        const first = page.locator(`${place} math [class^="s-"]`).first();
        await first.scrollIntoViewIfNeeded();
        await first[ask]();
        const tip = page.locator("#tip");
        if (!(await appears(tip))) {
            return ["a symbol shows no tip"];
        }
        const box = await tip.boundingBox();
        const { width, height } = page.viewportSize();
        if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height) {
            problems.push(`the tip is outside the window: ${JSON.stringify(box)}`);
        }
        if (place !== "main p") {
            problems.push(...(await axe(page)));
        }
        await page.keyboard.press("Escape");
        if (await tip.isVisible()) {
            problems.push("Escape does not hide the tip");
        }
    }
    return problems;
}

async function reference(page, to) {
    const link = page.locator(`main a${to}:not(.equation-number)`).first();
    if ((await link.count()) === 0) {
        return ["the page has no reference to an equation"];
    }
    await link.focus();
    const problems = [];
    const tip = page.locator("#tip");
    if ((await link.getAttribute("aria-describedby")) !== "tip" || !(await tip.locator("math").isVisible())) {
        problems.push("the focus on a reference shows no equation");
    }
    await page.keyboard.press("Escape");
    if ((await tip.isVisible()) || (await link.getAttribute("aria-describedby")) !== null) {
        problems.push("Escape does not hide the equation");
    }
    await link.hover();
    if (!(await appears(tip.locator("math")))) {
        problems.push("the mouse on a reference shows no equation");
    }
    return problems;
}

// One after the other: the tabs share a clipboard.
describe("what is copied", () => {
    const writes = how => intoMain(`<script>{ const write = navigator.clipboard.writeText.bind(navigator.clipboard); navigator.clipboard.writeText = ${how} }</script>`);
    holds("what is copied is what is shown", CHAPTER, clipboard, copies,
        [writes('() => write("wrong")'), /copied: wrong/],
        [writes("() => Promise.reject()"), /the button says Not copied/]);
});

// An equation's LaTeX, and code.
async function copies(page) {
    const problems = [];
    await page.locator(".equation .symbols > summary").first().press("Enter");
    for (const [button, source] of [[".latex > button", ".latex > code"], ["pre .clip-button", "pre:has(.clip-button) > code"]]) {
        const pressed = page.locator(button).first();
        const before = await pressed.textContent();
        await pressed.press("Enter");
        await page.waitForFunction(({ button, before }) => document.querySelector(button).textContent !== before, { button, before });
        const says = await pressed.textContent();
        if (says !== "Copied") {
            problems.push(`the button says ${says}`);
        }
        const wanted = await page.locator(source).first().textContent();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        if (copied !== wanted) {
            problems.push(`copied: ${copied}`);
        }
    }
    return problems;
}

// From the caption of an excerpt to the line in the full listing.
async function line(page) {
    await page.locator('main figcaption a[href*="listings/"]').first().click();
    await page.waitForURL(/listings/);
    const id = new URL(page.url()).hash.slice(1);
    const at = page.locator(`[id="${id}"]`);
    if ((await at.count()) !== 1) {
        return [`${id} is not on the page`];
    }
    const box = await at.boundingBox();
    const problems = box.y >= 0 && box.y < page.viewportSize().height ? [] : [`${id} is not in the window`];
    const ground = () => at.evaluate(element => getComputedStyle(element).backgroundColor);
    const marked = await ground();
    await page.evaluate(() => (location.hash = ""));
    return marked === (await ground()) ? [...problems, `${id} does not stand out`] : problems;
}

describe("the frame around the text", { concurrency: 2 }, () => {
    for (const theme of ["light", "dark"]) {
        for (const screen of [phone, desk]) {
            holds(`search, themes and help are accessible when they are open: ${theme}, ${screen.viewport.width} pixels`, "index.html", { ...screen, colorScheme: theme }, menus,
                ...(theme === "dark" ? [] : [
                    [style("#mdbook-searchresults * { color: #bbb !important }"), /the search: axe color-contrast/],
                    [style(".theme-popup button { color: #bbb !important }"), /the themes: axe color-contrast/],
                    [style("#mdbook-help-popup p { color: #bbb !important }"), /the help: axe color-contrast/],
                ].slice(0, screen === phone ? 3 : 0)));
        }
    }
    holds("a theme that was chosen stays", "index.html", desk, themes,
        [html => html.replace("localStorage.getItem('mdbook-theme')", "null").replace("<head>", "<head><script>Storage.prototype.setItem = () => {}</script>"), /the dark theme is lost/]);
});

async function menus(page) {
    const problems = [];
    const look = async what => problems.push(...(await faults(page)).map(problem => `${what}: ${problem}`));
    await page.keyboard.press("/");
    await page.keyboard.type("memory");
    if (!(await appears(page.locator("#mdbook-searchresults li").first()))) {
        return ["the search finds nothing"];
    }
    await look("the search");
    await page.keyboard.press("Escape");

    await page.locator("#mdbook-theme-toggle").click();
    const offered = (await page.locator(".theme-popup button").allTextContents()).join(", ");
    if (offered !== "Auto, Light, Dark") {
        problems.push(`themes that are offered: ${offered}`);
    }
    await look("the themes");
    await page.keyboard.press("Escape");

    await page.keyboard.press("?");
    await page.locator("#mdbook-help-popup").waitFor();
    await look("the help");
    return problems;
}

async function themes(page) {
    const problems = [];
    await page.locator("#mdbook-theme-toggle").click();
    await page.locator("#mdbook-theme-dark").click();
    await page.reload();
    if (!(await dark(page))) {
        problems.push("the dark theme is lost when the page is loaded again");
    }
    // Another book on the same host may have left a theme that ours doesn't have.
    await page.evaluate(() => localStorage.setItem("mdbook-theme", "navy"));
    await page.reload();
    const theme = await page.evaluate(() => document.documentElement.className.replace(/\b(js|sidebar-visible|awaits-\w+)\b/g, "").trim());
    return theme === "light" ? problems : [...problems, `another book's theme is shown: ${theme}`];
}

describe("wherever the book is", { concurrency: 2 }, () => {
    const serving = async (options, use) => {
        const other = await serve(options);
        try {
            return await use(other.url);
        } finally {
            await other.close();
        }
    };
    const breaking = async faults => {
        const planted = new Map();
        for (const [name, breakIt] of Object.entries(faults)) {
            const html = await read(name);
            planted.set(name, breakIt(html));
            assert.notEqual(planted.get(name), html, "the fault was planted");
        }
        return planted;
    };

    const noScript = { colorScheme: "dark", viewport: phone.viewport, javaScriptEnabled: false };
    test("without JavaScript every page is read by following links", LIMIT, async () => {
        none(await visit(`${site.url}index.html`, noScript, page => withoutJavaScript(page, site.url)));
    });
    test("without JavaScript: planted faults are reported", LIMIT, async () => {
        const planted = await breaking({
            "index.html": html => html.replace(/<main[^]*<\/main>/, "<main></main>"),
            [CHAPTER]: html => html.replace(/<a rel="next"[^]*?<\/a>/, ""),
        });
        const found = await serving({ planted }, url => visit(`${url}index.html`, noScript, page => withoutJavaScript(page, url)));
        assert.match(found.join("\n"), /index\.html shows no text[^]*never reached: .*ch06/);
    });

    const folder = "/some/folder/";
    test("below a folder", LIMIT, async () => {
        none(await serving({ below: folder }, url => visit(`${url}index.html`, desk, elsewhere)));
    });
    test("below a folder: a planted fault is reported", LIMIT, async () => {
        const planted = await breaking({ [LISTING]: html => html.replaceAll("../theme/", "/theme/") });
        const found = await serving({ below: folder, planted }, url => visit(`${url}index.html`, desk, elsewhere));
        assert.match(found.join("\n"), /Failed to load resource.*404/);
    });
    test("from disk", LIMIT, async () => {
        none(await visit(pathToFileURL(path.join(bookDir, "index.html")).href, desk, elsewhere));
    });

    // The server answers as hosts of static pages do: the 404 page under the address that was asked for.
    const lost = url => visit(`${url}no/such/page.html`, desk, notFound, { status: 404 });
    test("at an address that is no page", LIMIT, async () => none(await lost(site.url)));
    for (const [breakIt, expected] of [
        [html => html.replace(/<base [^>]*>/, ""), /Failed to load resource/],
        [intoMain('<a href="nowhere.html">a page</a>'), /leads nowhere: .*nowhere\.html/],
    ]) {
        test(`at an address that is no page: a planted fault is reported, ${expected.source}`, LIMIT, async () => {
            const planted = await breaking({ "404.html": breakIt });
            assert.match((await serving({ planted }, lost)).join("\n"), expected);
        });
    }
});

async function withoutJavaScript(page, root) {
    const toc = await read("toc.html");
    const chapters = new Set([...toc.matchAll(/href="([^"#:]+\.html)"/g)].map(match => match[1]));
    const problems = [];
    const seen = new Set();
    for (let n = 0; n <= chapters.size; n += 1) {
        const text = await page.locator("main").innerText();
        if (text.trim().length < 20) {
            problems.push(`${page.url()} shows no text`);
        }
        seen.add(decodeURIComponent(page.url().slice(root.length)).replace(/#.*/, ""));
        const next = page.locator(".nav-wrapper a[rel~=next]");
        if ((await next.count()) === 0) {
            break;
        }
        const to = await next.evaluate(link => link.href);
        await next.click();
        await page.waitForURL(to);
    }
    const [first] = chapters;
    const unseen = [...chapters].filter(chapter => !seen.has(chapter) && chapter !== first);
    if (unseen.length > 0) {
        problems.push(`never reached: ${unseen.join(", ")}`);
    }

    // Skip link, then the table of contents: a checkbox that the space bar works.
    for (const key of ["Tab", "Tab", "Space"]) {
        await page.keyboard.press(key);
    }
    if (!(await page.locator("#mdbook-sidebar-toggle-anchor").isChecked())) {
        problems.push("the space bar does not open the table of contents");
    }
    await page.frameLocator("#mdbook-sidebar iframe").locator("a").first().waitFor();
    return problems;
}

// Onwards by the link to the next page, to a page in a folder of the book, and back by the search.
async function elsewhere(page) {
    const problems = [];
    await page.locator(".nav-wrapper a[rel=next]").click();
    await page.waitForURL(/ch01[^/]*\.html$/);
    problems.push(...(await strayMath(page)));
    if ((await page.locator("#mdbook-sidebar a.active").count()) !== 1) {
        problems.push("the table of contents does not mark the page");
    }
    await page.locator(`#mdbook-sidebar a[href*="${CHAPTER}"]`).first().click();
    await page.waitForURL(new RegExp(CHAPTER));
    await page.locator(`main a[href^="${LISTING}"]`).first().click();
    await page.waitForURL(/listings/);
    await page.waitForLoadState("load");
    problems.push(...(await structure(page)));
    await page.keyboard.press("/");
    await page.keyboard.type("forget gate");
    const found = page.locator("#mdbook-searchresults li a");
    if (!(await appears(found.first()))) {
        return [...problems, "the search finds nothing"];
    }
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/^(?!.*listings).*[?&]highlight=/);
    await page.waitForLoadState("load");
    return [...problems, ...(await structure(page))];
}

async function notFound(page) {
    const problems = await faults(page);
    const links = await page.locator("a[href]").evaluateAll(all => all.map(link => link.href.replace(/#.*/, "")));
    for (const link of new Set(links.filter(link => link.startsWith(new URL(page.url()).origin)))) {
        const answer = await page.request.get(link);
        if (!answer.ok()) {
            problems.push(`leads nowhere: ${link}`);
        }
    }
    return problems;
}
