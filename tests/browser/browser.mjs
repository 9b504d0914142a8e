// The parts of the browser tests that are no tests: finding a Chromium, serving the book, looking at a page.

import { readFileSync } from "node:fs";
import { access, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const INSTALL = `No Chromium was found. The browser tests need one (Chromium, Chrome or Edge):
  Debian, Ubuntu  sudo apt install chromium
  Fedora          sudo dnf install chromium
  macOS           brew install --cask chromium
  Windows         winget install Hibbiki.Chromium
or let the environment variable CHROMIUM name the program.`;

// No call home, nothing kept: Playwright gives each launch a new profile and removes it at the end.
const FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Even a fault in a page can't reach another host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Starts the Chromium that CHROMIUM names, or one on the PATH, or an installed Chrome or Edge. */
export async function launch(env = process.env, more = []) {
    const args = [...FLAGS, ...more];
    if (env.CHROMIUM) {
        try {
            return await chromium.launch({ executablePath: env.CHROMIUM, args });
        } catch (error) {
            throw new Error(`CHROMIUM names ${env.CHROMIUM}, which did not start.\n${INSTALL}\n\n${error.message}`);
        }
    }
    const onPath = await findOnPath(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], env);
    const choices = [...onPath.map(executablePath => ({ executablePath })), { channel: "chrome" }, { channel: "msedge" }];
    const faults = [];
    for (const choice of choices) {
        try {
            return await chromium.launch({ ...choice, args });
        } catch (error) {
            if (choice.executablePath) {
                faults.push(`${choice.executablePath} did not start: ${error.message}`);
            }
        }
    }
    throw new Error([INSTALL, ...faults].join("\n\n"));
}

async function findOnPath(names, env) {
    const found = [];
    for (const folder of (env.PATH ?? env.Path ?? "").split(path.delimiter).filter(Boolean)) {
        for (const name of names) {
            const file = path.join(folder, process.platform === "win32" ? `${name}.exe` : name);
            if (await access(file).then(() => true, () => false)) {
                found.push(file);
            }
        }
    }
    return found;
}

/** Every page of the built book, as paths relative to it. Left out: the whole book once more in print.html, the
 *  frame toc.html, and pages that only send the reader on. */
export async function findPages(bookDir) {
    let files;
    try {
        files = await readdir(bookDir, { recursive: true });
    } catch {
        throw new Error(`There is no built book in ${bookDir}: build it first, or let BOOK_DIR name its folder.`);
    }
    const pages = [];
    for (const file of files.map(name => name.split(path.sep).join("/")).sort()) {
        if (!file.endsWith(".html") || ["print.html", "toc.html"].includes(path.posix.basename(file))) {
            continue;
        }
        if (!/http-equiv="refresh"/i.test(await readFile(path.join(bookDir, file), "utf8"))) {
            pages.push(file);
        }
    }
    if (pages.length === 0) {
        throw new Error(`${bookDir} holds no page: build the book first, or let BOOK_DIR name its folder.`);
    }
    return pages;
}

const TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
};

/** Serves the book on a free port of this machine, compressed as hosts of static sites do. `extra` maps a page's name
 *  to HTML that is served in its place. */
export async function serve(bookDir, extra = new Map()) {
    // A book that is published below a folder says so in its 404 page, whose links must work anywhere.
    const notFound = await readFile(path.join(bookDir, "404.html"), "utf8").catch(() => "");
    const base = new URL(/<base href="([^"]*)"/.exec(notFound)?.[1] ?? "/", "http://localhost").pathname;

    const server = createServer(async (request, response) => {
        const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
        const file = path.join(bookDir, name.slice(base.length) || "index.html");
        const inside = name.startsWith(base) && !path.relative(bookDir, file).startsWith("..");
        try {
            const body = extra.get(name.slice(base.length)) ?? (inside ? await readFile(file) : undefined);
            if (body === undefined) {
                throw new Error("outside the book");
            }
            const type = TYPES[path.extname(file)] ?? "application/octet-stream";
            const packed = /text|javascript|json|svg/.test(type) && /gzip/.test(request.headers["accept-encoding"] ?? "");
            const headers = { "content-type": `${type}; charset=utf-8`, ...(packed && { "content-encoding": "gzip" }) };
            response.writeHead(200, headers).end(packed ? gzipSync(body) : body);
        } catch {
            response.writeHead(404).end();
        }
    });
    await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}${base}`,
        close: () => new Promise(resolve => server.close(resolve)),
    };
}

/** A tab that writes down everything a reader should be spared: errors, and requests to anyone but the book's server. */
export async function open(browser, url, options) {
    const context = await browser.newContext(options);
    const problems = [];
    const own = new URL(url).origin;
    const isOwn = address => /^(data|blob|about):/.test(address) || new URL(address).origin === own;
    await context.route(address => !isOwn(address.href), route => route.abort());
    context.on("request", request => {
        if (!isOwn(request.url())) {
            problems.push(`request to another host: ${request.url()}`);
        }
    });
    const page = await context.newPage();
    page.on("websocket", socket => problems.push(`web socket: ${socket.url()}`));
    page.on("pageerror", error => problems.push(`JavaScript error: ${error.message}`));
    page.on("console", message => {
        if (message.type() === "error") {
            problems.push(`console error: ${message.text()} (${message.location().url})`);
        }
    });
    const response = await page.goto(url, { waitUntil: "load" });
    if (!response.ok()) {
        problems.push(`${url} answers ${response.status()}`);
    }
    await page.evaluate(() => document.fonts.ready);
    return { page, problems, close: () => context.close() };
}

/** Everything that must hold of any page, in any theme, at any width: a list of what doesn't. */
export async function faults(page) {
    return [...(await page.evaluate(structureAndOverflow)), ...(await axe(page))];
}

/** The violations that axe-core finds in what is shown right now. */
export async function axe(page) {
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => {
        // Colours are compared at rest: transitions of the menu bar and of links are let run out first.
        await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
        return (await globalThis.axe.run({ resultTypes: ["violations"] })).violations.map(violation => ({
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

/** The characters of formulas that the book's own math font did not draw. Words (mtext) are set in the text's font. */
export async function strayMath(page) {
    if ((await page.locator("main math").count()) === 0) {
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
    const formulas = await Promise.all((await nodesOf("main math")).map(strangers));
    if (formulas.flat().length > 0) {
        for (const nodeId of await nodesOf("main math :is(mi, mn, mo)")) {
            const [font] = await strangers(nodeId);
            if (font) {
                const { outerHTML } = await session.send("DOM.getOuterHTML", { nodeId });
                problems.push(`drawn in ${font.familyName}, not in the book's math font: ${outerHTML}`);
            }
        }
    }
    await session.detach();
    return [...new Set(problems)];
}
