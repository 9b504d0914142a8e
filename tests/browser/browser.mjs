// What the browser tests stand on: a Chromium that is found and started, the built book on a server, a tab.

import { access, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The built book. */
export const bookDir = path.resolve(process.env.BOOK_DIR ?? path.join(here, "../../target/book"));

/** Where the pictures go. */
export const shots = path.resolve(process.env.SCREENSHOT_DIR ?? path.join(here, "../../target/screenshots"));

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
 *  frame toc.html, the first page once more under its own name, and pages that only send the reader on. */
export async function findPages() {
    let files;
    try {
        files = await readdir(bookDir, { recursive: true });
    } catch {
        throw new Error(`There is no built book in ${bookDir}: build it first, or let BOOK_DIR name its folder.`);
    }
    const pages = [];
    const first = await readFile(path.join(bookDir, "index.html"), "utf8").catch(() => undefined);
    for (const file of files.map(name => name.split(path.sep).join("/")).sort()) {
        if (!file.endsWith(".html") || ["print.html", "toc.html"].includes(path.posix.basename(file))) {
            continue;
        }
        const html = await readFile(path.join(bookDir, file), "utf8");
        if (!/http-equiv="refresh"/i.test(html) && (html !== first || file === "index.html")) {
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

/** Serves the book on a free port of this machine, as hosts of static pages do: compressed, and with the book's 404
 *  page for what is not there. `planted` maps a page's name to HTML that is served in its place; `below` is the path
 *  of the book on the host. */
export async function serve({ planted = new Map(), below } = {}) {
    // A book that is published below a folder says so in its 404 page, whose links must work anywhere.
    const notFound = await readFile(path.join(bookDir, "404.html"), "utf8").catch(() => "");
    const base = below ?? new URL(/<base href="([^"]*)"/.exec(notFound)?.[1] ?? "/", "http://localhost").pathname;

    async function find(name) {
        const file = path.join(bookDir, name || "index.html");
        if (path.relative(bookDir, file).startsWith("..")) {
            return undefined;
        }
        return planted.get(name) ?? (await readFile(file).catch(() => undefined));
    }

    const server = createServer(async (request, response) => {
        const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
        const found = name.startsWith(base) ? await find(name.slice(base.length)) : undefined;
        const body = found ?? (await find("404.html")) ?? "";
        const type = found === undefined ? "text/html" : (TYPES[path.extname(name) || ".html"] ?? "application/octet-stream");
        const packed = /text|javascript|json|svg/.test(type) && /gzip/.test(request.headers["accept-encoding"] ?? "");
        const headers = { "content-type": `${type}; charset=utf-8`, ...(packed && { "content-encoding": "gzip" }) };
        response.writeHead(found === undefined ? 404 : 200, headers).end(packed ? gzipSync(body) : body);
    });
    await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}${base}`,
        close: () => new Promise(resolve => server.close(resolve)),
    };
}

/** The math font. */
export const FONT = /\.woff2$/;

/** A tab that writes down everything a reader should be spared: errors, requests to anyone but the book's server, and
 *  what moved after it was seen. `status` is the answer that the host is to give; `fontDelay` holds the math font back,
 *  in milliseconds. */
export async function open(browser, url, options, { status = 200, fontDelay = 0 } = {}) {
    const context = await browser.newContext(options);
    const problems = [];
    const requests = [];
    const own = new URL(url).origin;
    const isOwn = address => /^(data|blob|about):/.test(address) || new URL(address).origin === own;
    await context.route(address => !isOwn(address.href), route => route.abort());
    if (fontDelay > 0) {
        await context.route(FONT, route => wait(fontDelay).then(() => route.continue()).catch(() => {}));
    }
    context.on("request", request => {
        if (!isOwn(request.url())) {
            problems.push(`request to another host: ${request.url()}`);
        }
    });
    await context.addInitScript(noteShifts);
    const page = await context.newPage();
    page.on("requestfinished", request => requests.push(request));
    page.on("websocket", socket => problems.push(`web socket: ${socket.url()}`));
    page.on("pageerror", error => problems.push(`JavaScript error: ${error.message}`));
    page.on("console", message => {
        const expected = status !== 200 && message.location().url === url;
        if (message.type() === "error" && !expected) {
            problems.push(`console error: ${message.text()} (${message.location().url})`);
        }
    });
    const response = await page.goto(url, { waitUntil: "load" });
    // A page that is opened from disk has no status.
    if (response.status() !== status && !url.startsWith("file:")) {
        problems.push(`${url} answers ${response.status()}, not ${status}`);
    }
    await page.evaluate(() => document.fonts.ready);
    return { page, problems, requests, close: () => context.close() };
}

// Runs in the page, before anything else.
function noteShifts() {
    globalThis.shifts = [];
    new PerformanceObserver(list => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
            if (!hadRecentInput) {
                const what = sources.map(({ node }) => node?.localName ?? node?.parentElement?.localName ?? "something");
                globalThis.shifts.push({ value, what: [...new Set(what)].join(", ") });
            }
        }
    }).observe({ type: "layout-shift", buffered: true });
}
