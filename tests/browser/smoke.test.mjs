// Every page of the built book, as it stands: in light and dark, on a phone, a tablet and a desk, on paper, and what its
// first view costs. README.md says what this needs.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { after, describe, test } from "node:test";
import { FONT, bookDir, findPages, launch, open, serve, shots } from "./browser.mjs";
import { faults, firstView, paperFaults, shifts, skipLink, strayMath, structure } from "./checks.mjs";

const HEIGHTS = { 390: 844, 768: 1024, 1440: 900 };
// A slow line: how late the math font is, in milliseconds, and how much the text may move when it comes.
const SLOW = { fontDelay: 1500, shift: 0.01 };
// After so long a page counts as hung. A browser that hangs is asked once more; if it hangs again, that is a failure with
// a name, not a build that never ends.
const HANGS = 120_000;
const LIMIT = { timeout: 2.5 * HANGS };

const planted = new Map();
const pages = await findPages();
const browser = await launch();
const site = await serve({ planted });
await mkdir(shots, { recursive: true });
after(async () => {
    await browser.close();
    await site.close();
});

const isListing = page => page.startsWith("listings/");
const screen = (theme, width) => ({ colorScheme: theme, viewport: { width, height: HEIGHTS[width] } });
const none = problems => assert.equal(problems.length, 0, `\n- ${problems.join("\n- ")}\n`);

describe("every page", { concurrency: 2 }, () => {
    for (const page of pages.filter(page => !isListing(page))) {
        test(`${page} on a phone, a tablet and paper`, LIMIT, t => patiently(() => narrow(page, t)));
        test(`${page} on a desk, its font late`, LIMIT, () => patiently(() => wide(page)));
    }
    // The full listings are many pages of one make: one half is looked at on a phone, the other on a desk.
    for (const [n, page] of pages.filter(isListing).entries()) {
        const [theme, width] = n % 2 === 0 ? ["light", 390] : ["dark", 1440];
        test(`${page}, ${theme}, ${width} pixels`, LIMIT, t => patiently(() => listing(page, theme, width, t)));
    }
});

describe("the checks find what they look for", { concurrency: 2 }, negatives);

async function patiently(look, hangs = HANGS) {
    const hung = Symbol("hung");
    let timer;
    const late = new Promise(resolve => (timer = setTimeout(resolve, hangs, hung)));
    const answer = await Promise.race([look(), late]).finally(() => clearTimeout(timer));
    return answer === hung ? look() : answer;
}

async function visit(name, options, look, more) {
    const { page, problems, requests, close } = await open(browser, site.url + name, options, more);
    try {
        return [...(await look(page, requests)), ...problems];
    } finally {
        await close();
    }
}

// Changes theme and width under the reader's eyes: the page follows the system's theme while it is open.
async function at(page, theme, width, check) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height: HEIGHTS[width] });
    const shown = page.waitForFunction(theme => document.documentElement.classList.contains(theme), theme, { timeout: 5_000 });
    const problems = (await shown.catch(() => false)) ? await check(page) : ["the theme does not follow the system"];
    return problems.map(problem => `${theme}, ${width} pixels: ${problem}`);
}

const shoot = (page, name, how) =>
    page.screenshot({ path: path.join(shots, `${name.replace(/\.html$/, "").replaceAll("/", "-")}-${how}.jpg`), quality: 70, fullPage: true, timeout: HANGS });

async function narrow(name, t) {
    none(await visit(name, screen("light", 390), async (page, requests) => {
        const { cost, problems } = await firstView(page, requests);
        t.diagnostic(cost);
        problems.push(...(await shifts(page)));
        // What axe looks at changes with the layout of phone and desk; between them, only the room does.
        for (const [theme, width] of [["light", 390], ["light", 768], ["dark", 768], ["dark", 390]]) {
            problems.push(...(await at(page, theme, width, async () => {
                await shoot(page, name, `${theme}-${width}`);
                const shut = await structure(page);
                return width === 768 ? shut : [...shut, ...(await unfolded(page, faults))];
            })));
        }
        problems.push(...(await unfolded(page, strayMath)), ...(await skipLink(page)), ...(await paperFaults(page)));
        await shoot(page, name, "print");
        return problems;
    }));
}

// Solutions and symbols are looked at too: on a phone every fold is opened, on a desk they stay shut.
async function unfolded(page, check) {
    const set = open => page.evaluate(open => document.querySelectorAll("main details").forEach(fold => (fold.open = open)), open);
    await set(true);
    const problems = await check(page);
    await set(false);
    return problems.map(problem => `with every fold open: ${problem}`);
}

async function wide(name) {
    none(await visit(name, screen("light", 1440), async page => {
        const problems = await shifts(page, SLOW.shift);
        if (await page.evaluate(late => !performance.getEntriesByType("resource").some(({ name, duration }) => /woff2$/.test(name) && duration >= late), SLOW.fontDelay)) {
            problems.push("the math font was not late");
        }
        // A picture of the whole page asks for the font again, and would show the page without it.
        await page.context().unroute(FONT);
        for (const theme of ["light", "dark"]) {
            problems.push(...(await at(page, theme, 1440, faults)));
            await shoot(page, name, `${theme}-1440`);
        }
        return problems;
    }, SLOW));
}

async function listing(name, theme, width, t) {
    none(await visit(name, screen(theme, width), async (page, requests) => {
        t.diagnostic((await firstView(page, requests)).cost);
        const problems = [...(await shifts(page)), ...(await faults(page))];
        await shoot(page, name, `${theme}-${width}`);
        return [...problems, ...(await skipLink(page)), ...(await paperFaults(page))];
    }));
}

// A check that never fails proves nothing: each kind of fault, planted in a real page, must be reported.
async function negatives() {
    const name = "index.html";
    const html = await readFile(path.join(bookDir, name), "utf8");
    const intoMain = fault => html.replace("</main>", `${fault}</main>`);
    const everything = async (page, requests) => [
        ...(await firstView(page, requests)).problems,
        ...(await shifts(page)),
        ...(await faults(page)),
        ...(await strayMath(page)),
        ...(await skipLink(page)),
        ...(await paperFaults(page)),
    ];
    const [icon] = /favicon-\w+\.svg/.exec(html);
    const late = (ms, script) => `<script>setTimeout(() => { ${script} }, ${ms})</script>`;
    const cases = [
        ["an image from another host", intoMain('<img src="http://elsewhere.invalid/a.png" alt="">'), /request to another host: http:\/\/elsewhere\.invalid/],
        ["a script from another host", intoMain('<script src="https://elsewhere.invalid/a.js"></script>'), /request to another host/],
        ["a console error", intoMain("<script>console.error('planted')</script>"), /console error: planted/],
        ["a JavaScript error", intoMain("<script>throw new Error('planted')</script>"), /JavaScript error: planted/],
        ["a missing file", intoMain('<img src="missing.png" alt="">'), /console error: Failed to load resource/],
        ["a box that is too wide", intoMain('<div style="width: 3000px">wide</div>'), /<div> sticks out of the window/],
        ["an image without a text alternative", intoMain('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'), /axe image-alt/],
        ["pale text", intoMain('<p style="color: #aaa">pale</p>'), /axe color-contrast/],
        ["a second h1", intoMain("<h1>Again</h1>"), /2 × h1/],
        ["a second main", intoMain("<div role='main'>Again</div>"), /2 × main landmark/],
        ["no lang", html.replace(/<html lang="[^"]*"/, "<html"), /no lang/],
        ["no skip link", html.replace(/<a class="skip-link"[^]*?<\/a>/, ""), /first Tab does not show the skip link/],
        ["a formula in another font", intoMain('<math><mi style="font-family: serif">q</mi></math>'), /not in the book's math font: <mi/],
        ["a figure's letter in another font", intoMain('<svg role="img" aria-label="x"><text y="20" font-family="serif">q</text></svg>'), /not in the book's math font: <text/],
        ["too many bytes", intoMain(`<!-- ${randomBytes(120_000).toString("base64")} -->`), /the first view takes/],
        ["too many requests", intoMain(Array.from({ length: 13 }, (_, n) => `<img src="${icon}?${n}" alt="">`).join("")), /the first view takes/],
        ["text that moves after it was seen", intoMain(late(300, 'document.querySelector("h1").style.marginTop = "300px"')), /the layout shifted by 0\.\d+: div/],
        ["code that does not fit on paper", intoMain(`<pre><code style="white-space: pre">${"wide ".repeat(60)}</code></pre>`), /cut off on paper: <code/],
        ["an equation that does not fit on paper", intoMain('<div class="equation-body"><math><mspace width="900px"/></math></div>'), /cut off on paper: <div class="equation-body"/],
        ["coloured paper", intoMain("<style>@media print { html { background: beige !important } }</style>"), /printed in .* on rgb\(245/],
        ["something printed that is of no use on paper", intoMain("<style>@media print { #mdbook-menu-bar { display: block !important } }</style>"), /of no use on paper/],
    ];
    for (const [n, [what, planting, expected]] of cases.entries()) {
        test(what, LIMIT, async () => {
            assert.notEqual(planting, html, "the fault was planted");
            planted.set(`planted-${n}.html`, planting);
            assert.match((await visit(`planted-${n}.html`, screen("light", 1440), everything)).join("\n"), expected);
        });
    }

    test("nothing, where nothing was planted", LIMIT, async () => {
        planted.set("planted.html", html);
        none(await visit("planted.html", screen("light", 1440), everything));
    });

    test("a page that keeps its own theme", LIMIT, async () => {
        planted.set("stubborn.html", html.replace("<head>", "<head><script>matchMedia = () => ({ addEventListener() {} })</script>"));
        const look = page => at(page, "dark", 390, structure);
        assert.match((await visit("stubborn.html", screen("light", 390), look)).join("\n"), /the theme does not follow/);
    });

    test("a fault in a fold", LIMIT, async () => {
        planted.set("folded.html", intoMain('<details><summary>More</summary><p style="color: #aaa">pale</p></details>'));
        const look = async page => [...(await faults(page)), ...(await unfolded(page, faults))];
        const found = await visit("folded.html", screen("light", 390), look);
        assert.match(found.join("\n"), /^with every fold open: axe color-contrast/);
    });

    test("a page that hangs once is asked again", LIMIT, async () => {
        let asked = 0;
        assert.equal(await patiently(() => (asked++ === 0 ? new Promise(() => {}) : Promise.resolve("here")), 50), "here");
        await assert.rejects(patiently(() => Promise.reject(new Error("wrong")), 50), /wrong/);
    });
    test("a browser that isn't there is named, with what to install", LIMIT, async () => {
        await assert.rejects(launch({ CHROMIUM: "no-such-browser" }), /no-such-browser[^]*apt install chromium/);
    });
}
