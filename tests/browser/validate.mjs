// The built pages against the HTML standard, with the Nu checker (vnu), which needs Java 17.
//
// Exit code 1 if it finds an error. mdBook's own helper writes the list in toc.html, the frame
// for readers without JavaScript, with end tags too many, which browsers pass over; that file is left out.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const bookDir = path.resolve(process.env.BOOK_DIR ?? path.join(here, "../../target/book"));
const jar = path.join(path.dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build/dist/vnu.jar");

// What the checker refuses although it is right.
const RIGHT = [
    // A global attribute of MathML Core (https://www.w3.org/TR/mathml-core/#global-attributes); the checker still goes
    // by MathML 3, where only mstyle had it.
    /^Attribute “scriptlevel” not allowed on element “mtable”/,
];

const planted = mkdtempSync(path.join(tmpdir(), "vnu-"));
try {
    const wrong = path.join(planted, "planted.html");
    writeFileSync(wrong, '<!DOCTYPE html><html lang="en"><title>t</title><p id="a"><p id="a"><blink>b</blink></html>');
    const files = readdirSync(bookDir, { recursive: true }).filter(name => name.endsWith(".html") && name !== "toc.html").sort();
    const found = check([wrong, ...files.map(name => path.join(bookDir, name))]);
    const isPlanted = ({ url }) => url.endsWith("/planted.html");
    const kinds = found.filter(isPlanted).map(({ message }) => message).join("\n");
    if (files.length === 0 || !/Duplicate ID/.test(kinds) || !/blink/.test(kinds)) {
        throw new Error(`the checker looked at ${files.length} pages of ${bookDir} and missed a planted fault:\n${kinds}`);
    }
    const faults = found.filter(fault => !isPlanted(fault));
    for (const { url, lastLine, message, extract } of faults) {
        console.log(`${fileURLToPath(url)}:${lastLine}: ${message}\n    ${extract?.replace(/\s+/g, " ")}`);
    }
    console.log(`${files.length} pages, ${faults.length} errors; two planted ones were found`);
    process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
    rmSync(planted, { recursive: true });
}

function check(files) {
    const args = ["-Xss4m", "-jar", jar, "--format", "json", "--stdout", "--exit-zero-always", "--errors-only", ...files];
    const { error, stdout, stderr, status } = spawnSync("java", args, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (error || status !== 0) {
        throw new Error(`The checker needs Java 17 (Debian: apt install default-jre-headless): ${error?.message ?? stderr}`);
    }
    return JSON.parse(stdout).messages.filter(({ type, message }) => type !== "info" && !RIGHT.some(right => right.test(message)));
}
