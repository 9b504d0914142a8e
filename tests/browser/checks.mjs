// What must hold of a page, whatever page it is. Each check gives a list of what does not.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The first view of a page, as transferred, with headers.
export const MOST = { kilobytes: 150, requests: 12 };

// The text's box on A4 between the margins of book.css, in CSS pixels.
const PAPER = { width: 657, height: 971 };

/** Everything that must hold in any theme, at any width. */
export async function faults(page) {
    return [...(await structure(page)), ...(await axe(page))];
}

/** Landmarks, language, title, and nothing that sticks out. */
export const structure = page => page.evaluate(structureAndOverflow);

/** The violations that axe-core finds in what is shown right now. */
export async function axe(page) {
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => {
        // Colours are compared at rest: transitions of the menu bar and of links are let run out first.
        await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
        return (await globalThis.axe.run({ resultTypes: ["violations"], preload: false })).violations.map(violation => ({
            id: violation.id,
            help: violation.help,
            nodes: violation.nodes.map(node => `${node.target.join(" ")} · ${node.failureSummary}`),
        }));
    });
    return violations.map(
        ({ id, help, nodes }) =>
            `axe ${id}: ${help} (${nodes.length} times)\n    ${nodes.slice(0, 3).join("\n    ").replaceAll("\n  ", " ")}`,
    );
}

// Runs in the page.
function structureAndOverflow() {
    const problems = [];
    const root = document.documentElement;
    if (!root.lang) {
        problems.push("<html> has no lang");
    }
    for (const [what, selector] of [["h1", "h1"], ["main landmark", "main, [role=main]"]]) {
        const count = document.querySelectorAll(selector).length;
        if (count !== 1) {
            problems.push(`the page has ${count} × ${what}, expected one`);
        }
    }

    // The page itself must not scroll sideways; and because mdBook clips the body, what sticks out of it
    // would be cut off without a scroll bar: each element is asked as well.
    if (root.scrollWidth > window.innerWidth) {
        problems.push(`the page is ${root.scrollWidth}px wide in a window of ${window.innerWidth}px`);
    }
    const main = document.querySelector("main");
    const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const describe = element =>
        `<${element.localName}${element.id ? ` id="${element.id}"` : ""}${element.className?.trim?.() ? ` class="${element.className}"` : ""}>`;
    function insideScroller(element) {
        for (let up = element.parentElement; up && up !== main; up = up.parentElement) {
            if (scrolls(up)) {
                return true;
            }
        }
        return false;
    }
    const excess = element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 ? Math.round(box.right - window.innerWidth) : 0;
    };
    for (const element of main?.querySelectorAll("*:not(svg *, math *)") ?? []) {
        // Named once, not again for each of its parts.
        const first = element.parentElement === main || excess(element.parentElement) <= 1;
        if (excess(element) > 1 && first && element.checkVisibility() && !insideScroller(element)) {
            problems.push(`${describe(element)} sticks out of the window by ${excess(element)}px`);
        }
    }
    return problems;
}

/** The characters of formulas and figures that the book's own math font did not draw. Words in formulas (mtext) are set
 *  in the text's font. */
export async function strayMath(page) {
    if ((await page.locator("main :is(math, svg text)").count()) === 0) {
        return [];
    }
    const problems = [];
    if (!(await page.evaluate(() => [...document.fonts].some(f => f.family.includes("STIX Two Math") && f.status === "loaded")))) {
        problems.push("the page has formulas, but the book's math font was not loaded");
    }
    const session = await page.context().newCDPSession(page);
    await session.send("DOM.enable");
    await session.send("CSS.enable");
    const { root } = await session.send("DOM.getDocument", { depth: 0 });
    const nodesOf = async selector =>
        (await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector })).nodeIds;
    const strangers = async nodeId =>
        (await session.send("CSS.getPlatformFontsForNode", { nodeId })).fonts.filter(font => !font.isCustomFont);
    const whole = await Promise.all((await nodesOf("main :is(math, svg)")).map(strangers));
    if (whole.flat().length > 0) {
        for (const nodeId of await nodesOf("main :is(math :is(mi, mn, mo), svg text)")) {
            const [font] = await strangers(nodeId);
            if (font) {
                const { outerHTML } = await session.send("DOM.getOuterHTML", { nodeId });
                problems.push(`drawn in ${font.familyName}, not in the book's math font: ${outerHTML.slice(0, 200)}`);
            }
        }
    }
    await session.detach();
    return [...new Set(problems)];
}

/** The first stop of the Tab key is the skip link; it can be seen there, and leads past everything to the text. */
export async function skipLink(page) {
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
        const element = document.activeElement;
        const box = element.getBoundingClientRect();
        return { skips: element.matches("a.skip-link"), shown: box.top >= 0 && box.left >= 0 && box.height > 0 };
    });
    if (!first.skips || !first.shown) {
        return ["the first Tab does not show the skip link"];
    }
    await page.keyboard.press("Enter");
    const arrived = await page.evaluate(() => document.activeElement?.localName);
    return arrived === "main" ? [] : [`the skip link leads to <${arrived}>, not to <main>`];
}

/** On paper nothing can be scrolled, so nothing may need it; and ink is dark on white whatever the screen shows. */
export async function paperFaults(page) {
    await page.setViewportSize(PAPER);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    return page.evaluate(() => {
        const problems = [];
        const main = document.querySelector("main");
        for (const element of main.querySelectorAll("pre > code, .table-wrapper, .equation-body, figure, svg, math")) {
            const sticksOut = element.getBoundingClientRect().right > window.innerWidth + 1;
            const overflows = element instanceof HTMLElement && element.scrollWidth > element.clientWidth + 1;
            if ((sticksOut || overflows) && element.checkVisibility()) {
                problems.push(`cut off on paper: ${element.outerHTML.slice(0, 120)}`);
            }
        }
        for (const frame of document.querySelectorAll("#mdbook-menu-bar, #mdbook-sidebar, .nav-wrapper")) {
            if (frame.checkVisibility()) {
                problems.push(`printed, but of no use on paper: ${frame.id || frame.className}`);
            }
        }
        const ink = getComputedStyle(main).color;
        const paper = getComputedStyle(document.documentElement).backgroundColor;
        if (ink !== "rgb(0, 0, 0)" || paper !== "rgb(255, 255, 255)") {
            problems.push(`printed in ${ink} on ${paper}`);
        }
        return problems;
    });
}

/** What the first view of a page cost (`requests` of its tab), in words, and what of it is too much. */
export async function firstView(page, requests) {
    await page.waitForLoadState("networkidle");
    const kinds = new Map();
    let bytes = 0;
    for (const request of requests) {
        const { responseHeadersSize, responseBodySize } = await request.sizes();
        const kind = kinds.get(request.resourceType()) ?? { count: 0, bytes: 0 };
        kind.count += 1;
        kind.bytes += responseHeadersSize + responseBodySize;
        bytes += responseHeadersSize + responseBodySize;
        kinds.set(request.resourceType(), kind);
    }
    const inKilobytes = number => `${(number / 1024).toFixed(1)} KB`;
    const parts = [...kinds].map(([kind, { count, bytes }]) => `${kind} (${count}) ${inKilobytes(bytes)}`);
    const cost = `${inKilobytes(bytes)} in ${requests.length} requests`;
    const problems = [];
    if (bytes > MOST.kilobytes * 1024 || bytes === 0 || requests.length > MOST.requests) {
        problems.push(`the first view takes ${cost}, at most ${MOST.kilobytes} KB in ${MOST.requests}`);
    }
    return { cost: `${cost}: ${parts.join(", ")}`, problems };
}

/** What moved after it was seen, but for what the reader's own keys and clicks moved. Less than a thousandth of the
 *  window is no shift: Lighthouse's own number has three places. */
export async function shifts(page, most = 0.001) {
    await page.waitForLoadState("networkidle");
    const moved = await page.evaluate(() => globalThis.shifts);
    const sum = moved.reduce((all, { value }) => all + value, 0);
    return sum > most ? [`the layout shifted by ${sum.toFixed(4)}: ${moved.map(({ what }) => what).join("; ")}`] : [];
}
