// Lighthouse, mobile, over pages of the built book: a table of scores, bytes and requests, and under it what keeps a
// page from a full score.
//
//     node lighthouse.mjs            every page
//     node lighthouse.mjs ch05-      the pages whose names begin so
//
// Exit code 1 if a score, the bytes or the requests of a page miss the book's promise.

import { createServer } from "node:net";
import lighthouse from "lighthouse";
import { bookDir, findPages, launch, serve } from "./browser.mjs";

const CATEGORIES = { performance: 100, accessibility: 100, "best-practices": 100, seo: 100 };
const MOST = { kilobytes: 150, requests: 12 };

const wanted = process.argv.slice(2);
const pages = (await findPages()).filter(page => !wanted.length || wanted.some(name => page.startsWith(name)));
if (pages.length === 0) {
    throw new Error(`no page of ${bookDir} begins with ${wanted.join(" or ")}`);
}

const site = await serve();
let missed = 0;
const notes = [];
console.log(`${"page".padEnd(36)} perf  a11y  best   seo    FCP    LCP  block  shift     KB  requests`);
for (const page of pages) {
    try {
        report(page, await best(page));
    } catch (error) {
        missed += 1;
        notes.push(`${page} could not be measured: ${error.message}`);
    }
}
await site.close();
console.log(notes.join("\n"));
process.exit(missed === 0 ? 0 : 1);

// Only the simulated load is judged; a machine that is busy elsewhere can still slow a run down, so a page that misses by
// speed alone is looked at again. A browser that dies is no fault of the page either: once, another one is asked.
async function best(page) {
    let result = await measure(page).catch(() => measure(page));
    for (let again = 0; again < 2 && result.categories.performance.score < 1; again += 1) {
        const next = await measure(page).catch(() => result);
        result = next.categories.performance.score > result.categories.performance.score ? next : result;
    }
    return result;
}

// In a browser of its own, so that no page's fate is another's.
async function measure(page) {
    const port = await freePort();
    const browser = await launch(process.env, [`--remote-debugging-port=${port}`]);
    try {
        const flags = { port, onlyCategories: Object.keys(CATEGORIES), logLevel: "error", disableFullPageScreenshot: true };
        const { lhr } = await lighthouse(site.url + page, flags);
        if (lhr.runtimeError) {
            throw new Error(lhr.runtimeError.message);
        }
        return lhr;
    } finally {
        await browser.close();
    }
}

function report(page, { categories, audits }) {
    const requests = audits["network-requests"].details.items;
    const kilobytes = requests.reduce((sum, request) => sum + (request.transferSize ?? 0), 0) / 1024;
    const scores = Object.keys(CATEGORIES).map(name => Math.round(categories[name].score * 100));
    const time = name => Math.round(audits[name].numericValue);
    console.log(
        page.padEnd(36) + scores.map(score => String(score).padStart(5)).join(" ") +
            `${time("first-contentful-paint")}`.padStart(7) + `${time("largest-contentful-paint")}`.padStart(7) + `${time("total-blocking-time")}`.padStart(7) +
            audits["cumulative-layout-shift"].numericValue.toFixed(3).padStart(7) +
            kilobytes.toFixed(0).padStart(7) + String(requests.length).padStart(10),
    );
    const fullScore = Object.entries(CATEGORIES).every(([name, least]) => categories[name].score * 100 >= least);
    if (!fullScore || kilobytes > MOST.kilobytes || requests.length > MOST.requests) {
        missed += 1;
    }
    for (const [name, category] of Object.entries(categories)) {
        for (const { id, weight } of category.auditRefs) {
            const audit = audits[id];
            if (weight > 0 && audit.score !== null && audit.score < (name === "performance" ? 0.98 : 1)) {
                notes.push(`${page}: ${name}: ${audit.title} (${audit.displayValue ?? audit.score})`);
            }
        }
    }
}

function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}
